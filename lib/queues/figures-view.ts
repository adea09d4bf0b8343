/** What the pages of the queues show, as their routes answer it. Moments are ISO 8601, lengths milliseconds. */
import type { Lengths } from './lengths'
import type { Period } from './period'
import type { Standing } from './standing'

export type Counts = Record<Standing, number>

/** Since when the oldest stands there; null where none does. */
export type Oldest = { waiting: string | null; running: string | null; review: string | null }

/** How many came and went. */
export type Flow = { arrived: number; completed: number; failed: number; expired: number; abandoned: number }

export type FlowStep = Flow & { from: string; to: string }

/** In the period, and in the one before it. */
export type Beside<T> = { now: T; before: T }

export const lengthNames = [
  'in_queued',
  'in_running',
  'in_review',
  'to_completed',
  'wait_to_claim',
  'claim_to_decision',
  'hands_on',
] as const
export type LengthName = (typeof lengthNames)[number]

export type Quality = {
  decided: number
  firstDecided: number
  firstPass: number
  edited: number
  changesRequested: number
  samplesDrawn: number
  samplesDecided: number
  samplesOverturned: number
}

export type QualityOfVersion = { workflow: string; name: string; version: number } & Beside<Quality>

/** What was spent on calls that were sent then. `unknown`: calls of which it is not known. */
export type Spent = {
  calls: number
  usd: number
  unknown: number
  tokensIn: number
  tokensOut: number
  tokensUnknown: number
}

export type SpentDay = { day: string } & Spent

/** Against a budget for one day: what is spent and what is reserved for calls under way. */
export type DayBudgetUse = { usedUsd: number; limitUsd: number | null }

export type QueueRow = {
  key: string
  name: string
  counts: Counts
  oldest: Oldest
  flow: Beside<Flow>
  /** Arrived and completed, by step of the period. */
  steps: { arrived: number[]; completed: number[] }
  spent: Beside<Spent>
  today: DayBudgetUse
  /** Since when sending of it stands still; null where it does not. */
  stoppedSince: string | null
}

export type StretchView = { from: string; to: string }

type Common = {
  /** As of when all of it stands. */
  asOf: string
  /** Nobody has counted for more than ten seconds: what is shown is older than it should be. */
  isLate: boolean
  /** When it was last looked for what is stuck or expires; null: never yet. */
  sweptAt: string | null
  period: Period
  stretch: Beside<StretchView>
  counts: Counts
  flow: Beside<Flow>
  steps: FlowStep[]
  lengths: Record<LengthName, Beside<Lengths>>
  quality: QualityOfVersion[]
  /** The last 30 days (UTC), the oldest first. */
  days: SpentDay[]
  spent: Beside<Spent>
  today: DayBudgetUse
}

/** All queues. */
export type QueueOverview = Common & { rows: QueueRow[] }

/** One queue in depth. */
export type QueueDepth = Common & {
  key: string
  name: string
  oldest: Oldest
  stoppedSince: string | null
  /** By step of the period: from the question to the acceptance. */
  lengthSteps: { from: string; to: string; lengths: Lengths }[]
}

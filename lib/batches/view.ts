/** What pages show of a retry of many. Amounts in US dollars. */
import type { BatchState } from '@/lib/failures/view'
import type { FailureClass } from '@/lib/lifecycle/failure'
import type { State } from '@/lib/lifecycle/table'
import type { QueueState } from '@/lib/queues/view'

export const batchOutcomes = ['ready', 'retried', 'refused', 'moved_on', 'left', 'excluded'] as const
export type BatchOutcome = (typeof batchOutcomes)[number]

export type BatchBudget = { label: string; limitUsd: number; leftUsd: number }

/** `unknown`: how many calls or jobs are not in the sum, because nobody knows. */
export type PartlyKnown = { usd: number; unknown: number }

export type BatchView = {
  id: string
  state: BatchState
  workflow: { key: string; name: string }
  group: { id: string; sentence: string; failureClass: FailureClass; code: string }
  /** The same input meets the same failure, unless somebody knows better. */
  asksToKnow: boolean
  /** More jobs stood in the group than one batch takes. */
  isCut: boolean
  by: { id: string; name: string }
  createdAt: string
  startedAt: string | null
  endedAt: string | null
  note: string | null
  perMinute: number | null
  counts: Record<BatchOutcome, number>
  excluded: { code: string; jobs: number; why: string }[]
  /** What calls of the chosen jobs have cost so far. */
  paid: PartlyKnown
  /** What one more call of each may cost at most. */
  worst: PartlyKnown
  budgets: BatchBudget[]
  queue: QueueState | null
  /** Sending of the workflow stands still, and the batch with it. */
  standsStill: boolean
  changes: { id: string; at: string; by: string | null; kind: string; note: string | null }[]
}

export type BatchItem = {
  number: number
  title: string
  state: State
  outcome: BatchOutcome
  /** Why not; null where nothing stands against it. */
  why: string | null
  at: string | null
  paidUsd: number
  paidUnknown: number
  worstUsd: number | null
}

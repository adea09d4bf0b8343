/** What pages show of failures that are alike. */
import type { FailureClass } from '@/lib/lifecycle/failure'
import type { State } from '@/lib/lifecycle/table'

/** `ignored` until its time is over: then it counts as `open`. */
export const groupStates = ['open', 'resolved', 'ignored'] as const
export type GroupState = (typeof groupStates)[number]

/** How often it was met between `from` and the next point. */
export type TrendPoint = { from: string; seen: number }

export type GroupRow = {
  id: string
  workflow: { key: string; name: string }
  failureClass: FailureClass
  code: string
  signal: string
  /** What happened and what to do next. */
  sentence: string
  /** Where it was met. */
  where: string
  firstSeenAt: string
  lastSeenAt: string
  seen: number
  /** Jobs that stand stopped by it now. */
  standing: number
  state: GroupState
  ignoredUntil: string | null
  /** The last 24 hours, hour by hour, the oldest first. */
  trend: TrendPoint[]
}

export type GroupChange = {
  id: string
  at: string
  /** A name; null: it was seen again. */
  by: string | null
  state: GroupState
  until: string | null
  note: string | null
}

export type SampleJob = { number: number; title: string; state: State; changedAt: string }

export type BatchLine = {
  id: string
  state: BatchState
  at: string
  by: string
  jobs: number
  outcomes: Record<string, number>
}
export type BatchState = 'draft' | 'running' | 'paused' | 'cancelled' | 'done'

export type GroupView = GroupRow & {
  /** The last 30 days, day by day (UTC), the oldest first. */
  days: TrendPoint[]
  jobs: SampleJob[]
  changes: GroupChange[]
  batches: BatchLine[]
}

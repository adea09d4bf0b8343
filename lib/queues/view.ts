/** What pages show of how a queue is set. */
import type { QueueStopView } from '@/lib/jobs/view'
import type { ChangeKind } from './words'

/** One line of the history of a queue. */
export type QueueLine = {
  id: string
  at: string
  kind: ChangeKind
  /** The name of whoever did it; null: Holdpoint itself. */
  by: string | null
  sentence: string
  note: string | null
  /** The retry of many that the line stands for, and how many jobs ended how so far. */
  batch: { id: string; outcomes: Record<string, number> } | null
}

export type QueueState = {
  workflowKey: string
  takesJobs: boolean
  mostLive: number | null
  sendsPerMinute: number | null
  /** Why sending stands still; null where it does not. */
  stop: QueueStopView | null
  /** Since when and why it takes no new jobs. */
  drained: QueueLine | null
}

/** What somebody who starts a job must know of the queues that do not run as usual, by workflow. */
export type QueueNotes = Record<
  string,
  {
    /** Why it takes no new jobs; null: it does. */
    drained: string | null
    stopped: boolean
  }
>

/** What the pages of failures ask of the server, as the page hands it down. */
import type { QueueOutcome } from '@/components/queues/controls/actions'

export type FailureActions = {
  resolve: (group: string, note: string) => Promise<QueueOutcome>
  /** `until`: an ISO time; null: for good. */
  ignore: (group: string, until: string | null, note: string) => Promise<QueueOutcome>
  open: (group: string, note: string) => Promise<QueueOutcome>
  /** Chooses the jobs that stand stopped now. On success the browser is on the page of the batch. */
  choose: (group: string) => Promise<QueueOutcome>
}

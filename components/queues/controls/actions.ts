/** What the controls of a queue ask of the server, as the page hands it down. */
import type { QueueLimits } from '@/lib/queues/words'

/** `message` is a sentence; `errors` say what is wrong with a field, by its name. */
export type QueueOutcome =
  | { ok: true; message: string }
  | { ok: false; message: string; errors: Record<string, string> }

export type QueueActions = {
  pause: (workflowKey: string, note: string) => Promise<QueueOutcome>
  resume: (workflowKey: string, note: string) => Promise<QueueOutcome>
  drain: (workflowKey: string, note: string) => Promise<QueueOutcome>
  open: (workflowKey: string, note: string) => Promise<QueueOutcome>
  limit: (workflowKey: string, limits: QueueLimits, note: string) => Promise<QueueOutcome>
}

import type { QueueActions } from '@/components/queues/controls/actions'
import { drainQueue, limitQueue, openQueue, pauseSending, resumePaused } from './control-actions'

/** What leads change of a queue, for the pages that show one. */
export const queueActions: QueueActions = {
  pause: pauseSending,
  resume: resumePaused,
  drain: drainQueue,
  open: openQueue,
  limit: limitQueue,
}

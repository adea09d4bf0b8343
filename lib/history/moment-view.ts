/** A job as it stood at a moment, as its page and the API show it. */
import { z } from 'zod'
import { jobSchema } from '@/lib/jobs/view'
import { time } from '@/lib/jobs/view-basics'

export const momentSchema = z.object({
  /** The event after which it stood so: the last of `job.events`. */
  seq: z.number().int(),
  /** The number of the newest event of the job now. */
  last: z.number().int(),
  /** When event `seq` happened. */
  at: time,
  /** As it stood. What can be decided now is not in it: `allowedCommands` is empty. */
  job: jobSchema,
})
export type MomentView = z.infer<typeof momentSchema>

/** What the API says of the queue of a workflow, and what it takes to change it. Pure. */
import { z } from 'zod'
import { queueStopSchema } from '@/lib/jobs/view'
import { time } from '@/lib/jobs/view-basics'
import { sanitiseText } from '@/lib/store/sanitise'
import { LONGEST_NOTE } from './words'

const note = z
  .string()
  .max(LONGEST_NOTE)
  .overwrite(sanitiseText)
  .meta({ description: 'Why: kept in the history of the queue.' })
const limit = z.number().int().nullable()

/** One line of the history of a queue. */
const lineSchema = z.object({
  at: time,
  /** A name; null: Holdpoint itself. */
  by: z.string().nullable(),
  sentence: z.string(),
  note: z.string().nullable(),
})

/** How the queue of a workflow is set now. */
export const queueSchema = z.object({
  workflow: z.object({ key: z.string(), name: z.string() }),
  takesJobs: z.boolean(),
  /** How many calls may run at once, and be sent in a minute; null: no limit of ours. */
  mostLive: limit,
  sendsPerMinute: limit,
  /** Why sending stands still; null where it does not. */
  stop: queueStopSchema.nullable(),
  /** Since when and why it takes no new jobs. */
  drained: lineSchema.nullable(),
})
export type Queue = z.infer<typeof queueSchema>

export const queueListSchema = z.object({ items: z.array(queueSchema) })

/** The same with who changed what of it and why, the newest first. */
export const queueWithHistorySchema = queueSchema.extend({ history: z.array(lineSchema) })
export type QueueWithHistory = z.infer<typeof queueWithHistorySchema>

export const queueCommandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('pause'), note }),
  z.strictObject({ command: z.literal('resume'), note: note.optional() }),
  z.strictObject({ command: z.literal('drain'), note }),
  z.strictObject({ command: z.literal('open'), note }),
  z.strictObject({ command: z.literal('limit'), note, mostLive: limit, sendsPerMinute: limit }),
])
export type QueueCommand = z.infer<typeof queueCommandSchema>

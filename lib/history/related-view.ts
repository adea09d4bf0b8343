/** Jobs that may belong to another, as its page and the API show them. */
import { z } from 'zod'
import { stateSchema, time } from '@/lib/jobs/view-basics'

const relatedJobSchema = z.object({
  id: z.uuid(),
  number: z.number().int(),
  title: z.string(),
  workflow: z.string(),
  state: stateSchema,
  createdAt: time,
})
export type RelatedJob = z.infer<typeof relatedJobSchema>

const groupSchema = z.object({
  items: z.array(relatedJobSchema),
  /** There are more than are named. */
  hasMore: z.boolean(),
})

export const relatedSchema = z.object({
  /** Under the same reference, the newest first. */
  sameReference: groupSchema,
  /** Asked for by the same person or service within a week, the nearest first; those above are left out. */
  sameRequester: groupSchema,
})
export type RelatedView = z.infer<typeof relatedSchema>

/** What people and programs ask of jobs: the shapes, as zod schemas, from which the OpenAPI document is made. */
import { z } from 'zod'
import { behaviours, rehearsedAttempts } from '@/lib/provider/types'
import { json } from './view-basics'

/** A job due later than this is a slip of the keyboard, and far years break what formats them. In years from now. */
const FURTHEST_DUE_YEARS = 5

/** When a job or a decision is to be done, as a person or a program asks for it: ISO 8601 with any offset. */
export const dueAtSchema = z.iso.datetime({ offset: true }).refine((value) => {
  const furthest = new Date()
  furthest.setUTCFullYear(furthest.getUTCFullYear() + FURTHEST_DUE_YEARS)
  // What is in the past is refused where the moment of asking is known.
  return Date.parse(value) <= furthest.getTime()
}, `The due time must be a real time within the next ${FURTHEST_DUE_YEARS} years.`)

export const createJobSchema = z.object({
  workflow: z.string(),
  title: z.string().trim().max(300).optional(),
  input: z.record(z.string(), json),
  /** Text given inline. */
  documents: z
    .array(z.object({ name: z.string().min(1).max(255), text: z.string() }))
    .max(50)
    .optional(),
  /** Documents uploaded before, by id. */
  documentIds: z.array(z.uuid()).max(50).optional(),
  reference: z.string().trim().max(200).optional(),
  priority: z.number().int().min(-100).max(100).optional(),
  dueAt: dueAtSchema.optional(),
  /** Only where the sandbox provider is in use. */
  rehearsal: z
    .object({
      behaviour: z.enum(behaviours),
      seconds: z.number().min(0).max(3600).optional(),
      attempts: z.enum(rehearsedAttempts).optional(),
    })
    .optional(),
})
export type CreateJob = z.infer<typeof createJobSchema>

export const giveCommandSchema = z.object({
  command: z.string(),
  note: z.string().max(10_000).optional(),
  expectedVersion: z.int32().min(0).optional(),
  resultHash: z.string().optional(),
  deliveryHash: z.string().optional(),
  params: z.record(z.string(), json).optional(),
})
export type GiveCommand = z.infer<typeof giveCommandSchema>

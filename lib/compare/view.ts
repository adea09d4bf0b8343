/** What the API gives of two sides that are compared: the shapes, as zod schemas. */
import { z } from 'zod'
import {
  attemptSchema,
  checkSchema,
  claimSchema,
  costSchema,
  documentSchema,
  resultSchema,
  traceItemSchema,
  usageSchema,
} from '@/lib/jobs/view'

const time = z.iso.datetime()
const json = z.unknown()

/** Something of the job that can be compared. */
export const sideChoiceSchema = z.object({
  /** `a2`: attempt 2 with what it gave; `a2r1`: the first revision of that. */
  id: z.string(),
  attempt: z.number().int(),
  /** 0: what the model gave. */
  revision: z.number().int(),
  /** Who revised it; null for what the model gave. */
  by: z.string().nullable(),
  /** When it was sent, or revised. */
  at: time,
  /** SHA-256 of the result: what a decision binds; null where the attempt gave none. */
  hash: z.string().nullable(),
})
export type SideChoice = z.infer<typeof sideChoiceSchema>

export const sideSchema = sideChoiceSchema.extend({
  call: attemptSchema
    .pick({
      providerStatus: true,
      provider: true,
      model: true,
      failureClass: true,
      sentence: true,
      sentAt: true,
      finishedAt: true,
      seenFinalAt: true,
      endedAt: true,
      continues: true,
    })
    .extend({ usage: usageSchema.nullable(), cost: costSchema }),
  /** Null where the attempt gave none. */
  result: z
    .object({
      kind: resultSchema.shape.kind,
      /** At most 2,000,000 UTF-16 units of it. */
      text: z.string(),
      /** Of all of it, in UTF-16 units. */
      characters: z.number().int(),
      /** True where its bytes were erased: nothing of it can be shown. */
      isErased: z.boolean(),
      createdAt: time,
      claims: z.array(claimSchema),
      checks: z.array(checkSchema),
    })
    .nullable(),
  /** As it was sent; `fields` is null where it was erased. */
  input: z.object({ hash: z.string(), fields: z.record(z.string(), json).nullable() }),
  /** What a reviewer asked of this attempt; `text` is null where it was erased. */
  guidance: z.object({ hash: z.string(), text: z.string().nullable() }).nullable(),
  /** The request as sent, without its input and what names the attempt: null where it was erased. */
  settings: z.record(z.string(), json).nullable(),
  /** What the model did: the first 200 items, of each the first 4 KB. Of the answer itself only that it is there. */
  steps: z.array(traceItemSchema.omit({ attempt: true })),
  /** How many steps there are. */
  stepCount: z.number().int(),
})
export type SideView = z.infer<typeof sideSchema>

export const comparisonSchema = z.object({
  job: z.object({
    id: z.uuid(),
    number: z.number().int(),
    title: z.string(),
    workflow: z.object({ key: z.string(), name: z.string(), version: z.number().int() }),
    inputSchema: z.record(z.string(), json),
  }),
  /** The documents of the job: every attempt is given the same ones. */
  documents: z.array(documentSchema),
  /** Everything of the job that can be compared, the oldest first. */
  choices: z.array(sideChoiceSchema),
  /** Null where there is no such side. */
  left: sideSchema.nullable(),
  right: sideSchema.nullable(),
  /** Whether the two results are the same text to the letter, also beyond what is given of it. */
  isSameText: z.boolean(),
})
export type ComparisonView = z.infer<typeof comparisonSchema>

/** What is told of a case file before it is made. */
import { z } from 'zod'

export const caseViewSchema = z.object({
  number: z.number().int(),
  version: z.number().int(),
  /** In bytes: the page without its frame, and what goes into the ZIP before it is packed. */
  sizes: z.object({ html: z.number().int(), zip: z.number().int() }),
  /** How many of its documents, payloads, notes and the like were erased, and are not in it. */
  erased: z.number().int(),
  /** The newest anchor that has it, and up to which event; null: none has. */
  anchored: z.object({ anchor: z.number().int(), version: z.number().int() }).nullable(),
  /** How often it was taken out, and by whom last. */
  taken: z.object({
    times: z.number().int(),
    last: z.object({ by: z.string(), at: z.iso.datetime(), format: z.enum(['html', 'zip']) }).nullable(),
  }),
})
export type CaseView = z.infer<typeof caseViewSchema>

/** The terms of a round as they were before its result was edited, kept as a blob that the event of the revision names. Pure. */
import { z } from 'zod'

const schema = z.object({
  approvals: z.number().int(),
  requesterMayApprove: z.boolean(),
  stepRoles: z.array(z.string()),
  blind: z.boolean(),
  individually: z.boolean(),
  policyRule: z.string().nullable(),
  policyLabel: z.string().nullable(),
  risk: z.number().int(),
  deliveryKind: z.string().nullable(),
  deliveryTo: z.string().nullable(),
  deliverySha256: z.string().nullable(),
  deliveryHash: z.string().nullable(),
  deliveryCorrects: z.string().nullable(),
  deliveryProblem: z.string().nullable(),
})

/** What of them is known. */
export type TermsBefore = Partial<z.infer<typeof schema>>

/** What is kept of a round when its result is edited. */
export function termsText(round: z.input<typeof schema>): string {
  return JSON.stringify(schema.parse(round))
}

/** Reads it again; null where it has been erased, or cannot be read. */
export function readTerms(text: string | null): TermsBefore | null {
  if (text === null) return null
  const read = schema.safeParse(JSON.parse(text))
  return read.success ? read.data : null
}

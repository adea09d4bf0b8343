/** The bytes of a delivery, decoded for people, as the API gives them. */
import { z } from 'zod'

export const sentBytesSchema = z.object({
  kind: z.enum(['http', 'email', 'file', 'by_hand']),
  /** SHA-256 of the exact bytes. */
  bytesHash: z.string(),
  size: z.number().int(),
  /** Of an e-mail, decoded, in their order. */
  headers: z.array(z.tuple([z.string(), z.string()])).optional(),
  text: z.string(),
  /** `text` is JSON, set with indentation. */
  isJson: z.boolean(),
})
export type SentBytes = z.infer<typeof sentBytesSchema>

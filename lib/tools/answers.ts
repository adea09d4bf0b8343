/** What a person answers to calls that wait, as a command carries it. Pure. */
import { z } from 'zod'

export const callAnswerSchema = z.object({
  /** The id of the call here, not the provider's. */
  callId: z.uuid(),
  allow: z.boolean(),
  /** SHA-256 of the arguments as the model wrote them: an answer is for this call with these arguments. */
  argumentsHash: z.string().regex(/^[0-9a-f]{64}$/, 'must be the argumentsHash of the call'),
  /** With `allow`, for a function: the arguments that it is to be called with instead. */
  arguments: z.record(z.string(), z.unknown()).optional(),
  /** Goes to the model. A denial needs one. */
  reason: z.string().trim().max(4_000).optional(),
})
export type CallAnswer = z.infer<typeof callAnswerSchema>

/** One answer for each call that waits. */
export const answersSchema = z.array(callAnswerSchema).max(500)

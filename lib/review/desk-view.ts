/** What the desk needs beside the job itself: the shapes of its own routes. */
import { z } from 'zod'

/** What a decision dialog offers: reasons, people, and the schema by which a result is edited. */
export const deskSchema = z.object({
  /** JSON Schema of the result, of the version that the job ran under. */
  outputSchema: z.record(z.string(), z.unknown()),
  /** Of the list that leads keep, in its order. */
  reasons: z.array(z.object({ key: z.string(), label: z.string(), commands: z.array(z.string()) })),
  /** What this person keeps to write again. */
  notes: z.array(z.object({ id: z.string(), title: z.string(), text: z.string() })),
  /** Active people who may read this job, by name, with whether it can be assigned to them. */
  people: z.array(z.object({ id: z.string(), name: z.string(), mayDecide: z.boolean() })),
})
export type DeskView = z.infer<typeof deskSchema>

/** The exact bytes that an acceptance lets leave, for people. */
export const leavingSchema = z.object({
  kind: z.enum(['http', 'email', 'file', 'by_hand']),
  /** A URL, an address, the path of a file, or the first line of what somebody is to do. */
  destination: z.string(),
  /** The bytes, decoded for reading. */
  readable: z.object({
    headers: z.array(z.tuple([z.string(), z.string()])).optional(),
    text: z.string(),
    isJson: z.boolean(),
  }),
  /** In bytes. */
  size: z.number().int(),
  /** Of the bytes. */
  sha256: z.string(),
  /** The earlier delivery that it corrects, by its number in the job; null: none had left. */
  corrects: z.object({ number: z.number().int(), messageId: z.string(), at: z.iso.datetime() }).nullable(),
  /** Why it does not leave this machine though it is approved; null where it does. */
  stays: z.string().nullable(),
})
export type LeavingView = z.infer<typeof leavingSchema>

/** What is shown of a round, of what was decided in it, and of what leaves by it. */
import { z } from 'zod'
import { type DeliveryState, deliveryStateNames } from '@/lib/lifecycle/next-action'
import { actorSchema, commandSchema, person, roleSchema, roundKind, time } from './view-basics'

export const decisionSchema = z.object({
  /** The event that records it. */
  seq: z.number().int(),
  command: commandSchema,
  by: actorSchema,
  at: time,
  /** Of the list that leads keep, in its words. */
  because: z.string().nullable(),
  note: z.string().nullable(),
  resultHash: z.string().nullable(),
  voidedAt: time.nullable(),
})

export const reviewSchema = z.object({
  number: z.number().int(),
  kind: roundKind,
  /** Why it was opened, for people. */
  reason: z.string(),
  openedBy: z.enum(['hold', 'reopen', 'undo']),
  openedAt: time,
  dueAt: time.nullable(),
  closedAt: time.nullable(),
  outcome: commandSchema.nullable(),
  resultHash: z.string().nullable(),
  approvalsNeeded: z.number().int(),
  /** Null where the round is blind: how many have decided is not told before it is over. */
  approvalsGiven: z.number().int().nullable(),
  decisions: z.array(decisionSchema),
  /** Some of what was decided or marked is not shown to this person yet. */
  isHidden: z.boolean(),
  policy: z.object({
    roles: z.array(roleSchema),
    blind: z.boolean(),
    individually: z.boolean(),
    requesterMayApprove: z.boolean(),
    rule: z.object({ id: z.string(), label: z.string() }).nullable(),
    isSample: z.boolean(),
    atDeadline: z.enum(['expires', 'escalates']),
    escalateHours: z.number(),
    /** Why it asks for what it asks for; null where that is just what its workflow says. */
    reason: z.string().nullable(),
    /** That the workflow asks for something else by now; null where it does not. */
    changed: z.string().nullable(),
  }),
  /** 0 normal, 1 raised, 2 high. */
  risk: z.number().int(),
  escalatedAt: time.nullable(),
  assignee: person.nullable(),
  snooze: z.object({ until: time, by: person.nullable(), note: z.string().nullable() }).nullable(),
  /** Who holds a place in it now. */
  claims: z.array(z.object({ by: person, since: time, until: time })),
  /** What approving it lets leave; null where nothing does. */
  delivery: z
    .object({
      kind: z.string(),
      destination: z.string(),
      bytesHash: z.string(),
      size: z.number().int(),
      hash: z.string(),
      /** The number of the earlier delivery that it corrects; null: none had left. */
      corrects: z.number().int().nullable(),
    })
    .nullable(),
  /** Why nothing can be sent as it stands, though its workflow delivers. */
  deliveryProblem: z.string().nullable(),
  /** What reviewers found of its claims: the newest word of each. */
  marks: z.array(
    z.object({
      claim: z.number().int(),
      verdict: z.enum(['supported', 'contradicted', 'not_verifiable']),
      by: person,
      at: time,
    }),
  ),
  /** What this person approves over if they approve now: the indexes of claims that nothing carries. */
  doubtful: z.array(z.number().int()),
})
export type ReviewView = z.infer<typeof reviewSchema>

export const deliverySchema = z.object({
  id: z.uuid(),
  number: z.number().int(),
  kind: z.enum(['http', 'email', 'file', 'by_hand']),
  destination: z.string(),
  state: z.enum(deliveryStateNames as [DeliveryState, ...DeliveryState[]]),
  /** Where it stands, as a sentence. */
  sentence: z.string(),
  /** The round whose decision let it leave; null where it was accepted by policy. */
  round: z.number().int().nullable(),
  /** The event that let it leave, and the one that brought it where it stands. */
  acceptedSeq: z.number().int(),
  changedSeq: z.number().int(),
  resultHash: z.string(),
  hash: z.string(),
  /** The number of the earlier delivery that it corrects; null: none had left. */
  corrects: z.number().int().nullable(),
  /** Why it cannot be confirmed now, though it waits for that, for whoever else might; null: nothing stands against it. */
  againstConfirming: z.string().nullable(),
  /** The one id of all its tries. */
  messageId: z.string(),
  bytesHash: z.string(),
  size: z.number().int(),
  createdAt: time,
  notBefore: time,
  changedAt: time,
  nextTryAt: time.nullable(),
  tries: z.number().int(),
  httpStatus: z.number().int().nullable(),
  code: z.string().nullable(),
  /** What the receiver answered last, as text, cut at 20,000 characters. */
  answer: z.string().nullable(),
  reference: z.string().nullable(),
  log: z.array(
    z.object({
      number: z.number().int(),
      at: time,
      milliseconds: z.number().int().nullable(),
      end: z.enum(['delivered', 'again', 'refused', 'unknown']),
      httpStatus: z.number().int().nullable(),
      code: z.string().nullable(),
    }),
  ),
})
export type DeliveryView = z.infer<typeof deliverySchema>

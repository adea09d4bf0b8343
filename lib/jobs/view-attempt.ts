/** What is shown of a paid call and of what came of it: its answer, evidence, checks, trace and the calls it asked for. */
import { z } from 'zod'
import { costSchema, failureClass, json, person, providerStatus, time, usageSchema } from './view-basics'

export const attemptSchema = z.object({
  number: z.number().int(),
  responseId: z.string().nullable(),
  requestId: z.string().nullable(),
  providerStatus,
  provider: z.string(),
  model: z.string(),
  /** SHA-256 of the request body as sent: what an answer that was lost can be searched for by. */
  requestHash: z.string(),
  failureClass: failureClass.nullable(),
  failureCode: z.string().nullable(),
  /** What was seen, for people; null while it runs. */
  sentence: z.string().nullable(),
  /** The provider's own words for it, as text; null where it gave none. */
  message: z.string().nullable(),
  /** Why it was, or was not, retried by itself; null where the question did not come up. */
  retry: z.object({ did: z.boolean(), why: z.string(), notBefore: time.nullable() }).nullable(),
  sentAt: time,
  acceptedAt: time.nullable(),
  finishedAt: time.nullable(),
  seenFinalAt: time.nullable(),
  endedAt: time.nullable(),
  providerCopyUntil: time.nullable(),
  usage: usageSchema.nullable(),
  payload: z.object({ sha256: z.string(), size: z.number().int() }).nullable(),
  /** The number of the attempt whose calls this one answers; null where it began anew. */
  continues: z.number().int().nullable(),
  /** Which version of the failure rules decided what became of it; null where no rule was asked. */
  rulesVersion: z.number().int().nullable(),
  cost: costSchema,
})
export type AttemptView = z.infer<typeof attemptSchema>

/** A call that the model asked us for. */
export const toolCallSchema = z.object({
  id: z.uuid(),
  attempt: z.number().int(),
  position: z.number().int(),
  kind: z.enum(['function', 'mcp']),
  name: z.string(),
  serverLabel: z.string().nullable(),
  risk: z.enum(['read', 'write', 'forbidden']),
  /** What the workflow says of the tool, and of what calling it touches. */
  description: z.string().nullable(),
  touches: z.string().nullable(),
  /** JSON Schema of the arguments; null where the workflow does not have it. */
  parameters: z.record(z.string(), json).nullable(),
  /** As the model wrote them; a string where they are no JSON. */
  arguments: json,
  /** SHA-256 of the arguments as the model wrote them: what an answer binds. */
  argumentsHash: z.string(),
  /** The model's own words next to the call; null where it gave none. */
  why: z.string().nullable(),
  state: z.enum(['waiting', 'permitted', 'denied', 'refused', 'sending', 'answered', 'failed']),
  /** Where it stands, as a sentence. */
  sentence: z.string(),
  round: z.number().int().nullable(),
  by: z.object({ name: z.string(), at: time }).nullable(),
  reason: z.string().nullable(),
  /** As they were permitted, where a person edited them. */
  editedArguments: json.nullable(),
  url: z.string().nullable(),
  tries: z.number().int(),
  sentAt: time.nullable(),
  answeredAt: time.nullable(),
  httpStatus: z.number().int().nullable(),
  /** What came back, as text, cut at 20,000 characters. */
  answer: z.string().nullable(),
  /** Calls of this job with the same name and arguments that were made before: they are never repeated by themselves. */
  madeBefore: z.array(z.object({ attempt: z.number().int(), at: time, answered: z.boolean() })),
})
export type ToolCallView = z.infer<typeof toolCallSchema>

export const citationSchema = z.object({
  documentId: z.string().nullable(),
  documentName: z.string(),
  quote: z.string(),
  found: z.enum(['exact', 'differs', 'not_found']),
  /** Present where the answer cites more than is looked up: then nobody knows whether the quote stands there. */
  notLookedUp: z.literal(true).optional(),
  page: z.number().int().nullable(),
  start: z.number().int().nullable(),
  end: z.number().int().nullable(),
})

export const claimSchema = z.object({
  index: z.number().int(),
  path: z.string(),
  text: z.string(),
  citations: z.array(citationSchema),
  support: z.enum(['exact', 'differs', 'none']),
})

export const checkSchema = z.object({
  /** `complete`, `schema`, `documents`, `quotes`, `claims`, `annotations`; a workflow's own: `own:<id>`. */
  key: z.string(),
  label: z.string(),
  outcome: z.enum(['pass', 'fail', 'not_applicable']),
  detail: z.string(),
})

export const resultSchema = z.object({
  id: z.uuid(),
  attempt: z.number().int(),
  revision: z.number().int(),
  kind: z.enum(['report', 'fields', 'digest', 'draft', 'recommendation', 'action', 'json']),
  text: z.string(),
  json,
  /** SHA-256 of the payload exactly as received, or of the edited text: what a decision binds. */
  hash: z.string(),
  /** Who edited it; null where it is as the model gave it. */
  editedBy: person.nullable(),
  createdAt: time,
})
export type ResultView = z.infer<typeof resultSchema>

export const traceItemSchema = z.object({
  attempt: z.number().int(),
  position: z.number().int(),
  type: z.string(),
  data: json,
  cut: z.boolean(),
})
export type TraceItemView = z.infer<typeof traceItemSchema>

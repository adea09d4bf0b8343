/** What the API and the pages show of a job: the shapes, as zod schemas, from which the OpenAPI document is made. */
import { z } from 'zod'
import { failureClasses } from '@/lib/lifecycle/failure'
import { type DeliveryState, deliveryStateNames, nextActionKinds } from '@/lib/lifecycle/next-action'
import { commandNames, providerStatusNames, roles, roundKindNames, stateNames } from '@/lib/lifecycle/table'
import { behaviours, rehearsedAttempts } from '@/lib/provider/types'

/** ISO 8601 in UTC with milliseconds. */
const time = z.iso.datetime()
const json = z.unknown()

export const stateSchema = z.enum(stateNames as [string, ...string[]]) as z.ZodType<
  import('@/lib/lifecycle/table').State
>
const providerStatus = z.enum(providerStatusNames as [string, ...string[]]) as z.ZodType<
  import('@/lib/lifecycle/table').ProviderStatus
>
const commandSchema = z.enum(commandNames as [string, ...string[]]) as z.ZodType<
  import('@/lib/lifecycle/table').Command
>
const roundKind = z.enum(roundKindNames as [string, ...string[]]) as z.ZodType<
  import('@/lib/lifecycle/table').RoundKind
>
export const roleSchema = z.enum(roles)
const failureClass = z.enum(failureClasses)

export const nextActionSchema = z.object({
  kind: z.enum(nextActionKinds),
  /** Who must act: 'a reviewer', 'support', 'nobody: it runs by itself' … */
  who: z.string(),
  /** What must be done, as a sentence. */
  what: z.string(),
  dueAt: time.nullable(),
  /** What happens if nobody does; null where nothing does. */
  otherwise: z.string().nullable(),
  rank: z.number().int(),
})
export type NextAction = z.infer<typeof nextActionSchema>

const person = z.object({ id: z.string(), name: z.string() })

export const failureSchema = z.object({
  class: failureClass,
  code: z.string().nullable(),
  /** What happened and what to do next, for people. */
  sentence: z.string(),
})

export const usageSchema = z.object({
  inputTokens: z.number().int(),
  cachedTokens: z.number().int().nullable(),
  outputTokens: z.number().int(),
  reasoningTokens: z.number().int().nullable(),
  totalTokens: z.number().int(),
})
export type Usage = z.infer<typeof usageSchema>

/** A row of the list. */
export const jobRowSchema = z.object({
  id: z.uuid(),
  number: z.number().int(),
  title: z.string(),
  workflow: z.object({ key: z.string(), name: z.string(), version: z.number().int() }),
  reference: z.string().nullable(),
  state: stateSchema,
  /** What OpenAI says of the newest attempt; null before the first. */
  providerStatus: providerStatus.nullable(),
  attemptCount: z.number().int(),
  nextAction: nextActionSchema,
  failure: failureSchema.nullable(),
  requester: person.nullable(),
  createdAt: time,
  changedAt: time,
  dueAt: time.nullable(),
  settledAt: time.nullable(),
  /** Tokens of all attempts; null where none is known yet. */
  tokens: z.number().int().nullable(),
  version: z.number().int(),
})
export type JobRow = z.infer<typeof jobRowSchema>

export const jobListSchema = z.object({
  items: z.array(jobRowSchema),
  /** Opaque: pass it as `after` for the next page; null on the last. */
  nextCursor: z.string().nullable(),
  /** Jobs that the filter matches, counted up to 10,000. */
  total: z.number().int(),
  totalIsExact: z.boolean(),
  asOf: time,
})
export type JobList = z.infer<typeof jobListSchema>

/** What something cost, in US dollars. `usd` is null where a price or the usage is not known, and `why` says which. */
export const costSchema = z.object({
  usd: z.number().nullable(),
  /** True where no money is paid because the sandbox answers: what it would have cost at the prices on record. */
  isRehearsed: z.boolean(),
  /** How it was worked out, a line each: "12,000 input tokens at $1.25 a million". */
  lines: z.array(z.object({ what: z.string(), usd: z.number().nullable() })),
  why: z.string().nullable(),
})
export type CostView = z.infer<typeof costSchema>

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

/** Why a workflow's sending stands still, for people. */
export const queueStopSchema = z.object({
  workflow: z.object({ key: z.string(), name: z.string() }),
  reason: z.string(),
  sentence: z.string(),
  since: time,
  /** Jobs that wait for it. */
  waiting: z.number().int(),
})
export type QueueStopView = z.infer<typeof queueStopSchema>

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

export const documentSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  mediaType: z.string(),
  size: z.number().int(),
  pages: z.number().int().nullable(),
  characters: z.number().int(),
})
export type DocumentView = z.infer<typeof documentSchema>

export const actorSchema = z.object({
  kind: z.enum(['person', 'system', 'provider', 'api_key']),
  id: z.string().nullable(),
  name: z.string(),
})
export type ActorView = z.infer<typeof actorSchema>

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
export type ReviewView = z.infer<typeof reviewSchema>

export const eventSchema = z.object({
  seq: z.number().int(),
  at: time,
  command: commandSchema,
  from: stateSchema.nullable(),
  to: stateSchema,
  by: actorSchema,
  transport: z.enum(['browser', 'api', 'poll', 'webhook', 'timer']),
  /** What happened, as a sentence made from the event. */
  sentence: z.string(),
  /** Its round is blind and open: what others did in it is not told yet. */
  isHidden: z.boolean(),
  /** The note or comment that came with it, where it has not been erased. */
  note: z.string().nullable(),
  /** Null from the first line on that is hidden: it covers what is. */
  hash: z.string().nullable(),
})
export type EventView = z.infer<typeof eventSchema>

export const observationSchema = z.object({
  id: z.string(),
  at: time,
  attempt: z.number().int().nullable(),
  kind: z.enum(['create', 'look', 'cancel', 'webhook']),
  httpStatus: z.number().int().nullable(),
  providerStatus: z.string().nullable(),
  requestId: z.string().nullable(),
  errorCode: z.string().nullable(),
  milliseconds: z.number().int().nullable(),
  changed: z.boolean(),
  /** Of a webhook: when what it tells of happened, by its sender's clock, and how often it came. Null for all others. */
  webhook: z.object({ eventAt: time.nullable(), times: z.number().int(), lastReceivedAt: time }).nullable(),
})
export type ObservationView = z.infer<typeof observationSchema>

/** One job, whole. */
export const jobSchema = jobRowSchema.extend({
  priority: z.number().int(),
  input: z.record(z.string(), json),
  inputSchema: z.record(z.string(), json),
  /** What the model was asked to answer with, as JSON Schema. */
  outputSchema: z.record(z.string(), json),
  guidance: z.string().nullable(),
  rehearsal: z
    .object({
      behaviour: z.enum(behaviours),
      seconds: z.number().optional(),
      attempts: z.enum(rehearsedAttempts).optional(),
    })
    .nullable(),
  documents: z.array(documentSchema),
  attempts: z.array(attemptSchema),
  /** The current result; null before there is one. */
  result: resultSchema.nullable(),
  /** Results of earlier attempts, newest first, without their text. */
  earlierResults: z.array(
    z.object({
      id: z.uuid(),
      attempt: z.number().int(),
      revision: z.number().int(),
      hash: z.string(),
      createdAt: time,
    }),
  ),
  evidence: z.array(claimSchema),
  checks: z.array(checkSchema),
  trace: z.array(traceItemSchema),
  /** What the model asked us to call, in order. */
  calls: z.array(toolCallSchema),
  /** Of all attempts. */
  cost: costSchema,
  /** Why sending of its workflow stands still; null where it does not. */
  stop: queueStopSchema.nullable(),
  reviews: z.array(reviewSchema),
  deliveries: z.array(deliverySchema),
  events: z.array(eventSchema),
  /** The newest 200 looks and webhooks, oldest first. */
  observations: z.array(observationSchema),
  /** The commands that this person may give now, in the order in which they are offered. */
  allowedCommands: z.array(commandSchema),
  /** Until when an approval may be taken back; null where there is none to take back. */
  undoUntil: time.nullable(),
})
export type JobView = z.infer<typeof jobSchema>

/** How the watch over a running job is going. Comes from a route of its own, because it changes with every look. */
export const heartbeatSchema = z.object({
  jobId: z.uuid(),
  lastLookedAt: time.nullable(),
  lastChangedAt: time,
  nextLookAt: time.nullable(),
  looks: z.number().int(),
  failedLooks: z.number().int(),
  lastError: z.string().nullable(),
  /** `moving`; `slow`: longer than 95 % of its kind; `stuck`: no change for half the limit of its workflow; `not_looking`: we have stopped looking. */
  verdict: z.enum(['moving', 'slow', 'stuck', 'not_looking']),
  /** How long 95 % of the finished attempts of this workflow took; null until there are 20 of them. */
  usually: z.object({ p95Ms: z.number(), samples: z.number().int() }).nullable(),
})
export type Heartbeat = z.infer<typeof heartbeatSchema>
export const heartbeatsSchema = z.object({ now: time, workersAlive: z.number().int(), items: z.array(heartbeatSchema) })
export type Heartbeats = z.infer<typeof heartbeatsSchema>

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

export const workflowItemSchema = z.object({
  key: z.string(),
  name: z.string(),
  version: z.number().int(),
  description: z.string(),
  inputSchema: z.record(z.string(), json),
  documents: z.object({ min: z.number().int(), max: z.number().int() }),
  maxInputCharacters: z.number().int(),
  review: z.object({
    approvals: z.number().int(),
    /** Who must approve, in words. */
    asks: z.string(),
  }),
  /** What leaves when a result is accepted, in words; null: nothing. */
  leaves: z.string().nullable(),
})
export type WorkflowItem = z.infer<typeof workflowItemSchema>

/** RFC 9457. Members beyond the standard ones depend on the type. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  conflict: z
    .object({ command: z.string().nullable(), state: stateSchema, by: actorSchema.nullable(), at: time.nullable() })
    .optional(),
})
export type Problem = z.infer<typeof problemSchema>

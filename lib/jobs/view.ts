/** What the API and the pages show of a job: the shapes, as zod schemas, from which the OpenAPI document is made. */
import { z } from 'zod'
import { nextActionKinds } from '@/lib/lifecycle/next-action'
import { behaviours, rehearsedAttempts } from '@/lib/provider/types'
import { attemptSchema, checkSchema, claimSchema, resultSchema, toolCallSchema, traceItemSchema } from './view-attempt'
import {
  actorSchema,
  commandSchema,
  costSchema,
  failureClass,
  json,
  person,
  providerStatus,
  stateSchema,
  time,
} from './view-basics'
import { deliverySchema, reviewSchema } from './view-review'

export { type CreateJob, createJobSchema, dueAtSchema, type GiveCommand, giveCommandSchema } from './asks'
export {
  type AttemptView,
  attemptSchema,
  checkSchema,
  claimSchema,
  type ResultView,
  resultSchema,
  type ToolCallView,
  type TraceItemView,
  traceItemSchema,
} from './view-attempt'
export { type ActorView, type CostView, costSchema, type Usage, usageSchema } from './view-basics'
export type { DeliveryView, ReviewView } from './view-review'

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

export const failureSchema = z.object({
  class: failureClass,
  code: z.string().nullable(),
  /** What happened and what to do next, for people. */
  sentence: z.string(),
})

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
  /** Of a list of jobs that stand somewhere; null for any other. */
  standing: z
    .object({
      /** When they were counted, where the list has exactly those; null: it has those that stand there now. */
      countedAt: time.nullable(),
      /** It was asked for as of a moment that is too long ago, or since which too much has changed. */
      isTooLate: z.boolean(),
      /** How many stand there now, counted up to 10,000. */
      now: z.number().int(),
      nowIsExact: z.boolean(),
      /** Jobs of this page that no longer stand there, by number. */
      left: z.array(z.number().int()),
    })
    .nullable(),
})
export type JobList = z.infer<typeof jobListSchema>

/** Why a workflow's sending stands still, for people. */
export const queueStopSchema = z.object({
  workflow: z.object({ key: z.string(), name: z.string() }),
  reason: z.string(),
  sentence: z.string(),
  /** Who paused it, and why in their words; null where nobody did. */
  by: z.string().nullable(),
  note: z.string().nullable(),
  since: time,
  /** Jobs that wait for it. */
  waiting: z.number().int(),
})
export type QueueStopView = z.infer<typeof queueStopSchema>

export const documentSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  mediaType: z.string(),
  size: z.number().int(),
  pages: z.number().int().nullable(),
  characters: z.number().int(),
})
export type DocumentView = z.infer<typeof documentSchema>

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
  /** A note came with it, and has been erased since. */
  isNoteErased: z.boolean(),
  /** The attempt, the delivery or the round that it is about, by their numbers in this job; null: none. */
  attempt: z.number().int().nullable(),
  delivery: z.number().int().nullable(),
  round: z.number().int().nullable(),
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

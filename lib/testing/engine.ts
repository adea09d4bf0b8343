/** The engine over a real database and a scripted provider, with a clock that the test moves. */

import { v7 as uuidv7 } from 'uuid'
import type { Actor } from '@/lib/access/actor'
import type { EngineContext } from '@/lib/engine/context'
import { reconcile } from '@/lib/engine/reconcile.server'
import type { Job } from '@/lib/generated/prisma/client'
import type { CreateJob } from '@/lib/jobs/view'
import type {
  CreateOutcome,
  LookOutcome,
  Provider,
  ProviderError,
  ResponseRequest,
  Seen,
  SeenStatus,
} from '@/lib/provider/types'
import { createJob } from '@/lib/store/create.server'
import type { Db } from '@/lib/store/db.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionOf, publish } from '@/lib/workflows/store.server'

const exchange = { httpStatus: 200, requestId: 'req_test', milliseconds: 5 }

/** A provider that answers from a script, and counts what it was asked. */
export class ScriptedProvider implements Provider {
  readonly name: string = 'scripted'
  readonly creates: ResponseRequest[] = []
  readonly looks: string[] = []
  readonly cancels: string[] = []
  /** Answers to creates, in order; accepted as queued when the script is empty. */
  onCreate: ((request: ResponseRequest) => CreateOutcome | Promise<CreateOutcome>)[] = []
  /** The answer to a look. */
  onLook: (responseId: string) => LookOutcome | Promise<LookOutcome> = (id) => seen(id, 'in_progress')
  onCancel: (responseId: string) => LookOutcome | Promise<LookOutcome> = (id) => seen(id, 'cancelled')

  async create(request: ResponseRequest): Promise<CreateOutcome> {
    this.creates.push(request)
    const answer = this.onCreate.shift()
    return answer === undefined ? accepted(`resp_${request.metadata.attempt_id}`) : answer(request)
  }
  async retrieve(responseId: string): Promise<LookOutcome> {
    this.looks.push(responseId)
    return this.onLook(responseId)
  }
  async cancel(responseId: string): Promise<LookOutcome> {
    this.cancels.push(responseId)
    return this.onCancel(responseId)
  }
}

/** A response body as the provider gives it. */
export function response(responseId: string, status: SeenStatus, fields: Record<string, unknown> = {}): Seen {
  const body = { id: responseId, object: 'response', status, created_at: 1_700_000_000, output: [], ...fields }
  return { responseId, status, raw: new TextEncoder().encode(JSON.stringify(body)), body }
}

/** A response that completed with this text. */
export function completed(responseId: string, text: string, fields: Record<string, unknown> = {}): Seen {
  const message = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] }
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 }
  return response(responseId, 'completed', { output: [message], usage, completed_at: 1_700_000_010, ...fields })
}

export function accepted(responseId: string, status: SeenStatus = 'queued'): CreateOutcome {
  return { ...exchange, kind: 'accepted', seen: response(responseId, status) }
}

export function seen(responseId: string, status: SeenStatus, fields: Record<string, unknown> = {}): LookOutcome {
  return { ...exchange, kind: 'seen', seen: response(responseId, status, fields) }
}

export function saw(whole: Seen): LookOutcome {
  return { ...exchange, kind: 'seen', seen: whole }
}

export function errorOf(fields: Partial<ProviderError> = {}): ProviderError {
  return { httpStatus: null, code: null, type: null, param: null, message: null, retryAfterMs: null, ...fields }
}

export type Engine = {
  context: EngineContext
  provider: ScriptedProvider
  /** Moves the clock forward. */
  pass: (milliseconds: number) => void
  step: (jobId: string) => Promise<Job>
  /** Steps, moving the clock by `everyMs` each time, until `done`; throws after 100 steps. */
  stepUntil: (jobId: string, done: (job: Job) => boolean, everyMs?: number) => Promise<Job>
}

/** An engine whose worker is registered and alive. Jitter is none: `random` gives a half. */
export async function testEngine(db: Db, provider = new ScriptedProvider()): Promise<Engine> {
  let now = Date.now()
  const workerId = uuidv7()
  await db.$executeRaw`
    INSERT INTO worker (id, lock_ids, host, pid, version, started_at, beat_at)
    VALUES (${workerId}::uuid, '{}', 'test', 1, 'test', now(), now() + interval '1 day')`
  const context: EngineContext = {
    db,
    provider,
    workerId,
    now: () => new Date(now),
    random: () => 0.5,
    pollMs: 1_000,
    retryMs: 1_000,
    log: () => {},
  }
  const read = (jobId: string) => db.job.findUniqueOrThrow({ where: { id: jobId } })
  const step = async (jobId: string) => {
    await reconcile(context, jobId)
    return read(jobId)
  }
  return {
    context,
    provider,
    pass: (milliseconds) => {
      now += milliseconds
    },
    step,
    stepUntil: async (jobId, done, everyMs = 1_500) => {
      for (let steps = 0; steps < 100; steps += 1) {
        const job = await step(jobId)
        if (done(job)) return job
        now += everyMs
      }
      throw new Error(`after 100 steps the job is still ${(await read(jobId)).state}`)
    },
  }
}

export const LEASE =
  'The tenant pays the rent by the third working day of each month.\n\nThe notice period is three months.'

/** A report job over one small document. */
export async function reportJob(db: Db, actor: Actor, ask: Partial<CreateJob> = {}): Promise<Job> {
  const { job } = await createJob(
    db,
    actor,
    {
      workflow: 'report',
      input: { question: 'When is the rent due?' },
      documents: [{ name: 'lease.md', text: LEASE }],
      ...ask,
    },
    { transport: 'api', idempotencyKey: null },
  )
  return job
}

/** The built-in report, with a tool whose calls wait for a person, one that only reads, and one that is forbidden. */
export async function publishWithTools(db: Db, over: Partial<WorkflowDefinition> = {}): Promise<string> {
  const { currentVersion: version } = await db.workflow.findUniqueOrThrow({ where: { key: 'report' } })
  const where = { key_version: { key: 'report', version } }
  const report = definitionOf(await db.workflowVersion.findUniqueOrThrow({ where }))
  const parameters = {
    type: 'object',
    properties: { to: { type: 'string' }, amount: { type: 'number' } },
    required: ['to', 'amount'],
    additionalProperties: false,
  }
  const tool = { type: 'function', description: 'A tool.', parameters, timeoutSeconds: 5 } as const
  const url = 'http://127.0.0.1:9/tool'
  await publish(db, {
    ...report,
    key: 'with-tools',
    name: 'With tools',
    tools: [
      { ...tool, name: 'pay', risk: 'write', url, touches: 'Pays money' },
      { ...tool, name: 'look_up', risk: 'read', url },
      { ...tool, name: 'close_account', risk: 'forbidden', url },
    ],
    ...over,
  })
  return 'with-tools'
}

/** A response that ends in calls of functions, in this order. */
export function calling(responseId: string, calls: { name: string; arguments: unknown }[]): Seen {
  const output = calls.map((call, index) => ({
    type: 'function_call',
    id: `fc_${index}`,
    call_id: `call_${index}`,
    name: call.name,
    arguments: JSON.stringify(call.arguments),
    status: 'completed',
  }))
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 }
  return response(responseId, 'completed', { output, usage, completed_at: 1_700_000_010 })
}

/** The text of a report whose one finding quotes the document to the letter. */
export const REPORT = JSON.stringify({
  title: 'Rent',
  summary: 'The rent is due early in the month.',
  findings: [
    {
      claim: 'The rent is due by the third working day.',
      citations: [{ document: 'lease.md', quote: 'by the third working day of each month' }],
    },
  ],
  open_questions: [],
})

/** The real engine over a provider in memory: what is measured is ours alone. */
import { v7 as uuidv7 } from 'uuid'
import type { Actor } from '@/lib/access/actor'
import type { EngineContext } from '@/lib/engine/context'
import { reconcile } from '@/lib/engine/reconcile.server'
import { StoryProvider } from '@/lib/generate/provider'
import type { CreateOutcome, LookOutcome, Provider, ResponseRequest, Seen, SeenStatus } from '@/lib/provider/types'
import { createJob } from '@/lib/store/create.server'
import type { Db } from '@/lib/store/db.server'

const exchange = { httpStatus: 200, requestId: 'req_bench', milliseconds: 1 }

/** Takes every call at once. A look finds it done, or, where it `runs`, still under way. */
export class BenchProvider implements Provider {
  readonly name = 'bench'
  /** Told of each call and each look as it comes: of the job, and of the response. */
  onCall: (what: 'create' | 'look', id: string) => void = () => {}
  /** The sandbox writes one answer; all jobs of the bench ask the same. */
  readonly #writer = new StoryProvider(() => new Date())
  #answer: Promise<object> | undefined

  constructor(private readonly runs: boolean) {}

  async create(request: ResponseRequest): Promise<CreateOutcome> {
    this.#answer ??= this.#write(request)
    await this.#answer
    this.onCall('create', request.metadata.job_id ?? '')
    return { ...exchange, kind: 'accepted', seen: seenOf(`resp_bench_${request.metadata.attempt_id}`, 'queued', {}) }
  }

  async retrieve(id: string): Promise<LookOutcome> {
    this.onCall('look', id)
    const seen = this.runs ? seenOf(id, 'in_progress', {}) : seenOf(id, 'completed', (await this.#answer) ?? {})
    return { ...exchange, kind: 'seen', seen }
  }

  async cancel(id: string): Promise<LookOutcome> {
    return { ...exchange, kind: 'seen', seen: seenOf(id, 'cancelled', {}) }
  }

  async #write(request: ResponseRequest): Promise<object> {
    const created = await this.#writer.create(request)
    if (created.kind !== 'accepted') throw new Error('the sandbox took no call')
    const found = await this.#writer.retrieve(created.seen.responseId)
    if (found.kind !== 'seen') throw new Error('the sandbox has no answer')
    return found.seen.body as object
  }
}

function seenOf(id: string, status: SeenStatus, answer: object): Seen {
  const body = { ...answer, id, object: 'response', status }
  return { responseId: id, status, raw: new TextEncoder().encode(JSON.stringify(body)), body }
}

/** What every job of the bench is asked. */
export const ASK = {
  workflow: 'report',
  input: { question: 'May the tenants end the lease early, and with what notice?' },
  documents: [
    {
      name: 'lease.md',
      text: 'The Tenants may end this lease before the End Date with sixty days of notice in writing. The rent is due on the third day of each month.',
    },
  ],
}

export function engineContext(db: Db, provider: Provider = new BenchProvider(true)): EngineContext {
  return {
    db,
    provider,
    workerId: uuidv7(),
    now: () => new Date(),
    random: Math.random,
    pollMs: 50,
    retryMs: 50,
    log: () => {},
  }
}

/** A job that runs and goes on running: nobody looks at it. */
export async function runningJob(db: Db): Promise<{ id: string; number: number }> {
  const requester: Actor = { ...everything, roles: ['owner'] }
  const { job } = await createJob(db, requester, ASK, { transport: 'api', idempotencyKey: null })
  await reconcile(engineContext(db), job.id)
  return job
}

/** Whoever sees everything: nothing is left out for them, so their lists are the longest. */
export const everything: Actor = {
  kind: 'person',
  userId: 'generated-lead-001',
  apiKeyId: null,
  name: 'Bench',
  email: null,
  roles: ['lead'],
}

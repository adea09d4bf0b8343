/**
 * Webhooks in any order: jobs over a provider that is one fact at each moment, its news lost, doubled, late or early, and
 * polls in between. Everything real but the provider and the clock.
 */
import fc from 'fast-check'
import { settleReceipts } from '@/lib/engine/receipts.server'
import { reconcile } from '@/lib/engine/reconcile.server'
import type { CreateOutcome, LookOutcome, ResponseRequest, Seen, SeenStatus } from '@/lib/provider/types'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { testDatabase } from './database'
import { completed, errorOf, REPORT, reportJob, response, ScriptedProvider, saw, testEngine } from './engine'
import { person } from './people'
import { tamperingFound } from './tampering-found'
import { deliver } from './webhooks'

const MISQUOTED = REPORT.replace('by the third', 'by the ninth')

/** How a call ends by itself. `stuck`: it never does. */
export const ENDINGS = {
  report: () => completed('x', REPORT),
  misquoted: () => completed('x', MISQUOTED),
  not_json: () => completed('x', 'The rent is due.'),
  empty: () => completed('x', ''),
  refusal: () => completed('x', '', { output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }] }),
  cut_off: () => response('x', 'incomplete', { incomplete_details: { reason: 'max_output_tokens' } }),
  filtered: () => response('x', 'incomplete', { incomplete_details: { reason: 'content_filter' } }),
  server_error: () => response('x', 'failed', { error: { code: 'server_error', message: 'oops' } }),
  bad_prompt: () => response('x', 'failed', { error: { code: 'invalid_prompt', message: 'no' } }),
  unheard_of: () => response('x', 'failed', { error: { code: 'martian_weather', message: 'dust' } }),
  cancelled: () => response('x', 'cancelled'),
  stuck: () => response('x', 'in_progress'),
} satisfies Record<string, () => Seen>
export type Ending = keyof typeof ENDINGS

/** One webhook: how long after the start of its call (early, or a lie) or after its end it comes, and how often. */
export type News = { from: 'start' | 'end'; afterMs: number; times: number; type: SeenStatus | 'truth' }

/** What becomes of one call. */
export type Call = { ending: Ending; ms: number; queuedMs: number; isLost: boolean; news: News[] }

/** The calls of one job, in order; the last one stands for all further ones. */
export type JobPlan = { startMs: number; calls: Call[] }

const seconds = (max: number) => fc.integer({ min: 0, max }).map((count) => count * 1_000)

const newsOf: fc.Arbitrary<News> = fc.record({
  from: fc.constantFrom('end' as const, 'end' as const, 'start' as const),
  afterMs: fc.oneof(seconds(5), seconds(400)),
  times: fc.integer({ min: 1, max: 3 }),
  type: fc.constantFrom<SeenStatus | 'truth'>('truth', 'truth', 'completed', 'failed', 'cancelled'),
})

const callOf = (endings: Ending[]): fc.Arbitrary<Call> =>
  fc.record({
    ending: fc.constantFrom(...endings),
    ms: fc.oneof(seconds(10), seconds(300)),
    queuedMs: seconds(20),
    isLost: fc.nat(4).map((one) => one === 0),
    news: fc.array(newsOf, { maxLength: 3 }),
  })

const EVERY = Object.keys(ENDINGS) as Ending[]
/** A second one that is stuck could meet the deadline of its job, and which of the two comes first is a matter of time. */
const NEVER_STUCK = EVERY.filter((ending) => ending !== 'stuck')

export const jobPlans: fc.Arbitrary<JobPlan[]> = fc.array(
  fc.record({
    startMs: seconds(120),
    calls: fc
      .tuple(callOf(EVERY), fc.array(callOf(NEVER_STUCK), { minLength: 1, maxLength: 3 }))
      .map(([first, more]) => [first, ...more]),
  }),
  { minLength: 2, maxLength: 4 },
)

export type Ways = {
  /** Whether answers to creates are lost where the plan says so. */
  losesAnswers: boolean
  /** Whether webhooks are sent at all. */
  sendsWebhooks: boolean
}

/** Where a job stands in the end: what must not depend on how its news came. */
export type Final = {
  job: Record<string, unknown>
  attempts: Record<string, unknown>[]
  results: Record<string, unknown>[]
  rounds: Record<string, unknown>[]
}

type Running = { call: Call; startedAt: number; endAt: number; metadata: Record<string, string>; isCancelled: boolean }

/** The provider as one fact at each moment of the test's clock. */
class Facts extends ScriptedProvider {
  readonly running = new Map<string, Running>()
  readonly letters: { at: number; id: string; about: string; type: string }[] = []
  constructor(
    private readonly plans: Map<string, JobPlan>,
    private readonly ways: Ways,
    private readonly clock: () => number,
  ) {
    super()
    this.onLook = (id) => this.tell(id)
    this.onCancel = (id) => this.stop(id)
  }

  override async create(request: ResponseRequest): Promise<CreateOutcome> {
    this.creates.push(request)
    const { job_id = '', attempt_number = '1', attempt_id = '' } = request.metadata
    const calls = this.plans.get(job_id)?.calls ?? []
    const call = calls[Number(attempt_number) - 1] ?? calls.at(-1)
    if (call === undefined) throw new Error('no call is planned for this job')
    const id = `resp_${attempt_id}`
    const startedAt = this.clock()
    const endAt = call.ending === 'stuck' ? Number.POSITIVE_INFINITY : startedAt + call.queuedMs + call.ms
    this.running.set(id, { call, startedAt, endAt, metadata: request.metadata, isCancelled: false })
    if (this.ways.sendsWebhooks) this.post(id, call, startedAt, endAt)
    const exchange = { httpStatus: 200, requestId: null, milliseconds: 1 }
    if (this.ways.losesAnswers && call.isLost) {
      return { ...exchange, httpStatus: null, kind: 'lost', error: errorOf({ code: 'ECONNRESET' }) }
    }
    return { ...exchange, kind: 'accepted', seen: response(id, 'queued') }
  }

  private post(about: string, call: Call, startedAt: number, endAt: number): void {
    const truth = ENDINGS[call.ending]().status
    for (const [index, news] of call.news.entries()) {
      // What never ends has no end to tell of: only a lie about it may come.
      const from = news.from === 'end' && Number.isFinite(endAt) ? endAt : startedAt
      const type = `response.${news.type === 'truth' ? truth : news.type}`
      for (let time = 0; time < news.times; time += 1) {
        this.letters.push({ at: from + news.afterMs + time * 1_500, id: `evt_${about}_${index}`, about, type })
      }
    }
  }

  private tell(id: string): LookOutcome {
    const one = this.running.get(id)
    if (one === undefined) throw new Error(`nobody made ${id}`)
    const now = this.clock()
    const { metadata } = one
    if (one.isCancelled) return this.say(id, response('x', 'cancelled'), metadata)
    if (now >= one.endAt) return this.say(id, ENDINGS[one.call.ending](), metadata)
    const status = now - one.startedAt < one.call.queuedMs ? 'queued' : 'in_progress'
    return this.say(id, response('x', status), metadata)
  }

  /** The same bytes in every arm: what tells the calls of two arms apart is not among them. */
  private say(id: string, said: Seen, metadata: Record<string, string>): LookOutcome {
    return saw({ ...said, responseId: id, body: { ...said.body, metadata } })
  }

  private stop(id: string): LookOutcome {
    const one = this.running.get(id)
    if (one !== undefined && this.clock() < one.endAt) one.isCancelled = true
    return this.tell(id)
  }
}

/** Runs the jobs of `plans` in a world of their own until each stands still. Gives where, in the order of the plans. */
export async function runPlans(plans: readonly JobPlan[], ways: Ways, random: () => number): Promise<Final[]> {
  await using database = await testDatabase()
  const { db, ownerPool } = database
  await publishBuiltins(db)
  const owner = await person(db, ['owner'])
  const byJob = new Map<string, JobPlan>()
  let clock = () => 0
  const provider = new Facts(byJob, ways, () => clock())
  const engine = await testEngine(db, provider)
  // Ahead of the real clock throughout: nothing of what is due is due by it alone.
  engine.pass(120_000)
  clock = () => engine.context.now().getTime()
  // Looks are most of what this takes: some fewer of them show the same.
  const context = { ...engine.context, random, pollMs: 4_000 }
  const begunAt = clock()
  const ids: string[] = []
  for (const plan of plans) {
    const { id } = await reportJob(db, owner)
    ids.push(id)
    byJob.set(id, plan)
    await ownerPool.query('UPDATE graphile_worker._private_jobs SET run_at = $1 WHERE key = $2', [
      new Date(begunAt + plan.startMs),
      `job:${id}`,
    ])
  }

  for (let turns = 0; ; turns += 1) {
    if (turns === 3_000) throw new Error('the jobs never come to a stand')
    const next = await nextMoment()
    if (next === null) break
    if (next > clock()) engine.pass(next - clock())
    const letters = provider.letters.filter(({ at }) => at <= clock())
    for (const letter of letters) {
      provider.letters.splice(provider.letters.indexOf(letter), 1)
      const { id, about, type } = letter
      if ((await deliver(db, { id, about, type, at: context.now() })) !== 200) throw new Error('a webhook was refused')
    }
    await settleReceipts(context)
    for (const id of await takeDue()) await reconcile(context, id)
  }
  const [tampering] = await tamperingFound(database, context.now)
  if (tampering !== undefined) throw new Error(`the audit says: ${tampering.sentence}`)
  return await Promise.all(ids.map(finalOf))

  /** Null when nothing is to happen any more before people or deadlines act. */
  async function nextMoment(): Promise<number | null> {
    const moments = provider.letters.map(({ at }) => at)
    const open = await db.webhookReceipt.aggregate({ where: { state: 'open' }, _min: { nextTryAt: true } })
    if (open._min.nextTryAt !== null) moments.push(open._min.nextTryAt.getTime())
    const moving = await db.job.findMany({
      where: {
        OR: [
          { state: { in: ['queued', 'running'] } },
          { attempts: { some: { endedAt: null, providerStatus: { not: 'unknown' } } } },
        ],
      },
      select: { id: true },
    })
    const keys = moving.map(({ id }) => `job:${id}`)
    const { rows } = await ownerPool.query(
      'SELECT min(run_at) AS at FROM graphile_worker._private_jobs WHERE key = ANY($1)',
      [keys],
    )
    if (rows[0].at !== null) moments.push(rows[0].at.getTime())
    else if (keys.length > 0) throw new Error('a job moves on that nothing is going to wake')
    return moments.length === 0 ? null : Math.min(...moments)
  }

  /** As the job engine does: a wake-up is taken out before its step, which may leave another. */
  async function takeDue(): Promise<string[]> {
    const { rows } = await ownerPool.query(
      "DELETE FROM graphile_worker._private_jobs WHERE key LIKE 'job:%' AND run_at <= $1 RETURNING key",
      [context.now()],
    )
    return rows.map(({ key }) => String(key).slice('job:'.length))
  }

  async function finalOf(id: string): Promise<Final> {
    const job = await db.job.findUniqueOrThrow({
      where: { id },
      include: {
        attempts: { orderBy: { number: 'asc' } },
        rounds: { orderBy: { number: 'asc' } },
        results: { orderBy: { createdAt: 'asc' }, include: { attempt: { select: { number: true } } } },
      },
    })
    const { state, failureClass, failureCode, nextKind, tries, fence } = job
    return {
      job: { state, failureClass, failureCode, nextKind, tries, fence },
      attempts: job.attempts.map((attempt) => ({
        number: attempt.number,
        providerStatus: attempt.providerStatus,
        failureClass: attempt.failureClass,
        failureCode: attempt.failureCode,
        sentence: (attempt.outcome as { sentence?: string } | null)?.sentence,
        payload: attempt.payloadSha256,
        usage: attempt.usage,
        cost: attempt.costMicros,
        hasEnded: attempt.endedAt !== null,
        hasId: attempt.responseId !== null,
      })),
      results: job.results.map(({ sha256, revision, attempt }) => ({ sha256, revision, attempt: attempt.number })),
      // Of an answer that was lost and found again people were asked in between; that is the one trace it leaves.
      rounds: job.rounds
        .filter(({ kind, outcome }) => kind !== 'unknown' || outcome !== 'adopt')
        .map(({ kind, reason, outcome, resultHash }) => ({ kind, reason, outcome, resultHash })),
    }
  }
}

/** Races over a lost answer: the engine, a webhook that names it, and people, interleaved at every call to the provider. */
import type { Scheduler } from 'fast-check'
import type { Finding } from '@/lib/audit/findings'
import { settleReceipts } from '@/lib/engine/receipts.server'
import { reconcile } from '@/lib/engine/reconcile.server'
import type { Attempt, Job, ReviewRound, WebhookReceipt } from '@/lib/generated/prisma/client'
import type { CreateOutcome, LookOutcome, ResponseRequest, Seen } from '@/lib/provider/types'
import { giveCommand } from '@/lib/store/command.server'
import { Forbidden, InvalidInput, JobConflict } from '@/lib/store/errors'
import { type EventBody, firstBrokenEvent, fold } from '@/lib/store/event-chain'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { testDatabase } from './database'
import { accepted, completed, errorOf, REPORT, reportJob, response, ScriptedProvider, saw, testEngine } from './engine'
import { person } from './people'
import { tamperingFound } from './tampering-found'
import { deliver } from './webhooks'

/** Who takes part, besides the sender of the call. */
export const rivals = ['webhook', 'settle', 'step', 'abandon', 'retry', 'resend', 'sender_dies'] as const
export type Rival = (typeof rivals)[number]

export type Race = {
  /** What becomes of the answer to the create. */
  answer: 'comes' | 'is_lost'
  /** When a call that nobody cancels ends by itself: before anybody asks, or after all that races here. */
  ends: 'before' | 'after'
  /** In this order they begin; what happens in between is for the scheduler. */
  rivals: readonly Rival[]
}

export type AfterRace = {
  job: Job
  attempts: Attempt[]
  openRounds: ReviewRound[]
  receipts: WebhookReceipt[]
  /** Creates that the provider counted, by attempt. */
  creates: Record<string, number>
  /** People who sent again, knowing that it may be paid twice. */
  resends: number
  /** People who asked for another attempt, and for the end of the older call before it. */
  retries: number
  /** Creates beside a call whose end nobody had seen, and of which nobody had said that both may be paid. */
  unasked: number
  /** How each call ended at the provider, by attempt. */
  ended: Map<string, Seen>
  historyHolds: boolean
  /** What the audit says of it. */
  tampering: Finding[]
}

/** Every exchange waits for the scheduler, on its way there and on its way back. */
class Interleaved extends ScriptedProvider {
  readonly ended = new Map<string, Seen>()
  /** From now on, calls that still run complete. */
  isLate = false
  /** Whether a call may be paid beside the one that is being made, and nobody was asked. */
  isUnasked: () => Promise<boolean> = async () => false
  unasked = 0
  /** Resolves when the first call has reached the provider: what races here races from there on. */
  readonly sent = Promise.withResolvers<void>()
  private readonly names = new Map<string, Record<string, string>>()
  constructor(
    private readonly scheduler: Scheduler,
    private readonly race: Race,
  ) {
    super()
  }

  override async create(request: ResponseRequest): Promise<CreateOutcome> {
    this.creates.push(request)
    if (await this.isUnasked()) this.unasked += 1
    const id = `resp_${request.metadata.attempt_id}`
    this.names.set(id, request.metadata)
    if (this.race.ends === 'before') this.finish(id)
    this.sent.resolve()
    await this.scheduler.schedule(Promise.resolve(), 'create comes back')
    if (this.race.answer === 'comes' || this.creates.length > 1) return accepted(id)
    const error = errorOf({ code: 'ECONNRESET' })
    return { httpStatus: null, requestId: null, milliseconds: 1, kind: 'lost', error }
  }

  override async retrieve(id: string): Promise<LookOutcome> {
    this.looks.push(id)
    await this.scheduler.schedule(Promise.resolve(), 'look goes out')
    if (this.isLate) this.finish(id)
    const said = this.ended.get(id) ?? response(id, 'in_progress', { metadata: this.names.get(id) })
    await this.scheduler.schedule(Promise.resolve(), 'look comes back')
    return saw(said)
  }

  private finish(id: string): void {
    if (!this.ended.has(id)) this.ended.set(id, completed(id, REPORT, { metadata: this.names.get(id) }))
  }

  override async cancel(id: string): Promise<LookOutcome> {
    this.cancels.push(id)
    await this.scheduler.schedule(Promise.resolve(), 'cancel goes out')
    const said = this.ended.get(id) ?? response(id, 'cancelled', { metadata: this.names.get(id) })
    this.ended.set(id, said)
    await this.scheduler.schedule(Promise.resolve(), 'cancel comes back')
    return saw(said)
  }
}

/** Runs one race to its end, and on until nothing is left to do but what people must. */
export async function runRace(scheduler: Scheduler, race: Race): Promise<AfterRace> {
  await using database = await testDatabase()
  const { db, ownerPool } = database
  await publishBuiltins(db)
  const owner = await person(db, ['owner'])
  const provider = new Interleaved(scheduler, race)
  const engine = await testEngine(db, provider)
  const { context } = engine
  const { id: jobId } = await reportJob(db, owner)
  let resends = 0
  let retries = 0
  provider.isUnasked = async () => {
    const [, older] = await db.attempt.findMany({ where: { jobId }, orderBy: { number: 'desc' } })
    if (older === undefined || older.seenFinalAt !== null) return false
    const asked = await db.event.findFirstOrThrow({ where: { jobId, command: 'retry' }, orderBy: { seq: 'desc' } })
    return (JSON.parse(asked.body) as EventBody).mayBePaidTwice !== true
  }

  const act = async (rival: Rival): Promise<void> => {
    await scheduler.schedule(Promise.resolve(), rival)
    engine.pass(10_000)
    switch (rival) {
      case 'webhook': {
        const sent = provider.creates[0]?.metadata.attempt_id
        if (sent !== undefined) await deliver(db, { about: `resp_${sent}`, at: context.now() })
        return
      }
      case 'settle':
        await settleReceipts(context)
        return
      case 'step':
        return reconcile(context, jobId)
      case 'sender_dies':
        await db.$executeRaw`UPDATE worker SET stopped_at = now()`
        return
      case 'abandon':
        await give({ command: 'abandon', note: 'No longer needed.' })
        return
      case 'retry':
        if (await give({ command: 'retry', params: { oldCall: 'cancel' } })) retries += 1
        return
      case 'resend':
        if (await give({ command: 'retry', params: { mayBePaidTwice: true, oldCall: 'cancel' } })) resends += 1
    }
  }
  const give = async (ask: Parameters<typeof giveCommand>[3]): Promise<boolean> => {
    try {
      await giveCommand(db, owner, jobId, ask, 'api', context.now())
      return true
    } catch (error) {
      // Somebody was first, or it is not the time for it: people are told so.
      if (error instanceof JobConflict || error instanceof Forbidden || error instanceof InvalidInput) return false
      throw error
    }
  }

  const sending = reconcile(context, jobId)
  await provider.sent.promise
  await scheduler.waitFor(Promise.all([sending, ...race.rivals.map(act)]))
  provider.isLate = true
  // Whatever was left open is gone on with, as timers and the sweeper would.
  for (let turns = 0; turns < 40; turns += 1) {
    engine.pass(60_000)
    await scheduler.waitFor(settleReceipts(context).then(() => reconcile(context, jobId)))
    if (await isAtRest()) break
  }

  const job = await db.job.findUniqueOrThrow({
    where: { id: jobId },
    include: { attempts: { orderBy: { number: 'asc' } }, rounds: true, events: { orderBy: { seq: 'asc' } } },
  })
  const { attempts, rounds, events, ...row } = job
  const folded = fold(events)
  const creates: Record<string, number> = {}
  for (const { metadata } of provider.creates) {
    const name = metadata.attempt_id ?? ''
    creates[name] = (creates[name] ?? 0) + 1
  }
  return {
    job: row,
    attempts,
    openRounds: rounds.filter(({ closedAt }) => closedAt === null),
    receipts: await db.webhookReceipt.findMany(),
    creates,
    resends,
    retries,
    unasked: provider.unasked,
    ended: provider.ended,
    tampering: await tamperingFound(database, context.now),
    historyHolds:
      firstBrokenEvent(jobId, events) === null && folded?.state === row.state && folded.version === row.version,
  }

  async function isAtRest(): Promise<boolean> {
    const moving = await db.job.count({
      where: {
        OR: [
          { state: { in: ['queued', 'running'] } },
          { attempts: { some: { endedAt: null, providerStatus: { not: 'unknown' } } } },
        ],
      },
    })
    const { rows } = await ownerPool.query("SELECT 1 FROM webhook_receipt WHERE state = 'open'")
    return moving === 0 && rows.length === 0
  }
}

import { v7 as uuidv7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import type { Job } from '@/lib/generated/prisma/client'
import type { CreateOutcome, LookOutcome } from '@/lib/provider/types'
import { giveCommand } from '@/lib/store/command.server'
import { testDatabase } from '@/lib/testing/database'
import { accepted, completed, errorOf, REPORT, reportJob, saw, seen, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { tamperingFound } from '@/lib/testing/tampering-found'
import { deliver } from '@/lib/testing/webhooks'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { settleReceipts } from './receipts.server'

async function world() {
  const database = await testDatabase()
  await publishBuiltins(database.db)
  const owner = await person(database.db, ['owner'])
  const engine = await testEngine(database.db)
  const { db } = database
  const tell = (about: string, type = 'response.completed') => deliver(db, { about, type, at: engine.context.now() })
  /** Settles what is due, again and again, until nothing is open; time passes in between. */
  const settleAll = async () => {
    for (let turns = 0; turns < 50 && (await db.webhookReceipt.count({ where: { state: 'open' } })) > 0; turns += 1) {
      await settleReceipts(engine.context)
      engine.pass(10_000)
    }
  }
  return {
    database,
    db,
    owner,
    tell,
    settleAll,
    ...engine,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

type World = Awaited<ReturnType<typeof world>>

const lost: CreateOutcome = {
  httpStatus: null,
  requestId: null,
  milliseconds: 1,
  kind: 'lost',
  error: errorOf({ code: 'ECONNRESET' }),
}
const gone: LookOutcome = {
  httpStatus: 404,
  requestId: null,
  milliseconds: 1,
  kind: 'gone',
  error: errorOf({ httpStatus: 404 }),
}

/** A job whose create was taken as `resp_lost`, and whose answer never came. */
async function lostJob(w: World): Promise<Job> {
  const job = await reportJob(w.db, w.owner)
  w.provider.onCreate = [() => lost]
  return w.stepUntil(job.id, (now) => now.state === 'awaiting_review')
}

/** What the response says, as the provider gives it: with the metadata that our create carried. */
function answerOf(w: World, id = 'resp_lost', metadata = w.provider.creates[0]?.metadata) {
  return saw(completed(id, REPORT, { metadata }))
}

const receipt = (w: World) => w.db.webhookReceipt.findFirstOrThrow()

describe('a lost answer that a webhook names', () => {
  test('is adopted, and the job goes on with it', async () => {
    await using w = await world()
    const job = await lostJob(w)
    w.provider.onLook = () => answerOf(w)
    await w.tell('resp_lost')
    await w.settleAll()
    const after = await w.stepUntil(job.id, (now) => now.state === 'awaiting_review')
    expect(after).toMatchObject({ nextKind: 'decide', failureCode: null })
    expect(await w.db.attempt.findMany()).toMatchObject([{ responseId: 'resp_lost', providerStatus: 'completed' }])
    const events = await w.db.event.findMany({ where: { jobId: job.id }, orderBy: { seq: 'asc' } })
    expect(events.map(({ command, transport, actorKind }) => [command, transport, actorKind])).toEqual([
      ['create', 'api', 'person'],
      ['start', 'timer', 'system'],
      ['hold', 'timer', 'system'],
      ['adopt', 'webhook', 'provider'],
      ['hold', 'webhook', 'system'],
    ])
    expect(await receipt(w)).toMatchObject({ state: 'adopted', jobId: job.id })
    expect(await w.db.observation.findMany({ where: { kind: 'webhook' } })).toMatchObject([
      { providerStatus: 'completed' },
    ])
    expect(w.provider.creates).toHaveLength(1)
  })

  test('is looked at further where it still runs', async () => {
    await using w = await world()
    const job = await lostJob(w)
    w.provider.onLook = (id) => seen(id, 'in_progress', { metadata: w.provider.creates[0]?.metadata })
    await w.tell('resp_lost')
    await w.settleAll()
    expect(await w.db.job.findUniqueOrThrow({ where: { id: job.id } })).toMatchObject({ state: 'running' })
    w.provider.onLook = () => answerOf(w)
    expect(await w.stepUntil(job.id, (now) => now.state !== 'running')).toMatchObject({ nextKind: 'decide' })
  })

  test('leaves nothing of its loss, in the row of its job and in its history', async () => {
    await using w = await world()
    const job = await lostJob(w)
    w.provider.onLook = (id) => seen(id, 'in_progress', { metadata: w.provider.creates[0]?.metadata })
    await w.tell('resp_lost')
    await w.settleAll()
    expect(await tamperingFound(w.database, w.context.now)).toEqual([])
    await giveCommand(w.db, w.owner, job.id, { command: 'abandon', note: 'No longer needed.' }, 'api', w.context.now())
    expect(await tamperingFound(w.database, w.context.now)).toEqual([])
  })

  test.each([
    ['abandoned', { command: 'abandon', note: 'x' }],
    ['sent again', { command: 'retry', params: { mayBePaidTwice: true } }],
  ] as const)('of a job that was %s meanwhile is cancelled, and kept with its cost', async (_how, ask) => {
    await using w = await world()
    const job = await lostJob(w)
    const { state } = (await giveCommand(w.db, w.owner, job.id, ask, 'api', w.context.now())).job
    w.provider.onLook = () => answerOf(w)
    w.provider.onCancel = () => answerOf(w)
    await w.tell('resp_lost')
    await w.settleAll()
    expect(w.provider.cancels).toEqual(['resp_lost'])
    const attempt = await w.db.attempt.findFirstOrThrow({ where: { number: 1 } })
    expect(attempt).toMatchObject({ responseId: 'resp_lost', usage: { totalTokens: 15 } })
    expect(attempt.payloadSha256).not.toBeNull()
    expect(await w.db.job.findUniqueOrThrow({ where: { id: job.id } })).toMatchObject({ state })
    expect(await receipt(w)).toMatchObject({ state: 'adopted' })
  })

  test('of a job that expired is asked about until its end is seen', async () => {
    await using w = await world()
    const job = await lostJob(w)
    w.pass((job.dueAt?.getTime() ?? 0) - w.context.now().getTime())
    expect(await w.step(job.id)).toMatchObject({ state: 'expired' })
    let asked = 0
    const running = (id: string) => seen(id, 'in_progress', { metadata: w.provider.creates[0]?.metadata })
    w.provider.onLook = running
    w.provider.onCancel = (id) => {
      asked += 1
      return asked < 3 ? running(id) : seen(id, 'cancelled')
    }
    await w.tell('resp_lost')
    await w.settleAll()
    expect(asked).toBe(3)
    expect((await w.db.attempt.findFirstOrThrow()).payloadSha256).not.toBeNull()
  })

  test('is left to its sender while that one may still be waiting for it', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onLook = () => answerOf(w, 'resp_early')
    w.provider.onCreate = [
      async () => {
        await w.tell('resp_early')
        await settleReceipts(w.context)
        expect(await receipt(w)).toMatchObject({ state: 'open', tries: 1 })
        return accepted('resp_early')
      },
    ]
    await w.step(job.id)
    w.pass(60_000)
    await settleReceipts(w.context)
    expect(await receipt(w)).toMatchObject({ state: 'matched', jobId: job.id })
    expect(await w.stepUntil(job.id, (now) => now.state !== 'running')).toMatchObject({ nextKind: 'decide' })
    expect(await w.db.attempt.findMany()).toMatchObject([{ responseId: 'resp_early', providerStatus: 'completed' }])
    expect(w.provider.cancels).toEqual([])
  })

  test('is not believed to be ours by what it says alone', async () => {
    await using w = await world()
    const job = await lostJob(w)
    const other = await reportJob(w.db, w.owner)
    const { attempt_id, job_id } = w.provider.creates[0]?.metadata ?? {}
    const claims: [string, unknown][] = [
      ['resp_1', undefined],
      ['resp_2', { attempt_id: 'x', job_id }],
      ['resp_3', { attempt_id, job_id: other.id }],
      ['resp_4', { attempt_id: uuidv7(), job_id }],
      ['resp_5', { attempt_id: { toString: 1 }, job_id }],
      ['resp_6', [attempt_id, job_id]],
    ]
    w.provider.onLook = (id) => saw(completed(id, REPORT, { metadata: claims.find(([name]) => name === id)?.[1] }))
    for (const [id] of claims) await w.tell(id)
    await w.settleAll()
    expect(await w.db.webhookReceipt.count({ where: { state: 'not_ours' } })).toBe(claims.length)
    expect(await w.db.attempt.count({ where: { responseId: { not: null } } })).toBe(0)
    expect(await w.db.job.findUniqueOrThrow({ where: { id: job.id } })).toMatchObject({ nextKind: 'resolve_unknown' })
  })

  test('is adopted once, whatever else claims to be it', async () => {
    await using w = await world()
    await lostJob(w)
    w.provider.onLook = (id) => answerOf(w, id)
    await w.tell('resp_first')
    await w.settleAll()
    await w.tell('resp_second')
    await w.settleAll()
    expect(await w.db.attempt.findMany()).toMatchObject([{ responseId: 'resp_first' }])
    const states = await w.db.webhookReceipt.findMany({ orderBy: { receivedAt: 'asc' } })
    expect(states.map(({ responseId, state }) => [responseId, state])).toEqual([
      ['resp_first', 'adopted'],
      ['resp_second', 'not_ours'],
    ])
  })
})

describe('a webhook about a response that nobody knows', () => {
  test('is nobody’s of ours without asking, where no answer is missing', async () => {
    await using w = await world()
    await w.tell('resp_foreign')
    await w.settleAll()
    expect(await receipt(w)).toMatchObject({ state: 'not_ours' })
    expect(w.provider.looks).toEqual([])
  })

  test('is not ours once the provider has said twice that it does not have it', async () => {
    await using w = await world()
    await lostJob(w)
    w.provider.onLook = () => gone
    await w.tell('resp_foreign')
    await settleReceipts(w.context)
    expect(await receipt(w)).toMatchObject({ state: 'open' })
    await w.settleAll()
    expect(await receipt(w)).toMatchObject({ state: 'not_ours', tries: 2 })
  })

  test('is asked about for a day while the provider does not answer, further and further apart', async () => {
    await using w = await world()
    await lostJob(w)
    w.provider.onLook = () => ({ ...gone, kind: 'failed', httpStatus: 500, error: errorOf({ httpStatus: 500 }) })
    await w.tell('resp_foreign')
    for (let hours = 0; hours < 24; hours += 1) {
      await settleReceipts(w.context)
      w.pass(3_600_000)
    }
    expect(await receipt(w)).toMatchObject({ state: 'open', tries: 24 })
    w.pass(3_600_000)
    await settleReceipts(w.context)
    expect(await receipt(w)).toMatchObject({ state: 'not_ours' })
  })
})

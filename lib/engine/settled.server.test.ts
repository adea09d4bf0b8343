/** However an attempt ends, what was reserved for it is settled, and a cost that is seen later is kept. */
import { describe, expect, test } from 'vitest'
import type { Job } from '@/lib/generated/prisma/client'
import { giveCommand } from '@/lib/store/command.server'
import { testDatabase } from '@/lib/testing/database'
import { completed, errorOf, REPORT, reportJob, ScriptedProvider, saw, seen, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'

async function world() {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  await db.price.create({
    data: {
      kind: 'model',
      name: 'gpt-5.5',
      inputMicros: 1_000_000n,
      outputMicros: 10_000_000n,
      source: 'a test',
      validFrom: new Date('2020-01-01'),
    },
  })
  const owner = await person(db, ['owner'])
  const engine = await testEngine(db, new ScriptedProvider())
  return {
    db,
    owner,
    ...engine,
    give: (job: Job, command: string, params: Record<string, unknown> = {}) =>
      giveCommand(db, owner, job.id, { command, note: 'x', params }, 'api', engine.context.now()),
    /** What is counted for the job. */
    account: (job: Job) => db.budgetAccount.findUniqueOrThrow({ where: { key: `job:${job.id}` } }),
    open: () => db.budgetEntry.count({ where: { settledAt: null } }),
    first: (job: Job) => db.attempt.findFirstOrThrow({ where: { jobId: job.id }, orderBy: { number: 'asc' } }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
type World = Awaited<ReturnType<typeof world>>

const nothingCame = {
  httpStatus: null,
  requestId: null,
  milliseconds: 1,
  kind: 'lost',
  error: errorOf({ code: 'connection_lost' }),
} as const

/** A job whose only call was sent and got no answer. */
async function lost(w: World): Promise<Job> {
  const job = await reportJob(w.db, w.owner)
  w.provider.onCreate.push(() => nothingCame)
  await w.step(job.id)
  expect(await w.open()).toBeGreaterThan(0)
  return job
}

describe('the worst case stays counted, and nothing stays reserved', () => {
  test.each(['abandon', 'retry'])('after a lost answer and %s', async (command) => {
    await using w = await world()
    const job = await lost(w)
    await w.give(job, command, command === 'retry' ? { mayBePaidTwice: true } : {})
    expect(await w.open()).toBe(0)
    const { reservedMicros, spentMicros } = await w.account(job)
    expect(reservedMicros).toBe(0n)
    expect(spentMicros).toBeGreaterThan(0n)
  })

  test('after a lost answer that nobody dealt with in time', async () => {
    await using w = await world()
    const job = await lost(w)
    w.pass(400 * 86_400_000)
    expect(await w.step(job.id)).toMatchObject({ state: 'expired' })
    expect(await w.open()).toBe(0)
  })

  test('after a call that was let go while it was under way', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCancel = (id) => seen(id, 'in_progress')
    await w.stepUntil(job.id, (now) => now.failureCode === 'no_final_status', 120_000)
    await w.give(job, 'retry', { oldCall: 'pay', mayBePaidTwice: true })
    expect(await w.open()).toBe(0)
  })

  test('after a call was cancelled and the provider has it no more', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    await w.step(job.id)
    await w.give(job, 'abandon')
    const gone = { httpStatus: 404, requestId: null, milliseconds: 1, kind: 'gone', error: errorOf() } as const
    w.provider.onCancel = () => gone
    await w.step(job.id)
    expect(await w.open()).toBe(0)
  })
})

describe('what a call came to is kept', () => {
  test('where it finished before the cancel reached it', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    await w.step(job.id)
    await w.give(job, 'abandon')
    w.provider.onCancel = (id) => saw(completed(id, REPORT))
    await w.step(job.id)
    // 10 input tokens at $1 and 5 output tokens at $10 a million.
    expect((await w.first(job)).costMicros).toBe(60n)
    expect(await w.account(job)).toMatchObject({ reservedMicros: 0n, spentMicros: 60n })
  })

  test('where its id came after it had been given up', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCancel = (id) => saw(completed(id, REPORT))
    w.provider.onCreate.push(async (request) => {
      w.pass(60_000)
      await w.step(job.id)
      await w.give(job, 'abandon')
      return {
        httpStatus: 200,
        requestId: null,
        milliseconds: 1,
        kind: 'accepted',
        seen: seenOf(`resp_${request.metadata.attempt_id}`),
      }
    })
    await w.step(job.id)
    const attempt = await w.first(job)
    expect(attempt.costMicros).toBe(60n)
    expect(attempt.costLines).toMatchObject({ lines: [{}, {}], why: null })
    expect(await w.open()).toBe(0)
  })
})

test('usage that no call can have costs nobody knows how much, and stops nothing', async () => {
  await using w = await world()
  const most = Number.MAX_SAFE_INTEGER
  const usage = { input_tokens: most, output_tokens: most, total_tokens: most }
  const job = await reportJob(w.db, w.owner)
  w.provider.onLook = (id) => saw(completed(id, REPORT, { usage }))
  await w.stepUntil(job.id, ({ nextKind }) => nextKind === 'decide')
  expect((await w.first(job)).costMicros).toBeNull()
  expect((await w.account(job)).spentMicros).toBeLessThan(10_000_000n)
  expect(await w.open()).toBe(0)
})

function seenOf(id: string) {
  const outcome = seen(id, 'queued')
  if (outcome.kind !== 'seen') throw new Error('a response was seen')
  return outcome.seen
}

import { expect, test } from 'vitest'
import type { Job } from '@/lib/generated/prisma/client'
import { readJob } from '@/lib/jobs/detail.server'
import type { Db } from '@/lib/store/db.server'
import { testDatabase } from '@/lib/testing/database'
import { completed, REPORT, reportJob, saw, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { settle } from './admit.server'
import { costOfResponse } from './price.server'
import { addPrice, seedPrices } from './price-list.server'
import { missingPrices, readSpending } from './spending.server'

async function world({ priced = true } = {}) {
  const database = await testDatabase()
  await publishBuiltins(database.db)
  if (priced) await seedPrices(database.db)
  const owner = await person(database.db, ['owner'])
  const engine = await testEngine(database.db)
  engine.provider.onLook = (id) => saw(completed(id, REPORT))
  const job = await reportJob(database.db, owner)
  return { ...database, owner, engine, job, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

/** When its call was sent: on the day that it counts in. */
async function sentAt({ db, job }: { db: Db; job: Job }): Promise<Date> {
  const attempt = await db.attempt.findFirstOrThrow({ where: { jobId: job.id } })
  return attempt.sentAt ?? expect.fail('nothing was sent')
}

test('a job shows what it cost, and the accounts and the page of spending count the same', async () => {
  await using w = await world()
  await w.engine.stepUntil(w.job.id, ({ state }) => state === 'awaiting_review')
  const job = await readJob(w.db, w.owner, w.job.id)
  // 10 tokens in at $5 and 5 out at $30 a million.
  expect(job?.cost).toMatchObject({ usd: 0.0002, why: null, isRehearsed: false })
  expect(job?.attempts[0]?.cost.lines).toHaveLength(2)
  const { workflows, days } = await readSpending(w.db, await sentAt(w))
  expect(workflows).toMatchObject([
    { key: 'report', today: { spentUsd: 0.0002, reservedUsd: 0 }, total: { spentUsd: 0.0002 } },
  ])
  expect(days[0]).toMatchObject({ all: { spentUsd: 0.0002 }, notKnown: 0 })
})

test('where the model that answered has no price, the one that was asked for counts', async () => {
  await using w = await world()
  const cost = (model: string) =>
    costOfResponse(w.db, {
      attempt: { model: 'gpt-5.5', sentAt: w.engine.context.now() },
      reading: { usage: { ...USAGE, inputTokens: 1_000_000 }, items: [], model, serviceTier: null },
    })
  expect((await cost('holdpoint-sandbox')).micros).toBe((await cost('gpt-5.5')).micros)
  await addPrice(w.db, null, { ...OTHER, inputUsd: 1, outputUsd: 1 })
  expect((await cost('other')).micros).toBe(1_000_000n)
})

const USAGE = { inputTokens: 0, cachedTokens: null, outputTokens: 0, reasoningTokens: null, totalTokens: 0 }
const OTHER = { kind: 'model' as const, name: 'other', validFrom: '2026-01-01', cachedUsd: null, source: 'a test' }

test('a price that is missing is named, with the workflows that need it, and the cost says so', async () => {
  await using w = await world({ priced: false })
  const missing = await missingPrices(w.db, w.engine.context.now())
  expect(missing.find(({ name }) => name === 'gpt-5.5')?.workflows).toContain('Report')
  await w.engine.stepUntil(w.job.id, ({ state }) => state === 'awaiting_review')
  const job = await readJob(w.db, w.owner, w.job.id)
  expect(job?.cost).toMatchObject({ usd: null, why: 'The price of gpt-5.5 is not known.' })
  expect((await readSpending(w.db, await sentAt(w))).days[0]?.notKnown).toBe(1)
})

test('a cost that becomes known later is filled in, and changes no account', async () => {
  await using w = await world({ priced: false })
  await w.engine.stepUntil(w.job.id, ({ state }) => state === 'awaiting_review')
  const { id: attemptId } = await w.db.attempt.findFirstOrThrow({ where: { jobId: w.job.id } })
  const late = (micros: bigint) =>
    w.db.$transaction((tx) =>
      settle(tx, {
        attemptId,
        now: w.engine.context.now(),
        cost: { kind: 'used', micros, lines: { lines: [], why: null } },
      }),
    )
  await late(1_234n)
  await late(9_999n)
  const attempt = await w.db.attempt.findUniqueOrThrow({ where: { id: attemptId } })
  expect(attempt.costMicros).toBe(1_234n)
  expect((await w.db.budgetAccount.findUniqueOrThrow({ where: { key: 'workflow:report' } })).spentMicros).toBe(0n)
})

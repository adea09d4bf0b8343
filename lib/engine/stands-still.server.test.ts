/** A queue that stands still: nothing is sent, no clock runs, nobody spins, and the limit's turns are waited for. */
import { expect, test } from 'vitest'
import { setDayBudget } from '@/lib/money/day-budget.server'
import { usdOf } from '@/lib/money/micros'
import { priceBook } from '@/lib/money/price.server'
import { seedPrices } from '@/lib/money/price-list.server'
import { stopQueue } from '@/lib/money/stops.server'
import { worstCaseOf } from '@/lib/money/worst-case'
import { loadFacts } from '@/lib/store/facts.server'
import { testDatabase } from '@/lib/testing/database'
import { reportJob, ScriptedProvider, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { startIfItMay, TakenMeanwhile } from './admission.server'
import { nextRequest } from './request.server'
import { sweep } from './worker.server'

async function world() {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const owner = await person(db, ['owner'])
  const engine = await testEngine(db, new ScriptedProvider())
  return {
    ...database,
    owner,
    ...engine,
    stop: (workflowKey = 'report') =>
      stopQueue(db, {
        workflowKey,
        reason: 'invalid_api_key',
        message: null,
        jobId: null,
        attemptId: null,
        now: engine.context.now(),
      }),
    async wakesAt(jobId: string): Promise<Date> {
      const sql = 'SELECT run_at FROM graphile_worker._private_jobs WHERE key = $1'
      const { rows } = await database.ownerPool.query<{ run_at: Date }>(sql, [`job:${jobId}`])
      return rows[0]?.run_at ?? new Date(Number.NaN)
    },
    /** As the job engine does with a wake-up that it has run. */
    taken: (jobId: string) =>
      database.ownerPool.query('DELETE FROM graphile_worker._private_jobs WHERE key = $1', [`job:${jobId}`]),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

test('a call that runs past its deadline while the queue stands still is looked at no more often for it', async () => {
  await using w = await world()
  const job = await reportJob(w.db, w.owner)
  await w.step(job.id)
  await w.stop()
  w.pass(30 * 86_400_000)
  await w.db.attemptWatch.updateMany({ data: { lastChangedAt: w.context.now() } })
  // The second time it is too early to look.
  for (const looks of [1, 1]) {
    await w.taken(job.id)
    await w.step(job.id)
    expect(w.provider.looks).toHaveLength(looks)
    const { nextLookAt } = await w.db.attemptWatch.findFirstOrThrow()
    expect(await w.wakesAt(job.id)).toEqual(nextLookAt)
  }
})

test('the sweeper leaves it alone, too', async () => {
  await using w = await world()
  const job = await reportJob(w.db, w.owner)
  await w.step(job.id)
  await w.stop()
  await w.taken(job.id)
  await w.ownerPool.query(`SELECT holdpoint_wake($1::uuid, now() + interval '5 minutes')`, [job.id])
  // No history leads here within the time of a test.
  await w.ownerPool.query('ALTER TABLE job DISABLE TRIGGER USER')
  await w.ownerPool.query(`UPDATE job SET due_at = now() - interval '1 hour'`)
  expect(await sweep(w.db)).toBe(0)
  await w.ownerPool.query('UPDATE queue_stop SET resumed_at = now(), resumed_by = $1', [w.owner.userId])
  expect(await sweep(w.db)).toBe(1)
})

test('the sweeper lets a job wait for its turn under the rate limit', async () => {
  await using w = await world()
  const job = await reportJob(w.db, w.owner)
  const { model } = (await loadFacts(w.db, job.id)).definition
  const now = w.context.now()
  await w.db.rateLimit.create({
    data: {
      provider: 'scripted',
      model,
      strikes: 1,
      blockedUntil: new Date(now.getTime() + 3_600_000),
      updatedAt: now,
    },
  })
  await w.taken(job.id)
  await w.step(job.id)
  expect(w.provider.creates).toHaveLength(0)
  const sleep = (await w.wakesAt(job.id)).getTime() - now.getTime()
  expect(sleep).toBeGreaterThan(30_000)
  expect(sleep).toBeLessThanOrEqual(121_000)
  expect(await sweep(w.db)).toBe(0)
})

test('nothing starts in a queue that was stopped after the job was looked at', async () => {
  await using w = await world()
  const job = await reportJob(w.db, w.owner)
  const facts = await loadFacts(w.db, job.id)
  const attemptId = '019a0000-0000-7000-8000-000000000001'
  const { request } = await nextRequest(w.context, facts, attemptId)
  await w.stop()
  let written = false
  const started = await w.db.$transaction((tx) =>
    startIfItMay(w.context, tx, facts, { attemptId, request, now: w.context.now() }, async () => {
      written = true
    }),
  )
  expect(started).toBeNull()
  expect(written).toBe(false)
  expect(await w.db.budgetEntry.count()).toBe(0)
})

test('what somebody took while a start was written commits nothing of it, and is seen the next time', async () => {
  await using w = await world()
  const job = await reportJob(w.db, w.owner)
  const other = await reportJob(w.db, w.owner)
  // Enough for one call of this workflow on one day, not for two.
  await seedPrices(w.db)
  const worst = await worstOfOne(w, other.id)
  await setDayBudget(w.db, null, usdOf(worst + worst / 2n), '')
  const facts = await loadFacts(w.db, job.id)
  const attemptId = '019a0000-0000-7000-8000-000000000002'
  const { request } = await nextRequest(w.context, facts, attemptId)
  const start = (locksFirst: boolean, write: () => Promise<void>) =>
    w.db.$transaction((tx) =>
      startIfItMay(w.context, tx, facts, { attemptId, request, now: w.context.now(), locksFirst }, write),
    )
  await expect(
    start(false, async () => {
      await w.step(other.id)
    }),
  ).rejects.toThrow(TakenMeanwhile)
  expect(w.provider.creates).toHaveLength(1)
  expect(await w.db.budgetEntry.count({ where: { attemptId } })).toBe(0)
  let written = false
  const started = await start(true, async () => {
    written = true
  })
  expect({ started, written }).toEqual({ started: null, written: false })
  expect(await w.db.queueStop.findFirst()).toMatchObject({ workflowKey: 'report', reason: 'budget_day' })
})

async function worstOfOne(w: Awaited<ReturnType<typeof world>>, jobId: string): Promise<bigint> {
  const { request } = await nextRequest(w.context, await loadFacts(w.db, jobId), '019a0000-0000-7000-8000-000000000003')
  const { micros } = worstCaseOf(request, 0, await priceBook(w.db, w.context.now()))
  if (micros === null) throw new Error('its price is not known')
  return micros
}

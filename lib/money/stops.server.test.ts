import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { sweep } from '@/lib/engine/worker.server'
import { readJob } from '@/lib/jobs/detail.server'
import { listJobs } from '@/lib/jobs/list.server'
import { parseJobQuery } from '@/lib/jobs/query'
import { Forbidden, NotFound } from '@/lib/store/errors'
import { testDatabase } from '@/lib/testing/database'
import { reportJob } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { openStop, openStops, recentStops, resumeQueue, standstillMs, stopQueue } from './stops.server'

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 10, minutes))

async function world() {
  const database = await testDatabase()
  await publishBuiltins(database.db)
  const lead = await person(database.db, ['lead'], 'Lena')
  const stop = (minutes: number, reason = 'budget_total', workflowKey = 'report') =>
    stopQueue(database.db, { workflowKey, reason, message: null, jobId: null, attemptId: null, now: at(minutes) })
  return { ...database, lead, stop, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

test('a queue stops once, however many calls meet it at once, and the first reason stays', async () => {
  await using w = await world()
  const stopped = await Promise.all(Array.from({ length: 8 }, () => w.stop(0)))
  expect(stopped.filter(Boolean)).toHaveLength(1)
  expect(await w.stop(1, 'insufficient_quota')).toBe(false)
  expect((await openStop(w.db, 'report'))?.reason).toBe('budget_total')
  expect(await openStop(w.db, 'digest')).toBeNull()
})

test('its jobs say that they wait for a lead, and the stop counts them', async () => {
  await using w = await world()
  const requester = await person(w.db, ['owner'])
  const waiting = await reportJob(w.db, requester)
  await w.stop(0)
  const job = await readJob(w.db, requester, waiting.id)
  expect(job?.nextAction).toMatchObject({ kind: 'wait_resume', who: 'A lead', dueAt: null, otherwise: null })
  expect(job?.stop).toMatchObject({ reason: 'budget_total', waiting: 1, workflow: { key: 'report' } })
  const list = await listJobs(w.db, requester, parseJobQuery(new URLSearchParams()))
  expect(list.items[0]?.nextAction.kind).toBe('wait_resume')
  const [open] = await openStops(w.db)
  expect(open).toMatchObject({ waiting: 1, sentence: 'The whole budget of this workflow is used up.' })
})

test('only a lead resumes; it is recorded who did, and every waiting job is woken', async () => {
  await using w = await world()
  const requester = await person(w.db, ['requester', 'reviewer'])
  const job = await reportJob(w.db, requester)
  await w.stop(0)
  await w.ownerPool.query('DELETE FROM graphile_worker._private_jobs')
  await expect(resumeQueue(w.db, requester, 'report', null, at(5))).rejects.toThrow(Forbidden)
  await expect(resumeQueue(w.db, w.lead, 'nothing', null, at(5))).rejects.toThrow(NotFound)
  expect(await resumeQueue(w.db, w.lead, 'report', ' Credit added. ', at(5))).toEqual({ didResume: true, woken: 1 })
  expect(await resumeQueue(w.db, w.lead, 'report', null, at(6))).toEqual({ didResume: false, woken: 0 })
  const woken = await w.ownerPool.query('SELECT key FROM graphile_worker._private_jobs')
  expect(woken.rows).toEqual([{ key: `job:${job.id}` }])
  expect(await openStops(w.db)).toEqual([])
  expect((await recentStops(w.db, 5))[0]).toMatchObject({
    by: 'Lena',
    note: 'Credit added.',
    resumedAt: at(5).toISOString(),
  })
})

test('many waiting jobs are woken some at a time, each lot in a transaction of its own', async () => {
  await using w = await world()
  const owner = await person(w.db, ['owner'])
  for (let jobs = 0; jobs < 5; jobs += 1) await reportJob(w.db, owner)
  await w.stop(0)
  await w.ownerPool.query('DELETE FROM graphile_worker._private_jobs')
  expect(await resumeQueue(w.db, w.lead, 'report', null, at(5), 2)).toEqual({ didResume: true, woken: 5 })
  const { rows } = await w.ownerPool.query(
    'SELECT count(*)::int AS jobs FROM graphile_worker._private_jobs GROUP BY xmin::text ORDER BY jobs',
  )
  expect(rows.map(({ jobs }) => jobs)).toEqual([1, 2, 2])
})

test('a stop has ended where the waking breaks off, and the sweeper wakes what is left', async () => {
  await using w = await world()
  const job = await reportJob(w.db, await person(w.db, ['owner']))
  await w.stop(0)
  await w.ownerPool.query('DELETE FROM graphile_worker._private_jobs')
  await w.ownerPool.query('ALTER FUNCTION holdpoint_wake(uuid, timestamptz) RENAME TO holdpoint_wake_for_now')
  await expect(resumeQueue(w.db, w.lead, 'report', null, at(5))).rejects.toThrow(/holdpoint_wake/)
  await w.ownerPool.query('ALTER FUNCTION holdpoint_wake_for_now(uuid, timestamptz) RENAME TO holdpoint_wake')
  expect(await openStop(w.db, 'report')).toBeNull()
  const history = await w.db.queueChange.findMany({ where: { workflowKey: 'report' }, orderBy: { at: 'asc' } })
  expect(history.map(({ kind }) => kind)).toEqual(['stopped', 'resumed'])
  expect(await sweep(w.db)).toBe(1)
  const woken = await w.ownerPool.query('SELECT key FROM graphile_worker._private_jobs')
  expect(woken.rows).toEqual([{ key: `job:${job.id}` }])
})

test('the time in which sending stood still is the sum of what overlaps', async () => {
  await using w = await world()
  for (const [from, to] of [
    [0, 10],
    [20, 25],
  ] as const) {
    await w.stop(from)
    await resumeQueue(w.db, w.lead, 'report', null, at(to))
  }
  await w.stop(40)
  const minutes = async (from: number, to: number, key = 'report') =>
    (await standstillMs(w.db, key, at(from), at(to))) / 60_000
  expect(await minutes(0, 60)).toBe(35)
  expect(await minutes(5, 22)).toBe(7)
  expect(await minutes(10, 20)).toBe(0)
  expect(await minutes(41, 43)).toBe(2)
  expect(await minutes(0, 60, 'digest')).toBe(0)
})

test('what a provider says is kept as it can be stored', async () => {
  await using w = await world()
  await stopQueue(w.db, {
    workflowKey: 'report',
    reason: 'some_new_code',
    message: `No credit\u0000 ${'x'.repeat(5_000)}`,
    jobId: uuidv7(),
    attemptId: null,
    now: at(0),
  })
  const [open] = await openStops(w.db)
  expect(open?.message).toMatch(/^No credit␀ x+$/)
  expect(open?.sentence).toBe('The provider refuses our account, key or project.')
})

test('a stop that ended before it began, by the clocks of two hosts, shortens no other', async () => {
  await using w = await world()
  await w.stop(0)
  await resumeQueue(w.db, w.lead, 'report', null, at(10))
  await w.stop(20)
  await resumeQueue(w.db, w.lead, 'report', null, at(15))
  expect(await standstillMs(w.db, 'report', at(0), at(60))).toBe(10 * 60_000)
})

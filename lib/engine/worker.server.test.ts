import { expect, test, vi } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { completed, REPORT, reportJob, ScriptedProvider, saw } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { startWorker, sweep, takeOver } from './worker.server'

async function world() {
  const database = await testDatabase()
  await publishBuiltins(database.db)
  const owner = await person(database.db, ['owner'])
  const provider = new ScriptedProvider()
  provider.onLook = (id) => saw(completed(id, REPORT))
  const start = () =>
    startWorker({ db: database.db, databaseUrl: database.url, provider, pollMs: 20, retryMs: 20, version: 'test' })
  return { ...database, owner, provider, start, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

test('a worker carries a job to its review, beats, and leaves cleanly', async () => {
  await using w = await world()
  const job = await reportJob(w.db, w.owner)
  const worker = await w.start()
  await vi.waitFor(
    async () => expect((await w.db.job.findUniqueOrThrow({ where: { id: job.id } })).state).toBe('awaiting_review'),
    15_000,
  )
  expect(await w.db.worker.findUniqueOrThrow({ where: { id: worker.id } })).toMatchObject({ stoppedAt: null })
  await worker.stop()
  expect((await w.db.worker.findUniqueOrThrow({ where: { id: worker.id } })).stoppedAt).not.toBeNull()
})

test('two workers over one database send each job once', async () => {
  await using w = await world()
  const jobs = await Promise.all(Array.from({ length: 12 }, () => reportJob(w.db, w.owner)))
  const workers = await Promise.all([w.start(), w.start()])
  await vi.waitFor(
    async () => expect(await w.db.job.count({ where: { state: 'awaiting_review' } })).toBe(jobs.length),
    20_000,
  )
  await Promise.all(workers.map((worker) => worker.stop()))
  expect(w.provider.creates.map((request) => request.metadata.job_id).toSorted()).toEqual(
    jobs.map((job) => job.id).toSorted(),
  )
})

test('the sweeper wakes unfinished work that nothing else would', async () => {
  await using w = await world()
  const job = await reportJob(w.db, w.owner)
  expect(await sweep(w.db)).toBe(0)
  await w.ownerPool.query('DELETE FROM graphile_worker._private_jobs')
  expect(await sweep(w.db)).toBe(1)
  const woken = await w.ownerPool.query('SELECT key FROM graphile_worker._private_jobs')
  expect(woken.rows).toEqual([{ key: `job:${job.id}` }])
})

test('the sweeper wakes work whose wake-ups have failed for good', async () => {
  await using w = await world()
  await reportJob(w.db, w.owner)
  await w.ownerPool.query('UPDATE graphile_worker._private_jobs SET attempts = max_attempts')
  expect(await sweep(w.db)).toBe(1)
})

test('what a dead worker held is unlocked, what a living one holds is not', async () => {
  await using w = await world()
  await reportJob(w.db, w.owner)
  const hold = (lockId: string, beat: string) =>
    w.ownerPool.query(
      `WITH held AS (UPDATE graphile_worker._private_jobs SET locked_by = $1, locked_at = now() - interval '1 minute')
       INSERT INTO worker (id, lock_ids, host, pid, version, started_at, beat_at)
       VALUES (gen_random_uuid(), ARRAY[$1], 'test', 1, 'test', now(), now() - $2::interval)`,
      [lockId, beat],
    )
  const isLocked = async () =>
    (await w.ownerPool.query('SELECT 1 FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL')).rowCount === 1
  await hold('pool-living', '1 second')
  expect(await takeOver(w.db)).toBe(0)
  expect(await isLocked()).toBe(true)
  await hold('pool-dead', '9 seconds')
  expect(await takeOver(w.db)).toBe(1)
  expect(await isLocked()).toBe(false)
})

test('a wake-up never pushes an earlier one back', async () => {
  await using w = await world()
  const job = await reportJob(w.db, w.owner)
  const runAt = async () =>
    (await w.ownerPool.query('SELECT run_at FROM graphile_worker._private_jobs')).rows[0]?.run_at as Date
  const first = await runAt()
  await w.db.$executeRaw`SELECT holdpoint_wake(${job.id}::uuid, now() + interval '1 hour')`
  expect(await runAt()).toEqual(first)
})

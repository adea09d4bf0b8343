import { describe, expect, test, vi } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { completed, REPORT, reportJob, ScriptedProvider, saw } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { startWorker, sweep, takeOver } from './worker.server'

const CONNECTIONS = 10

async function world() {
  const database = await testDatabase({ max: CONNECTIONS })
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
    120_000,
  )
  expect(await w.db.worker.findUniqueOrThrow({ where: { id: worker.id } })).toMatchObject({ stoppedAt: null })
  await worker.stop()
  expect((await w.db.worker.findUniqueOrThrow({ where: { id: worker.id } })).stoppedAt).not.toBeNull()
})

test('a worker beats though nothing else of it gets a connection', async () => {
  await using w = await world()
  const worker = await w.start()
  const released = Promise.withResolvers<void>()
  const isHeld = Array.from({ length: CONNECTIONS }, () => Promise.withResolvers<void>())
  const limits = { maxWait: 600_000, timeout: 600_000 }
  const holding = isHeld.map(({ resolve }) =>
    w.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1`
      resolve()
      await released.promise
    }, limits),
  )
  try {
    await Promise.race([Promise.all(isHeld.map(({ promise }) => promise)), Promise.all(holding)])
    const { now } = (await w.ownerPool.query('SELECT now()')).rows[0]
    await expect
      .poll(async () => (await w.ownerPool.query('SELECT 1 FROM worker WHERE beat_at > $1', [now])).rowCount)
      .toBe(1)
  } finally {
    released.resolve()
    await Promise.all(holding)
    await worker.stop()
  }
})

test('a worker beats before the job engine is ready to give it any job', async () => {
  await using w = await world()
  const holder = await w.ownerPool.connect()
  await holder.query('BEGIN')
  await holder.query('LOCK TABLE graphile_worker.migrations')
  const starting = w.start()
  try {
    await expect.poll(() => w.db.$queryRaw`SELECT 1 AS beats FROM worker WHERE beat_at > started_at`).toHaveLength(1)
  } finally {
    await holder.query('COMMIT')
    holder.release()
    await (await starting).stop()
  }
})

test('two workers over one database send each job once', async () => {
  await using w = await world()
  const jobs = await Promise.all(Array.from({ length: 12 }, () => reportJob(w.db, w.owner)))
  const workers = await Promise.all([w.start(), w.start()])
  await vi.waitFor(
    async () => expect(await w.db.job.count({ where: { state: 'awaiting_review' } })).toBe(jobs.length),
    120_000,
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

describe('of what is locked', () => {
  async function lockedWorld() {
    const w = await world()
    await reportJob(w.db, w.owner)
    return {
      ...w,
      /** A worker that last beat so long ago holds the job. @returns its id. */
      hold: async (lockId: string, beat: string): Promise<string> => {
        const { rows } = await w.ownerPool.query(
          `WITH held AS (UPDATE graphile_worker._private_jobs SET locked_by = $1, locked_at = now() - interval '1 minute')
           INSERT INTO worker (id, lock_ids, host, pid, version, started_at, beat_at)
           VALUES (gen_random_uuid(), ARRAY[$1], 'test', 1, 'test', now(), now() - $2::interval) RETURNING id::text`,
          [lockId, beat],
        )
        return rows[0].id
      },
      isLocked: async () =>
        (await w.ownerPool.query('SELECT 1 FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL'))
          .rowCount === 1,
    }
  }

  test('what a dead worker held is unlocked, what a living one holds is not', async () => {
    await using w = await lockedWorld()
    await w.hold('pool-living', '-1 day')
    expect(await takeOver(w.db)).toBe(0)
    expect(await w.isLocked()).toBe(true)
    await w.hold('pool-dead', '9 seconds')
    expect(await takeOver(w.db)).toBe(1)
    expect(await w.isLocked()).toBe(false)
  })

  test('a worker takes nothing from itself, though it had no time to beat', async () => {
    await using w = await lockedWorld()
    const by = await w.hold('pool-own', '9 seconds')
    expect(await takeOver(w.db, { by })).toBe(0)
    expect(await w.db.worker.findUniqueOrThrow({ where: { id: by } })).toMatchObject({
      stoppedAt: null,
      endedHow: null,
    })
    expect(await w.isLocked()).toBe(true)
  })
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

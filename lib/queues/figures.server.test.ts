import type pg from 'pg'
import { expect, test } from 'vitest'
import type { Db } from '@/lib/store/db.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { reportJob } from '@/lib/testing/engine'
import { figureWorld, walkFigures } from '@/lib/testing/figure-walks'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { overviewAnswer } from './answer.server'
import { readDepth, readOverview } from './figures.server'
import { foldFigures } from './fold.server'
import { type Period, periods } from './period'
import { noCounts } from './standing.server'

const HOUR_MS = 3_600_000

/**
 * Ten days of jobs up to `end`, so many an hour, alike and within the same minutes in both stores: accepted after a while,
 * but for one in eight that still waits. They are counted as of ten minutes after `end`.
 */
async function fill(pool: pg.Pool, anHour: number, end: Date): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('ALTER TABLE job DISABLE TRIGGER USER')
    await client.query('ALTER TABLE event DISABLE TRIGGER USER')
    await client.query(
      `CREATE TEMP TABLE made ON COMMIT DROP AS
       SELECT gen_random_uuid() AS id, v.id AS version_id, v.key, n,
              $2::timestamptz - interval '10 days' + (n / $1) * interval '1 hour' + (n % $1) * interval '0.1 seconds' AS at
         FROM workflow_version v, generate_series(0, 240 * $1::int - 1) n WHERE v.key IN ('report', 'digest')`,
      [anHour, end],
    )
    await client.query(
      `INSERT INTO job (id, workflow_version_id, workflow_key, title, created_at, state, version, head_hash, last_command,
                        changed_at, state_since, settled_at, due_at, input_sha256, next_kind, next_rank)
       SELECT id, version_id, key, 'A job', at, CASE WHEN n % 8 = 0 THEN 'queued' ELSE 'completed' END, 4, 'x', 'approve',
              at + interval '20 minutes', at + interval '20 minutes',
              CASE WHEN n % 8 = 0 THEN NULL ELSE at + interval '20 minutes' END, now() + interval '1 day', 'x', 'none', 9
         FROM made`,
    )
    await client.query(
      `INSERT INTO event (job_id, seq, at, command, from_state, to_state, actor_kind, transport, body, prev_hash, hash)
       SELECT m.id, e.seq, m.at + e.after, e.command, e.from_state, e.to_state, 'system', 'timer', '{}', 'x', 'x'
         FROM made m, (VALUES (1, interval '0 s', 'create', NULL, 'queued'), (2, interval '30 s', 'start', 'queued', 'running'),
           (3, interval '300 s', 'hold', 'running', 'awaiting_review'), (4, interval '1200 s', 'approve', 'awaiting_review', 'completed'))
           e (seq, after, command, from_state, to_state)
        WHERE n % 8 <> 0 OR e.seq = 1`,
    )
    await client.query('ALTER TABLE event ENABLE TRIGGER USER')
    await client.query('ALTER TABLE job ENABLE TRIGGER USER')
    await client.query('COMMIT')
    await client.query('SELECT holdpoint_rebuild_figures()')
    // Which minutes and hours a page reads depends on the moment alone: the same in both stores.
    await client.query(`UPDATE figure_state SET as_of = $1::timestamptz + interval '10 minutes'`, [end])
    // Rows of a roll-up stand in no order; whether those of a page lie together would be chance.
    await client.query('CLUSTER figure_rollup USING figure_rollup_pkey')
    // As a server leaves it that has had the time: what was written before and removed is read by nobody.
    await client.query('VACUUM ANALYZE')
  } finally {
    client.release()
  }
}

type Read = { rows: number; blocks: number; wholeTables: number }

/**
 * What `work` reads of all tables: rows, blocks of tables and indexes, and how often the roll-ups from end to end. `db` has
 * one connection.
 */
async function readBy(db: Db, work: () => Promise<unknown>): Promise<Read> {
  const counters = async (): Promise<Read> => {
    await db.$queryRaw`SELECT pg_stat_force_next_flush()::text`
    await db.$queryRaw`SELECT pg_stat_clear_snapshot()::text`
    const [row] = await db.$queryRaw<Read[]>`
      SELECT sum(coalesce(t.seq_tup_read, 0) + coalesce(t.idx_tup_fetch, 0))::float8
               + (SELECT sum(idx_tup_read)::float8 FROM pg_stat_user_indexes) AS rows,
             sum(coalesce(io.heap_blks_hit + io.heap_blks_read, 0) + coalesce(io.idx_blks_hit + io.idx_blks_read, 0))::float8 AS blocks,
             sum(coalesce(t.seq_scan, 0)) FILTER (WHERE t.relname = 'figure_rollup')::float8 AS "wholeTables"
        FROM pg_stat_user_tables t JOIN pg_statio_user_tables io USING (relid)`
    return row ?? { rows: 0, blocks: 0, wholeTables: 0 }
  }
  // Once before, so that nothing is read for the first time.
  await work()
  const before = await counters()
  await work()
  const after = await counters()
  return {
    rows: after.rows - before.rows,
    blocks: after.blocks - before.blocks,
    wholeTables: after.wholeTables - before.wholeTables,
  }
}

async function filled(anHour: number, end: Date): Promise<TestDatabase> {
  const database = await testDatabase({ max: 1 })
  await publishBuiltins(database.db)
  await fill(database.ownerPool, anHour, end)
  return database
}

test('the pages read no more at twenty times as many jobs', async () => {
  const end = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS)
  await using few = await filled(2, end)
  await using many = await filled(40, end)
  expect(await many.db.job.count()).toBe(20 * (await few.db.job.count()))
  for (const period of periods) {
    for (const page of ['overview', 'depth'] as const) {
      const read = ({ db }: TestDatabase) =>
        readBy(db, () => (page === 'overview' ? readOverview(db, period) : readDepth(db, 'report', period)))
      const [small, large] = [await read(few), await read(many)]
      expect({ page, period, wholeTables: large.wholeTables }).toEqual({ page, period, wholeTables: 0 })
      // Something is read, though no row beside those of its ranges.
      expect(small.rows).toBeGreaterThan(20)
      expect(large.rows, `${page} of ${period}: ${small.rows} rows`).toBeLessThanOrEqual(small.rows * 1.2)
      expect(large.blocks, `${page} of ${period}: ${small.blocks} blocks`).toBeLessThanOrEqual(small.blocks * 1.2)
    }
  }
  const { counts, flow, lengths } = await readOverview(many.db, '7d')
  expect(counts).toEqual({ ...noCounts(), waiting: 2 * 240 * 5 })
  expect(flow.now.arrived).toBeGreaterThan(10_000)
  expect(lengths.in_running.now.p50).toBeGreaterThan(0.95 * 270_000)
  expect(lengths.in_running.now.p50).toBeLessThan(1.05 * 270_000)
  expect(lengths.hands_on.now).toMatchObject({ of: 0, known: 0, p50: null })
})

test('what a page says of a period is what happened in it, and in the one before it', async () => {
  const world = await figureWorld()
  await using database = world.database
  const { db } = database
  await walkFigures(world, { histories: 6, steps: 6, seed: 3 })
  const asOf = (await foldFigures(db, { force: true })) ?? new Date()
  const exact = async (command: string, from: string, to: string) =>
    Number(
      (
        await database.ownerPool.query(
          'SELECT count(*) AS times FROM event WHERE command = $1 AND at >= $2 AND at < $3',
          [command, from, to],
        )
      ).rows[0].times,
    )
  for (const period of periods satisfies readonly Period[]) {
    const { stretch, flow, rows, steps } = await readOverview(db, period)
    expect(Date.parse(stretch.now.to)).toBe(asOf.getTime())
    // The minute that runs is counted as far as it has come.
    const end = new Date(asOf.getTime() + 3_600_000).toISOString()
    expect(flow.now.arrived).toBeLessThanOrEqual(await exact('create', stretch.now.from, end))
    expect(flow.before.arrived).toBe(await exact('create', stretch.before.from, stretch.before.to))
    expect(rows.reduce((sum, { flow: { now } }) => sum + now.arrived, 0)).toBe(flow.now.arrived)
    expect(steps.reduce((sum, { arrived }) => sum + arrived, 0)).toBeGreaterThanOrEqual(flow.now.arrived)
  }
  expect(await readDepth(db, 'no such workflow', '24h')).toBeNull()
})

test('a count is as of the moment that stands beside it, however often is folded while a page is read', async () => {
  const { database, people } = await figureWorld()
  await using own = database
  const { db } = own
  const [owner] = people
  if (owner === undefined) throw new Error('nobody asks')
  const counted = new Map<string, number>()
  let jobs = 0
  const arriveAndFold = async () => {
    await reportJob(db, owner)
    jobs += 1
    counted.set((await foldFigures(db, { force: true }))?.toISOString() ?? '', jobs)
  }
  await arriveAndFold()
  // Each query of the page has its answer before the next one is asked, and in between something happens.
  let last: Promise<unknown> = Promise.resolve()
  const slow = db.$extends({
    query: {
      $allOperations: ({ args, query }) => {
        const answer = last.then(() => query(args))
        last = answer.then(arriveAndFold)
        return answer
      },
    },
  }) as unknown as Db
  const { asOf, counts } = await readOverview(slow, '24h')
  await last
  expect(counted.size).toBeGreaterThan(5)
  expect(counts.waiting).toBe(counted.get(asOf))
})

test('everybody who asks within a second gets one answer, and its tag changes with what it says', async () => {
  const world = await figureWorld()
  await using database = world.database
  const { db } = database
  await foldFigures(db, { force: true })
  const [first, same] = await Promise.all([overviewAnswer(db, '24h'), overviewAnswer(db, '24h')])
  expect(same).toBe(first)
  await reportJob(db, world.people[0] ?? expect.fail())
  await foldFigures(db, { force: true })
  await expect.poll(async () => (await overviewAnswer(db, '24h')).tag).not.toBe(first.tag)
  expect((await overviewAnswer(db, '24h')).value.counts.waiting).toBe(1)
})

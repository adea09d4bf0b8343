import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { sampleFigures } from '@/lib/review/samples.server'
import type { Db } from '@/lib/store/db.server'
import type { TestDatabase } from '@/lib/testing/database'
import { reportJob } from '@/lib/testing/engine'
import { type FigureWorld, figureWorld, walkFigures } from '@/lib/testing/figure-walks'
import { dumpFigures, readRollups, recount } from '@/lib/testing/recount'
import { foldFigures, tidyFigures } from './fold.server'

let world: FigureWorld
let database: TestDatabase
let db: Db
let people: Actor[]

beforeAll(async () => {
  world = await figureWorld()
  ;({ database, db, people } = world)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('after many histories, folded in portions of any size', () => {
  let folds = 0
  let folded: string[] = []

  beforeAll(async () => {
    folds = await walkFigures(world, { histories: 24, steps: 7, seed: 11 })
    folded = await dumpFigures(database.ownerPool)
  })

  test('every figure is what the events say', async () => {
    expect(folds).toBeGreaterThan(5)
    const counted = await recount(database.ownerPool)
    const measures = new Set([...counted.keys()].map((name) => name.split(' ')[1]))
    expect([...measures].toSorted()).toEqual(
      [
        ...['arrived', 'started', 'completed', 'failed', 'expired', 'abandoned'],
        ...['in_queued', 'in_running', 'in_review', 'to_completed', 'wait_to_claim', 'claim_to_decision', 'hands_on'],
        ...['decided', 'first_decided', 'first_pass', 'edited', 'changes_requested'],
        ...['sample_drawn', 'sample_decided', 'sample_overturned', 'cost', 'tokens_in', 'tokens_out'],
      ].toSorted(),
    )
    // Of what may be missing something is known, and something is missing.
    const mayMiss = ['wait_to_claim', 'claim_to_decision', 'hands_on', 'cost', 'tokens_in']
    const sums = (measure: string) =>
      [...counted].filter(([name]) => name.startsWith(`* ${measure} `)).map(([, sum]) => sum)
    expect(mayMiss.filter((measure) => !sums(measure).some(({ unknown }) => unknown > 0))).toEqual([])
    expect(mayMiss.filter((measure) => !sums(measure).some(({ times, unknown }) => times > unknown))).toEqual([])
    expect(Object.fromEntries(await readRollups(database.ownerPool))).toEqual(Object.fromEntries(counted))
  })

  test('where jobs stand is what their rows say', async () => {
    const { rows } = await database.ownerPool.query(
      `SELECT workflow_key, state AS standing, count(*)::int AS jobs FROM job
        WHERE state IN ('queued', 'running', 'awaiting_review', 'failed') GROUP BY 1, 2
       UNION ALL SELECT workflow_key, 'unclassified', count(*)::int FROM job
        WHERE failure_class = 'unclassified' AND state IN ('awaiting_review', 'failed') GROUP BY 1
       UNION ALL SELECT workflow_key, flag, count(*)::int FROM job_flag GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    const gauges = await database.ownerPool.query(
      'SELECT workflow_key, standing, jobs::int FROM figure_gauge WHERE jobs <> 0 ORDER BY 1, 2',
    )
    expect(gauges.rows).toEqual(rows)
    const standings = new Set(rows.map(({ standing }) => standing as string))
    expect(standings.size).toBeGreaterThanOrEqual(4)
    const since = await database.ownerPool.query(
      `SELECT count(*)::int AS wrong FROM job j WHERE state_since <> (
         SELECT at FROM event e WHERE e.job_id = j.id AND from_state IS DISTINCT FROM to_state ORDER BY seq DESC LIMIT 1)`,
    )
    expect(since.rows[0].wrong).toBe(0)
  })

  test('the samples are counted as those of a workflow are', async () => {
    const figures = await sampleFigures(db, 'sampled')
    const sum = async (measure: string) =>
      (
        await database.ownerPool.query(
          `SELECT coalesce(sum(times), 0)::int AS times FROM figure_rollup WHERE grain = 'day' AND workflow_key = 'sampled' AND measure = $1`,
          [measure],
        )
      ).rows[0].times
    expect(figures.overturned).toBeGreaterThan(0)
    expect({
      drawn: await sum('sample_drawn'),
      decided: await sum('sample_decided'),
      overturned: await sum('sample_overturned'),
    }).toEqual(figures)
  })

  test('counting anew in the database comes to the same, in every row', async () => {
    const before = folded
    await database.ownerPool.query('SELECT holdpoint_rebuild_figures()')
    expect(await dumpFigures(database.ownerPool)).toEqual(before)
    // What was counted anew is not folded once more.
    await foldFigures(db, { force: true })
    expect(await dumpFigures(database.ownerPool)).toEqual(before)
  })
})

test('what commits late is counted by the next fold, and once', async () => {
  const count = async () =>
    (
      await database.ownerPool.query(
        `SELECT coalesce(sum(times), 0)::int AS times FROM figure_rollup WHERE grain = 'day' AND workflow_key = 'report' AND measure = 'arrived'`,
      )
    ).rows[0].times
  await foldFigures(db, { force: true })
  const before = await count()
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let isHeld = () => {}
  const holding = new Promise<void>((resolve) => {
    isHeld = resolve
  })
  const late = await reportJob(db, people[0] as Actor)
  await foldFigures(db, { force: true })
  expect(await count()).toBe(before + 1)
  // A job in a transaction that stays open while a later one commits and is folded.
  const slow = db.$transaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE job SET state = 'abandoned', version = 2, last_command = 'abandon', changed_at = now(), settled_at = now(), head_hash = 'x' WHERE id = ${late.id}::uuid`
    isHeld()
    await held
    throw new Error('given up')
  })
  await holding
  await reportJob(db, people[0] as Actor)
  await foldFigures(db, { force: true })
  expect(await count()).toBe(before + 2)
  release()
  await expect(slow).rejects.toThrow('given up')
  await foldFigures(db, { force: true })
  await foldFigures(db, { force: true })
  expect(await count()).toBe(before + 2)
})

test('the application writes no figure by itself', async () => {
  await expect(db.$executeRaw`UPDATE figure_gauge SET jobs = 0`).rejects.toThrow('permission denied')
  await expect(db.$executeRaw`DELETE FROM figure_delta`).rejects.toThrow('permission denied')
  await expect(db.$executeRaw`INSERT INTO job_flag SELECT id, 'stuck', 'report', now() FROM job`).rejects.toThrow(
    'permission denied',
  )
  await expect(db.$executeRaw`SELECT holdpoint_rebuild_figures()`).rejects.toThrow('permission denied')
})

test('what was folded more than an hour ago is removed, and nothing else', async () => {
  await database.ownerPool.query(`UPDATE figure_fold SET as_of = as_of - interval '2 hours'`)
  const before = await dumpFigures(database.ownerPool)
  await reportJob(db, people[0] as Actor)
  await foldFigures(db, { force: true })
  const after = await dumpFigures(database.ownerPool)
  expect(after).not.toEqual(before)
  await tidyFigures(db)
  expect(await db.figureDelta.count()).toBeGreaterThan(0)
  expect(await db.figureFold.count()).toBe(2)
  await foldFigures(db, { force: true })
  expect(await dumpFigures(database.ownerPool)).toEqual(after)
})

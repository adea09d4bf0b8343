import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { listJobs } from '@/lib/jobs/list.server'
import { parseJobQuery } from '@/lib/jobs/query'
import { giveCommand } from '@/lib/store/command.server'
import { createJob } from '@/lib/store/create.server'
import { accepted, LEASE, reportJob } from '@/lib/testing/engine'
import { type FigureWorld, figureWorld, walkFigures } from '@/lib/testing/figure-walks'
import { foldFigures, sweepFlags } from './fold.server'
import { type Standing, standingInfo, standings } from './standing'
import { readStandings, standingWhere } from './standing.server'

let world: FigureWorld
let owner: Actor

beforeAll(async () => {
  world = await figureWorld()
  owner = world.people[0] as Actor
})
afterAll(() => world.database[Symbol.asyncDispose]())

const KEYS = [null, 'report', 'pair'] as const

type Counted = { standing: Standing; key: string | null; numbers: number[] }
type Moment = { asOf: Date; counted: Counted[] }

const list = (params: Record<string, string>) =>
  listJobs(world.db, owner, parseJobQuery(new URLSearchParams({ limit: '200', ...params })))
const listed = async (standing: Standing, key: string | null, asOf?: Date) =>
  list({
    standing,
    ...(key === null ? {} : { workflow: key }),
    ...(asOf === undefined ? {} : { asOf: asOf.toISOString() }),
  })

/** Folds, and notes who stands where: nothing else happens meanwhile. */
async function noteMoment(): Promise<Moment> {
  const asOf = await foldFigures(world.db, { force: true })
  if (asOf === null) throw new Error('nothing was folded')
  const { counts } = await readStandings(world.db)
  const counted: Counted[] = []
  for (const standing of standings) {
    for (const key of KEYS) {
      const where = key === null ? standingWhere(standing) : { AND: [standingWhere(standing), { workflowKey: key }] }
      const jobs = await world.db.job.findMany({ where, select: { number: true }, orderBy: { number: 'desc' } })
      const gauge = [...counts].filter(([of]) => key === null || of === key)
      expect(jobs.length, `${standing} of ${key}`).toBe(gauge.reduce((sum, [, of]) => sum + of[standing], 0))
      counted.push({ standing, key, numbers: jobs.map(({ number }) => number) })
    }
  }
  return { asOf, counted }
}

/** One whose call runs, and about which there is no news for longer than its workflow allows. */
async function standStill(): Promise<void> {
  const { db, engine } = world
  const ask = { workflow: 'report', input: { question: 'When?' }, documents: [{ name: 'lease.md', text: LEASE }] }
  const { job } = await createJob(db, owner, ask, {
    transport: 'api',
    idempotencyKey: null,
    now: engine.context.now(),
  })
  engine.provider.onCreate = [({ metadata }) => accepted(`resp_${metadata.attempt_id}`, 'in_progress')]
  await engine.stepUntil(job.id, ({ state }) => state === 'running', 60_000)
  engine.pass(45 * 60_000)
}

const WANTED: readonly Standing[] = ['failed', 'review', 'stuck', 'unclassified', 'waiting']

test('a number opens exactly the jobs that it counted, whatever has become of them since', async () => {
  const moments: Moment[] = []
  const seen = new Set<Standing>()
  const isMissing = () => WANTED.some((standing) => !seen.has(standing))
  // As many turns as it takes until each has had some: where chance leads changes with what a command may do.
  for (let turn = 1; turn <= 4 || (turn <= 16 && isMissing()); turn += 1) {
    await walkFigures(world, { histories: 5, steps: 6, seed: 40 + turn })
    if (turn === 2) await standStill()
    await sweepFlags(world.db, world.engine.context.now())
    const moment = await noteMoment()
    moments.push(moment)
    for (const { standing, numbers } of moment.counted) if (numbers.length > 0) seen.add(standing)
  }
  // A fifth moment, of which nothing is left: everything that can be is abandoned, and the flags go.
  const open = await world.db.job.findMany({ where: { state: { in: ['queued', 'awaiting_review', 'failed'] } } })
  for (const { id } of open.slice(0, 12)) {
    const now = world.engine.context.now()
    await giveCommand(world.db, owner, id, { command: 'abandon', note: 'Not needed.' }, 'api', now)
  }
  expect([...seen]).toEqual(expect.arrayContaining([...WANTED]))
  let changed = 0
  for (const { asOf, counted } of moments) {
    for (const { standing, key, numbers } of counted) {
      const { items, total, standing: told } = await listed(standing, key, asOf)
      expect({ total, numbers: items.map(({ number }) => number) }).toEqual({ total: numbers.length, numbers })
      expect(told).toMatchObject({ countedAt: asOf.toISOString(), isTooLate: false })
      const now = (await listed(standing, key)).items.map(({ number }) => number)
      expect(told?.now).toBe(now.length)
      expect(told?.left).toEqual(numbers.filter((number) => !now.includes(number)))
      changed += told?.left.length ?? 0
    }
  }
  expect(changed).toBeGreaterThan(10)
})

test('what was under way when it was counted, and committed later, counts as it stood', async () => {
  const { db } = world
  const job = await reportJob(db, owner)
  await foldFigures(db, { force: true })
  const gate = Promise.withResolvers<void>()
  const moved = Promise.withResolvers<void>()
  // As slow as a move can be: its time lies before that of the count, and its commit after it.
  const slow = world.database.ownerPool.connect().then(async (client) => {
    await client.query('BEGIN')
    await client.query('SELECT 1 FROM job WHERE id = $1 FOR UPDATE', [job.id])
    await client.query('SELECT pg_current_xact_id()')
    moved.resolve()
    await gate.promise
    await client.query('COMMIT')
    client.release()
  })
  await moved.promise
  // Waits for that lock, with a transaction of its own that has begun.
  const waiting = giveCommand(db, owner, job.id, { command: 'abandon', note: 'Not needed.' }, 'api')
  const { asOf, counted } = await noteMoment()
  gate.resolve()
  await Promise.all([slow, waiting])
  const before = counted.find(({ standing, key }) => standing === 'waiting' && key === 'report')
  expect(before?.numbers).toContain(job.number)
  const { items, standing: told } = await listed('waiting', 'report', asOf)
  expect(items.map(({ number }) => number)).toEqual(before?.numbers)
  expect(told?.left).toContain(job.number)
})

test('a moment of which nothing is kept any more is said to be too long ago', async () => {
  const { standing } = await listed('waiting', null, new Date(Date.now() - 3 * 86_400_000))
  expect(standing).toMatchObject({ countedAt: null, isTooLate: true })
})

test('a list as of a moment shows a requester no job of others', async () => {
  const asOf = (await foldFigures(world.db, { force: true })) ?? new Date()
  const requester: Actor = { ...owner, userId: 'somebody else', roles: ['requester'] }
  for (const standing of standings) {
    const query = parseJobQuery(new URLSearchParams({ standing, asOf: asOf.toISOString() }))
    const { items, standing: told } = await listJobs(world.db, requester, query)
    expect({ items, now: told?.now }).toEqual({ items: [], now: 0 })
  }
})

test('every standing is counted under a name of its own', () => {
  expect(new Set(standings.map((standing) => standingInfo[standing].gauge)).size).toBe(standings.length)
})

/** What leads set of a queue, on a real PostgreSQL: one database, a workflow of its own for each test. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readJob } from '@/lib/jobs/detail.server'
import { listJobs } from '@/lib/jobs/list.server'
import { parseJobQuery } from '@/lib/jobs/query'
import { resumeQueue } from '@/lib/money/stops.server'
import { giveCommand } from '@/lib/store/command.server'
import { createJob } from '@/lib/store/create.server'
import { Forbidden, InvalidInput, NotFound, QueueConflict, QueueDrained } from '@/lib/store/errors'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { completed, reportJob, ScriptedProvider, saw, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { definitionOf, publish, publishBuiltins } from '@/lib/workflows/store.server'
import { pauseQueue, setLimits, setTakesJobs } from './control.server'
import { queueHistory, queueState } from './state.server'
import { callWaiting } from './turn.server'

let database: TestDatabase
let lead: Awaited<ReturnType<typeof person>>
let requester: Awaited<ReturnType<typeof person>>

beforeAll(async () => {
  database = await testDatabase({ max: 30 })
  await publishBuiltins(database.db)
  lead = await person(database.db, ['lead'], 'Lena')
  requester = await person(database.db, ['requester', 'support'], 'Rosa')
})
afterAll(() => database[Symbol.asyncDispose]())

let count = 0

/** The built-in report under a key of its own, and an engine whose calls run until they are told to end. */
async function queue() {
  const { db } = database
  count += 1
  const key = `report-${count}`
  const version = await db.workflowVersion.findFirstOrThrow({ where: { key: 'report' }, orderBy: { version: 'desc' } })
  await publish(db, { ...definitionOf(version), key, name: `Report ${count}` })
  const engine = await testEngine(db, new ScriptedProvider())
  return {
    db,
    key,
    ...engine,
    engine,
    now: () => engine.context.now(),
    job: (over: Parameters<typeof reportJob>[2] = {}) => reportJob(db, requester, { workflow: key, ...over }),
    live: () => db.attempt.count({ where: { endedAt: null, job: { workflowKey: key } } }),
    read: (id: string) => readJob(db, lead, id, engine.context.now()),
    /** The call of a running job ends. */
    async finish(id: string) {
      engine.provider.onLook = (responseId) => saw(completed(responseId, '# Done\n\nNothing.'))
      engine.pass(60_000)
      return engine.step(id)
    },
  }
}

async function jobs(w: Awaited<ReturnType<typeof queue>>, many: number) {
  const made = []
  for (let index = 0; index < many; index += 1) made.push(await w.job())
  return made
}

test('only a lead changes a queue, with a reason, and there must be one', async () => {
  const w = await queue()
  await expect(pauseQueue(w.db, requester, w.key, 'why', w.now())).rejects.toThrow(Forbidden)
  await expect(pauseQueue(w.db, lead, w.key, '  ', w.now())).rejects.toThrow(InvalidInput)
  await expect(pauseQueue(w.db, lead, 'nothing', 'why', w.now())).rejects.toThrow(NotFound)
  const limits = { mostLive: 0, sendsPerMinute: 1.5 }
  const refused = setLimits(w.db, lead, w.key, { limits, note: 'why', now: w.now() })
  await expect(refused).rejects.toMatchObject({ errors: [{ pointer: '/mostLive' }, { pointer: '/sendsPerMinute' }] })
  expect((await queueHistory(w.db, w.key, { most: 5 })).lines).toEqual([])
})

test('a paused queue sends nothing, loses nothing, lets no deadline pass, and goes on where it stood', async () => {
  const w = await queue()
  const running = await w.job()
  await w.step(running.id)
  const waiting = await w.job()
  await pauseQueue(w.db, lead, w.key, 'Prices are being checked.', w.now())
  await w.step(waiting.id)
  // Longer than any deadline of the workflow.
  w.pass(30 * 86_400_000)
  await w.step(waiting.id)
  expect(w.provider.creates).toHaveLength(1)
  expect(await w.read(waiting.id)).toMatchObject({
    state: 'queued',
    nextAction: { kind: 'wait_resume', dueAt: null },
    stop: { reason: 'paused', by: 'Lena', note: 'Prices are being checked.' },
  })
  // What runs is still looked at.
  const looks = w.provider.looks.length
  await w.step(running.id)
  expect(w.provider.looks.length).toBeGreaterThan(looks)
  await expect(pauseQueue(w.db, lead, w.key, 'Again.', w.now())).rejects.toThrow(QueueConflict)
  await expect(resumeQueue(w.db, lead, w.key, null, w.now())).rejects.toThrow(InvalidInput)
  await resumeQueue(w.db, lead, w.key, 'Checked.', w.now())
  await w.stepUntil(waiting.id, (job) => job.state === 'running')
  const { lines } = await queueHistory(w.db, w.key, { most: 5 })
  expect(lines.map(({ sentence, note }) => [sentence, note])).toEqual([
    ['Lena resumed sending.', 'Checked.'],
    ['Lena paused sending.', 'Prices are being checked.'],
  ])
})

test('a drained queue refuses new jobs and finishes those that it has, retries among them', async () => {
  const w = await queue()
  const before = await w.job()
  await setTakesJobs(w.db, lead, w.key, { takesJobs: false, note: 'We move.', now: w.now() })
  await expect(w.job()).rejects.toThrow(QueueDrained)
  await expect(w.job()).rejects.toThrow('We move.')
  await w.step(before.id)
  expect(w.provider.creates).toHaveLength(1)
  expect(await queueState(w.db, w.key)).toMatchObject({ takesJobs: false, drained: { by: 'Lena', note: 'We move.' } })
  await setTakesJobs(w.db, lead, w.key, { takesJobs: true, note: 'We have moved.', now: w.now() })
  await w.job()
})

test('a job that was asked for before a queue was drained is told of as before', async () => {
  const w = await queue()
  const ask = { workflow: w.key, input: { question: 'Why?' }, documents: [{ name: 'a.txt', text: 'Because.' }] }
  const first = await createJob(w.db, requester, ask, { transport: 'api', idempotencyKey: 'once' })
  await setTakesJobs(w.db, lead, w.key, { takesJobs: false, note: 'We move.', now: w.now() })
  const again = await createJob(w.db, requester, ask, { transport: 'api', idempotencyKey: 'once' })
  expect(again).toMatchObject({ isNew: false, job: { id: first.job.id } })
})

test('many workers together never have more calls under way than a lead allows, and every job gets its turn', async () => {
  const w = await queue()
  await setLimits(w.db, lead, w.key, { limits: { mostLive: 2, sendsPerMinute: null }, note: 'Gently.', now: w.now() })
  const all = await jobs(w, 5)
  const others = await Promise.all(Array.from({ length: 2 }, () => testEngine(w.db, w.provider)))
  const workers = [w.engine, ...others]
  const most: number[] = []
  const done = new Set<string>()
  for (let round = 0; done.size < all.length; round += 1) {
    expect(round).toBeLessThan(20)
    const left = all.filter(({ id }) => !done.has(id))
    await Promise.all(left.map(({ id }, index) => workers[index % workers.length]?.step(id)))
    most.push(await w.live())
    for (const { id } of left) {
      const { state } = await w.db.job.findUniqueOrThrow({ where: { id } })
      if (state !== 'running') continue
      await w.finish(id)
      done.add(id)
    }
  }
  expect(Math.max(...most)).toBe(2)
  expect(w.provider.creates).toHaveLength(5)
})

test('a job without a place says how many run, and is called when one of them ends', async () => {
  const w = await queue()
  await setLimits(w.db, lead, w.key, {
    limits: { mostLive: 1, sendsPerMinute: null },
    note: 'One by one.',
    now: w.now(),
  })
  const [first, second] = await jobs(w, 2)
  if (first === undefined || second === undefined) throw new Error('two jobs were made')
  await w.step(first.id)
  await w.step(second.id)
  const what = 'Waits for a free place: 1 of 1 run.'
  expect((await w.read(second.id))?.nextAction).toMatchObject({ kind: 'wait_send', what })
  const list = await listJobs(w.db, lead, parseJobQuery(new URLSearchParams({ workflow: w.key })))
  expect(list.items.map(({ nextAction }) => nextAction.what)).toContain(what)
  await database.ownerPool.query('DELETE FROM graphile_worker._private_jobs')
  await w.finish(first.id)
  const woken = await database.ownerPool.query('SELECT key FROM graphile_worker._private_jobs WHERE run_at <= now()')
  expect(woken.rows).toContainEqual({ key: `job:${second.id}` })
  expect(await w.db.queueWait.count({ where: { workflowKey: w.key } })).toBe(1)
  await w.step(second.id)
  expect(await w.db.queueWait.count({ where: { workflowKey: w.key } })).toBe(0)
})

test('of those that wait the most urgent is sent first, then the oldest', async () => {
  const w = await queue()
  await setLimits(w.db, lead, w.key, {
    limits: { mostLive: 1, sendsPerMinute: null },
    note: 'One by one.',
    now: w.now(),
  })
  const [running, low, old, urgent] = [await w.job(), await w.job({ priority: -5 }), await w.job(), await w.job()]
  for (const { id } of [running, low, old, urgent]) await w.step(id)
  await giveCommand(w.db, requester, urgent.id, { command: 'prioritise', params: { priority: 10 } }, 'api', w.now())
  await w.finish(running.id)
  // Each asks, in the wrong order: only the one whose turn it is goes.
  const order: string[] = []
  for (let turn = 0; turn < 3; turn += 1) {
    for (const { id } of [low, old, urgent]) {
      const { state } = await w.step(id)
      if (state === 'running' && !order.includes(id)) order.push(id)
    }
    const last = order.at(-1)
    if (last !== undefined) await w.finish(last)
  }
  expect(order).toEqual([urgent.id, old.id, low.id])
})

test('many workers together never send more in a minute than a lead allows', async () => {
  const w = await queue()
  await setLimits(w.db, lead, w.key, { limits: { mostLive: null, sendsPerMinute: 2 }, note: 'Slowly.', now: w.now() })
  const all = await jobs(w, 4)
  const sentAt = async () =>
    (await w.db.attempt.findMany({ where: { job: { workflowKey: w.key } } })).map((one) => one.sentAt.getTime())
  for (let round = 0; round < 20 && w.provider.creates.length < 4; round += 1) {
    await Promise.all(all.map(({ id }) => w.step(id)))
    w.pass(10_000)
  }
  const sent = await sentAt()
  expect(sent).toHaveLength(4)
  const inAMinute = sent.map((from) => sent.filter((at) => at >= from && at < from + 60_000).length)
  expect(Math.max(...inAMinute)).toBe(2)
})

test('whoever waits is called where a limit is raised, or a minute has passed', async () => {
  const w = await queue()
  await setLimits(w.db, lead, w.key, {
    limits: { mostLive: 1, sendsPerMinute: null },
    note: 'One by one.',
    now: w.now(),
  })
  for (const { id } of await jobs(w, 3)) await w.step(id)
  await w.db.$transaction((tx) => callWaiting(tx, w.now()))
  expect(await w.db.queueWait.count({ where: { workflowKey: w.key, calledAt: { not: null } } })).toBe(0)
  await setLimits(w.db, lead, w.key, { limits: { mostLive: 2, sendsPerMinute: null }, note: 'More.', now: w.now() })
  expect(await w.db.queueWait.count({ where: { workflowKey: w.key, calledAt: { not: null } } })).toBe(1)
  const { lines } = await queueHistory(w.db, w.key, { most: 5 })
  expect(lines[0]?.sentence).toBe('Lena changed its limits from at most 1 call at once to at most 2 calls at once.')
})

test('support changes how urgent a job is and when it is due, in the queue and at the desk', async () => {
  const w = await queue()
  const job = await w.job()
  const give = (command: string, params: Record<string, unknown>, note?: string) =>
    giveCommand(w.db, requester, job.id, { command, params, ...(note === undefined ? {} : { note }) }, 'api', w.now())
  await expect(give('prioritise', { priority: 0 })).rejects.toThrow(InvalidInput)
  await expect(give('reschedule', { dueAt: new Date(w.now().getTime() + 60_000).toISOString() })).rejects.toThrow(
    'reason',
  )
  await give('prioritise', { priority: 10 })
  await w.step(job.id)
  await w.finish(job.id)
  const dueAt = new Date(w.now().getTime() + 5 * 86_400_000)
  await give('reschedule', { dueAt: dueAt.toISOString() }, 'The customer is away.')
  const view = await w.read(job.id)
  expect(view).toMatchObject({ state: 'awaiting_review', priority: 10, dueAt: dueAt.toISOString() })
  expect(view?.reviews.at(-1)?.dueAt).toBe(dueAt.toISOString())
  const said = view?.events.map(({ sentence }) => sentence) ?? []
  expect(said).toContain('Rosa changed its priority from normal to high (10).')
  expect(said).toContain('Rosa changed when it is due.')
})

test('not even raw SQL changes a queue without a line that says who and why', async () => {
  const w = await queue()
  const raw = (sql: string) => w.db.$transaction([w.db.$executeRawUnsafe(sql, w.key)])
  await expect(raw('UPDATE queue_control SET takes_jobs = false WHERE workflow_key = $1')).rejects.toThrow(
    'queue_control_changes_with_its_history',
  )
  await expect(raw('UPDATE queue_control SET most_live = 5 WHERE workflow_key = $1')).rejects.toThrow(
    'queue_control_changes_with_its_history',
  )
  const stop = `INSERT INTO queue_stop (id, workflow_key, reason, since) VALUES (gen_random_uuid(), $1, 'paused', now())`
  await expect(raw(stop)).rejects.toThrow('queue_stop_by_a_person_says_why')
  await setTakesJobs(w.db, lead, w.key, { takesJobs: false, note: 'We move.', now: w.now() })
  await expect(raw(`UPDATE queue_change SET note = '' WHERE workflow_key = $1`)).rejects.toThrow()
})

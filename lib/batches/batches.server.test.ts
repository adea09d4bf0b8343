/** Failures that are alike, and the retry of many, on a real PostgreSQL: one database, a workflow of its own each test. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fingerprint } from '@/lib/failures/fingerprint'
import { foldFailures } from '@/lib/failures/fold.server'
import { listGroups, readGroup, sayOfGroup } from '@/lib/failures/store.server'
import type { Job } from '@/lib/generated/prisma/client'
import { seedPrices } from '@/lib/money/price-list.server'
import { pauseQueue } from '@/lib/queues/control.server'
import { queueHistory } from '@/lib/queues/state.server'
import { giveCommand } from '@/lib/store/command.server'
import { Forbidden, InvalidInput, QueueConflict } from '@/lib/store/errors'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { errorOf, reportJob, ScriptedProvider, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionOf, publish, publishBuiltins } from '@/lib/workflows/store.server'
import { chooseBatch } from './choose.server'
import { changeBatch, startBatch } from './control.server'
import { readBatch, readBatchItems } from './view.server'
import { MOST_WAITING, workBatches } from './work.server'

let database: TestDatabase
let lead: Awaited<ReturnType<typeof person>>
let requester: Awaited<ReturnType<typeof person>>

beforeAll(async () => {
  database = await testDatabase({ max: 30 })
  await publishBuiltins(database.db)
  await seedPrices(database.db)
  lead = await person(database.db, ['lead'], 'Lena')
  requester = await person(database.db, ['requester'], 'Rosa')
})
afterAll(() => database[Symbol.asyncDispose]())

let count = 0

/** A workflow that does not try again by itself, and an engine whose provider refuses what it is told to. */
async function world(over: Partial<WorkflowDefinition> = {}) {
  const { db } = database
  count += 1
  const key = `failing-${count}`
  const version = await db.workflowVersion.findFirstOrThrow({ where: { key: 'report' }, orderBy: { version: 'desc' } })
  const report = definitionOf(version)
  await publish(db, { ...report, key, name: `Failing ${count}`, retry: { ...report.retry, maxAttempts: 1 }, ...over })
  const engine = await testEngine(db, new ScriptedProvider())
  const now = () => engine.context.now()
  const fail = async (code = 'server_error', httpStatus = 500): Promise<Job> => {
    const job = await reportJob(db, requester, { workflow: key })
    engine.provider.onCreate.push(() => ({
      httpStatus,
      requestId: 'req_1',
      milliseconds: 1,
      kind: 'refused',
      error: errorOf({ httpStatus, code }),
    }))
    return engine.step(job.id)
  }
  const groupId = fingerprint({
    workflowKey: key,
    failureClass: 'infrastructure',
    code: 'server_error',
    signal: 'create 500',
  })
  return {
    db,
    key,
    ...engine,
    now,
    fail,
    groupId,
    fold: () => foldFailures(db, now()),
    group: async (id = groupId) => {
      await foldFailures(db, now())
      return readGroup(db, id, now())
    },
    choose: async (id = groupId) => {
      await foldFailures(db, now())
      return chooseBatch(db, lead, id, now())
    },
    start: (id: string, ask: Partial<Parameters<typeof startBatch>[3]> = {}) =>
      startBatch(db, lead, id, { note: 'The outage is over.', perMinute: null, knowingly: false, now: now(), ...ask }),
    work: () => workBatches(db, now, () => undefined),
    batch: async (id: string) => {
      const batch = await readBatch(db, id, now())
      if (batch === null) throw new Error('there is no such batch')
      return batch
    },
    retries: (jobId: string) => db.event.count({ where: { jobId, command: 'retry' } }),
  }
}

test('failures that are alike by code stand in one group, and those that are not in another', async () => {
  const w = await world()
  const first = await w.fail()
  await w.fail()
  await w.fail('context_length_exceeded', 400)
  const group = await w.group()
  expect(group).toMatchObject({
    workflow: { key: w.key },
    failureClass: 'infrastructure',
    code: 'server_error',
    where: 'when it was sent, HTTP 500',
    seen: 2,
    standing: 2,
    state: 'open',
  })
  expect(group?.trend.at(-1)?.seen).toBe(2)
  expect(group?.jobs.map(({ number }) => number)).toContain(first.number)
  const { groups } = await listGroups(w.db, { state: 'open', workflow: w.key, after: null, most: 10 }, w.now())
  expect(groups).toHaveLength(2)
  await giveCommand(w.db, lead, first.id, { command: 'abandon', note: 'Not needed.' }, 'api', w.now())
  expect(await w.group()).toMatchObject({ seen: 2, standing: 1 })
})

test('what was folded is what a recount from the history finds', async () => {
  const w = await world()
  await w.fail()
  const other = await w.fail()
  await giveCommand(w.db, lead, other.id, { command: 'retry' }, 'api', w.now())
  await w.fail('invalid_prompt', 400)
  await w.fold()
  const read = async () => ({
    groups: await w.db.failureGroup.findMany({ orderBy: { id: 'asc' } }),
    hours: await w.db.failureHour.findMany({ orderBy: [{ groupId: 'asc' }, { hour: 'asc' }] }),
  })
  const folded = await read()
  expect(folded.groups.find(({ id }) => id === w.groupId)).toMatchObject({ seen: 2n, standing: 1 })
  await database.ownerPool.query('SELECT recount_failures()')
  const recounted = await read()
  expect(recounted).toEqual(folded)
})

test('a resolved group opens again by itself when it is seen again, and an ignored one when its time is over', async () => {
  const w = await world()
  await w.fail()
  await w.fold()
  const say = (state: 'resolved' | 'ignored' | 'open', note: string, until: Date | null = null) =>
    sayOfGroup(w.db, lead, w.groupId, { state, note, until, now: w.now() })
  await expect(sayOfGroup(w.db, requester, w.groupId, { state: 'resolved', note: 'x', now: w.now() })).rejects.toThrow(
    Forbidden,
  )
  await expect(say('resolved', ' ')).rejects.toThrow(InvalidInput)
  await say('resolved', 'The provider mended it.')
  await expect(say('resolved', 'Again.')).rejects.toThrow(QueueConflict)
  expect((await w.group())?.state).toBe('resolved')
  w.pass(60_000)
  await w.fail()
  const again = await w.group()
  expect(again?.state).toBe('open')
  expect(again?.changes.map(({ state, by, note }) => [state, by, note])).toEqual([
    ['open', null, null],
    ['resolved', 'Lena', 'The provider mended it.'],
  ])
  await say('ignored', 'Known, and harmless.', new Date(w.now().getTime() + 3_600_000))
  w.pass(60_000)
  await w.fail()
  expect((await w.group())?.state).toBe('ignored')
  w.pass(3_600_000)
  expect((await w.group())?.state).toBe('open')
})

test('a choice is frozen: what came later is not retried, and what moved on is left alone', async () => {
  const w = await world()
  const jobs = [await w.fail(), await w.fail(), await w.fail()]
  const id = await w.choose()
  const [moved] = jobs
  if (moved === undefined) throw new Error('three jobs failed')
  await giveCommand(w.db, lead, moved.id, { command: 'retry' }, 'api', w.now())
  const later = await w.fail()
  await w.start(id)
  await w.work()
  const batch = await w.batch(id)
  expect(batch).toMatchObject({ state: 'done', counts: { retried: 2, moved_on: 1, ready: 0 } })
  expect(await w.retries(later.id)).toBe(0)
  expect(await w.retries(moved.id)).toBe(1)
  const { items } = await readBatchItems(w.db, id, { outcome: 'moved_on', after: null })
  expect(items).toMatchObject([{ number: moved.number, why: 'Retry is not possible now: the job is “Queued”.' }])
  const event = await w.db.event.findFirstOrThrow({ where: { jobId: jobs[1]?.id ?? '', command: 'retry' } })
  expect(JSON.parse(event.body)).toMatchObject({ batch: id, actor: { kind: 'person', id: lead.userId } })
  const { lines } = await queueHistory(w.db, w.key, { most: 10 })
  expect(lines).toMatchObject([
    {
      sentence: 'Lena had 3 failed jobs retried together.',
      note: 'The outage is over.',
      batch: { id, outcomes: { retried: 2, moved_on: 1 } },
    },
  ])
})

test('the preview says what was paid, what it may cost, and which are left out and why', async () => {
  const w = await world({ budget: { perJobUsd: 100, perDayUsd: null, totalUsd: null } })
  await w.fail()
  const held = await w.fail()
  // Another call of this one would pass its own budget.
  await w.db.budgetAccount.upsert({
    where: { key: `job:${held.id}` },
    create: { key: `job:${held.id}`, reservedMicros: 0n, spentMicros: 10n ** 12n, updatedAt: w.now() },
    update: { spentMicros: 10n ** 12n },
  })
  const batch = await w.batch(await w.choose())
  expect(batch).toMatchObject({
    state: 'draft',
    counts: { ready: 1, excluded: 1 },
    excluded: [{ code: 'budget_job', jobs: 1 }],
    paid: { usd: 0, unknown: 0 },
    worst: { unknown: 0 },
    asksToKnow: false,
  })
  expect(batch.worst.usd).toBeGreaterThan(0)
})

test('what was refused for its input goes out again only by somebody who says that they know', async () => {
  const w = await world()
  await w.fail('context_length_exceeded', 400)
  const alike = {
    workflowKey: w.key,
    failureClass: 'malformed_input',
    code: 'context_length_exceeded',
    signal: 'create 400',
  }
  const id = await w.choose(fingerprint(alike))
  expect(await w.batch(id)).toMatchObject({ asksToKnow: true, counts: { ready: 1 } })
  await expect(w.start(id)).rejects.toMatchObject({ errors: [{ pointer: '/knowingly' }] })
  await w.start(id, { knowingly: true })
  await expect(w.start(id, { knowingly: true })).rejects.toThrow(QueueConflict)
})

test('only a lead chooses and starts, with a reason', async () => {
  const w = await world()
  await w.fail()
  await w.fold()
  await expect(chooseBatch(w.db, requester, w.groupId, w.now())).rejects.toThrow(Forbidden)
  const id = await w.choose()
  await expect(w.start(id, { note: '' })).rejects.toMatchObject({ errors: [{ pointer: '/note' }] })
  await expect(w.start(id, { perMinute: 0 })).rejects.toMatchObject({ errors: [{ pointer: '/perMinute' }] })
  const other = await person(w.db, ['lead'], 'Otto')
  const ask = { note: 'Mine.', perMinute: null, knowingly: false, now: w.now() }
  await expect(startBatch(w.db, other, id, ask)).rejects.toThrow(QueueConflict)
})

test('many workers retry each job once, at no more than the rate, and pause, resume and cancel hold', async () => {
  const w = await world()
  const jobs: Job[] = []
  for (let index = 0; index < 6; index += 1) jobs.push(await w.fail())
  const id = await w.choose()
  await w.start(id, { perMinute: 2 })
  const change = (command: 'pause' | 'resume' | 'cancel') =>
    changeBatch(w.db, lead, id, { command, note: 'So.', now: w.now() })
  const turn = () => Promise.all(Array.from({ length: 4 }, () => w.work()))
  await turn()
  expect((await w.batch(id)).counts.retried).toBe(1)
  await change('pause')
  w.pass(120_000)
  await turn()
  expect((await w.batch(id)).counts.retried).toBe(1)
  await expect(change('pause')).rejects.toThrow(QueueConflict)
  await change('resume')
  await turn()
  w.pass(31_000)
  await turn()
  expect((await w.batch(id)).counts.retried).toBe(3)
  await change('cancel')
  w.pass(600_000)
  await turn()
  const batch = await w.batch(id)
  expect(batch).toMatchObject({ state: 'cancelled', counts: { retried: 3, left: 3, ready: 0 } })
  expect(batch.changes.map(({ kind }) => kind)).toEqual(['cancelled', 'resumed', 'paused', 'started'])
  const retries = await Promise.all(jobs.map(({ id: jobId }) => w.retries(jobId)))
  expect(retries.filter((times) => times === 1)).toHaveLength(3)
  expect(Math.max(...retries)).toBe(1)
})

test('while sending stands still nothing is retried, and never more waits than fits', async () => {
  const w = await world()
  await w.fail()
  const id = await w.choose()
  await pauseQueue(w.db, lead, w.key, 'We look into it.', w.now())
  await w.start(id)
  await w.work()
  expect(await w.batch(id)).toMatchObject({ state: 'running', standsStill: true, counts: { ready: 1 } })
  expect(MOST_WAITING).toBeGreaterThan(0)
})

test('a worker that dies in the middle leaves the job as it was, and the next one retries it once', async () => {
  const w = await world()
  const job = await w.fail()
  const id = await w.choose()
  await w.start(id)
  // Its transaction is cut off after the retry and before its end: as by a kill.
  const cut = w.db.$extends({
    query: {
      retryBatchItem: {
        async updateMany() {
          throw Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' })
        },
      },
    },
  })
  await expect(workBatches(cut as unknown as typeof w.db, w.now, () => undefined)).rejects.toThrow()
  expect(await w.retries(job.id)).toBe(0)
  expect((await w.batch(id)).counts.ready).toBe(1)
  await w.work()
  expect(await w.retries(job.id)).toBe(1)
  expect((await w.batch(id)).state).toBe('done')
})

test('whose starter is no longer a lead, a batch waits for another', async () => {
  const w = await world()
  await w.fail()
  const id = await w.choose()
  await w.start(id)
  await w.db.user.update({ where: { id: lead.userId }, data: { roles: ['requester'] } })
  await w.work()
  await w.db.user.update({ where: { id: lead.userId }, data: { roles: ['lead'] } })
  expect(await w.batch(id)).toMatchObject({
    state: 'paused',
    counts: { ready: 1 },
    changes: [{ kind: 'paused', by: null }, {}],
  })
})

test('not even raw SQL retries twice, adds to what was started, or says that a job was retried which was not', async () => {
  const w = await world()
  await w.fail()
  const id = await w.choose()
  await w.start(id)
  const raw = (sql: string) => w.db.$executeRawUnsafe(sql, id)
  await expect(
    raw(`UPDATE retry_batch_item SET outcome = 'retried', event_seq = 1 WHERE batch_id = $1::uuid`),
  ).rejects.toThrow('retry_batch_item_ends_once')
  await expect(
    raw(`INSERT INTO retry_batch_item (batch_id, position, job_id, job_number, job_version, outcome, paid_micros, paid_unknown)
         VALUES ($1::uuid, 99, gen_random_uuid(), 1, 1, 'ready', 0, 0)`),
  ).rejects.toThrow('retry_batch_is_frozen')
  await expect(raw('DELETE FROM retry_batch_item WHERE batch_id = $1::uuid')).rejects.toThrow('retry_batch_is_kept')
  await w.work()
  await expect(
    raw(`UPDATE retry_batch_item SET outcome = 'left', code = 'x' WHERE batch_id = $1::uuid`),
  ).rejects.toThrow('retry_batch_item_ends_once')
})

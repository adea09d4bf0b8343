import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { readAll } from '@/lib/metrics/read.server'
import { resumeQueue } from '@/lib/money/stops.server'
import { pauseQueue } from '@/lib/queues/control.server'
import { giveCommand } from '@/lib/store/command.server'
import { ageJob } from '@/lib/testing/age'
import { alertWorld, MINUTE_MS, ruleOf } from '@/lib/testing/alerts'
import { completed, REPORT, reportJob, saw, seen, testEngine } from '@/lib/testing/engine'
import { writeOff } from '@/lib/workers/leave.server'
import { readWorkers } from '@/lib/workers/list.server'
import { findAll } from './findings.server'
import { addRule } from './rules.server'

type World = Awaited<ReturnType<typeof alertWorld>>

const prioritise = (w: World, jobId: string, now: Date) =>
  giveCommand(w.db, w.owner, jobId, { command: 'prioritise', params: { priority: 10 } }, 'api', now)

test('a job that waits goes on waiting when its priority is raised, for alerts and for Prometheus', async () => {
  await using w = await alertWorld()
  await w.worker('host-a')
  await addRule(w.db, w.lead, ruleOf('oldest_waiting', { threshold: 60 }), w.at(0))
  const job = await reportJob(w.db, w.owner)
  await ageJob(w.url, job.id, 180 * MINUTE_MS)
  await w.look(0)
  expect(await w.openKinds()).toEqual(['oldest_waiting report'])
  await prioritise(w, job.id, w.at(0))
  await w.look(1)
  await w.look(3)
  expect(await w.openKinds()).toEqual(['oldest_waiting report'])
  const { samples } = await readAll(w.db)
  const [age] = samples.holdpoint_oldest_job_age_seconds ?? []
  expect(age?.value).toBeGreaterThan(179 * 60)
})

test('a job waits since it could be sent: not through a backoff, nor while its queue was paused', async () => {
  await using w = await alertWorld()
  const waits = async (minutes: number) => {
    const [found] = await findAll(w.db, 'oldest_waiting', ruleOf('oldest_waiting'), w.at(minutes))
    return Math.floor(found?.value ?? -1)
  }
  await reportJob(w.db, w.owner)
  expect(await waits(30.5)).toBe(30)
  // As an automatic retry leaves it.
  await w.ownerPool.query('ALTER TABLE job DISABLE TRIGGER USER')
  await w.ownerPool.query('UPDATE job SET not_before = $1', [w.at(40)])
  await w.ownerPool.query('ALTER TABLE job ENABLE TRIGGER USER')
  expect(await waits(39)).toBe(-1)
  expect(await waits(50.5)).toBe(10)
  await pauseQueue(w.db, w.lead, 'report', 'Prices are being checked.', w.at(60))
  await resumeQueue(w.db, w.lead, 'report', 'They are right.', w.at(200))
  expect(await waits(205.5)).toBe(5)
})

test('a job that moved and was talked of since has moved', async () => {
  await using w = await alertWorld()
  await addRule(w.db, w.lead, ruleOf('nothing_moves', { threshold: 30 }), w.at(0))
  await reportJob(w.db, w.owner)
  const engine = await testEngine(w.db)
  const job = await reportJob(w.db, w.owner)
  engine.pass(60 * MINUTE_MS)
  await engine.step(job.id)
  engine.pass(MINUTE_MS)
  engine.provider.onLook = (id) => saw(completed(id, REPORT))
  await engine.stepUntil(job.id, ({ state }) => state === 'awaiting_review')
  await giveCommand(w.db, w.lead, job.id, { command: 'comment', note: 'Mine.' }, 'api', w.at(62))
  await w.look(70)
  expect(await w.openKinds()).toEqual([])
  await w.look(100)
  expect(await w.openKinds()).toEqual(['nothing_moves report'])
})

const DAY = 24 * 60

test('a worker is missed however long ago it went, and the page of workers has it until it is written off', async () => {
  await using w = await alertWorld()
  await addRule(w.db, w.lead, ruleOf('worker_gone', { threshold: 3 * DAY }), w.at(0))
  await w.worker('lost', { silentFor: 4 * DAY, startedAgo: 5 * DAY, endedHow: 'gone' })
  await w.worker('left', { silentFor: 4 * DAY, startedAgo: 5 * DAY, endedHow: 'left' })
  await w.worker('alive')
  await w.look(0)
  await w.look(2)
  expect(await w.openKinds()).toEqual(['worker_gone lost'])
  const { absent } = await readWorkers(w.db, w.lead)
  expect(absent.map(({ host, state }) => [host, state])).toEqual([['lost', 'gone']])
  await writeOff(w.db, w.lead, absent[0]?.id ?? '')
  await w.look(3)
  await w.look(5)
  expect(await w.openKinds()).toEqual([])
})

test('of whom nobody has heard for weeks no alert opens, and one that is open stays', async () => {
  await using w = await alertWorld()
  await addRule(w.db, w.lead, ruleOf('worker_gone', { threshold: DAY }), w.at(0))
  await w.worker('lost', { silentFor: 20 * DAY, startedAgo: 21 * DAY, endedHow: 'gone' })
  await w.worker('alive')
  await w.look(0)
  expect(await w.openKinds()).toEqual([])
  await w.worker('newly', { silentFor: 2 * DAY, startedAgo: 3 * DAY, endedHow: 'gone' })
  await w.look(1)
  await w.db.worker.updateMany({ where: { host: 'newly' }, data: { beatAt: w.at(-20 * DAY) } })
  await w.look(2)
  await w.look(4)
  expect(await w.openKinds()).toEqual(['worker_gone newly'])
})

test('a worker that is missed stands on the page however many left since', async () => {
  await using w = await alertWorld()
  await w.worker('lost', { silentFor: 4 * DAY, startedAgo: 5 * DAY, endedHow: 'gone' })
  for (let left = 0; left < 60; left += 1)
    await w.worker(`left-${left}`, { silentFor: 60, startedAgo: 120, endedHow: 'left' })
  const { absent } = await readWorkers(w.db, w.lead)
  expect(absent[0]?.host).toBe('lost')
})

test('nothing moves since its queue was resumed, not since before it was paused', async () => {
  await using w = await alertWorld()
  await w.worker('host-a')
  await addRule(w.db, w.lead, ruleOf('nothing_moves', { threshold: 60 }), w.at(0))
  const job = await reportJob(w.db, w.owner)
  await ageJob(w.url, job.id, 300 * MINUTE_MS)
  await pauseQueue(w.db, w.lead, 'report', 'Prices are being checked.', w.at(-290))
  await resumeQueue(w.db, w.lead, 'report', 'They were checked.', w.at(0))
  await w.look(1)
  expect(await w.openKinds()).toEqual([])
  await w.look(61)
  expect(await w.openKinds()).toEqual(['nothing_moves report'])
})

test('that a share fails is not over because no call ended any more', async () => {
  await using w = await alertWorld()
  await addRule(w.db, w.lead, ruleOf('failure_rate', { threshold: 0.5, minutes: 60, least: 1 }), w.at(0))
  const engine = await testEngine(w.db)
  engine.provider.onLook = (id) => seen(id, 'failed', { error: { code: 'a_code_of_tomorrow', message: 'Who knows' } })
  const { id } = await reportJob(w.db, w.owner)
  await engine.stepUntil(id, ({ state }) => state === 'awaiting_review')
  await w.look(1)
  for (const minutes of [100, 102, DAY]) await w.look(minutes)
  expect(await w.openKinds()).toEqual(['failure_rate report'])
})

test('that webhooks are silent is not over because they have been for long', async () => {
  await using w = await alertWorld()
  await addRule(w.db, w.lead, ruleOf('webhooks_silent', { threshold: 30 }), w.at(0))
  const receivedAt = w.at(-1)
  await w.db.webhookReceipt.create({
    data: {
      id: uuidv7(),
      webhookId: 'wh_1',
      receivedAt,
      signedAt: receivedAt,
      lastReceivedAt: receivedAt,
      type: 'response.completed',
      responseId: 'resp_1',
      bodySha256: '0'.repeat(64),
      secretIndex: 0,
      state: 'not_ours',
    },
  })
  const engine = await testEngine(w.db)
  engine.provider.onLook = (id) => saw(completed(id, REPORT))
  for (let calls = 0; calls < 3; calls += 1) {
    const { id } = await reportJob(w.db, w.owner)
    await engine.stepUntil(id, ({ state }) => state === 'awaiting_review')
  }
  for (const minutes of [40, 8 * DAY, 8 * DAY + 2, 20 * DAY, 20 * DAY + 2]) await w.look(minutes)
  expect(await w.openKinds()).toEqual(['webhooks_silent'])
})

test('that a job waits long is not over because its queue is paused', async () => {
  await using w = await alertWorld()
  await w.worker('host-a')
  await addRule(w.db, w.lead, ruleOf('oldest_waiting', { threshold: 30 }), w.at(0))
  await reportJob(w.db, w.owner)
  await w.look(31)
  await pauseQueue(w.db, w.lead, 'report', 'Prices are being checked.', w.at(32))
  await w.look(33)
  await w.look(35)
  expect(await w.openKinds()).toEqual(['oldest_waiting report'])
})

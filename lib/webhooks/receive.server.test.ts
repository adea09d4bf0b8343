import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { Job } from '@/lib/generated/prisma/client'
import { readJob } from '@/lib/jobs/detail.server'
import { readBlob } from '@/lib/store/blobs.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { type Engine, reportJob, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { deliver, WEBHOOK_SECRET, webhookRequest } from '@/lib/testing/webhooks'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { receiveWebhook } from './receive.server'
import { parseSecrets } from './signature'

let database: TestDatabase
let db: TestDatabase['db']
let owner: Actor & { userId: string }
let engine: Engine

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  await publishBuiltins(db)
  owner = await person(db, ['owner'])
  engine = await testEngine(db)
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await database.ownerPool.query('TRUNCATE webhook_receipt, webhook_refusal, webhook_probe')
})

const door = (secrets = WEBHOOK_SECRET) => ({ db, secrets: parseSecrets(secrets), now: () => new Date() })
const bring = (request: Request, secrets = WEBHOOK_SECRET) => receiveWebhook(door(secrets), request)
const receipts = () => db.webhookReceipt.findMany({ orderBy: { receivedAt: 'asc' } })
const refusals = async () => (await db.webhookRefusal.findMany()).map(({ reason, count }) => [reason, count])

/** A job that runs, and the response that it waits for. */
async function running(): Promise<{ job: Job; responseId: string }> {
  const { id } = await reportJob(db, owner)
  const job = await engine.step(id)
  const { responseId } = await db.attempt.findFirstOrThrow({ where: { jobId: id } })
  // As after its run: nobody works here, so the wake-up of its start is still there.
  await database.ownerPool.query(`UPDATE graphile_worker._private_jobs SET run_at = now() + interval '1 minute'`)
  return { job, responseId: responseId ?? '' }
}

async function wokenAt(jobId: string): Promise<Date> {
  const { rows } = await database.ownerPool.query('SELECT run_at FROM graphile_worker._private_jobs WHERE key = $1', [
    `job:${jobId}`,
  ])
  return rows[0].run_at
}

describe('a webhook about a response that is waited for', () => {
  test('is stored as it came, brings the next look forward, and shows in the history of the job', async () => {
    const { job, responseId } = await running()
    expect((await wokenAt(job.id)).getTime()).toBeGreaterThan(Date.now())
    const at = new Date()
    // Spaces and an escape that would be lost if it were written anew.
    const body = `{ "type": "response.completed",  "data": {"id": "${responseId}"}, "note": "\\u00e9 😀" }`
    expect(await deliver(db, { id: 'evt_as_it_came', body, at })).toBe(200)
    const [receipt] = await receipts()
    expect(receipt).toMatchObject({
      webhookId: 'evt_as_it_came',
      state: 'matched',
      jobId: job.id,
      times: 1,
      secretIndex: 0,
    })
    expect(Buffer.from((await readBlob(db, receipt?.bodySha256 ?? '')) ?? '').toString()).toBe(body)
    const watch = await db.attemptWatch.findFirstOrThrow({ where: { attempt: { jobId: job.id } } })
    expect(watch.nextLookAt?.getTime()).toBeLessThanOrEqual(at.getTime())
    expect((await wokenAt(job.id)).getTime()).toBeLessThanOrEqual(at.getTime())
    expect(await db.observation.findMany({ where: { jobId: job.id, kind: 'webhook' } })).toMatchObject([
      { providerStatus: 'completed', requestId: 'evt_as_it_came', changed: true },
    ])
  })

  test('changes neither the job nor its version, whatever it claims', async () => {
    const { job, responseId } = await running()
    await deliver(db, { about: responseId, type: 'response.failed' })
    expect(await db.job.findUniqueOrThrow({ where: { id: job.id } })).toEqual(job)
    expect(await db.attempt.findFirstOrThrow({ where: { jobId: job.id } })).toMatchObject({ endedAt: null })
  })

  test('is taken once, however often it comes, and in whatever order', async () => {
    const { job, responseId } = await running()
    const letter = { id: 'evt_doubled', about: responseId }
    expect(await deliver(db, letter)).toBe(200)
    expect(await deliver(db, { id: 'evt_before', about: responseId, type: 'response.in_progress' })).toBe(200)
    expect(await deliver(db, letter)).toBe(200)
    expect((await receipts()).map(({ webhookId, times }) => [webhookId, times])).toEqual([
      ['evt_doubled', 2],
      ['evt_before', 1],
    ])
    const seen = (await readJob(db, owner, job.id))?.observations.filter(({ kind }) => kind === 'webhook')
    expect(seen?.map(({ providerStatus, webhook }) => [providerStatus, webhook?.times])).toEqual([
      ['completed', 2],
      [null, 1],
    ])
  })

  test('is taken once where it comes many times at the same moment', async () => {
    const { job, responseId } = await running()
    const all = await Promise.all(
      Array.from({ length: 8 }, () => deliver(db, { id: 'evt_at_once', about: responseId })),
    )
    expect(new Set(all)).toEqual(new Set([200]))
    expect(await receipts()).toMatchObject([{ times: 8 }])
    expect(await db.observation.count({ where: { jobId: job.id, kind: 'webhook' } })).toBe(1)
  })

  test('that has ended already is noted, and wakes nobody', async () => {
    const { job, responseId } = await running()
    await db.attempt.updateMany({ where: { responseId }, data: { providerStatus: 'completed' } })
    await database.ownerPool.query('ALTER TABLE attempt DISABLE TRIGGER USER')
    await database.ownerPool.query(`UPDATE attempt SET ended_at = now(), payload_sha256 = 'x' WHERE response_id = $1`, [
      responseId,
    ])
    await database.ownerPool.query('ALTER TABLE attempt ENABLE TRIGGER USER')
    const before = await wokenAt(job.id)
    await deliver(db, { about: responseId })
    expect(await receipts()).toMatchObject([{ state: 'matched', jobId: job.id }])
    expect(await wokenAt(job.id)).toEqual(before)
    expect(await db.observation.findMany({ where: { jobId: job.id, kind: 'webhook' } })).toMatchObject([
      { changed: false },
    ])
  })
})

describe('a webhook about anything else', () => {
  test.each([
    ['batch.completed', 'batch_1', 'recorded'],
    ['eval.run.failed', 'run_1', 'recorded'],
    ['something.nobody.heard.of', null, 'recorded'],
    ['response.completed', 'resp_of_somebody_else', 'open'],
    ['response.completed', null, 'recorded'],
  ])('%s about %s is %s', async (type, about, state) => {
    expect(await deliver(db, { type, about })).toBe(200)
    expect(await receipts()).toMatchObject([{ type, state, jobId: null, attemptId: null }])
  })

  test.each([
    ['{}', 'unknown', null],
    ['{"type":7,"data":[]}', 'unknown', null],
    ['{"type":"response.completed","data":{"id":{"toString":1}}}', 'response.completed', null],
    ['{"type":"a\\u0000\\ud800","created_at":-1}', 'a␀�', null],
    ['{"type":"response.x","created_at":1e99,"data":{"id":"é😀\\u0000"}}', 'response.x', 'é😀␀'],
    [`{"type":"${'x'.repeat(5_000)}"}`, 'unknown', null],
  ])('and reads %j without falling over', async (body, type, responseId) => {
    expect(await deliver(db, { body })).toBe(200)
    expect(await receipts()).toMatchObject([{ type, responseId, eventAt: null }])
  })
})

describe('what is refused', () => {
  const signedWith = (letter = {}) => webhookRequest({ about: 'resp_x', ...letter })
  const forged = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
  test.each([
    ['a forgery', () => bring(signedWith({ secret: forged })), 400, 'bad_signature'],
    ['a stale one', () => bring(signedWith({ at: new Date(Date.now() - 302_000) })), 400, 'too_old'],
    ['one from the future', () => bring(signedWith({ at: new Date(Date.now() + 302_000) })), 400, 'too_new'],
    [
      'one without a signature',
      () => bring(new Request('http://x/', { method: 'POST', body: '{}' })),
      400,
      'no_signature',
    ],
    ['one that is no JSON', () => bring(signedWith({ body: 'type=response.completed' })), 400, 'not_json'],
    ['a list', () => bring(signedWith({ body: '[]' })), 400, 'not_json'],
    ['null', () => bring(signedWith({ body: 'null' })), 400, 'not_json'],
    ['bytes that are no text', () => bring(signedWith({ body: Uint8Array.of(0x7b, 0xff, 0x7d) })), 400, 'not_json'],
    ['an empty body', () => bring(signedWith({ body: '' })), 400, 'not_json'],
    ['any, where no secret is set', () => bring(signedWith(), ''), 503, 'no_secret'],
    ['any, where no secret can be used', () => bring(signedWith(), 'whsec_ short'), 503, 'no_secret'],
    ['more than a mebibyte', () => bring(signedWith({ body: `{"x":"${'y'.repeat(1024 * 1024)}"}` })), 413, 'too_large'],
  ])('%s changes nothing and is counted', async (_name, send, status, reason) => {
    const answer = await send()
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ type: `urn:holdpoint:problem:webhook-${reason.replace('_', '-')}` })
    expect(await receipts()).toEqual([])
    expect(await refusals()).toEqual([[reason, 1]])
  })

  test('a body of exactly a mebibyte is read, one that lies about its length no further than that', async () => {
    const frame = '{"type":"x","pad":""}'
    const body = frame.replace('""', `"${'y'.repeat(1024 * 1024 - frame.length)}"`)
    expect((await bring(signedWith({ body }))).status).toBe(200)
    const told = { pieces: 0 }
    const endless = new ReadableStream({
      pull(controller) {
        told.pieces += 1
        controller.enqueue(new Uint8Array(64 * 1024))
      },
    })
    const headers = { 'content-length': '10', 'webhook-id': 'x' }
    const request = new Request('http://x/', { method: 'POST', body: endless, headers, duplex: 'half' } as RequestInit)
    expect((await bring(request)).status).toBe(413)
    expect(told.pieces).toBeLessThan(20)
  })

  test('in a flood makes one row a minute and reason, with the whole count', async () => {
    await Promise.all(Array.from({ length: 60 }, () => bring(signedWith({ secret: forged }))))
    const rows = await db.webhookRefusal.findMany()
    // The minute may have turned meanwhile.
    expect(rows.length).toBeLessThanOrEqual(2)
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(60)
  })
})

describe('a webhook that cannot be stored', () => {
  test('is answered 503 while the database is away, so that it is sent again', async () => {
    const away = Object.assign(new Error('away'), { code: 'P1001' })
    vi.spyOn(db, '$transaction').mockRejectedValueOnce(away)
    const answer = await bring(webhookRequest({ id: 'evt_again' }))
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await deliver(db, { id: 'evt_again' })).toBe(200)
    expect(await receipts()).toMatchObject([{ webhookId: 'evt_again', times: 1 }])
  })

  test('is not said to be stored where a part of it failed, and leaves nothing behind', async () => {
    const { responseId } = await running()
    await database.ownerPool.query('REVOKE INSERT ON observation FROM holdpoint_app')
    const sent = deliver(db, { about: responseId })
    await expect(sent).rejects.toThrow()
    await database.ownerPool.query('GRANT INSERT ON observation TO holdpoint_app')
    expect(await receipts()).toEqual([])
    expect(await deliver(db, { about: responseId })).toBe(200)
  })
})

test('what is stored of a webhook is never removed by the application', async () => {
  await deliver(db)
  await expect(db.webhookReceipt.deleteMany()).rejects.toThrow()
})

import { describe, expect, test } from 'vitest'
import { JobConflict } from '@/lib/store/errors'
import { acceptedJob, type DeliveryWorld, deliveryWorld, GRACE_SECONDS } from '@/lib/testing/deliveries'
import { testEngine } from '@/lib/testing/engine'
import { mailServer } from '@/lib/testing/mail-server'
import { reconcile } from './reconcile.server'

const GRACE_MS = GRACE_SECONDS * 1_000
const HOUR = 3_600_000

describe('when what allowed it is looked at again', () => {
  test('a reopen holds it back, and upholding lets the same delivery go on', async () => {
    await using w = await deliveryWorld()
    const { id } = await w.ask()
    await w.approve(id)
    await w.reopen(id)
    w.engine.pass(HOUR)
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([
      { state: 'pending', sentence: 'It is held back while its job is not accepted.' },
    ])
    expect(w.server.received).toEqual([])
    const before = await w.delivery(id)
    await w.uphold(id)
    await w.deliver(id)
    expect(await w.delivery(id)).toMatchObject({ id: before.id, state: 'delivered', tries: 1 })
    expect(w.server.received).toHaveLength(1)
  })

  test('approving anew replaces what had not left, and what was being tried is tried no more', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    w.server.say(500)
    await w.deliver(id)
    await w.reopen(id)
    w.engine.pass(HOUR)
    await w.deliver(id)
    expect(w.server.received, 'nothing leaves while it is looked at').toHaveLength(1)
    const [paused] = (await w.read(id)).deliveries
    expect(paused?.sentence).toContain('It is not tried again while the job is looked at.')

    await w.approve(id)
    w.engine.pass(GRACE_MS)
    await w.deliver(id)
    const job = await w.read(id)
    expect(job.deliveries).toMatchObject([
      { number: 1, state: 'failed', code: 'stopped', tries: 1 },
      { number: 2, state: 'delivered', tries: 1 },
    ])
    expect(w.server.received.map((arrived) => arrived.id)).toEqual(job.deliveries.map(({ messageId }) => messageId))
    const params = { delivery: paused?.id }
    await expect(w.give(w.support, id, { command: 'redeliver', note: 'again', params })).rejects.toBeInstanceOf(
      JobConflict,
    )
  })

  test('of what was in flight the end is told, and nothing starts after an abandon', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    const sentences: (string | undefined)[] = []
    w.server.answers.push((response) => {
      void (async () => {
        await w.reopen(id)
        sentences.push((await w.read(id)).deliveries[0]?.sentence)
        await w.give(w.reviewer, id, { command: 'abandon', note: 'It was wrong.' })
        sentences.push((await w.read(id)).deliveries[0]?.sentence)
        response.end('taken')
      })()
    })
    await w.deliver(id)
    expect(sentences).toEqual([
      'It was being sent when the job was reopened; it may still arrive.',
      'It was being sent when the job was abandoned; it may still arrive.',
    ])
    const job = await w.read(id)
    expect(job).toMatchObject({ state: 'abandoned', nextAction: { kind: 'none' } })
    expect(job.deliveries).toMatchObject([{ state: 'delivered', answer: 'taken' }])
    expect(job.events.at(-1)).toMatchObject({ command: 'delivered', to: 'abandoned' })
  })

  test('a try in flight that fails is not followed by another after an abandon', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    w.server.answers.push((response) => {
      void (async () => {
        await w.reopen(id)
        await w.give(w.reviewer, id, { command: 'abandon', note: 'It was wrong.' })
        response.writeHead(500).end()
      })()
    })
    await w.deliver(id)
    w.engine.pass(HOUR)
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'failed', code: 'stopped', tries: 1 }])
    expect(w.server.received).toHaveLength(1)
  })

  test('an abandon wakes the engine, which tries what did not get through no more', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    w.server.answers.push((response) => response.writeHead(429, { 'retry-after': '20000' }).end())
    await w.deliver(id)
    await w.reopen(id)
    await w.give(w.reviewer, id, { command: 'abandon', note: 'It was wrong.' })
    const wakes = await w.ownerPool.query<{ due: boolean }>(
      'SELECT run_at <= $1 AS due FROM graphile_worker._private_jobs WHERE key = $2',
      [w.engine.context.now(), `job:${id}`],
    )
    expect(wakes.rows).toEqual([{ due: true }])
    await reconcile(w.engine.context, id)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'failed', code: 'stopped', tries: 1 }])
  })

  test('an abandon withdraws what had not left', async () => {
    await using w = await deliveryWorld()
    const { id } = await w.ask()
    await w.approve(id)
    await w.reopen(id)
    await w.give(w.reviewer, id, { command: 'abandon', note: 'It was wrong.' })
    w.engine.pass(HOUR)
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'withdrawn', tries: 0 }])
    expect(w.server.received).toEqual([])
  })
})

describe('workers', () => {
  test('two at once make one try', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    const other = await testEngine(w.db)
    other.pass(GRACE_MS + 1_000)
    await Promise.all([w.deliver(id), w.deliver(id, {}, other), w.deliver(id), w.deliver(id, {}, other)])
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'delivered', tries: 1 }])
    expect(w.server.received).toHaveLength(1)
  })

  /** The worker dies between claiming a try and making it. @returns the engine of one that comes after it. */
  async function dies(w: DeliveryWorld, jobId: string) {
    const away = () => Promise.reject(new Error('the worker died here'))
    const gone = new Proxy(w.aroundOf(w.engine).env, {
      get: () => {
        throw new Error('the worker died here')
      },
    })
    await expect(w.deliver(jobId, { ownSecret: away, env: gone })).rejects.toThrow('the worker died here')
    await w.deliver(jobId)
    expect(await w.delivery(jobId), 'while it is alive nobody else tries').toMatchObject({ state: 'sending', tries: 1 })
    await w.db.$executeRaw`UPDATE worker SET stopped_at = now() WHERE id = ${w.engine.context.workerId}::uuid`
    const next = await testEngine(w.db)
    next.pass(HOUR)
    await w.deliver(jobId, {}, next)
    return next
  }

  test('one that died before it wrote the end down is followed by another, under the same id', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    const next = await dies(w, id)
    expect(await w.delivery(id)).toMatchObject({ state: 'sending', tries: 1, code: 'sender_gone', workerId: null })
    next.pass(HOUR)
    await w.deliver(id, {}, next)
    const job = await w.read(id)
    expect(job.deliveries).toMatchObject([
      { state: 'delivered', tries: 2, log: [{ end: 'again', code: 'sender_gone' }, { end: 'delivered' }] },
    ])
    expect(w.server.received.map((arrived) => arrived.id)).toEqual([job.deliveries[0]?.messageId])
  })

  test('a letter of one that died is unknown, and is not sent again by itself', async () => {
    await using mail = await mailServer()
    await using w = await deliveryWorld({
      delivery: () => ({
        kind: 'email',
        to: { value: 'dana@example.org' },
        subject: { value: 'Rent' },
        text: { result: '/summary' },
      }),
      smtpUrl: mail.url,
    })
    const id = await acceptedJob(w)
    const next = await dies(w, id)
    next.pass(HOUR)
    await w.deliver(id, {}, next)
    expect(await w.read(id)).toMatchObject({
      nextAction: { kind: 'settle_delivery' },
      deliveries: [{ state: 'unknown', code: 'sender_gone', tries: 1 }],
    })
    expect(mail.received).toEqual([])
    await w.give(w.support, id, { command: 'redeliver', note: 'It is in no log.' })
    await w.deliver(id, {}, next)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'delivered', tries: 2 }])
    expect(mail.received).toHaveLength(1)
  })

  test('the engine looks at the deliveries of a settled job, by the rules of its own environment', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    await reconcile(w.engine.context, id)
    // Nobody allowed this process to reach loopback.
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'failed', code: 'private_address' }])
  })
})

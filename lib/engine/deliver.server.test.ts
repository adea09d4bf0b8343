import { createHmac } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { GIVE_UP_AFTER_MS } from '@/lib/deliveries/send.server'
import { ownDeliverySecret } from '@/lib/deliveries/signing.server'
import { readBlob } from '@/lib/store/blobs.server'
import { Forbidden, InvalidInput } from '@/lib/store/errors'
import { loadFacts } from '@/lib/store/facts.server'
import { acceptedJob, DELIVERY_DIR, type DeliveryWorld, deliveryWorld, GRACE_SECONDS } from '@/lib/testing/deliveries'
import { REPORT } from '@/lib/testing/engine'
import { mailServer, reply } from '@/lib/testing/mail-server'
import { parseAllowList } from '@/lib/tools/addresses'
import { deliver } from './deliver.server'

afterAll(() => fs.rmSync(DELIVERY_DIR, { recursive: true, force: true }))

const GRACE_MS = GRACE_SECONDS * 1_000
const HOUR = 3_600_000

/** Tries until the delivery stands, whatever the waits between two tries. */
async function deliverAll(w: DeliveryWorld, jobId: string): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    await w.deliver(jobId)
    if ((await w.delivery(jobId)).state !== 'sending') return
    w.engine.pass(8 * HOUR)
  }
  throw new Error('it is still being sent')
}

/** One try that waits no longer for its answer than it takes a busy machine to connect. */
async function deliverInHaste(w: DeliveryWorld, jobId: string): Promise<void> {
  const facts = await loadFacts(w.db, jobId)
  const { definition } = facts
  if (definition.delivery.kind !== 'http') throw new Error('nothing is waited for')
  const delivery = { ...definition.delivery, timeoutSeconds: 3 }
  await deliver(w.engine.context, { ...facts, definition: { ...definition, delivery } }, w.aroundOf(w.engine))
}

describe('what was accepted', () => {
  test('waits until it can no longer be taken back, then leaves signed, once, and stands in the history', async () => {
    await using w = await deliveryWorld()
    const { id, number } = await w.ask()
    await w.approve(id)
    await w.deliver(id)
    expect(w.server.received, 'nothing leaves within the grace').toEqual([])
    const before = await w.read(id)
    expect(before).toMatchObject({ state: 'completed', nextAction: { kind: 'wait_deliver' } })
    const [waiting] = before.deliveries
    expect(waiting).toMatchObject({ state: 'pending', round: 1, tries: 0, log: [], resultHash: before.result?.hash })
    expect(Date.parse(waiting?.notBefore ?? '') - w.engine.context.now().getTime()).toBe(GRACE_MS)
    expect(before.events.at(-1)?.sentence).toBe('Dana approved the result; it may leave.')

    w.engine.pass(GRACE_MS)
    const during: unknown[] = []
    w.server.answers.push((response) => {
      void w.read(id).then((job) => {
        during.push([job.deliveries[0]?.state, job.deliveries[0]?.sentence, job.nextAction.kind])
        response.writeHead(201).end('kept as R-1')
      })
    })
    await w.deliver(id)
    expect(during).toEqual([['sending', 'It is being sent.', 'wait_deliver']])

    const job = await w.read(id)
    expect(job).toMatchObject({ state: 'completed', nextAction: { kind: 'none' } })
    expect(job.deliveries).toMatchObject([
      {
        state: 'delivered',
        sentence: 'The receiver has it.',
        httpStatus: 201,
        answer: 'kept as R-1',
        tries: 1,
        log: [{ number: 1, end: 'delivered', httpStatus: 201, code: null }],
      },
    ])
    expect(await w.commands(id)).toEqual(['create', 'start', 'hold', 'approve', 'dispatch', 'delivered'])

    const [arrived, ...others] = w.server.received
    expect(others).toEqual([])
    expect(JSON.parse(arrived?.body ?? '')).toMatchObject({
      type: 'holdpoint.result.accepted',
      job: { id, number },
      resultHash: job.result?.hash,
      result: JSON.parse(REPORT),
    })
    const stored = await readBlob(w.db, waiting?.bytesHash ?? '')
    expect(Buffer.from(stored ?? []).toString()).toBe(arrived?.body)
    expect(arrived?.id).toBe(waiting?.messageId)
    const secret = await ownDeliverySecret(w.db, 'leaves')
    const signature = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
      .update(`${arrived?.id}.${arrived?.headers['webhook-timestamp']}.${arrived?.body}`)
      .digest('base64')
    expect(arrived?.headers['webhook-signature']).toBe(`v1,${signature}`)

    await w.deliver(id)
    expect(w.server.received).toHaveLength(1)
  })

  test('is withdrawn by an undo within the grace, and can be approved again', async () => {
    await using w = await deliveryWorld()
    const { id } = await w.ask()
    await w.approve(id)
    w.engine.pass(GRACE_MS - 1)
    await w.give(w.reviewer, id, { command: 'undo' })
    w.engine.pass(HOUR)
    await w.deliver(id)
    const undone = await w.read(id)
    expect(undone).toMatchObject({ state: 'awaiting_review', nextAction: { kind: 'decide' } })
    expect(undone.deliveries).toMatchObject([{ state: 'withdrawn', tries: 0 }])
    expect(undone.events.at(-1)?.sentence).toBe('Dana took the approval back; what had not left was withdrawn.')
    expect(w.server.received).toEqual([])

    await w.approve(id)
    w.engine.pass(GRACE_MS)
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'withdrawn' }, { state: 'delivered', round: 2 }])
    expect(w.server.received).toHaveLength(1)
  })

  test('is not taken back once it has begun to leave', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    await w.deliver(id)
    await expect(w.give(w.reviewer, id, { command: 'undo' })).rejects.toBeInstanceOf(Forbidden)
  })

  test('can be taken back in time, though an earlier acceptance of the job has left', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    await w.deliver(id)
    await w.reopen(id)
    await w.approve(id)
    await w.give(w.reviewer, id, { command: 'undo' })
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'delivered' }, { state: 'withdrawn', tries: 0 }])
  })

  test('leaves after acceptance by policy too, at once: nobody could take that back', async () => {
    await using w = await deliveryWorld({ review: { approvals: 0 } })
    const { id, state } = await w.ask()
    expect(state).toBe('completed')
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'delivered', round: null }])
    expect(w.server.received).toHaveLength(1)
  })

  test('does not leave before a person where it was drawn as a sample', async () => {
    await using w = await deliveryWorld({ review: { approvals: 0, samplePercent: 100 } })
    const { id, state } = await w.ask()
    expect(state).toBe('awaiting_review')
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toEqual([])
    await w.approve(id)
    w.engine.pass(GRACE_MS)
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'delivered', round: 1 }])
  })

  test('cannot be approved while it cannot be sent, until a revision mends it', async () => {
    const to = { result: '/summary' }
    await using w = await deliveryWorld({
      delivery: () => ({ kind: 'email', to, subject: { value: 'Rent' }, text: { result: '/title' } }),
      review: { approvals: 0 },
    })
    const { id } = await w.ask()
    const held = await w.read(id, w.reviewer)
    expect(held.state).toBe('awaiting_review')
    expect(held.reviews[0]).toMatchObject({
      reason: 'What it should deliver cannot be sent as it stands.',
      delivery: null,
    })
    expect(held.reviews[0]?.deliveryProblem).toContain('is not one plain address')
    expect(held.allowedCommands).not.toContain('approve')
    await expect(w.approve(id)).rejects.toBeInstanceOf(Forbidden)

    const text = JSON.stringify({ ...JSON.parse(REPORT), summary: 'dana@example.org' })
    await w.give(w.reviewer, id, { command: 'revise', resultHash: held.result?.hash, params: { text } })
    await w.approve(id)
    w.engine.pass(GRACE_MS)
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([
      { state: 'delivered', destination: 'dana@example.org', code: 'kept_in_folder' },
    ])
  })
})

describe('a receiver', () => {
  test('that fails is tried again under the same id with the same bytes', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    w.server.say(500, 503)
    await w.deliver(id)
    const [failing] = (await w.read(id)).deliveries
    expect(failing).toMatchObject({ state: 'sending', httpStatus: 500, code: 'http_500', answer: 'HTTP 500' })
    expect(failing?.sentence).toContain('One try did not get through. The receiver answered with status 500.')
    expect(Date.parse(failing?.nextTryAt ?? '') - w.engine.context.now().getTime()).toBe(5_000)
    await w.deliver(id)
    expect(w.server.received, 'not before its time').toHaveLength(1)
    w.engine.pass(5_000)
    await w.deliver(id)
    w.engine.pass(30_000)
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([
      { state: 'delivered', tries: 3, log: [{ code: 'http_500' }, { code: 'http_503' }, { end: 'delivered' }] },
    ])
    expect(new Set(w.server.received.map(({ id: message, body }) => `${message} ${body}`)).size).toBe(1)
    expect(await w.commands(id)).toEqual(['create', 'start', 'hold', 'approve', 'dispatch', 'delivered'])
  })

  test('that says when to come again is not asked before', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    w.server.answers.push((response) => response.writeHead(429, { 'retry-after': '7200' }).end())
    await w.deliver(id)
    const [delivery] = (await w.read(id)).deliveries
    expect(Date.parse(delivery?.nextTryAt ?? '') - w.engine.context.now().getTime()).toBe(7_200_000)
  })

  test('that refuses is not tried again: a person must look', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    w.server.say(422)
    await w.deliver(id)
    w.engine.pass(HOUR)
    await w.deliver(id)
    const job = await w.read(id)
    expect(job).toMatchObject({ state: 'completed', nextAction: { kind: 'settle_delivery' } })
    expect(job.deliveries).toMatchObject([{ state: 'failed', code: 'http_422', answer: 'HTTP 422' }])
    expect(job.allowedCommands).toEqual(expect.arrayContaining(['redeliver', 'withdraw']))
    expect(w.server.received).toHaveLength(1)
    expect((await w.commands(id)).at(-1)).toBe('undelivered')
  })

  test('that redirects is not followed', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    w.server.answers.push((response) => response.writeHead(307, { location: `${w.server.url}/elsewhere` }).end())
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'failed', code: 'redirect' }])
    expect(w.server.received).toHaveLength(1)
  })

  test('that hangs, or breaks off, or answers too late, is tried again under the same id', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    const late = Promise.withResolvers<void>()
    w.server.answers.push(
      () => {},
      (response) => response.destroy(),
      (response) => void late.promise.then(() => response.end('too late')),
    )
    for (const code of ['timeout', 'ECONNRESET', 'timeout']) {
      await (code === 'timeout' ? deliverInHaste(w, id) : w.deliver(id))
      expect((await w.read(id)).deliveries).toMatchObject([{ state: 'sending', code }])
      w.engine.pass(HOUR)
    }
    late.resolve()
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'delivered', tries: 4 }])
    expect(new Set(w.server.received.map((arrived) => arrived.id)).size).toBe(1)
  })

  test('at a private address gets nothing unless the operator allows it', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    await w.deliver(id, { allowed: parseAllowList('') })
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'failed', code: 'private_address' }])
    expect(w.server.received).toEqual([])
  })

  test('that fails for a day is given to a person, who sends the same again or withdraws it', async () => {
    await using w = await deliveryWorld()
    const id = await acceptedJob(w)
    w.server.say(...Array.from({ length: 40 }, () => 500))
    await deliverAll(w, id)
    const failed = await w.read(id)
    const [delivery] = failed.deliveries
    expect(failed.nextAction.kind).toBe('settle_delivery')
    expect(delivery).toMatchObject({ state: 'failed', code: 'http_500' })
    const { begunAt } = await w.delivery(id)
    const lastTry = Date.parse(delivery?.log.at(-1)?.at ?? '')
    expect(lastTry - (begunAt?.getTime() ?? 0)).toBeLessThanOrEqual(GIVE_UP_AFTER_MS)
    const tried = w.server.received.length

    await expect(w.give(w.support, id, { command: 'redeliver' }), 'a reason is demanded').rejects.toBeInstanceOf(
      InvalidInput,
    )
    await expect(w.give(w.reviewer, id, { command: 'redeliver', note: 'x' })).rejects.toBeInstanceOf(Forbidden)
    w.engine.pass(1_000)
    await w.give(w.support, id, { command: 'redeliver', note: 'Their server is up again.' })
    expect((await w.read(id)).nextAction.kind).toBe('wait_deliver')
    await w.deliver(id)
    const [again] = (await w.read(id)).deliveries
    expect(again).toMatchObject({ state: 'sending', tries: tried + 1 })
    // Begun anew: its first wait is the short one.
    expect(Date.parse(again?.nextTryAt ?? '') - w.engine.context.now().getTime()).toBe(5_000)
    expect(new Set(w.server.received.map(({ id: message, body }) => `${message} ${body}`)).size).toBe(1)

    await deliverAll(w, id)
    await w.give(w.support, id, { command: 'withdraw', note: 'They were told by telephone.' })
    const settled = await w.read(id)
    expect(settled).toMatchObject({ nextAction: { kind: 'none' }, deliveries: [{ state: 'withdrawn' }] })
    const sent = w.server.received.length
    w.engine.pass(HOUR)
    await w.deliver(id)
    expect(w.server.received).toHaveLength(sent)
    expect((await w.commands(id)).slice(4)).toEqual([
      'dispatch',
      'undelivered',
      'redeliver',
      'dispatch',
      'undelivered',
      'withdraw',
    ])
  })
})

describe('by e-mail', () => {
  const delivery = () =>
    ({
      kind: 'email',
      to: { value: 'dana@example.org' },
      subject: { value: 'Rent' },
      text: { result: '/summary' },
    }) as const

  test('the approved letter arrives at the mail server, byte for byte', async () => {
    await using mail = await mailServer()
    await using w = await deliveryWorld({ delivery, smtpUrl: mail.url })
    const id = await acceptedJob(w)
    await w.deliver(id)
    const [sent] = (await w.read(id)).deliveries
    expect(sent).toMatchObject({ state: 'delivered', sentence: 'The mail server has it.' })
    const stored = Buffer.from((await readBlob(w.db, sent?.bytesHash ?? '')) ?? [])
    expect(mail.received).toMatchObject([{ to: ['dana@example.org'], bytes: stored }])
  })

  test('a letter that may have arrived is never sent again by itself; a person says that it did', async () => {
    let letters = 0
    await using mail = await mailServer((drop) => ({
      onData(stream) {
        stream.resume()
        stream.on('end', () => {
          letters += 1
          drop()
        })
      },
    }))
    await using w = await deliveryWorld({ delivery, smtpUrl: mail.url })
    const id = await acceptedJob(w)
    await w.deliver(id)
    w.engine.pass(HOUR)
    await w.deliver(id)
    const job = await w.read(id)
    expect(job).toMatchObject({ nextAction: { kind: 'settle_delivery' }, deliveries: [{ state: 'unknown', tries: 1 }] })
    expect(letters).toBe(1)
    await expect(w.give(w.support, id, { command: 'confirm' })).rejects.toBeInstanceOf(InvalidInput)
    await w.give(w.support, id, { command: 'confirm', params: { reference: 'log line 4711' } })
    expect(await w.read(id)).toMatchObject({
      nextAction: { kind: 'none' },
      deliveries: [{ state: 'delivered', reference: 'log line 4711', sentence: 'Somebody confirmed that it arrived.' }],
    })
  })

  test('a mail server that refuses for now is asked again, and one that refuses for good is not', async () => {
    const answers = [reply(450), reply(550)]
    await using mail = await mailServer(() => ({ onRcptTo: (_to, _session, done) => done(answers.shift()) }))
    await using w = await deliveryWorld({ delivery, smtpUrl: mail.url })
    const id = await acceptedJob(w)
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'sending', code: 'smtp_450' }])
    w.engine.pass(HOUR)
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'failed', code: 'smtp_550', tries: 2 }])
  })
})

describe('into a file, and by hand', () => {
  const delivery = () => ({ kind: 'file', folder: 'approved', content: '/summary' }) as const

  test('the file stands there whole, and counts as delivered where a worker that died had written it', async () => {
    await using w = await deliveryWorld({ delivery })
    const id = await acceptedJob(w)
    await w.deliver(id)
    const [written] = (await w.read(id)).deliveries
    expect(written).toMatchObject({ state: 'delivered', sentence: 'The file is written.' })
    expect(fs.readFileSync(written?.destination ?? '', 'utf8')).toBe('The rent is due early in the month.')

    const next = await acceptedJob(w)
    const { destination, bytesSha256 } = await w.delivery(next)
    fs.writeFileSync(destination, (await readBlob(w.db, bytesSha256)) ?? '')
    await w.deliver(next)
    expect((await w.read(next)).deliveries).toMatchObject([{ state: 'delivered', tries: 1 }])
  })

  test('a file of somebody else under that name is left alone', async () => {
    await using w = await deliveryWorld({ delivery })
    const id = await acceptedJob(w)
    const { destination } = await w.delivery(id)
    fs.mkdirSync(path.dirname(destination), { recursive: true })
    fs.writeFileSync(destination, 'theirs')
    await w.deliver(id)
    expect((await w.read(id)).deliveries).toMatchObject([{ state: 'failed', code: 'other_file' }])
    expect(fs.readFileSync(destination, 'utf8')).toBe('theirs')
  })

  test('nothing is sent by itself, and a reviewer confirms with a reference', async () => {
    await using w = await deliveryWorld({ delivery: () => ({ kind: 'by_hand', instructions: 'Read it out.\nTwice.' }) })
    const id = await acceptedJob(w)
    await w.deliver(id)
    expect(await w.read(id)).toMatchObject({
      nextAction: { kind: 'hand_over' },
      deliveries: [{ kind: 'by_hand', state: 'pending', destination: 'Read it out.' }],
    })
    await w.give(w.reviewer, id, { command: 'confirm', params: { reference: 'by telephone, 10:40' } })
    expect(await w.read(id)).toMatchObject({
      nextAction: { kind: 'none' },
      deliveries: [{ state: 'delivered', reference: 'by telephone, 10:40' }],
    })
  })
})

import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseEnv } from '@/lib/env.server'
import { mailServer, reply } from '@/lib/testing/mail-server'
import { ALLOW_NOTHING, parseAllowList } from '@/lib/tools/addresses'
import { LONGEST_ANSWER } from '@/lib/tools/post.server'
import { signedHeaders } from '@/lib/tools/signing.server'
import type { DeliveryDefinition } from '@/lib/workflows/definition'
import { planDelivery } from './plan'
import {
  deliveryFolder,
  GIVE_UP_AFTER_MS,
  longestTryMs,
  nextTryDelayMs,
  type Outgoing,
  type SendEnvironment,
  sendDelivery,
} from './send.server'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const OWN = 'whsec_b3du'
const BODY = new TextEncoder().encode('{"amount":1850.5}')
const NOW = new Date('2026-03-02T10:00:00Z')

function around(over: Partial<SendEnvironment> = {}, variables: Record<string, string> = {}): SendEnvironment {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'holdpoint-send-'))
  return {
    env: parseEnv({ HOLDPOINT_DATA_DIR: folder, ...variables }),
    readEnv: (name) => ({ HOOK_SECRET: SECRET, HOOK_TOKEN: 'Bearer abc', BROKEN: 'a\nb' })[name],
    allowed: parseAllowList('127.0.0.1'),
    now: () => NOW,
    ownSecret: async () => OWN,
    ...over,
  }
}

type Http = Extract<DeliveryDefinition, { kind: 'http' }>

function request(destination: string, over: Partial<Http> = {}): Outgoing {
  const definition: Http = { kind: 'http', url: destination, ...over }
  return { messageId: 'msg_1', kind: 'http', destination, bytes: BODY, definition, tries: 0 }
}

async function receiver(answer: RequestListener) {
  const received: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    received.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString() })
    answer(incoming, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('by HTTP', () => {
  test('the stored bytes arrive signed, and the answer is kept', async () => {
    await using server = await receiver((_request, response) => response.writeHead(201).end('thank you'))
    const end = await sendDelivery(request(server.url, { signingSecretEnv: 'HOOK_SECRET' }), around())
    expect(end).toEqual({ kind: 'delivered', httpStatus: 201, answer: Buffer.from('thank you'), code: null })
    expect(server.received).toEqual([
      {
        headers: expect.objectContaining({
          'content-type': 'application/json',
          ...signedHeaders(SECRET, 'msg_1', BODY, NOW),
        }),
        body: '{"amount":1850.5}',
      },
    ])
  })

  test('each try has the same id and bytes, and its own time', async () => {
    await using server = await receiver((_request, response) => response.writeHead(500).end())
    await sendDelivery(request(server.url), around())
    const later = new Date(NOW.getTime() + 60_000)
    await sendDelivery(request(server.url), around({ now: () => later }))
    expect(server.received.map(({ headers, body }) => ({ ...headers, body }))).toEqual([
      expect.objectContaining({ ...signedHeaders(OWN, 'msg_1', BODY, NOW), body: '{"amount":1850.5}' }),
      expect.objectContaining({ ...signedHeaders(OWN, 'msg_1', BODY, later), body: '{"amount":1850.5}' }),
    ])
  })

  test('a secret header goes along, and cannot replace the signature', async () => {
    await using server = await receiver((_request, response) => response.end())
    const secretHeader = { name: 'Authorization', env: 'HOOK_TOKEN' }
    await sendDelivery(request(server.url, { secretHeader }), around())
    await sendDelivery(request(server.url, { secretHeader: { name: 'Webhook-Id', env: 'HOOK_TOKEN' } }), around())
    expect(server.received[0]?.headers.authorization).toBe('Bearer abc')
    expect(server.received[1]?.headers['webhook-id']).toBe('msg_1')
  })

  test.each<[string, Partial<Http>, string]>([
    ['the secret that signs', { signingSecretEnv: 'ABSENT' }, 'secret_missing'],
    ['the secret of a header', { secretHeader: { name: 'Authorization', env: 'ABSENT' } }, 'secret_missing'],
    ['a secret of Holdpoint itself', { signingSecretEnv: 'HOLDPOINT_SECRET' }, 'secret_missing'],
    ['a secret that no header can hold', { secretHeader: { name: 'Authorization', env: 'BROKEN' } }, 'secret_unusable'],
  ])('where it would need %s, nothing is sent', async (_what, over, code) => {
    await using server = await receiver((_request, response) => response.end())
    const readEnv = (name: string) => ({ HOLDPOINT_SECRET: SECRET, BROKEN: 'a\nb' })[name]
    expect(await sendDelivery(request(server.url, over), around({ readEnv }))).toMatchObject({ kind: 'refused', code })
    expect(server.received).toEqual([])
  })

  test.each([
    [200, 'delivered', null],
    [204, 'delivered', null],
    [299, 'delivered', null],
    [301, 'refused', 'redirect'],
    [304, 'refused', 'redirect'],
    [400, 'refused', 'http_400'],
    [401, 'refused', 'http_401'],
    [404, 'refused', 'http_404'],
    [410, 'refused', 'http_410'],
    [422, 'refused', 'http_422'],
    [408, 'again', 'http_408'],
    [409, 'again', 'http_409'],
    [425, 'again', 'http_425'],
    [429, 'again', 'http_429'],
    [500, 'again', 'http_500'],
    [503, 'again', 'http_503'],
    [599, 'again', 'http_599'],
  ])('an answer with %i is %s', async (status, kind, code) => {
    await using server = await receiver((_request, response) => response.writeHead(status).end())
    expect(await sendDelivery(request(server.url), around())).toMatchObject({ kind, code, httpStatus: status })
  })

  test('a redirect is not followed', async () => {
    await using elsewhere = await receiver((_request, response) => response.end())
    await using server = await receiver((_request, response) =>
      response.writeHead(307, { location: elsewhere.url }).end(),
    )
    expect(await sendDelivery(request(server.url), around())).toMatchObject({ kind: 'refused', code: 'redirect' })
    expect(elsewhere.received).toEqual([])
  })

  test('a receiver that asks for time gets it', async () => {
    await using server = await receiver((_request, response) => response.writeHead(429, { 'retry-after': '90' }).end())
    expect(await sendDelivery(request(server.url), around())).toMatchObject({ kind: 'again', retryAfterMs: 90_000 })
  })

  test('a receiver that never answers is left after its time', async () => {
    await using server = await receiver(() => {})
    const end = await sendDelivery(request(server.url, { timeoutSeconds: 0.3 }), around())
    expect(end).toMatchObject({ kind: 'again', code: 'timeout', httpStatus: null })
  })

  test('a receiver that answers late, but in time, has got it', async () => {
    await using server = await receiver((_request, response) => void setTimeout(() => response.end('at last'), 300))
    const end = await sendDelivery(request(server.url, { timeoutSeconds: 10 }), around())
    expect(end).toMatchObject({ kind: 'delivered', httpStatus: 200 })
  })

  test('of an answer of 3 MB the first is kept', async () => {
    await using server = await receiver((_request, response) => response.end('x'.repeat(3_000_000)))
    const end = await sendDelivery(request(server.url), around())
    expect(end).toMatchObject({ kind: 'delivered', code: 'answer_cut' })
    expect(end.kind === 'delivered' && end.answer?.byteLength).toBe(LONGEST_ANSWER)
  })

  test('an answer that breaks off is none, and the same id can be sent again', async () => {
    await using server = await receiver((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.destroy())
    })
    expect(await sendDelivery(request(server.url), around())).toMatchObject({ kind: 'again', httpStatus: null })
  })

  test('nothing leaves for a private address that the operator does not allow', async () => {
    await using server = await receiver((_request, response) => response.end())
    const end = await sendDelivery(request(server.url), around({ allowed: ALLOW_NOTHING }))
    expect(end).toMatchObject({ kind: 'refused', code: 'private_address' })
    expect(server.received).toEqual([])
  })

  test('where nobody listens it is tried again', async () => {
    let url = ''
    {
      await using server = await receiver(() => {})
      url = server.url
    }
    expect(await sendDelivery(request(url), around())).toMatchObject({ kind: 'again', code: 'ECONNREFUSED' })
  })
})

describe('by e-mail', () => {
  const definition: DeliveryDefinition = {
    kind: 'email',
    to: { value: 'dana@example.com' },
    subject: { value: 'Your deposit' },
    text: { value: 'Dear Dana,\n.\nit is on its way. Größe: 你好' },
  }

  function letter(messageId = 'msg_2'): Outgoing {
    const { plan } = planDelivery(definition, {
      job: { id: '0199aaaa-0000-7000-8000-000000000001', number: 1042, title: 'Deposit', reference: null },
      workflow: { key: 'reply', version: 1, name: 'Reply' },
      input: {},
      result: { hash: 'ab'.repeat(32), text: '{}', json: {} },
      at: NOW,
      mailFrom: 'desk@example.com',
      folder: '/',
      sent: [],
    })
    if (plan === null) throw new Error('There is no plan.')
    return { messageId, kind: 'email', destination: plan.destination, bytes: plan.bytes, definition, tries: 0 }
  }

  test('the stored bytes arrive at the one address, from the one that is set', async () => {
    await using server = await mailServer()
    const set = around({}, { HOLDPOINT_SMTP_URL: server.url, HOLDPOINT_MAIL_FROM: 'The desk <desk@example.com>' })
    expect(await sendDelivery(letter(), set)).toEqual({ kind: 'delivered', httpStatus: null, answer: null, code: null })
    expect(server.received).toEqual([
      { from: 'desk@example.com', to: ['dana@example.com'], bytes: Buffer.from(letter().bytes) },
    ])
  })

  test('a letter whose answer is lost is unknown, and one that is put off is tried again', async () => {
    await using silent = await mailServer(() => ({ onData: (stream) => void stream.resume() }))
    const set = around({ mailLimits: { silenceMs: 300, longestMs: 10_000 } }, { HOLDPOINT_SMTP_URL: silent.url })
    expect(await sendDelivery(letter(), set)).toEqual({ kind: 'unknown', code: 'ETIMEDOUT' })
    await using grey = await mailServer(() => ({ onRcptTo: (_to, _session, done) => done(reply(451)) }))
    expect(await sendDelivery(letter(), around({}, { HOLDPOINT_SMTP_URL: grey.url }))).toMatchObject({
      kind: 'again',
      code: 'smtp_451',
    })
  })

  test('where no mail server is set up it is kept in a folder, once, and says so', async () => {
    const set = around()
    const kept = { kind: 'delivered', httpStatus: null, answer: null, code: 'kept_in_folder' }
    expect(await sendDelivery(letter(), set)).toEqual(kept)
    expect(await sendDelivery(letter(), set)).toEqual(kept)
    const folder = path.join(set.env.HOLDPOINT_DATA_DIR, 'mail')
    expect(readdirSync(folder)).toEqual(['msg_2.eml'])
    expect(readFileSync(path.join(folder, 'msg_2.eml'))).toEqual(Buffer.from(letter().bytes))
    expect(await sendDelivery(letter('../msg_3'), set)).toMatchObject({ kind: 'refused', code: 'bad_message_id' })
  })

  test('nothing is sent to what is not one plain address', async () => {
    await using server = await mailServer()
    const set = around({}, { HOLDPOINT_SMTP_URL: server.url })
    for (const to of ['dana@example.com> SIZE=1\r\nRCPT TO:<eve@example.com', 'dana@example.com NOTIFY=NEVER']) {
      const end = await sendDelivery({ ...letter(), destination: to }, set)
      expect(end).toMatchObject({ kind: 'refused', code: 'bad_address' })
    }
    expect(server.received).toEqual([])
  })
})

test('a file is written below the folder of the operator, or below the data folder', async () => {
  const definition: DeliveryDefinition = { kind: 'file', folder: 'approved' }
  const own = mkdtempSync(path.join(os.tmpdir(), 'holdpoint-files-'))
  for (const set of [around(), around({}, { HOLDPOINT_DELIVERY_DIR: own })]) {
    const destination = path.join(deliveryFolder(set.env), 'approved', '1042-ab12.json')
    const file: Outgoing = { messageId: 'msg_3', kind: 'file', destination, bytes: BODY, definition, tries: 0 }
    expect(await sendDelivery(file, set)).toMatchObject({ kind: 'delivered' })
    expect(readFileSync(destination)).toEqual(Buffer.from(BODY))
  }
  expect(readdirSync(own)).toEqual(['approved'])
})

test('nobody but a person hands over by hand', async () => {
  const definition: DeliveryDefinition = { kind: 'by_hand', instructions: 'Call them.' }
  const outgoing: Outgoing = { ...request('Call them.'), kind: 'by_hand', definition }
  expect(await sendDelivery(outgoing, around())).toMatchObject({ kind: 'refused', code: 'by_hand' })
})

test('tries come later and later, spread, and never before the receiver asked for them', () => {
  const middle = [1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map((tries) => nextTryDelayMs(tries, null, 0.5) / 1_000)
  expect(middle).toEqual([5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 21_600, 21_600])
  expect([nextTryDelayMs(2, null, 0), nextTryDelayMs(2, null, 1)]).toEqual([22_500, 37_500])
  expect(nextTryDelayMs(1, 90_000, 0)).toBe(90_000)
  expect(nextTryDelayMs(3, 1_000, 0)).toBe(90_000)
  expect(nextTryDelayMs(1, 365 * GIVE_UP_AFTER_MS, 0)).toBe(GIVE_UP_AFTER_MS)
})

test('a try lasts as long as its definition lets it, and a little for what goes with it', () => {
  expect(longestTryMs({ kind: 'http', url: 'https://example.com', timeoutSeconds: 120 })).toBe(135_000)
  expect(longestTryMs({ kind: 'http', url: 'https://example.com' })).toBe(45_000)
})

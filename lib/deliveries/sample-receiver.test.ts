import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseEnv } from '@/lib/env.server'
import { parseAllowList } from '@/lib/tools/addresses'
import { signedHeaders } from '@/lib/tools/signing.server'
import { type Outgoing, type SendEnd, sendDelivery } from './send.server'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

/** The receiver as a process of its own, with the file that it keeps. */
async function receiver(file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-receiver-')), 'got.jsonl')) {
  const env = { ...process.env, PORT: '0', RECEIVER_SIGNING_SECRET: SECRET, RECEIVER_FILE: file }
  const server = spawn(process.execPath, ['docs/sample-receiver.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await listening(server)
  return {
    url,
    file,
    taken: () =>
      fs
        .readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { id: string; body: string }),
    async [Symbol.asyncDispose]() {
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
    },
  }
}

function listening(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.stdout?.on('data', (chunk) => {
      const [url] = /http:\S+/.exec(String(chunk)) ?? []
      if (url !== undefined) resolve(url)
    })
  })
}

type Sending = { messageId: string; body?: string; corrects?: string; secret?: string; at?: Date }

function send(
  url: string,
  { messageId, body = '{"amount":1}', corrects, secret = SECRET, at = new Date() }: Sending,
): Promise<SendEnd> {
  const outgoing: Outgoing = {
    messageId,
    kind: 'http',
    destination: url,
    bytes: new TextEncoder().encode(body),
    definition: { kind: 'http', url, signingSecretEnv: 'RECEIVER_SECRET' },
    corrects,
    tries: 0,
  }
  return sendDelivery(outgoing, {
    env: parseEnv({}),
    readEnv: () => secret,
    allowed: parseAllowList('127.0.0.1'),
    now: () => at,
    ownSecret: async () => secret,
  })
}

test('the sample receiver listens where the workflow that proposes actions delivers to', () => {
  const { url } = parse(fs.readFileSync('lib/workflows/builtin/action.yaml', 'utf8')).delivery
  const [, port] = /PORT \?\? (\d+)/.exec(fs.readFileSync('docs/sample-receiver.mjs', 'utf8')) ?? []
  expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/`))
})

test('the sample receiver takes each delivery once, however often and however much at once it comes', async () => {
  await using sample = await receiver()
  const ends = await Promise.all(Array.from({ length: 10 }, () => send(sample.url, { messageId: 'msg_1' })))
  expect(ends.map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'delivered'))
  expect(await send(sample.url, { messageId: 'msg_2', body: '{"text":"Größe\\u2028"}' })).toMatchObject({
    kind: 'delivered',
  })
  expect(sample.taken()).toEqual([
    expect.objectContaining({ id: 'msg_1', body: '{"amount":1}' }),
    expect.objectContaining({ id: 'msg_2', body: '{"text":"Größe\\u2028"}' }),
  ])
})

test('the sample receiver still knows what it took after it was killed', async () => {
  let file = ''
  {
    await using sample = await receiver()
    file = sample.file
    await send(sample.url, { messageId: 'msg_1' })
  }
  // As if it had been killed while it wrote the next one.
  fs.appendFileSync(file, '{"id":"msg_2","bo')
  await using sample = await receiver(file)
  await send(sample.url, { messageId: 'msg_1' })
  await send(sample.url, { messageId: 'msg_2' })
  expect(sample.taken().map(({ id }) => id)).toEqual(['msg_1', 'msg_2'])
})

test('the sample receiver refuses what another secret signed, and what was signed long ago or ahead', async () => {
  await using sample = await receiver()
  const refused = { kind: 'refused', code: 'http_401' }
  expect(await send(sample.url, { messageId: 'msg_3', secret: 'whsec_AAAA' })).toMatchObject(refused)
  for (const minutes of [-6, 6]) {
    const at = new Date(Date.now() + minutes * 60_000)
    expect(await send(sample.url, { messageId: 'msg_4', at })).toMatchObject(refused)
  }
  expect(sample.taken()).toEqual([])
})

test('the sample receiver writes down which delivery a correction corrects: from the body, else from the header', async () => {
  await using sample = await receiver()
  await send(sample.url, { messageId: 'msg_1' })
  await send(sample.url, { messageId: 'msg_2', body: '{"corrects":{"webhookId":"msg_1"}}' })
  await send(sample.url, { messageId: 'msg_3', corrects: 'msg_2' })
  expect(sample.taken()).toEqual([
    expect.not.objectContaining({ corrects: expect.anything() }),
    expect.objectContaining({ id: 'msg_2', corrects: 'msg_1' }),
    expect.objectContaining({ id: 'msg_3', corrects: 'msg_2' }),
  ])
})

test('the sample receiver refuses what was altered on its way: the body, the id or the time', async () => {
  await using sample = await receiver()
  const body = new TextEncoder().encode('{"amount":1}')
  const headers = signedHeaders(SECRET, 'msg_5', body, new Date())
  const altered: [Record<string, string>, string][] = [
    [headers, '{"amount":9}'],
    [{ ...headers, 'webhook-id': 'msg_6' }, '{"amount":1}'],
    [{ ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) }, '{"amount":1}'],
    [{ ...headers, 'webhook-signature': '' }, '{"amount":1}'],
    [{}, '{"amount":1}'],
  ]
  for (const [given, sent] of altered) {
    expect((await fetch(sample.url, { method: 'POST', headers: given, body: sent })).status).toBe(401)
  }
  // A receiver in the middle of a change of secrets is sent both signatures.
  const both = { ...headers, 'webhook-signature': `v1,AAAA v1a,BBBB ${headers['webhook-signature']}` }
  expect((await fetch(sample.url, { method: 'POST', headers: both, body })).status).toBe(200)
  expect(sample.taken()).toHaveLength(1)
})

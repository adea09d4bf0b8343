import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { WEBHOOK_SECRET } from '@/lib/testing/webhooks'
import { WEBHOOK_PATH } from './address'
import { sendProbe } from './probe.server'
import { receiveWebhook } from './receive.server'
import { parseSecrets } from './signature'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

const [key = new Uint8Array()] = parseSecrets(WEBHOOK_SECRET).keys
const probe = (origin: string) =>
  sendProbe(database.db, { url: `${origin}${WEBHOOK_PATH}`, key, sentBy: 'dana', now: () => new Date() })

/** Something that listens on this machine, until the end of the test. */
async function listening(answer: RequestListener) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The door of an installation with this secret, over real HTTP. */
const door = (secret: string, db = database.db, clock = () => new Date()): RequestListener => {
  return async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const headers = new Headers(request.headers as Record<string, string>)
    const asked = new Request(`http://x${request.url}`, { method: 'POST', headers, body: Buffer.concat(chunks) })
    const answer = await receiveWebhook({ db, secrets: parseSecrets(secret), now: clock }, asked)
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  }
}

test('a test that comes all the way round is seen to arrive', async () => {
  await using here = await listening(door(WEBHOOK_SECRET))
  expect(await probe(here.origin)).toMatchObject({ httpStatus: 200, error: null, receivedAt: expect.any(String) })
  expect(await database.db.webhookReceipt.findFirstOrThrow()).toMatchObject({
    type: 'holdpoint.test',
    state: 'recorded',
  })
})

test('one whose signature does not fit there says so', async () => {
  await using other = await listening(door(`whsec_${Buffer.alloc(32, 1).toString('base64')}`))
  expect(await probe(other.origin)).toMatchObject({ httpStatus: 400, error: 'bad_signature', receivedAt: null })
})

test('one that comes where no secret is set, or where the clock is wrong, says so', async () => {
  await using bare = await listening(door(''))
  expect(await probe(bare.origin)).toMatchObject({ httpStatus: 503, error: 'no_secret' })
  await using late = await listening(door(WEBHOOK_SECRET, database.db, () => new Date(Date.now() + 900_000)))
  expect(await probe(late.origin)).toMatchObject({ httpStatus: 400, error: 'wrong_time' })
})

test('one that another installation took says so', async () => {
  await using elsewhere = await testDatabase()
  await using other = await listening(door(WEBHOOK_SECRET, elsewhere.db))
  expect(await probe(other.origin)).toMatchObject({ httpStatus: 200, error: 'elsewhere', receivedAt: null })
})

test.each([
  ['a page', 200, '<!doctype html><title>Sign in</title>'],
  ['a refusal of a proxy', 403, '{"message":"no"}'],
  ['an endless page', 200, 'x'.repeat(1_000_000)],
  ['nothing', 204, undefined],
])('one that %s answers is not taken for ours', async (_what, status, body) => {
  await using other = await listening((_request, response) => response.writeHead(status).end(body))
  expect(await probe(other.origin)).toMatchObject({ httpStatus: status, error: 'not_ours', receivedAt: null })
})

test('a redirect is not followed', async () => {
  let followed = 0
  await using there = await listening((_request, response) => {
    followed += 1
    response.writeHead(200).end()
  })
  await using here = await listening((_request, response) => response.writeHead(307, { location: there.origin }).end())
  expect(await probe(here.origin)).toMatchObject({ httpStatus: 307, error: 'redirected' })
  expect(followed).toBe(0)
})

test('what cannot be reached says where it stopped', async () => {
  const { origin, ...closed } = await listening(() => {})
  await closed[Symbol.asyncDispose]()
  expect(await probe(origin)).toMatchObject({ httpStatus: null, error: 'not_listening' })
  expect(await probe('http://nobody.invalid')).toMatchObject({ httpStatus: null, error: 'no_address' })
  await using cut = await listening((request) => request.socket.destroy())
  expect(await probe(cut.origin)).toMatchObject({ httpStatus: null, error: 'no_connection' })
})

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { ALLOW_NOTHING, parseAllowList } from './addresses'
import { LONGEST_ANSWER, type Posting, post } from './post.server'

async function receiver(answer: RequestListener) {
  const received: { url: string; host: string | undefined; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      received.push({ url: request.url ?? '', host: request.headers.host, body })
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  return {
    port,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const here = parseAllowList('127.0.0.1, tools.internal')
const to = (url: string, over: Partial<Posting> = {}): Promise<Awaited<ReturnType<typeof post>>> =>
  post({ url, headers: { 'x-a': '1' }, body: new TextEncoder().encode('{}'), timeoutMs: 5_000, allowed: here, ...over })
const resolvingTo =
  (...addresses: string[]): NonNullable<Posting['resolve']> =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

test('a call reaches an allowed address once, under the name that it was sent to', async () => {
  await using server = await receiver((_request, response) => response.end('{"ok":true}'))
  const posted = await to(`http://tools.internal:${server.port}/x?y=1`, { resolve: resolvingTo('127.0.0.1') })
  expect(posted).toMatchObject({ kind: 'answered', status: 200, cut: false })
  expect(posted.kind === 'answered' && new TextDecoder().decode(posted.body)).toBe('{"ok":true}')
  expect(server.received).toEqual([{ url: '/x?y=1', host: `tools.internal:${server.port}`, body: '{}' }])
})

test.each([
  'http://127.0.0.1',
  'http://2130706433',
  'http://0x7f000001',
  'http://0177.0.0.1',
  'http://127.1',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:7f00:1]',
  'http://0.0.0.0',
  'http://0',
  'http://localhost',
  'http://LOCALHOST',
  'http://[::1]',
  'http://169.254.169.254',
])('nothing leaves for %s where nothing private is allowed', async (origin) => {
  await using server = await receiver((_request, response) => response.end())
  const posted = await to(`${origin}:${server.port}/`, { allowed: ALLOW_NOTHING })
  expect(posted).toEqual({ kind: 'refused', code: 'private_address' })
  expect(server.received).toEqual([])
})

test('one private address among those of a name is enough to refuse it', async () => {
  await using server = await receiver((_request, response) => response.end())
  const resolve = resolvingTo('8.8.8.8', '10.0.0.1')
  const posted = await to(`http://tools.example:${server.port}/`, { resolve })
  expect(posted).toEqual({ kind: 'refused', code: 'private_address' })
})

test('a name that leads elsewhere when it is looked up again changes nothing: it is looked up once', async () => {
  await using server = await receiver((_request, response) => response.end('here'))
  let lookUps = 0
  const posted = await to(`http://tools.internal:${server.port}/`, {
    // Should it be asked again, it leads where nobody listens.
    resolve: async () => [{ address: lookUps++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }],
  })
  expect(posted).toMatchObject({ kind: 'answered', status: 200 })
  expect(lookUps).toBe(1)
})

test('a redirect is told, and not followed', async () => {
  await using elsewhere = await receiver((_request, response) => response.end('secret'))
  await using server = await receiver((_request, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${elsewhere.port}/` }).end(),
  )
  expect(await to(`http://127.0.0.1:${server.port}/`)).toMatchObject({ kind: 'answered', status: 307 })
  expect(elsewhere.received).toEqual([])
})

test.each(['ftp://127.0.0.1/', 'http://user:word@127.0.0.1/', 'file:///etc/passwd', 'nonsense', ''])(
  'nothing is sent to %s',
  async (url) => {
    expect(await to(url)).toEqual({ kind: 'refused', code: 'bad_address' })
  },
)

test('an answer is read to one mebibyte and no further', async () => {
  await using server = await receiver((_request, response) => {
    response.write(Buffer.alloc(LONGEST_ANSWER, 'a'))
    response.end('bbb')
  })
  const posted = await to(`http://127.0.0.1:${server.port}/`)
  expect(posted).toMatchObject({ kind: 'answered', status: 200, cut: true })
  expect(posted.kind === 'answered' && posted.body.byteLength).toBe(LONGEST_ANSWER)
})

test('an answer that does not come, or not to its end, in time is none', async () => {
  await using silent = await receiver(() => {})
  expect(await to(`http://127.0.0.1:${silent.port}/`, { timeoutMs: 100 })).toEqual({
    kind: 'no_answer',
    code: 'timeout',
  })
  await using halting = await receiver((_request, response) => response.write('a'))
  expect(await to(`http://127.0.0.1:${halting.port}/`, { timeoutMs: 100 })).toEqual({
    kind: 'no_answer',
    code: 'timeout',
  })
  const resolve: Posting['resolve'] = () => new Promise(() => {})
  expect(await to('http://tools.internal/', { timeoutMs: 100, resolve })).toEqual({
    kind: 'no_answer',
    code: 'timeout',
  })
})

test('a connection that breaks, or is refused, is no answer', async () => {
  await using server = await receiver((_request, response) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('abc')
    response.destroy()
  })
  expect(await to(`http://127.0.0.1:${server.port}/`)).toMatchObject({ kind: 'no_answer' })
  expect(await to('http://127.0.0.1:9/')).toEqual({ kind: 'no_answer', code: 'ECONNREFUSED' })
})

test('how long to wait is told where the answer says so', async () => {
  await using server = await receiver((_request, response) => response.writeHead(429, { 'retry-after': '7' }).end())
  expect(await to(`http://127.0.0.1:${server.port}/`)).toMatchObject({ status: 429, retryAfterMs: 7_000 })
})

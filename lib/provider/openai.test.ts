import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeProviderContract, exampleRequest, outputText, seenIn } from './contract'
import { createProvider } from './openai.server'
import { faultSteps } from './scripted-faults'
import { type ScriptedServer, sendError, sendJson, startScriptedServer } from './scripted-server'
import type { Provider } from './types'

describeProviderContract('another server of the API', async (seconds) => {
  const server = await startScriptedServer(seconds)
  const other = { name: 'other', apiKey: 'sk-test-1234', baseUrl: server.baseUrl }
  return {
    provider: createProvider(other),
    impatient: createProvider({ ...other, timeouts: { create: 300, look: 300, cancel: 300 } }),
    prepare: (behaviour) => server.next(faultSteps[behaviour] ?? (() => {})),
    creates: async () => server.received.filter(({ method }) => method === 'POST').length,
    close: server.close,
  }
})

let server: ScriptedServer
let provider: Provider
beforeEach(async () => {
  server = await startScriptedServer()
  provider = createProvider({
    name: 'openai',
    apiKey: 'sk-test-1234',
    baseUrl: server.baseUrl,
    timeouts: { create: 300, look: 300, cancel: 300 },
  })
})
afterEach(() => server.close())

/** A response body as small as a lenient reader must accept. */
const small = (status: string, more = {}) => ({ id: 'resp_1', object: 'response', status, output: [], ...more })

describe('what is sent', () => {
  it('is the request as it was given, with the key', async () => {
    await provider.create(exampleRequest())
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual(exampleRequest())
    expect(server.received[0]).toMatchObject({ method: 'POST', path: '/v1/responses' })
    expect(server.received[0]?.headers.authorization).toBe('Bearer sk-test-1234')
  })

  it('tells a rehearsal to the sandbox, and to nobody else', async () => {
    const rehearsal = { behaviour: 'slow', seconds: 3 } as const
    await provider.create(exampleRequest(), { rehearsal })
    const sandbox = createProvider({ name: 'sandbox', apiKey: 'sandbox', baseUrl: server.baseUrl })
    await sandbox.create(exampleRequest(), { rehearsal })
    await sandbox.create(exampleRequest(), { rehearsal: null })
    const headers = server.received.map((one) => one.headers['x-holdpoint-rehearsal'])
    expect(headers).toEqual([undefined, JSON.stringify(rehearsal), undefined])
  })
})

describe('a create', () => {
  it.each([
    [400, { code: 'context_length_exceeded', param: 'input' }],
    [401, { code: 'invalid_api_key' }],
    [403, { code: 'unsupported_country_region_territory' }],
    [404, { code: 'model_not_found' }],
    [408, { code: null, type: 'timeout' }],
    [409, { code: 'conflict' }],
    [429, { code: 'insufficient_quota', type: 'insufficient_quota' }],
    [500, { code: null, type: 'server_error' }],
    [503, { code: 'slow_down', type: 'service_unavailable_error' }],
  ])('is refused by %i in the shape of the API, and not tried again', async (status, error) => {
    server.next((response) => sendError(response, status, error))
    const outcome = await provider.create(exampleRequest())
    expect(outcome).toMatchObject({ kind: 'refused', httpStatus: status, requestId: 'req_1', error })
    expect(server.received).toHaveLength(1)
  })

  it('reads a number as code, and does without code and param, as other servers write them', async () => {
    server.next((response) => sendJson(response, 400, { error: { message: 'Bad', type: 'BadRequest', code: 400 } }))
    server.next((response) => sendJson(response, 400, { error: { message: 'Bad', type: 'BadRequest' } }))
    expect(await provider.create(exampleRequest())).toMatchObject({ kind: 'refused', error: { code: '400' } })
    expect(await provider.create(exampleRequest())).toMatchObject({
      kind: 'refused',
      error: { code: null, param: null },
    })
  })

  it('does not pass on a code that is none', async () => {
    for (const code of ['two words', 'x'.repeat(101), 'a\u0000b', ['rate_limit_exceeded'], { code: 1 }]) {
      server.next((response) => sendJson(response, 400, { error: { message: 'Bad', type: code, code } }))
      const error = { code: 'unreadable_code', type: 'unreadable_code' }
      expect(await provider.create(exampleRequest())).toMatchObject({ kind: 'refused', error })
    }
  })

  it.each([
    ['retry-after', '2', 2_000],
    ['retry-after', '0.5', 500],
    ['retry-after-ms', '1234', 1_234],
    ['retry-after', 'soon', null],
    ['retry-after', 'Wed, 21 Oct 2015 07:28:00 GMT', 0],
  ])('reads %s: %s', async (name, value, expected) => {
    server.next((response) => sendError(response, 429, { code: 'rate_limit_exceeded' }, { [name]: value }))
    expect(await provider.create(exampleRequest())).toMatchObject({
      kind: 'refused',
      error: { code: 'rate_limit_exceeded', retryAfterMs: expected },
    })
  })

  it('reads retry-after as a date to come', async () => {
    const date = new Date(Date.now() + 90_000).toUTCString()
    server.next((response) => sendError(response, 503, {}, { 'retry-after': date }))
    const outcome = await provider.create(exampleRequest())
    const wait = outcome.kind === 'refused' ? outcome.error.retryAfterMs : null
    expect(wait).toBeGreaterThan(80_000)
    expect(wait).toBeLessThanOrEqual(90_000)
  })

  it.each([
    ['a page of a gateway', 502, 'text/html', '<html>Bad Gateway</html>', 'not_the_api'],
    ["a gateway's own JSON", 504, 'application/json', '{"message":"upstream timeout"}', 'not_the_api'],
    ["a gateway's own error", 504, 'application/json', '{"error":"upstream timeout"}', 'not_the_api'],
    ['an empty error', 500, 'application/json', '', 'not_the_api'],
    ['garbled JSON', 200, 'application/json', '{"id":"resp_1","status":', 'invalid_json'],
    ['a page with status 200', 200, 'text/html', '<html>Sign in</html>', 'invalid_json'],
    ['no id', 200, 'application/json', '{"status":"queued"}', 'not_a_response'],
    ['no status', 200, 'application/json', '{"id":"resp_1"}', 'not_a_response'],
    ['a list', 200, 'application/json', '[]', 'invalid_json'],
  ])('is lost when it is answered with %s', async (_, status, type, body, code) => {
    server.next((response) => response.writeHead(status, { 'content-type': type }).end(body))
    const outcome = await provider.create(exampleRequest())
    expect(outcome).toMatchObject({ kind: 'lost', httpStatus: status, error: { code } })
    expect(server.received).toHaveLength(1)
  })

  it('is lost when the connection breaks after it was sent', async () => {
    server.next((response) => response.socket?.resetAndDestroy())
    const outcome = await provider.create(exampleRequest())
    expect(outcome).toMatchObject({ kind: 'lost', httpStatus: null })
    expect(server.received).toHaveLength(1)
  })

  it('is lost when no answer comes in time', async () => {
    server.next(() => {})
    const outcome = await provider.create(exampleRequest())
    expect(outcome).toMatchObject({ kind: 'lost', httpStatus: null, error: { code: 'timeout' } })
    expect(server.received).toHaveLength(1)
  })

  it('is lost when the headers come and the body does not', async () => {
    server.next((response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":'))
    const outcome = await provider.create(exampleRequest())
    expect(outcome).toMatchObject({ kind: 'lost', httpStatus: 200, requestId: 'req_1', error: { code: 'timeout' } })
  })

  it('is lost when the body is cut off', async () => {
    server.next((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
      response.write(JSON.stringify(small('queued')), () => response.socket?.destroy())
    })
    expect(await provider.create(exampleRequest())).toMatchObject({ kind: 'lost', httpStatus: 200 })
  })

  it('is lost, and is not sent again, when it is redirected', async () => {
    server.next((response) => response.writeHead(307, { location: `${server.baseUrl}/responses` }).end())
    expect(await provider.create(exampleRequest())).toMatchObject({ kind: 'lost', httpStatus: 307 })
    expect(server.received).toHaveLength(1)
  })

  it('goes over a connection of its own, so that one that was hung up loses nothing', async () => {
    await using hangsUp = await startHangingUp()
    const careful = createProvider({ name: 'x', apiKey: 'k', baseUrl: hangsUp.baseUrl })
    for (let nth = 0; nth < 3; nth += 1) {
      // A look leaves a connection open behind it, which a create must not take.
      expect((await careful.retrieve('resp_1')).kind).toBe('seen')
      expect(await careful.create(exampleRequest())).toMatchObject({ kind: 'accepted' })
    }
  })

  it('was not sent when nobody listens', async () => {
    const port = await freePort()
    const nobody = createProvider({ name: 'x', apiKey: 'k', baseUrl: `http://127.0.0.1:${port}/v1` })
    const outcome = await nobody.create(exampleRequest())
    expect(outcome).toMatchObject({ kind: 'not_sent', httpStatus: null, error: { code: 'ECONNREFUSED' } })
  })

  it('was not sent when the host has no address', async () => {
    const nowhere = createProvider({ name: 'x', apiKey: 'k', baseUrl: 'http://nowhere.invalid/v1' })
    const outcome = await nowhere.create(exampleRequest())
    expect(outcome.kind).toBe('not_sent')
    expect(outcome.kind === 'not_sent' && ['ENOTFOUND', 'EAI_AGAIN'].includes(outcome.error.code ?? '')).toBe(true)
  })

  it('was not sent when the other side speaks no TLS', async () => {
    const baseUrl = server.baseUrl.replace('http:', 'https:')
    const outcome = await createProvider({ name: 'x', apiKey: 'k', baseUrl }).create(exampleRequest())
    expect(outcome.kind).toBe('not_sent')
    expect(server.received).toHaveLength(0)
  })

  it('was not sent when the request cannot even be built', async () => {
    const broken = createProvider({ name: 'x', apiKey: 'line\nbreak', baseUrl: server.baseUrl })
    expect(await broken.create(exampleRequest())).toMatchObject({ kind: 'not_sent', httpStatus: null })
    expect(server.received).toHaveLength(0)
  })

  it('keeps the id of a response whose status it does not know', async () => {
    server.next((response) => sendJson(response, 200, small('warming_up')))
    expect(await provider.create(exampleRequest())).toMatchObject({
      kind: 'accepted',
      seen: { responseId: 'resp_1', status: 'queued', body: { status: 'warming_up' } },
    })
  })

  it('shows no part of a key where an error is cut', async () => {
    for (const message of [`${'x'.repeat(1_995)}sk-test-1234`, `${'sk-test-1234'.repeat(10_000)}`]) {
      server.next((response) => response.writeHead(502).end(message))
      server.next((response) => sendError(response, 500, { message }))
      for (const outcome of [await provider.create(exampleRequest()), await provider.create(exampleRequest())]) {
        expect(outcome.kind === 'accepted' ? null : outcome.error.message).not.toContain('sk-')
      }
    }
  })

  it('shows no key and no control characters of an error to people', async () => {
    const message = `Incorrect key sk-test-1234\u0000 \ud800 ${'x'.repeat(5_000)}`
    server.next((response) => sendError(response, 401, { message }))
    const outcome = await provider.create(exampleRequest())
    const shown = outcome.kind === 'refused' ? (outcome.error.message ?? '') : ''
    expect(shown).toContain('Incorrect key [key]\ufffd \ufffd x')
    expect(shown).toHaveLength(2_000)
  })
})

describe('a look', () => {
  it('keeps the bytes of the body exactly as they came', async () => {
    const body = `{ "status":"completed",\n "id":"resp_1", "z":1.0, "a":"\\u0000\\ud800", "n":1e2, "e":"\u00e9\ud83d\ude00" }\n`
    server.next((response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body))
    const seen = seenIn(await provider.retrieve('resp_1'))
    expect(Buffer.from(seen.raw).equals(Buffer.from(body))).toBe(true)
    expect(seen.body).toMatchObject({ a: '\u0000\ud800', n: 100 })
  })

  it('takes a body of 10 MB', async () => {
    const text = '\ud83d\ude00'.repeat(2_700_000)
    const output = [{ type: 'message', content: [{ type: 'output_text', text }] }]
    server.next((response) => sendJson(response, 200, small('completed', { output })))
    const patient = createProvider({ name: 'x', apiKey: 'k', baseUrl: server.baseUrl })
    const seen = seenIn(await patient.retrieve('resp_1'))
    expect(seen.raw.byteLength).toBeGreaterThan(10_000_000)
    expect(outputText(seen)).toBe(text)
  })

  it.each(['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled'])('sees %s', async (status) => {
    server.next((response) => sendJson(response, 200, small(status)))
    expect(await provider.retrieve('resp_1')).toMatchObject({ kind: 'seen', seen: { status } })
  })

  it('fails on a status that it does not know, and says so', async () => {
    server.next((response) => sendJson(response, 200, small('toString')))
    expect(await provider.retrieve('resp_1')).toMatchObject({ kind: 'failed', error: { code: 'unknown_status' } })
  })

  it("fails on another response's body", async () => {
    server.next((response) => sendJson(response, 200, { ...small('completed'), id: 'resp_2' }))
    expect(await provider.retrieve('resp_1')).toMatchObject({ kind: 'failed', error: { code: 'wrong_response' } })
  })

  it('tells a response that is gone from a page that is not there', async () => {
    server.next((response) => sendError(response, 404, {}))
    server.next((response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<html>404</html>'))
    expect(await provider.retrieve('resp_1')).toMatchObject({ kind: 'gone', httpStatus: 404 })
    expect(await provider.retrieve('resp_1')).toMatchObject({ kind: 'failed', error: { code: 'not_the_api' } })
  })

  it.each([401, 429, 500, 503])('fails with %i, and may be tried again', async (status) => {
    server.next((response) => sendError(response, status, { code: 'some_code' }, { 'retry-after': '3' }))
    const error = { code: 'some_code', httpStatus: status, retryAfterMs: 3_000 }
    expect(await provider.retrieve('resp_1')).toMatchObject({ kind: 'failed', error })
    expect(server.received).toHaveLength(1)
  })

  it('fails when the connection breaks, when nothing comes, and when the body is no JSON', async () => {
    server.next((response) => response.socket?.resetAndDestroy())
    server.next(() => {})
    server.next((response) => response.end('{"id":'))
    expect(await provider.retrieve('resp_1')).toMatchObject({ kind: 'failed', httpStatus: null })
    expect(await provider.retrieve('resp_1')).toMatchObject({ kind: 'failed', error: { code: 'timeout' } })
    expect(await provider.retrieve('resp_1')).toMatchObject({ kind: 'failed', error: { code: 'invalid_json' } })
  })

  it('asks for an id as it is, whatever stands in it', async () => {
    server.next((response) => sendError(response, 404, {}))
    await provider.retrieve('resp_1/../../admin?x=1')
    expect(server.received[0]?.path).toBe('/v1/responses/resp_1%2F..%2F..%2Fadmin%3Fx=1')
  })
})

describe('a cancel', () => {
  it('fails as a look does', async () => {
    server.next((response) => sendError(response, 409, { code: 'busy' }))
    expect(await provider.cancel('resp_1')).toMatchObject({ kind: 'failed', httpStatus: 409, error: { code: 'busy' } })
    expect(server.received[0]).toMatchObject({ method: 'POST', path: '/v1/responses/resp_1/cancel' })
  })
})

/** A server that answers the first request of each connection, and hangs up as soon as a POST comes as a later one. */
async function startHangingUp() {
  const answered = JSON.stringify(small('queued'))
  const seenBefore = new WeakSet<object>()
  const hangingUp = createHttpServer((request, response) => {
    if (seenBefore.has(request.socket) && request.method === 'POST') {
      request.socket.destroy()
      return
    }
    seenBefore.add(request.socket)
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(answered))
  })
  await new Promise<void>((resolve) => hangingUp.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(hangingUp.address() as AddressInfo).port}/v1`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        hangingUp.close(() => resolve())
        hangingUp.closeAllConnections()
      }),
  }
}

/** A port on which nobody listens any more. */
async function freePort(): Promise<number> {
  const listener = createServer()
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', () => resolve()))
  const address = listener.address()
  await new Promise((resolve) => listener.close(resolve))
  const port = typeof address === 'object' && address ? address.port : 0
  await new Promise<void>((resolve) => connect(port, '127.0.0.1').once('error', () => resolve()))
  return port
}

/** The sandbox provider: an HTTP server on loopback that speaks the Responses API and calls no model. */
import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeAnswer } from './answer'
import { ApiError, type CreateBody, isFirstAttempt, readCreate, readRehearsal } from './request'
import { describeResponse, planEnd, type StoredResponse, statusAt } from './response'
import { openStore, type ResponseStore } from './store.server'

/** Whole time of a response where nothing else is asked for: long enough to be seen running, short enough to wait. */
const defaultSeconds = 6
const slowSeconds = 60
/** The largest request that is read: fifty large documents of plain text. */
const largestRequest = 64 * 1024 * 1024
/** The behaviour that answers 429 asks for this wait, in seconds. */
const rateLimitSeconds = 2

export type SandboxOptions = {
  /** A free one where absent or 0. */
  port?: number
  /** Folder for its files; made where it is not there. */
  dir: string
  /** Whole time that a response takes where the request does not say. */
  seconds?: number
}

export type Sandbox = {
  port: number
  /** For OPENAI_BASE_URL. */
  baseUrl: string
  /** Drops every connection. What was accepted stays in the folder. */
  close(): Promise<void>
}

/**
 * Starts it.
 * @throws with `code` EADDRINUSE where the port is taken, and where the folder cannot be written.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const store = openStore(options.dir)
  const seconds = options.seconds ?? defaultSeconds
  const server = createServer((request, response) => {
    const requestId = `req_${randomUUID().replaceAll('-', '')}`
    response.setHeader('x-request-id', requestId)
    answer(request, store, seconds)
      .then((reply) => send(response, reply))
      .catch((cause: unknown) => send(response, errorReply(cause)))
  })
  // Longer than any client here keeps an idle connection: the side that closes first must not be this one, or a
  // create that was just being sent would be lost.
  server.keepAliveTimeout = 75_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve())
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((cause) => (cause ? reject(cause) : resolve()))
        server.closeAllConnections()
      }),
  }
}

/** `body: null` breaks the connection instead of answering. */
type Reply = { status: number; body: unknown; headers?: Record<string, string> }

async function answer(request: IncomingMessage, store: ResponseStore, seconds: number): Promise<Reply> {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const host = request.headers.host?.replace(/:\d+$/, '')
  // A page of another site that points its own name at loopback must not get in.
  if (host !== '127.0.0.1' && host !== 'localhost') throw new ApiError(403, 'The sandbox answers on loopback only.')
  if (request.method === 'GET' && pathname === '/sandbox/counters') return { status: 200, body: store.counters() }
  if (!/^Bearer \S+$/.test(request.headers.authorization ?? '')) {
    throw new ApiError(401, 'You did not provide an API key.', { code: 'missing_api_key' })
  }
  if (request.method === 'POST' && pathname === '/v1/responses') return create(request, store, seconds)
  const [, id = '', action] = /^\/v1\/responses\/([^/]+)(?:\/(cancel))?$/.exec(pathname) ?? []
  if (id && request.method === 'GET' && !action) return look(store, id)
  if (id && request.method === 'POST' && action) return cancel(store, id)
  throw new ApiError(404, `Unknown request URL: ${request.method} ${pathname}.`, { code: 'unknown_url' })
}

async function create(request: IncomingMessage, store: ResponseStore, seconds: number): Promise<Reply> {
  const body = readCreate(await readText(request))
  const rehearsal = readRehearsal(request.headers['x-holdpoint-rehearsal'])
  const isFirst = isFirstAttempt(body.metadata)
  const counted = {
    at: new Date().toISOString(),
    attemptId: body.metadata.attempt_id ?? null,
    jobId: body.metadata.job_id ?? null,
  }
  if (isFirst && (rehearsal.behaviour === 'error_500' || rehearsal.behaviour === 'rate_limited')) {
    store.count({ ...counted, responseId: null, outcome: 'refused' })
    return refuse(rehearsal.behaviour)
  }
  const stored: StoredResponse = {
    id: `resp_${randomBytes(16).toString('hex')}`,
    acceptedAt: Date.now(),
    cancelledAt: null,
    seconds:
      rehearsal.behaviour === 'stuck'
        ? null
        : (rehearsal.seconds ?? (rehearsal.behaviour === 'slow' ? slowSeconds : seconds)),
    ends: planEnd(rehearsal.behaviour, isFirst),
    request: keep(body),
  }
  const written = writeAnswer(
    { instructions: body.instructions ?? '', input: body.input, format: body.format },
    rehearsal.behaviour === 'bad_quotes',
  )
  const isLost = isFirst && rehearsal.behaviour === 'lost_answer'
  // Counted first: killed in between, it may count one create too many, never one too few.
  store.count({ ...counted, responseId: stored.id, outcome: isLost ? 'lost' : 'accepted' })
  store.save(stored, written)
  return { status: 200, body: isLost ? null : describeResponse(stored, written, stored.acceptedAt) }
}

function keep({ input: _, format: __, ...kept }: CreateBody): StoredResponse['request'] {
  return kept
}

function refuse(behaviour: 'error_500' | 'rate_limited'): Reply {
  if (behaviour === 'error_500') {
    throw new ApiError(500, 'The server had an error while processing your request. (Asked for in the sandbox.)', {
      type: 'server_error',
    })
  }
  throw new ApiError(429, 'Rate limit reached for requests. (Asked for in the sandbox.)', {
    type: 'requests',
    code: 'rate_limit_exceeded',
    retryAfter: rateLimitSeconds,
  })
}

function look(store: ResponseStore, id: string): Reply {
  const found = store.read(id)
  if (!found) throw notFound(id)
  return { status: 200, body: describeResponse(found.stored, found.answer, Date.now()) }
}

function cancel(store: ResponseStore, id: string): Reply {
  const found = store.read(id)
  if (!found) throw notFound(id)
  const now = Date.now()
  const isFinal = ['ended', 'cancelled'].includes(statusAt(found.stored, now))
  const stored = isFinal ? found.stored : { ...found.stored, cancelledAt: now }
  if (!isFinal) store.update(stored)
  return { status: 200, body: describeResponse(stored, found.answer, now) }
}

function notFound(id: string): ApiError {
  return new ApiError(404, `Response with id '${id.slice(0, 80)}' not found.`)
}

function errorReply(cause: unknown): Reply {
  if (cause instanceof ApiError) return { status: cause.status, body: cause.body, headers: cause.headers }
  // Not swallowed: whoever started the sandbox reads its standard error.
  process.stderr.write(`sandbox: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`)
  return { status: 500, body: new ApiError(500, 'The sandbox failed.', { type: 'server_error' }).body }
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  if (body === null) {
    response.socket?.destroy()
    return
  }
  const bytes = Buffer.from(JSON.stringify(body, null, 2))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.byteLength, ...headers })
  response.end(bytes)
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > largestRequest) throw new ApiError(413, 'The request is too large.', { code: 'request_too_large' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The sandbox provider: an HTTP server on loopback that speaks the Responses API and calls no model. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createResponse } from './create.server'
import { generousLimits, keepLimits, type LimitKeeper, type Limits } from './limits'
import { plans } from './plan'
import { errorReply, type Reply, refusalError, sendReply } from './reply.server'
import { ApiError } from './request'
import { describeResponse, type StoredResponse, statusAt } from './response'
import { openStore, type ResponseStore } from './store.server'
import { openWebhooks, type Webhooks, type WebhookTarget } from './webhooks.server'

/** Whole time of a response where nothing else is asked for: long enough to be seen running, short enough to wait. */
const defaultSeconds = 6

export type SandboxOptions = {
  /** A free one where absent or 0. */
  port?: number
  /** Folder for its files; made where it is not there. */
  dir: string
  /** Whole time that a response takes where the request does not say. */
  seconds?: number
  limits?: Limits
  /** Where news of responses goes. Absent: nowhere. News of what runs while it is closed is lost. */
  webhook?: WebhookTarget
  /** Milliseconds since 1970, where a test moves the clock. */
  now?: () => number
}

export type Sandbox = {
  port: number
  /** For OPENAI_BASE_URL. */
  baseUrl: string
  /** Drops every connection. What was accepted stays in the folder. */
  close(): Promise<void>
}

/** What the answers to requests share. */
export type Desk = {
  store: ResponseStore
  seconds: number
  limits: LimitKeeper
  webhooks: Webhooks
  /** How often each response was looked at that can be looked at wrongly. */
  looks: Map<string, number>
  /** Milliseconds since 1970. */
  now: () => number
}

/**
 * Starts it.
 * @throws with `code` EADDRINUSE where the port is taken, and where the folder cannot be written.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const desk: Desk = {
    store: openStore(options.dir),
    seconds: options.seconds ?? defaultSeconds,
    limits: keepLimits(options.limits ?? generousLimits),
    webhooks: openWebhooks(options.webhook ?? null),
    looks: new Map(),
    now: options.now ?? (() => Date.now()),
  }
  const server = createServer((request, response) => {
    response.setHeader('x-request-id', `req_${randomUUID().replaceAll('-', '')}`)
    answer(request, desk)
      .catch(errorReply)
      .then((reply) => {
        const headers = { ...desk.limits.headers(desk.now()), ...reply.headers }
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        sendReply(response, reply)
      })
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
        desk.webhooks.close()
        server.close((cause) => (cause ? reject(cause) : resolve()))
        server.closeAllConnections()
      }),
  }
}

async function answer(request: IncomingMessage, desk: Desk): Promise<Reply> {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const host = request.headers.host?.replace(/:\d+$/, '')
  // A page of another site that points its own name at loopback must not get in.
  if (host !== '127.0.0.1' && host !== 'localhost') throw new ApiError(403, 'The sandbox answers on loopback only.')
  if (request.method === 'GET' && pathname === '/sandbox/counters') return { status: 200, body: desk.store.counters() }
  if (!/^Bearer \S+$/.test(request.headers.authorization ?? '')) {
    throw new ApiError(401, 'You did not provide an API key.', { code: 'missing_api_key' })
  }
  if (request.method === 'POST' && pathname === '/v1/responses') return createResponse(request, desk)
  const [, id = '', action] = /^\/v1\/responses\/([^/]+)(?:\/(cancel))?$/.exec(pathname) ?? []
  if (id && request.method === 'GET' && !action) return look(desk, id)
  if (id && request.method === 'POST' && action) return cancel(desk, id)
  throw new ApiError(404, `Unknown request URL: ${request.method} ${pathname}.`, { code: 'unknown_url' })
}

function look({ store, looks, now }: Desk, id: string): Reply {
  const { stored, answer } = find(store, id)
  const plan = plans[stored.behaviour]
  const nth = looks.get(id) ?? 0
  const fault = plan.looks?.[nth]
  if (fault) {
    looks.set(id, nth + 1)
    if (fault.how === 'refuse') throw refusalError(fault.refusal)
  }
  const at = plan.everyLook === 'stale' ? 'queued' : statusAt(stored, now())
  return { status: 200, body: describeResponse(stored, answer, at), ...(fault ? { fault } : {}) }
}

function cancel({ store, webhooks, now: clock }: Desk, id: string): Reply {
  const { stored, answer } = find(store, id)
  const now = clock()
  const at = statusAt(stored, now)
  const { onCancel, webhook } = plans[stored.behaviour]
  if (at === 'ended' || at === 'cancelled' || onCancel === 'ignored') {
    return { status: 200, body: describeResponse(stored, answer, at) }
  }
  const ended: StoredResponse =
    onCancel === 'completes'
      ? { ...stored, seconds: (now - stored.acceptedAt) / 1_000 }
      : { ...stored, cancelledAt: now }
  store.update(ended)
  webhooks.schedule(id, onCancel === 'completes' ? 'response.completed' : 'response.cancelled', 0, webhook ?? 'once')
  return { status: 200, body: describeResponse(ended, answer, statusAt(ended, now)) }
}

function find(store: ResponseStore, id: string) {
  const found = store.read(id)
  if (found && plans[found.stored.behaviour].everyLook !== 'gone') return found
  throw new ApiError(404, `Response with id '${id.slice(0, 80)}' not found.`)
}

/** One HTTP exchange with the provider, kept whole: what was sent, what came back, and how it broke where it broke. */

import { Agent, EnvHttpProxyAgent, fetch as fetchBy } from 'undici'
import type { RateLimits } from './types'

/** More than this is no answer of a model but a fault; it bounds what one look can take of this process's memory. */
const largestBody = 64 * 1024 * 1024

/** What the wire told, filled in as far as the exchange got. */
export type Wire = {
  /** Whether anything may have left this machine. False only where the request could not even be built. */
  attempted: boolean
  httpStatus: number | null
  headers: Headers | null
  /** The whole body, after content decoding. Null until its last byte is here. */
  bytes: Uint8Array | null
  /** What the transport threw, unwrapped by nobody. */
  failure: unknown
}

/** The body was larger than any answer can be. */
export class BodyTooLarge extends Error {
  override name = 'BodyTooLarge'
  readonly code = 'body_too_large'
}

/**
 * Opens a connection for each request and closes it after it. On one that was kept open, the other side may just have
 * hung up: the call was never read, yet it must count as lost. Node's own proxy setting is honoured.
 */
const eachItsOwn =
  process.env.NODE_USE_ENV_PROXY === '1' ? new EnvHttpProxyAgent({ pipelining: 0 }) : new Agent({ pipelining: 0 })

/** The same `fetch`, of the package that Node's own is built from; their types differ in names only. */
const fetchFresh = ((input: string, init: object) =>
  fetchBy(input, { ...init, dispatcher: eachItsOwn })) as unknown as typeof globalThis.fetch

/**
 * A `fetch` that reads the whole body before it resolves, so that the caller's timeout covers every byte and not just
 * the headers, and that never follows a redirect: following one may send a paid POST a second time.
 * @param isPaid on a connection of its own.
 */
export function recordingFetch(isPaid: boolean): { wire: Wire; fetch: typeof globalThis.fetch } {
  const wire: Wire = { attempted: false, httpStatus: null, headers: null, bytes: null, failure: null }
  return {
    wire,
    fetch: async (input, init) => {
      wire.attempted = true
      try {
        const response = await (isPaid ? fetchFresh : fetch)(input, { ...init, redirect: 'manual' })
        wire.httpStatus = response.status
        wire.headers = response.headers
        const bytes = await readBody(response)
        wire.bytes = bytes
        const hasBody = ![204, 205, 304].includes(response.status)
        return new Response(hasBody ? bytes : null, { status: response.status, headers: response.headers })
      } catch (cause) {
        wire.failure = cause
        throw cause
      }
    },
  }
}

async function readBody(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.byteLength
    if (size > largestBody) throw new BodyTooLarge(`The answer has more than ${largestBody} bytes.`)
    chunks.push(chunk)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

/**
 * The body as a JSON object, or null where it is none. Strict UTF-8: a body that was cut inside a character is no answer.
 */
export function parseObject(bytes: Uint8Array | null): Record<string, unknown> | null {
  if (!bytes) return null
  try {
    return asRecord(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return null
  }
}

/** The value, if it is a plain JSON object. */
export function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

/** Longer than any provider has a reason to ask for; beyond it a job would be forgotten, or the time no time. */
const LONGEST_WAIT_MS = 3_600_000

/**
 * How long the provider asks us to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as an HTTP
 * date (RFC 9110, 10.2.3); an hour at most. Null where it says nothing that makes sense.
 */
export function readRetryAfter(headers: Headers | null, now: number): number | null {
  const asked = parseCount(headers?.get('retry-after-ms')) ?? readSeconds(headers?.get('retry-after') ?? '', now)
  return asked === null ? null : Math.min(Math.ceil(Math.max(0, asked)), LONGEST_WAIT_MS)
}

function readSeconds(value: string, now: number): number | null {
  const seconds = parseCount(value)
  if (seconds !== null) return seconds * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : date - now
}

const UNIT_MS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }

/** A duration such as `6m0s`, `1.5s` or `120ms`, in milliseconds; a bare number counts seconds. Null for anything else. */
export function parseDuration(value: string | null | undefined): number | null {
  const seconds = parseCount(value)
  if (seconds !== null) return Math.ceil(seconds * 1_000)
  if (!value || !/^\s*(\d+(\.\d+)?(ms|h|m|s))+\s*$/.test(value)) return null
  let sum = 0
  for (const [, number, unit = ''] of value.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    sum += Number(number) * (UNIT_MS[unit] ?? 0)
  }
  return Number.isFinite(sum) ? Math.ceil(sum) : null
}

/** What the `x-ratelimit-*` headers say (platform documentation, "Rate limits"). Null where there are none that do. */
export function readRateLimits(headers: Headers | null): RateLimits | null {
  const count = (name: string) => {
    const value = parseCount(headers?.get(`x-ratelimit-${name}`))
    return value === null || !Number.isSafeInteger(Math.floor(value)) ? null : Math.floor(value)
  }
  const reset = (name: string) => parseDuration(headers?.get(`x-ratelimit-reset-${name}`))
  const limits: RateLimits = {
    limitRequests: count('limit-requests'),
    remainingRequests: count('remaining-requests'),
    resetRequestsMs: reset('requests'),
    limitTokens: count('limit-tokens'),
    remainingTokens: count('remaining-tokens'),
    resetTokensMs: reset('tokens'),
  }
  return Object.values(limits).every((value) => value === null) ? null : limits
}

function parseCount(value: string | null | undefined): number | null {
  const count = value && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : Number.NaN
  return Number.isFinite(count) ? count : null
}

/**
 * Codes of failures that happen before a request can leave, whatever the call that failed: name resolution and the TLS
 * handshake. Any other failure counts as such only where the failed call is `connect`: a network can become
 * unreachable under a connection that has carried the request already.
 */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'INVALID_CA',
])

type SystemError = { code: string; syscall: string | null }

/** The first error code along `cause`, and whether every branch says that nothing was sent. */
export function readTransportError(error: unknown): { code: string | null; notSent: boolean } {
  const found = systemErrors(error, 0)
  const notSent = found.length > 0 && found.every(isBeforeSending)
  return { code: found[0]?.code ?? null, notSent }
}

/** Errors that carry a string code: of the error itself, its causes, and the branches of an AggregateError. */
function systemErrors(error: unknown, depth: number): SystemError[] {
  // A cycle of causes would never end; real chains are two or three long.
  if (typeof error !== 'object' || error === null || depth > 8) return []
  const { code, syscall, cause, errors } = error as {
    code?: unknown
    syscall?: unknown
    cause?: unknown
    errors?: unknown
  }
  const own = typeof code === 'string' ? [{ code, syscall: typeof syscall === 'string' ? syscall : null }] : []
  // Several addresses were tried (happy eyeballs): each of them counts, the summary of them does not.
  if (Array.isArray(errors) && errors.length > 0) return errors.flatMap((one) => systemErrors(one, depth + 1))
  return [...own, ...systemErrors(cause, depth + 1)]
}

function isBeforeSending({ code, syscall }: SystemError): boolean {
  return beforeSending.has(code) || syscall === 'connect' || syscall === 'getaddrinfo'
}

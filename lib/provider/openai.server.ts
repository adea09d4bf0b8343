/** The provider, through the official SDK: the one place that makes calls that cost money. */
import OpenAI from 'openai'
import { readCode } from '@/lib/evidence/code'
import {
  asRecord,
  parseObject,
  readRateLimits,
  readRetryAfter,
  readTransportError,
  recordingFetch,
  type Wire,
} from './exchange.server'
import type {
  CreateOutcome,
  Exchange,
  LookOutcome,
  Provider,
  ProviderError,
  Rehearsal,
  ResponseRequest,
  Seen,
  SeenStatus,
} from './types'

/** The header that asks the sandbox to misbehave. Sent to nobody else. */
export const rehearsalHeader = 'x-holdpoint-rehearsal'
/** Goes with it, "<attempt id> <job id> <number>": the sandbox can misbehave before it has read the body. */
const attemptHeader = 'x-holdpoint-attempt'

/** Milliseconds for a whole exchange, last byte of the body included. */
export type Timeouts = { create: number; look: number; cancel: number }

/** Creating answers at once in background mode; 30 s leaves room for a large prompt on a slow line. */
export const defaultTimeouts: Timeouts = { create: 30_000, look: 15_000, cancel: 15_000 }

/** Of the provider's own words, in UTF-16 units. */
const LONGEST_MESSAGE = 2_000
const LONGEST_LOOKED_AT = 64_000

const defaultBaseUrl = 'https://api.openai.com/v1'

const seenStatuses: Record<SeenStatus, true> = {
  queued: true,
  in_progress: true,
  completed: true,
  incomplete: true,
  failed: true,
  cancelled: true,
}

export type ProviderOptions = {
  /** See `Provider.name`. Only a provider named 'sandbox' is sent rehearsals. */
  name: string
  apiKey: string
  /** The address up to and including `/v1`; OpenAI's own where absent. */
  baseUrl?: string
  timeouts?: Partial<Timeouts>
}

/**
 * A provider that speaks the Responses API. Its methods never throw for anything that the network or the other side
 * does: every such end is an outcome. Nothing here or beneath retries (`maxRetries: 0`) or follows a redirect.
 */
export function createProvider(options: ProviderOptions): Provider {
  const timeouts = { ...defaultTimeouts, ...options.timeouts }
  const client = (fetch: typeof globalThis.fetch, timeout: number) =>
    new OpenAI({
      apiKey: options.apiKey,
      adminAPIKey: null,
      baseURL: options.baseUrl ?? defaultBaseUrl,
      maxRetries: 0,
      // The SDK's log would print prompts where OPENAI_LOG asks for it.
      logLevel: 'off',
      timeout,
      fetch,
    })

  const exchange = async (
    timeout: number,
    call: (client: OpenAI) => Promise<Response>,
    isPaid = false,
  ): Promise<Told> => {
    const { wire, fetch } = recordingFetch(isPaid)
    const started = performance.now()
    let thrown: unknown = null
    try {
      await call(client(fetch, timeout))
    } catch (cause) {
      // The SDK throws for every HTTP error too; what came back is in `wire` all the same.
      thrown = cause
    }
    const told: Exchange = {
      httpStatus: wire.httpStatus,
      requestId: wire.headers?.get('x-request-id')?.slice(0, 200) ?? null,
      milliseconds: Math.round(performance.now() - started),
      limits: readRateLimits(wire.headers),
    }
    return { told, wire, thrown, secret: options.apiKey }
  }

  return {
    name: options.name,
    async create(request: ResponseRequest, { rehearsal }: { rehearsal?: Rehearsal | null } = {}) {
      const headers = rehearsal && options.name === 'sandbox' ? rehearsalHeaders(rehearsal, request) : undefined
      const call = (openai: OpenAI) => openai.responses.create(paramsOf(request), { headers }).asResponse()
      return readCreate(await exchange(timeouts.create, call, true))
    },
    async retrieve(responseId) {
      const got = await exchange(timeouts.look, (openai) => openai.responses.retrieve(responseId).asResponse())
      return readLook(got, responseId)
    },
    async cancel(responseId) {
      const got = await exchange(timeouts.cancel, (openai) => openai.responses.cancel(responseId).asResponse())
      return readLook(got, responseId)
    },
  }
}

function rehearsalHeaders(rehearsal: Rehearsal, { metadata }: ResponseRequest): Record<string, string> {
  const { attempt_id = '', job_id = '', attempt_number = '1' } = metadata
  return {
    [rehearsalHeader]: JSON.stringify(rehearsal),
    ...(attempt_id && job_id ? { [attemptHeader]: `${attempt_id} ${job_id} ${attempt_number}` } : {}),
  }
}

/** The SDK's types know each item and tool by name; ours are as wide as the API, which checks them. */
function paramsOf(request: ResponseRequest): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  return request as OpenAI.Responses.ResponseCreateParamsNonStreaming
}

type Told = { told: Exchange; wire: Wire; thrown: unknown; secret: string }

function readCreate(got: Told): CreateOutcome {
  const { told, wire } = got
  if (!wire.attempted) return { ...told, kind: 'not_sent', error: transportError(got, 'not_sent') }
  const body = parseObject(wire.bytes)
  if (wire.httpStatus === null) {
    const { notSent } = readTransportError(wire.failure)
    return { ...told, kind: notSent ? 'not_sent' : 'lost', error: transportError(got, 'connection_lost') }
  }
  if (!wire.bytes) return { ...told, kind: 'lost', error: transportError(got, 'body_lost') }
  if (wire.httpStatus >= 400) {
    const error = apiError(body, got)
    return error
      ? { ...told, kind: 'refused', error }
      : { ...told, kind: 'lost', error: plainError(got, 'not_the_api') }
  }
  const seen = body && isSuccess(wire.httpStatus) ? readSeen(body, wire.bytes) : null
  if (seen === null) return { ...told, kind: 'lost', error: plainError(got, body ? 'not_a_response' : 'invalid_json') }
  // A status that we do not know is no reason to lose the id of a call that was taken: the next look will say it.
  return { ...told, kind: 'accepted', seen: { ...seen, status: seen.status ?? 'queued' } }
}

function readLook(got: Told, responseId: string): LookOutcome {
  const { told, wire } = got
  const failed = (error: ProviderError): LookOutcome => ({ ...told, kind: 'failed', error })
  if (wire.httpStatus === null) return failed(transportError(got, wire.attempted ? 'connection_lost' : 'not_sent'))
  if (!wire.bytes) return failed(transportError(got, 'body_lost'))
  const body = parseObject(wire.bytes)
  if (wire.httpStatus >= 400) {
    const error = apiError(body, got)
    if (error && wire.httpStatus === 404) return { ...told, kind: 'gone', error }
    return failed(error ?? plainError(got, 'not_the_api'))
  }
  const seen = body && isSuccess(wire.httpStatus) ? readSeen(body, wire.bytes) : null
  if (seen === null) return failed(plainError(got, body ? 'not_a_response' : 'invalid_json'))
  // A cache in between has been seen to answer with another response's body.
  if (seen.responseId !== responseId) return failed(plainError(got, 'wrong_response'))
  if (seen.status === null) return failed(plainError(got, 'unknown_status'))
  return { ...told, kind: 'seen', seen: { ...seen, status: seen.status } }
}

function isSuccess(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus < 300
}

/** Null where it is no response at all; `status: null` where it has one that we do not know. */
function readSeen(
  body: Record<string, unknown>,
  raw: Uint8Array,
): (Omit<Seen, 'status'> & { status: SeenStatus | null }) | null {
  const { id, status } = body
  if (typeof id !== 'string' || id === '' || id.length > 200 || typeof status !== 'string') return null
  return { responseId: id, status: isSeenStatus(status) ? status : null, raw, body }
}

function isSeenStatus(status: string): status is SeenStatus {
  return Object.hasOwn(seenStatuses, status)
}

/**
 * The API's own error shape, `{ error: { message, type, code, param } }`, or null where the body is something else.
 * Servers of this API leave out `code` or `param`, or give a number as code; a gateway's own JSON lacks `type` and `code`.
 */
function apiError(body: Record<string, unknown> | null, got: Told): ProviderError | null {
  const error = asRecord(body?.error)
  if (!error || typeof error.message !== 'string' || !('type' in error || 'code' in error)) return null
  return {
    ...plainError(got, null),
    code: readCode(error.code),
    type: readCode(error.type),
    param: readParam(error.param),
    message: forPeople(error.message, got.secret),
  }
}

/** A parameter may be a path such as `input[0].content`: shown, never matched on. */
function readParam(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? forPeople(value.slice(0, 200), '') : null
}

/** An answer that is not what the API says; `code` is ours. The start of a page that came instead is kept to show. */
function plainError(got: Told, code: string | null): ProviderError {
  const page = got.wire.bytes ? new TextDecoder().decode(got.wire.bytes.subarray(0, LONGEST_LOOKED_AT * 4)) : null
  return {
    httpStatus: got.wire.httpStatus,
    code,
    type: null,
    param: null,
    message: page ? forPeople(page, got.secret) : null,
    retryAfterMs: readRetryAfter(got.wire.headers, Date.now()),
  }
}

/** A way that broke: the system's code where it gives one, 'timeout' where it was ours, else `fallback`. */
function transportError(got: Told, fallback: string): ProviderError {
  const { code } = readTransportError(got.wire.failure ?? got.thrown)
  const ours = got.thrown instanceof OpenAI.APIConnectionTimeoutError && code === null
  const cause = got.wire.failure ?? got.thrown
  return {
    httpStatus: got.wire.httpStatus,
    code: ours ? 'timeout' : (readCode(code) ?? fallback),
    type: null,
    param: null,
    message: cause instanceof Error ? forPeople(wordsOf(cause), got.secret) : null,
    retryAfterMs: null,
  }
}

function wordsOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

/** Text that can be stored and shown: no control characters, no halves of characters, no key, at most 2,000 units. */
function forPeople(text: string, secret: string): string {
  // There may be megabytes of it. Where it is cut, part of a key may stand at the end.
  const start = text.slice(0, LONGEST_LOOKED_AT)
  const replaced = secret.length >= 8 ? start.replaceAll(secret, '[key]') : start
  const hidden = start.length < text.length ? replaced.slice(0, replaced.length - secret.length) : replaced
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go; tab and line feed may stay
  const printable = hidden.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '\ufffd')
  return printable.slice(0, LONGEST_MESSAGE).toWellFormed()
}

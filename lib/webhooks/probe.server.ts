/** A test webhook: sent to the public address and, if all is well, received like one of OpenAI's. Proves the way in. */
import { v7 as uuidv7 } from 'uuid'
import type { Db } from '@/lib/store/db.server'
import { TEST_TYPE } from './event'
import { probeView } from './overview.server'
import { refusalType } from './receive.server'
import { sign } from './signature'
import type { ProbeError, ProbeView } from './transport-view'

/** OpenAI waits seconds, not minutes, for an answer. */
const PATIENCE_MS = 8_000
/** Of the answer, for telling ours from others'. */
const MOST_ANSWER_BYTES = 16 * 1024

export type ProbeAsk = {
  /** The whole address, as `webhookAddress` gives it: nothing else is sent to. */
  url: string
  /** Of the first secret: OpenAI signs with the same. */
  key: Uint8Array
  /** The person who asked for it. */
  sentBy: string
  now: () => Date
}

/** Sends one test and says how far it got. Redirects are not followed: OpenAI follows none either. */
export async function sendProbe(db: Db, { url, key, sentBy, now }: ProbeAsk): Promise<ProbeView> {
  const id = uuidv7()
  const sentAt = now()
  await db.webhookProbe.create({ data: { id, url, sentBy, sentAt } })
  const event = {
    id: `evt_${id}`,
    object: 'event',
    type: TEST_TYPE,
    created_at: Math.floor(sentAt.getTime() / 1_000),
    data: { id },
  }
  const body = new TextEncoder().encode(JSON.stringify(event))
  const { httpStatus, error } = await post(url, body, sign(body, key, event.id, sentAt))
  const probe = await db.webhookProbe.update({ where: { id }, data: { httpStatus, error } })
  return probeView(probe)
}

type Posted = { httpStatus: number | null; error: ProbeError }

/** `error` is what it means unless the webhook is found to have arrived. */
async function post(url: string, body: Uint8Array, headers: Record<string, string>): Promise<Posted> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { 'content-type': 'application/json', 'user-agent': 'Holdpoint-test', ...headers },
      body: Buffer.from(body),
    })
    return { httpStatus: answer.status, error: errorOfAnswer(answer.status, await readJson(answer)) }
  } catch (error) {
    return { httpStatus: null, error: errorOfFailure(error) }
  }
}

function errorOfAnswer(status: number, body: Record<string, unknown>): ProbeError {
  if (status >= 300 && status < 400) return 'redirected'
  if (body.received === true) return 'elsewhere'
  switch (body.type) {
    case `urn:holdpoint:problem:${refusalType('bad_signature')}`:
      return 'bad_signature'
    case `urn:holdpoint:problem:${refusalType('too_old')}`:
    case `urn:holdpoint:problem:${refusalType('too_new')}`:
      return 'wrong_time'
    case `urn:holdpoint:problem:${refusalType('no_secret')}`:
      return 'no_secret'
    default:
      return 'not_ours'
  }
}

const TRUST = new Set(['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED'])
const TRUST_PREFIXES = ['ERR_TLS_', 'UNABLE_TO_', 'CERT_', 'ERR_SSL_']

/** By the code of the failure, or of what caused it. */
function errorOfFailure(error: unknown): ProbeError {
  for (let at: unknown = error, depth = 0; depth < 5 && typeof at === 'object' && at !== null; depth += 1) {
    const { code, name, cause, errors } = at as { code?: unknown; name?: unknown; cause?: unknown; errors?: unknown[] }
    if (name === 'TimeoutError') return 'no_answer'
    if (typeof code === 'string') {
      if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no_address'
      if (code === 'ECONNREFUSED') return 'not_listening'
      if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT')
        return 'no_answer'
      if (TRUST.has(code) || TRUST_PREFIXES.some((prefix) => code.startsWith(prefix))) return 'no_trust'
    }
    at = cause ?? errors?.[0]
  }
  return 'no_connection'
}

/** As much of the answer as may be ours; empty where it is not JSON. */
async function readJson(answer: Response): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength
    if (size > MOST_ANSWER_BYTES) return {}
    chunks.push(chunk)
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

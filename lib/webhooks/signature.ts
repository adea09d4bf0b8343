/**
 * The signature of a webhook, as Standard Webhooks has it and OpenAI sends it: HMAC-SHA256 over `id.timestamp.body`,
 * base64, in `webhook-signature: v1,… v1,…`. https://github.com/standard-webhooks/standard-webhooks
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** How far the time of a signature may be from ours, both ways, in seconds: what Standard Webhooks and OpenAI's SDK take. */
export const TOLERANCE_SECONDS = 300
/** A key that is shorter can be guessed; OpenAI's have 32 bytes. */
const FEWEST_KEY_BYTES = 16
/** During a rotation there are two. More are not looked at, so that a header cannot make us work. */
const MOST_SIGNATURES = 16
const MOST_ID_LENGTH = 200

export type Secrets = {
  /** The keys that can be used, in the order in which they stand in the setting. */
  keys: Uint8Array[]
  /** How many values stand there that cannot be used. */
  unusable: number
}

/** Reads OPENAI_WEBHOOK_SECRET: one secret, or during a rotation several, with white space or commas between them. */
export function parseSecrets(value: string | undefined): Secrets {
  const values = (value ?? '').split(/[\s,]+/).filter((part) => part !== '')
  const keys = values.map(keyOf).filter((key) => key.byteLength >= FEWEST_KEY_BYTES)
  return { keys, unusable: values.length - keys.length }
}

/** After `whsec_` stands base64; a secret without it is taken as it is, as OpenAI's SDK does. */
function keyOf(secret: string): Uint8Array {
  if (!secret.startsWith('whsec_')) return new TextEncoder().encode(secret)
  const encoded = secret.slice('whsec_'.length)
  return /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) ? Buffer.from(encoded, 'base64') : new Uint8Array()
}

/** Why a webhook is not believed. */
export type Disbelief = 'no_signature' | 'bad_signature' | 'too_old' | 'too_new'

export type Verdict = { ok: true; id: string; signedAt: Date; secretIndex: number } | { ok: false; why: Disbelief }

/**
 * Whether `body`, exactly as it came, was signed with one of `keys` within the tolerance of `now`. The signature is
 * looked at before the time, so that a stale copy of a real webhook is told from a forgery.
 */
export function verify(body: Uint8Array, headers: Headers, keys: readonly Uint8Array[], now: Date): Verdict {
  const id = headers.get('webhook-id') ?? ''
  const timestamp = headers.get('webhook-timestamp') ?? ''
  const signatures = headers.get('webhook-signature') ?? ''
  if (id === '' || id.length > MOST_ID_LENGTH || signatures === '' || !/^\d{1,12}$/.test(timestamp)) {
    return { ok: false, why: 'no_signature' }
  }
  const secretIndex = indexOfMatch(candidatesOf(signatures), keys, signedBytes(id, timestamp, body))
  if (secretIndex === null) return { ok: false, why: 'bad_signature' }
  const ageSeconds = Math.floor(now.getTime() / 1_000) - Number(timestamp)
  if (ageSeconds > TOLERANCE_SECONDS) return { ok: false, why: 'too_old' }
  if (ageSeconds < -TOLERANCE_SECONDS) return { ok: false, why: 'too_new' }
  return { ok: true, id, signedAt: new Date(Number(timestamp) * 1_000), secretIndex }
}

/** The headers of a webhook of our own, signed with `key`. */
export function sign(body: Uint8Array, key: Uint8Array, id: string, at: Date): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  const signature = createHmac('sha256', key)
    .update(signedBytes(id, timestamp, body))
    .digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

function signedBytes(id: string, timestamp: string, body: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${id}.${timestamp}.`, 'utf8'), body])
}

function candidatesOf(signatures: string): Uint8Array[] {
  return signatures
    .split(' ', MOST_SIGNATURES)
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice('v1,'.length), 'base64'))
    .filter((signature) => signature.byteLength === 32)
}

/** Every pair is compared, in constant time: how long it takes tells nothing of which one came close. */
function indexOfMatch(candidates: Uint8Array[], keys: readonly Uint8Array[], signed: Uint8Array): number | null {
  const matches = keys.map((key) => {
    const expected = createHmac('sha256', key).update(signed).digest()
    return candidates.map((candidate) => timingSafeEqual(candidate, expected)).some((isEqual) => isEqual)
  })
  const index = matches.indexOf(true)
  return index === -1 ? null : index
}

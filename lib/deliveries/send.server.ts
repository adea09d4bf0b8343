/** Sending a delivery: one try, of bytes that were stored before. Nothing here knows the database. */
import http from 'node:http'
import path from 'node:path'
import type { Env } from '@/lib/env.server'
import { postLetter } from '@/lib/mail/post-letter.server'
import { MAIL_LIMITS, type MailLimits } from '@/lib/mail/smtp.server'
import { type AllowList, parseAllowList } from '@/lib/tools/addresses'
import { post } from '@/lib/tools/post.server'
import { signedHeaders } from '@/lib/tools/signing.server'
import { type ReadEnv, readSecret } from '@/lib/tools/tool-environment'
import type { DeliveryDefinition } from '@/lib/workflows/definition'
import type { SentKind } from './plan'
import { again, refused, type SendEnd } from './send-end'
import { writeOnce } from './write-once.server'

export type { SendEnd } from './send-end'

export type Outgoing = {
  /** The same at each try, and no other delivery's: letters, digits, - and _. */
  messageId: string
  kind: SentKind
  destination: string
  /** The same at each try. */
  bytes: Uint8Array
  definition: DeliveryDefinition
  /** The message id of the earlier delivery that it corrects; null or absent: none. */
  corrects?: string | null
  /** How often it was tried before. */
  tries: number
}

export type SendEnvironment = {
  env: Pick<Env, 'HOLDPOINT_SMTP_URL' | 'HOLDPOINT_MAIL_FROM' | 'HOLDPOINT_DATA_DIR' | 'HOLDPOINT_DELIVERY_DIR'>
  readEnv: ReadEnv
  allowed: AllowList
  now: () => Date
  /** The secret that signs where the workflow names none. */
  ownSecret: () => Promise<string>
  /** How long a mail server may take. Absent: as long as one needs. */
  mailLimits?: MailLimits
}

/** After this long without success a delivery is given to a person: in milliseconds. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DELAYS_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR]

/** Beside its timeout a request has the time that it takes to look up a name and to write a file: in milliseconds. */
const MARGIN_MS = 15_000
const USUAL_TIMEOUT_SECONDS = 30

/** What sending depends on in this process. */
export function sendEnvironment(env: Env, ownSecret: () => Promise<string>): SendEnvironment {
  return {
    env,
    readEnv: (name) => process.env[name],
    allowed: parseAllowList(env.HOLDPOINT_ALLOW_PRIVATE),
    now: () => new Date(),
    ownSecret,
  }
}

/** The absolute folder below which files are written. */
export function deliveryFolder(env: Pick<Env, 'HOLDPOINT_DATA_DIR' | 'HOLDPOINT_DELIVERY_DIR'>): string {
  return path.resolve(env.HOLDPOINT_DELIVERY_DIR ?? path.join(env.HOLDPOINT_DATA_DIR, 'deliveries'))
}

/** No try takes longer than this, in milliseconds. */
export function longestTryMs(definition: DeliveryDefinition): number {
  if (definition.kind === 'email') return MAIL_LIMITS.longestMs + MARGIN_MS
  return (definition.kind === 'http' ? timeoutMs(definition.timeoutSeconds) : 0) + MARGIN_MS
}

/**
 * How long to wait after `tries` tries, in milliseconds, up to a quarter more or less, and never less than the receiver
 * asked for. @param random in [0, 1).
 */
export function nextTryDelayMs(tries: number, retryAfterMs: number | null, random: number): number {
  const usual = DELAYS_MS[Math.min(Math.max(tries, 1), DELAYS_MS.length) - 1] ?? 6 * HOUR
  // What asks for more than a day is looked at when it is given up.
  return Math.max(Math.round(usual * (0.75 + random / 2)), Math.min(retryAfterMs ?? 0, GIVE_UP_AFTER_MS))
}

/** One try. Nothing here throws for what a receiver, a mail server, the network or a disk does. */
export async function sendDelivery(outgoing: Outgoing, environment: SendEnvironment): Promise<SendEnd> {
  const { messageId, kind, destination, bytes, definition } = outgoing
  switch (kind) {
    case 'http':
      return definition.kind === 'http' ? sendHttp(outgoing, definition, environment) : refused('wrong_kind')
    case 'email':
      return postLetter(environment.env, { id: messageId, to: destination, bytes, limits: environment.mailLimits })
    case 'file':
      return writeOnce(deliveryFolder(environment.env), destination, bytes)
    case 'by_hand':
      return refused('by_hand')
  }
}

/** Names the `webhook-id` of what is corrected, also where the body is a place in the result and has no room for it. */
const CORRECTS_HEADER = 'holdpoint-corrects'

type HttpDefinition = Extract<DeliveryDefinition, { kind: 'http' }>

async function sendHttp(
  { messageId, destination, bytes, corrects = null }: Outgoing,
  definition: HttpDefinition,
  environment: SendEnvironment,
): Promise<SendEnd> {
  const { readEnv, allowed, now, ownSecret } = environment
  const { signingSecretEnv, secretHeader } = definition
  const signing = signingSecretEnv === undefined ? await ownSecret() : readSecret(signingSecretEnv, readEnv)
  const secret = secretHeader === undefined ? null : readSecret(secretHeader.env, readEnv)
  if (signing === undefined || secret === undefined) return refused('secret_missing')
  if (secretHeader !== undefined && secret !== null && !canBeSent(secretHeader.name, secret)) {
    return refused('secret_unusable')
  }
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Holdpoint',
    ...(corrects === null ? {} : { [CORRECTS_HEADER]: corrects }),
    ...(secretHeader === undefined || secret === null ? {} : { [secretHeader.name.toLowerCase()]: secret }),
    ...signedHeaders(signing, messageId, bytes, now()),
  }
  const posted = await post({
    url: destination,
    headers,
    body: bytes,
    timeoutMs: timeoutMs(definition.timeoutSeconds),
    allowed,
  })
  if (posted.kind === 'refused') return refused(posted.code)
  // Under one id a second arrival is no second delivery: the receiver can tell.
  if (posted.kind === 'no_answer') return again(posted.code)
  const { status: httpStatus, body: answer, retryAfterMs } = posted
  if (httpStatus >= 200 && httpStatus < 300) {
    return { kind: 'delivered', httpStatus, answer, code: posted.cut ? 'answer_cut' : null }
  }
  if (mayPass(httpStatus)) return { kind: 'again', code: `http_${httpStatus}`, httpStatus, answer, retryAfterMs }
  const code = httpStatus < 400 ? 'redirect' : `http_${httpStatus}`
  return { kind: 'refused', code, httpStatus, answer }
}

/** Answers that may be others at another time. */
function mayPass(status: number): boolean {
  return status === 408 || status === 409 || status === 425 || status === 429 || status >= 500
}

function timeoutMs(seconds: number | undefined): number {
  return (seconds ?? USUAL_TIMEOUT_SECONDS) * SECOND
}

function canBeSent(name: string, value: string): boolean {
  try {
    http.validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

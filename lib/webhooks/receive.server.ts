/**
 * Receiving: a webhook is stored before it is answered. The same id changes nothing twice; what is forged, altered or
 * stale changes nothing at all. Its sender tries again for days unless the answer is a 2xx.
 */
import { v7 as uuidv7 } from 'uuid'
import { problem } from '@/lib/http/problem'
import { guard } from '@/lib/http/route.server'
import { putBlob, sha256Hex } from '@/lib/store/blobs.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { MOST_BYTES, readBytes } from './body'
import { parseEvent, TEST_TYPE, type WebhookEvent } from './event'
import { findNamed, lookSooner, type NamedAttempt, noteWebhook } from './match.server'
import { countRefusal, type RefusalReason } from './refusals.server'
import { type Secrets, verify } from './signature'

export type Door = {
  db: Db
  secrets: Secrets
  now: () => Date
}

/** Answers one request to the webhook address: 200 once it is stored, problem details for everything else. */
export function receiveWebhook(door: Door, request: Request): Promise<Response> {
  return guard(async () => {
    const { db, secrets } = door
    if (secrets.keys.length === 0) return refuse(db, 'no_secret')
    const body = await readBytes(request)
    if (body === null) return refuse(db, 'too_large')
    const receivedAt = door.now()
    const verdict = verify(body, request.headers, secrets.keys, receivedAt)
    if (!verdict.ok) return refuse(db, verdict.why)
    const event = parseEvent(body)
    if (event === null) return refuse(db, 'not_json')
    const { id: webhookId, signedAt, secretIndex } = verdict
    await db.$transaction((tx) => store(tx, { webhookId, signedAt, secretIndex, receivedAt, body, event }))
    return Response.json({ received: true }, { headers: { 'cache-control': 'no-store' } })
  })
}

type Arrived = {
  webhookId: string
  signedAt: Date
  secretIndex: number
  receivedAt: Date
  body: Uint8Array
  event: WebhookEvent
}

async function store(tx: Tx, arrived: Arrived): Promise<void> {
  const { event, body, receivedAt, webhookId } = arrived
  const attempt = event.responseId === null ? null : await findNamed(tx, event.responseId)
  const isNew = await insertReceipt(tx, arrived, attempt)
  if (!isNew) return
  await putBlob(tx, body)
  if (event.type === TEST_TYPE) return noteProbe(tx, event.dataId, receivedAt)
  if (attempt === null || isForTheWorker(attempt)) return
  await noteWebhook(tx, attempt, { webhookId, type: event.type, receivedAt })
  if (attempt.isLive) await lookSooner(tx, attempt, receivedAt)
}

/** An attempt that was given up before anything of it was kept: a worker asks what became of it. */
function isForTheWorker({ isLive, isKept }: NamedAttempt): boolean {
  return !isLive && !isKept
}

function stateOf({ responseId }: WebhookEvent, attempt: NamedAttempt | null): 'matched' | 'open' | 'recorded' {
  if (responseId === null) return 'recorded'
  return attempt === null || isForTheWorker(attempt) ? 'open' : 'matched'
}

/** False where a webhook of this id was there: it came again, and nothing else changes. */
async function insertReceipt(tx: Tx, arrived: Arrived, attempt: NamedAttempt | null): Promise<boolean> {
  const { webhookId, signedAt, secretIndex, receivedAt, body, event } = arrived
  const state = stateOf(event, attempt)
  const nextTryAt = state === 'open' ? receivedAt : null
  // Of an open one the worker says whose it is.
  const named = state === 'matched' ? attempt : null
  const rows = await tx.$queryRaw<{ is_new: boolean }[]>`
    INSERT INTO webhook_receipt (id, webhook_id, received_at, last_received_at, signed_at, event_at, type, response_id,
                                 body_sha256, secret_index, state, attempt_id, job_id, next_try_at)
    VALUES (${uuidv7()}::uuid, ${webhookId}, ${receivedAt}::timestamptz, ${receivedAt}::timestamptz,
            ${signedAt}::timestamptz, ${event.eventAt}::timestamptz, ${event.type}, ${event.responseId},
            ${sha256Hex(body)}, ${secretIndex}::int, ${state}, ${named?.id ?? null}::uuid,
            ${named?.jobId ?? null}::uuid, ${nextTryAt}::timestamptz)
    ON CONFLICT (webhook_id)
    DO UPDATE SET times = webhook_receipt.times + 1, last_received_at = excluded.last_received_at
    RETURNING xmax = 0 AS is_new`
  return rows[0]?.is_new ?? false
}

/** A webhook that we sent to ourselves came all the way round. */
async function noteProbe(tx: Tx, probeId: string | null, receivedAt: Date): Promise<void> {
  if (probeId === null || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(probeId)) return
  await tx.webhookProbe.updateMany({ where: { id: probeId, receivedAt: null }, data: { receivedAt } })
}

type Refusal = { status: number; title: string; detail: string }

const REFUSALS: Record<RefusalReason, Refusal> = {
  no_secret: {
    status: 503,
    title: 'Webhooks are not set up',
    detail: 'OPENAI_WEBHOOK_SECRET is not set, so nobody’s signature can be checked. Send it again later.',
  },
  too_large: {
    status: 413,
    title: 'The body is too large',
    detail: `A webhook may have at most ${MOST_BYTES / 1024 / 1024} MiB.`,
  },
  no_signature: {
    status: 400,
    title: 'The signature is missing',
    detail:
      'The headers webhook-id, webhook-timestamp and webhook-signature are needed, as Standard Webhooks has them.',
  },
  bad_signature: {
    status: 400,
    title: 'The signature does not fit',
    detail: 'This body was not signed with a secret that is set here, or was changed on its way.',
  },
  too_old: {
    status: 400,
    title: 'The signature is too old',
    detail: 'It was signed more than five minutes ago, by the clock here.',
  },
  too_new: {
    status: 400,
    title: 'The signature is from the future',
    detail: 'It is signed more than five minutes ahead of the clock here.',
  },
  not_json: {
    status: 400,
    title: 'The body is not an event',
    detail: 'The signature is right, but the body is not a JSON object.',
  },
}

/** Why a webhook was refused, as the `type` of its problem names it. */
export function refusalType(reason: RefusalReason): string {
  return `webhook-${reason.replaceAll('_', '-')}`
}

async function refuse(db: Db, reason: RefusalReason): Promise<Response> {
  await countRefusal(db, reason)
  const { status, title, detail } = REFUSALS[reason]
  return problem(status, refusalType(reason), title, detail)
}

/**
 * Webhooks about responses that no attempt is known to have: the provider is asked whose they are. One is either a lost
 * answer of ours, which is adopted, or the response of somebody else who shares the provider's project.
 */
import type { WebhookReceipt } from '@/lib/generated/prisma/client'
import type { LookOutcome, Seen } from '@/lib/provider/types'
import { isDatabaseAway } from '@/lib/store/database-away'
import { LostRace } from '@/lib/store/errors'
import { transact } from '@/lib/store/move.server'
import { findNamed, lookSooner, type NamedAttempt, noteWebhook } from '@/lib/webhooks/match.server'
import { adoptResponse, namesIn } from './adopt.server'
import { concludeSeen, isFinal } from './conclude.server'
import type { EngineContext } from './context'
import { cancelGivenUp } from './wind-down.server'

/** Asked side by side in one turn. */
const AT_ONCE = 10
/** So long nobody else asks: longer than a cancel and a look may take. */
const LEASE_MS = 45_000
const LONGEST_BACKOFF_MS = 300_000
const GIVE_UP_AFTER_MS = 24 * 3_600_000
/** Webhooks are sent for 72 hours; a response may run for long before. */
const MISSING_SINCE_DAYS = 7

/** Settles open receipts that are due. Any number of workers may, side by side. Returns how many it looked at. */
export async function settleReceipts(context: EngineContext): Promise<number> {
  const receipts = await claim(context)
  await Promise.all(receipts.map((receipt) => settleOrLeave(context, receipt)))
  return receipts.length
}

/** Takes those that are due for some time: a worker that dies with them leaves them to the others. */
async function claim(context: EngineContext): Promise<WebhookReceipt[]> {
  const now = context.now()
  const leaseUntil = new Date(now.getTime() + LEASE_MS)
  const taken = await context.db.$queryRaw<{ id: string }[]>`
    UPDATE webhook_receipt SET tries = tries + 1, next_try_at = ${leaseUntil}::timestamptz
     WHERE id IN (SELECT id FROM webhook_receipt WHERE state = 'open' AND next_try_at <= ${now}::timestamptz
                   ORDER BY next_try_at LIMIT ${AT_ONCE}::int FOR UPDATE SKIP LOCKED)
    RETURNING id::text`
  if (taken.length === 0) return []
  return context.db.webhookReceipt.findMany({ where: { id: { in: taken.map(({ id }) => id) } } })
}

async function settleOrLeave(context: EngineContext, receipt: WebhookReceipt): Promise<void> {
  try {
    const isSettled = await settle(context, receipt)
    if (!isSettled) await leave(context, receipt)
  } catch (error) {
    // Found again when its lease is over.
    if (isDatabaseAway(error)) throw error
    context.log(
      `A webhook could not be looked into and is tried again: ${error instanceof Error ? error.message : error}`,
    )
    await leave(context, receipt)
  }
}

/** False where nothing can be said yet. */
async function settle(context: EngineContext, receipt: WebhookReceipt): Promise<boolean> {
  const { responseId } = receipt
  if (responseId === null) return close(context, receipt, 'recorded')
  // In this order: an attempt whose answer is missing no more has its id by now.
  const mayBeOurs = await isAnswerMissing(context)
  const named = await findNamed(context.db, responseId)
  if (named !== null) return follow(context, receipt, named, null)
  if (!mayBeOurs) return close(context, receipt, 'not_ours')
  const outcome = await context.provider.retrieve(responseId)
  if (outcome.kind === 'failed') return false
  // A single 404 may be a slip; a second look decides.
  if (outcome.kind === 'gone') return receipt.tries > 1 ? close(context, receipt, 'not_ours') : false
  return adopt(context, receipt, outcome)
}

async function isAnswerMissing({ db, provider, now }: EngineContext): Promise<boolean> {
  const since = new Date(now().getTime() - MISSING_SINCE_DAYS * 86_400_000)
  const missing = await db.attempt.findFirst({
    where: {
      provider: provider.name,
      responseId: null,
      providerStatus: { in: ['sending', 'unknown'] },
      sentAt: { gt: since },
    },
    select: { id: true },
  })
  return missing !== null
}

async function adopt(
  context: EngineContext,
  receipt: WebhookReceipt,
  { seen, requestId }: LookOutcome & { kind: 'seen' },
): Promise<boolean> {
  const names = namesIn(seen.body)
  if (names === null || seen.responseId !== receipt.responseId) return close(context, receipt, 'not_ours')
  const adopted = await adoptResponse(context, { ...names, seen, requestId, transport: 'webhook' })
  if (adopted === 'too_early') return false
  if (adopted === 'not_ours') return close(context, receipt, 'not_ours')
  // From here on it is known whose it is, whatever becomes of this process.
  const named = { attemptId: names.attemptId, jobId: names.jobId }
  await context.db.webhookReceipt.update({ where: { id: receipt.id }, data: named })
  const attempt = await findNamed(context.db, seen.responseId)
  if (attempt === null) throw new Error('an adopted response is not found again')
  return follow(context, { ...receipt, ...named }, attempt, seen)
}

/** Whose it is is known: what it brings is used, or, where nobody waits for it any more, cancelled and kept. */
async function follow(
  context: EngineContext,
  receipt: WebhookReceipt,
  attempt: NamedAttempt,
  seen: Seen | null,
): Promise<boolean> {
  if (!attempt.isLive && !attempt.isKept) {
    if (!(await keepWhatItSays(context, attempt))) return false
  } else if (attempt.isLive && seen !== null && isFinal(seen.status)) {
    await unlessLost(concludeSeen(context, attempt.jobId, attempt.id, seen, { transport: 'webhook' }))
  }
  return closeNamed(context, receipt, attempt)
}

/** False where the provider has not said how it ended. */
async function keepWhatItSays(context: EngineContext, { id, jobId }: NamedAttempt): Promise<boolean> {
  const { provider } = await context.db.attempt.findUniqueOrThrow({ where: { id }, select: { provider: true } })
  // Sent through another provider, whose ids mean nothing here: there is nobody to ask.
  if (provider !== context.provider.name) return true
  await unlessLost(cancelGivenUp(context, jobId, id))
  const { payloadSha256 } = await context.db.attempt.findUniqueOrThrow({ where: { id } })
  return payloadSha256 !== null
}

/** Losing a race is no error: whoever won has done it. */
async function unlessLost(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof LostRace)) throw error
  }
}

/** Notes the webhook in the history of its job, and lets the engine look where there is something to see. */
async function closeNamed(context: EngineContext, receipt: WebhookReceipt, attempt: NamedAttempt): Promise<boolean> {
  const { id, webhookId, type, receivedAt } = receipt
  const state = receipt.attemptId === null ? 'matched' : 'adopted'
  await transact(context.db, async (tx) => {
    const closed = await tx.webhookReceipt.updateMany({
      where: { id, state: 'open' },
      data: { state, attemptId: attempt.id, jobId: attempt.jobId, nextTryAt: null },
    })
    if (closed.count === 0) return
    await noteWebhook(tx, attempt, { webhookId, type, receivedAt })
    const { endedAt } = await tx.attempt.findUniqueOrThrow({ where: { id: attempt.id }, select: { endedAt: true } })
    if (endedAt === null) await lookSooner(tx, attempt, context.now())
  })
  return true
}

async function close(context: EngineContext, { id }: WebhookReceipt, state: 'not_ours' | 'recorded'): Promise<true> {
  await context.db.webhookReceipt.updateMany({ where: { id, state: 'open' }, data: { state, nextTryAt: null } })
  return true
}

/** Tried again after 1 s, 2 s, 4 s … up to five minutes, for a day. */
async function leave(context: EngineContext, receipt: WebhookReceipt): Promise<void> {
  const now = context.now()
  if (now.getTime() - receipt.receivedAt.getTime() > GIVE_UP_AFTER_MS) {
    const named = receipt.responseId === null ? null : await findNamed(context.db, receipt.responseId)
    await (named === null ? close(context, receipt, 'not_ours') : closeNamed(context, receipt, named))
    return
  }
  const wait = Math.min(1_000 * 2 ** Math.min(receipt.tries - 1, 10), LONGEST_BACKOFF_MS)
  await context.db.webhookReceipt.updateMany({
    where: { id: receipt.id, state: 'open' },
    data: { nextTryAt: new Date(now.getTime() + wait) },
  })
}

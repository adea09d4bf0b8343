/** Looking: has the response changed? Polling is the default; anything else only brings the next look forward. */
import type { Attempt, AttemptWatch } from '@/lib/generated/prisma/client'
import { nextLookInMs, type WebhookNews } from '@/lib/lifecycle/polling'
import type { LookOutcome } from '@/lib/provider/types'
import { stopSignal } from '@/lib/rules/signals'
import { LostRace } from '@/lib/store/errors'
import type { Facts } from '@/lib/store/facts.server'
import { earlier, wake, wakeLater } from '@/lib/store/move.server'
import { newsByWebhook } from '@/lib/webhooks/arriving.server'
import { heedLook } from './admission.server'
import { concludeSeen, concludeSignal, isFinal } from './conclude.server'
import type { EngineContext } from './context'
import { failpoint } from './failpoints'
import { observe } from './observe.server'

/** Looks at the live attempt when it is time to, and schedules the next look. */
export async function lookAt(context: EngineContext, facts: Facts, attempt: Attempt): Promise<void> {
  const { job, definition } = facts
  const now = context.now()
  const watch = await context.db.attemptWatch.findUniqueOrThrow({ where: { attemptId: attempt.id } })
  if (watch.nextLookAt !== null && watch.nextLookAt > now) {
    await wakeLater(context.db, job.id, earlier(watch.nextLookAt, job.dueAt))
    return
  }
  if (attempt.provider !== context.provider.name) return waitForItsProvider(context, facts, attempt)
  // What runs has one: the job and its attempt were read at different moments, and its answer was lost in between.
  if (attempt.responseId === null) throw new LostRace('the attempt moved on while it was read')
  const webhookAt = await lastWebhookAt(context, attempt)
  failpoint('look:before-call')
  const outcome = await context.provider.retrieve(attempt.responseId)
  failpoint('look:after-call')
  const changed = outcome.kind === 'gone' || (outcome.kind === 'seen' && outcome.seen.status !== attempt.providerStatus)
  failpoint('look:before-save')
  await observe(context, { jobId: job.id, attemptId: attempt.id, kind: 'look', outcome, changed })
  const lastChangedAt = changed ? context.now() : watch.lastChangedAt
  const stuckAt = new Date(lastChangedAt.getTime() + definition.limits.noProgressMinutes * 60_000)
  // After its webhook only the status is missing that it told of: the safety net would be far too slow for that.
  const webhooks = webhookAt === null ? await newsByWebhook(context.db, attempt.provider, now) : 'silent'
  const nextLookAt = await saveLook(context, attempt, outcome, { watch, lastChangedAt, stuckAt, webhooks })
  failpoint('look:after-save')
  await heedLook(context, facts, attempt, outcome)

  // A single 404 may be a slip; a second look decides.
  if (outcome.kind === 'gone' && watch.lastError === GONE) {
    await concludeGone(context, job.id, attempt, outcome)
    return
  }
  if (outcome.kind === 'seen' && isFinal(outcome.seen.status)) {
    const isNews = webhookAt !== null && (watch.lastLookedAt === null || watch.lastLookedAt <= webhookAt)
    const isOurs = outcome.seen.status === 'cancelled' && (await wasCancelledByUs(context, attempt))
    const transport = isNews ? 'webhook' : 'poll'
    await concludeSeen(
      context,
      job.id,
      attempt.id,
      outcome.seen,
      isOurs ? { transport, ours: 'no_progress' } : { transport },
    )
    return
  }
  if (outcome.kind === 'seen' && stuckAt <= context.now()) {
    await stopStuck(context, job.id, attempt)
    return
  }
  await wake(context.db, job.id, earlier(nextLookAt, job.dueAt))
}

/** A worker that was killed just after it had cancelled a stuck call left its note: the next one need not wonder who did. */
async function wasCancelledByUs(context: EngineContext, attempt: Attempt): Promise<boolean> {
  const cancels = await context.db.observation.count({
    where: { jobId: attempt.jobId, attemptId: attempt.id, kind: 'cancel', errorCode: null },
  })
  return cancels > 0
}

/** What a watch remembers of a look that was answered 404. */
const GONE = 'gone'

/** It was sent through another provider than this worker has, whose ids mean nothing here. */
async function waitForItsProvider(context: EngineContext, { job }: Facts, attempt: Attempt): Promise<void> {
  const nextLookAt = new Date(context.now().getTime() + 30_000)
  await context.db.attemptWatch.update({
    where: { attemptId: attempt.id },
    data: { nextLookAt, failedLooks: { increment: 1 }, lastError: 'other_provider' },
  })
  await wakeLater(context.db, job.id, earlier(nextLookAt, job.dueAt))
}

/** When a webhook about this attempt came last; null where none did. */
async function lastWebhookAt(context: EngineContext, attempt: Attempt): Promise<Date | null> {
  const receipts = await context.db.webhookReceipt.aggregate({
    where: { responseId: attempt.responseId, attemptId: attempt.id },
    _max: { receivedAt: true },
  })
  return receipts._max.receivedAt
}

type Looked = {
  /** As it was before the look. */
  watch: AttemptWatch
  lastChangedAt: Date
  /** When it counts as stuck, unless something changes. */
  stuckAt: Date
  webhooks: WebhookNews
}

/** Returns when it is looked at next. */
async function saveLook(
  context: EngineContext,
  attempt: Attempt,
  outcome: LookOutcome,
  { watch, lastChangedAt, stuckAt, webhooks }: Looked,
): Promise<Date> {
  const now = context.now()
  const error = outcome.kind === 'seen' ? null : outcome.error
  const failedLooks = error === null ? 0 : watch.failedLooks + 1
  const gap = nextLookInMs(now.getTime() - attempt.sentAt.getTime(), context.pollMs, {
    failedLooks,
    retryAfterMs: error?.retryAfterMs ?? null,
    random: context.random(),
    webhooks,
  })
  const planned = new Date(now.getTime() + gap)
  // One that is stuck is given up on time, however far apart its looks are.
  const nextLookAt = webhooks === 'arriving' && stuckAt > now ? earlier(planned, stuckAt) : planned
  const lastError = outcome.kind === 'gone' ? GONE : error === null ? null : (error.code ?? `http_${error.httpStatus}`)
  // A webhook that came while we looked has brought the next look forward: that stands.
  const rows = await context.db.$queryRaw<{ nextLookAt: Date }[]>`
    UPDATE attempt_watch
       SET last_looked_at = ${now}::timestamptz, last_changed_at = ${lastChangedAt}::timestamptz, looks = looks + 1,
           failed_looks = ${failedLooks}::int, last_error = ${lastError},
           next_look_at = CASE WHEN next_look_at IS DISTINCT FROM ${watch.nextLookAt}::timestamptz
                               THEN least(next_look_at, ${nextLookAt}::timestamptz)
                               ELSE ${nextLookAt}::timestamptz END
     WHERE attempt_id = ${attempt.id}::uuid
    RETURNING next_look_at AS "nextLookAt"`
  if (outcome.kind === 'seen' && !isFinal(outcome.seen.status) && outcome.seen.status !== attempt.providerStatus) {
    await context.db.attempt.updateMany({
      // Looks may come back out of order: nothing that runs goes back into the queue.
      where: { id: attempt.id, fence: attempt.fence, endedAt: null, providerStatus: 'queued' },
      data: { providerStatus: outcome.seen.status },
    })
  }
  return rows[0]?.nextLookAt ?? nextLookAt
}

async function concludeGone(
  context: EngineContext,
  jobId: string,
  attempt: Attempt,
  outcome: LookOutcome & { kind: 'gone' },
): Promise<void> {
  await concludeSignal(context, jobId, attempt, {
    signal: stopSignal('gone'),
    error: outcome.error,
    providerStatus: attempt.providerStatus as 'in_progress',
    requestId: null,
    transport: 'poll',
  })
}

/**
 * Nothing changed for longer than the workflow allows. Before anything is tried again the old call is cancelled and a
 * final status is seen: if it completed after all, that is used; if no final status can be seen, a person decides.
 */
async function stopStuck(context: EngineContext, jobId: string, attempt: Attempt): Promise<void> {
  if (attempt.responseId === null) return
  failpoint('cancel:before-call')
  const cancelled = await context.provider.cancel(attempt.responseId)
  failpoint('cancel:after-call')
  await observe(context, { jobId, attemptId: attempt.id, kind: 'cancel', outcome: cancelled, changed: true })
  if (cancelled.kind === 'seen' && isFinal(cancelled.seen.status)) {
    await concludeSeen(context, jobId, attempt.id, cancelled.seen, { transport: 'poll', ours: 'no_progress' })
    return
  }
  const again = await context.provider.retrieve(attempt.responseId)
  await observe(context, { jobId, attemptId: attempt.id, kind: 'look', outcome: again, changed: true })
  if (again.kind === 'seen' && isFinal(again.seen.status)) {
    await concludeSeen(context, jobId, attempt.id, again.seen, { transport: 'poll', ours: 'no_progress' })
    return
  }
  await concludeSignal(context, jobId, attempt, {
    signal: stopSignal('no_final_status'),
    error: null,
    providerStatus: attempt.providerStatus as 'in_progress',
    requestId: null,
    transport: 'poll',
  })
}

/**
 * Winding down: the job was stopped while a call was under way. The call is cancelled, and what comes back is recorded
 * with its cost. Nothing of it moves the job.
 */
import type { Attempt } from '@/lib/generated/prisma/client'
import { nextLookInMs } from '@/lib/lifecycle/polling'
import type { LookOutcome } from '@/lib/provider/types'
import { LostRace } from '@/lib/store/errors'
import { type Facts, loadFacts } from '@/lib/store/facts.server'
import { transact, wake } from '@/lib/store/move.server'
import { endAttempt, isFinal } from './conclude.server'
import { type EngineContext, SENDING_LIMIT_MS } from './context'
import { failpoint } from './failpoints'
import { observe } from './observe.server'
import { keepPayload } from './payload.server'

/** After a day without a final word the attempt is left as it is: the provider's record may be read by hand. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000

/** One step of winding down the live attempt of a job that no longer waits for it. */
export async function windDown(context: EngineContext, { job, live }: Facts): Promise<void> {
  if (live === null) return
  const now = context.now()
  if (live.responseId === null) {
    const givenUpAt = new Date(live.sentAt.getTime() + SENDING_LIMIT_MS)
    if (live.providerStatus === 'sending' && givenUpAt > now) return wake(context.db, job.id, givenUpAt)
    return end(
      context,
      job.id,
      live,
      null,
      'The job was stopped before an answer came. It may have been taken and paid.',
    )
  }
  failpoint('cancel:before-call')
  const outcome = await context.provider.cancel(live.responseId)
  failpoint('cancel:after-call')
  await observe(context, { jobId: job.id, attemptId: live.id, kind: 'cancel', outcome, changed: true })
  if (outcome.kind === 'seen' && isFinal(outcome.seen.status)) {
    const late = outcome.seen.status === 'completed'
    return end(
      context,
      job.id,
      live,
      outcome,
      late ? 'It finished before the cancel reached it. It is recorded, and was not used.' : 'It was cancelled.',
    )
  }
  if (outcome.kind === 'gone') return end(context, job.id, live, null, 'OpenAI no longer has it.')
  if (now.getTime() - live.sentAt.getTime() > GIVE_UP_AFTER_MS) {
    return end(context, job.id, live, null, 'No final status was seen within a day of cancelling it.')
  }
  const gap = nextLookInMs(now.getTime() - live.sentAt.getTime(), context.pollMs, {
    failedLooks: outcome.kind === 'failed' ? 1 : 0,
    retryAfterMs: outcome.kind === 'failed' ? outcome.error.retryAfterMs : null,
    random: context.random(),
  })
  await wake(context.db, job.id, new Date(now.getTime() + gap))
}

async function end(
  context: EngineContext,
  jobId: string,
  attempt: Attempt,
  outcome: (LookOutcome & { kind: 'seen' }) | null,
  sentence: string,
): Promise<void> {
  await transact(context.db, async (tx) => {
    const facts = await loadFacts(tx, jobId)
    if (facts.live?.id !== attempt.id) throw new LostRace('the attempt has ended')
    const now = context.now()
    if (outcome !== null) await keepPayload(tx, { facts, attempt: facts.live, seen: outcome.seen, now })
    else if (attempt.providerStatus === 'sending') {
      await tx.attempt.update({ where: { id: attempt.id }, data: { providerStatus: 'unknown' } })
    }
    await endAttempt(tx, facts.live, now, { outcome: { sentence } })
    // A retry that was asked for while this one was under way may be sent now.
    await wake(tx, jobId, facts.job.notBefore !== null && facts.job.notBefore > now ? facts.job.notBefore : now)
  })
}

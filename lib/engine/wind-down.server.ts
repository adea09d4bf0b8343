/**
 * Winding down: nobody waits for a call any more that is still under way. It is cancelled, and what comes back is
 * recorded with its cost. Nothing of it moves the job.
 */
import type { Attempt } from '@/lib/generated/prisma/client'
import { nextLookInMs } from '@/lib/lifecycle/polling'
import { settleUnseen } from '@/lib/money/admit.server'
import type { LookOutcome, Seen } from '@/lib/provider/types'
import { isDatabaseAway, isDeadlock } from '@/lib/store/database-away'
import { LostRace } from '@/lib/store/errors'
import { type Facts, loadFacts, lockFacts } from '@/lib/store/facts.server'
import { transact, wake, wakeLater } from '@/lib/store/move.server'
import { endAttempt } from './attempt-end.server'
import { concludeSeen, isFinal } from './conclude.server'
import { type EngineContext, SENDING_LIMIT_MS } from './context'
import { settleSeen } from './cost.server'
import { failpoint } from './failpoints'
import { observe } from './observe.server'
import { keepPayload, type Payload, readPayload, unreadablePayload } from './payload.server'
import { adopt } from './rounds.server'
import { holdUnlessConfirmed, type UnseenEnd } from './unseen-end.server'

/** After a day without a final word the attempt is left as it is: the provider's record may be read by hand. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000

/** One step of winding down the live attempt of a job that no longer waits for it. */
export async function windDown(context: EngineContext, facts: Facts): Promise<void> {
  const { job, live } = facts
  if (live === null) return
  const now = context.now()
  if (live.responseId === null) return windDownUnanswered(context, job.id, live, now)
  if (live.provider !== context.provider.name) {
    const sentence = `It was sent to ${live.provider}, which this installation no longer uses.`
    return end(context, job.id, live, { unseen: 'other_provider', sentence })
  }
  const outcome = await cancelAndLook(context, job.id, live.id, live.responseId)
  if (outcome.kind === 'seen' && isFinal(outcome.seen.status)) {
    if (waitsForItsEnd(facts)) return finishAfterAll(context, job.id, live, outcome.seen)
    const late = outcome.seen.status === 'completed'
    const sentence = late
      ? 'It finished before the cancel reached it. It is recorded, and was not used.'
      : 'It was cancelled.'
    return end(context, job.id, live, { seen: outcome.seen, sentence })
  }
  if (outcome.kind === 'gone') {
    return end(context, job.id, live, { unseen: 'gone', sentence: 'OpenAI no longer has it.' })
  }
  if (now.getTime() - live.sentAt.getTime() > GIVE_UP_AFTER_MS) {
    const sentence = 'No final status was seen within a day of cancelling it.'
    return end(context, job.id, live, { unseen: 'no_final_status', sentence })
  }
  const gap = nextLookInMs(now.getTime() - live.sentAt.getTime(), context.pollMs, {
    failedLooks: outcome.kind === 'failed' ? 1 : 0,
    retryAfterMs: outcome.kind === 'failed' ? outcome.error.retryAfterMs : null,
    random: context.random(),
  })
  await wake(context.db, job.id, new Date(now.getTime() + gap))
}

/** True where people were asked because nobody saw how this very call ended. */
function waitsForItsEnd({ round, live }: Facts): boolean {
  return round?.kind === 'trouble' && live !== null && round.attemptId === live.id
}

/** The end of a call that was thought stuck is seen while people still look into it: the job goes on with it. */
async function finishAfterAll(context: EngineContext, jobId: string, attempt: Attempt, seen: Seen): Promise<void> {
  await transact(context.db, async (tx) => {
    const facts = await lockFacts(tx, jobId)
    const { round, live } = facts
    if (round === null || live?.id !== attempt.id || !waitsForItsEnd(facts))
      throw new LostRace('the round was answered')
    const now = context.now()
    await adopt(tx, facts, round, { now, transport: 'poll', wakeAt: now, about: { responseId: seen.responseId } })
  })
  await concludeSeen(context, jobId, attempt.id, seen, { transport: 'poll', ours: 'no_progress' })
}

/** No id came yet: its sender is given the time that it may take, then the answer counts as lost. */
async function windDownUnanswered(context: EngineContext, jobId: string, live: Attempt, now: Date): Promise<void> {
  const givenUpAt = new Date(live.sentAt.getTime() + SENDING_LIMIT_MS)
  if (live.providerStatus === 'sending' && givenUpAt > now) return wakeLater(context.db, jobId, givenUpAt)
  const sentence = 'The job was stopped before an answer came. It may have been taken and paid.'
  return end(context, jobId, live, { unseen: 'lost_answer', sentence })
}

/** Cancels; where the cancel is refused or fails, at least looks: the call may have ended by itself. */
async function cancelAndLook(
  context: EngineContext,
  jobId: string,
  attemptId: string,
  responseId: string,
): Promise<LookOutcome> {
  failpoint('cancel:before-call')
  const cancelled = await context.provider.cancel(responseId)
  failpoint('cancel:after-call')
  await observe(context, { jobId, attemptId, kind: 'cancel', outcome: cancelled, changed: true })
  if (cancelled.kind !== 'failed') return cancelled
  const looked = await context.provider.retrieve(responseId)
  await observe(context, { jobId, attemptId, kind: 'look', outcome: looked, changed: looked.kind === 'seen' })
  return looked
}

/**
 * The id of a call came after its attempt had been given up: it is cancelled at once, and what it says is added to the
 * attempt, with its cost.
 */
export async function cancelGivenUp(context: EngineContext, jobId: string, attemptId: string): Promise<void> {
  const attempt = await context.db.attempt.findUniqueOrThrow({ where: { id: attemptId } })
  if (attempt.responseId === null) return
  const outcome = await cancelAndLook(context, jobId, attemptId, attempt.responseId)
  if (outcome.kind === 'gone') {
    // Nobody needs to ask again.
    await context.db.attemptWatch.update({ where: { attemptId }, data: { lastError: 'gone' } })
  }
  if (outcome.kind !== 'seen' || !isFinal(outcome.seen.status)) return
  const { definition } = await loadFacts(context.db, jobId)
  const payload = await readLeniently(context, jobId, outcome.seen)
  await transact(context.db, async (tx) => {
    await lockFacts(tx, jobId)
    const now = context.now()
    await keepPayload(tx, { payload, attempt, kind: definition.kind, now, isLate: true })
    await settleSeen(tx, attempt, payload.reading, now)
  })
}

/** How it ended: with a final response, or so that nobody saw it. */
type End = { sentence: string } & ({ seen: Seen } | { unseen: UnseenEnd })

async function end(context: EngineContext, jobId: string, attempt: Attempt, how: End): Promise<void> {
  const { sentence } = how
  const payload = 'seen' in how ? await readLeniently(context, jobId, how.seen) : null
  await transact(context.db, async (tx) => {
    const facts = await lockFacts(tx, jobId)
    const { job, definition, live } = facts
    if (live?.id !== attempt.id) throw new LostRace('the attempt has ended')
    const now = context.now()
    if (payload === null) await settleUnseen(tx, live.id, now)
    else {
      await keepPayload(tx, { payload, attempt: live, kind: definition.kind, now })
      await settleSeen(tx, live, payload.reading, now)
    }
    if (payload === null && live.providerStatus === 'sending') {
      await tx.attempt.update({ where: { id: attempt.id }, data: { providerStatus: 'unknown' } })
    }
    await endAttempt(tx, live, now, { outcome: { sentence } })
    if ('unseen' in how && (await holdUnlessConfirmed(tx, facts, live, { code: how.unseen, now }))) return
    // A retry that was asked for while this one was under way may be sent now.
    await wake(tx, jobId, job.notBefore !== null && job.notBefore > now ? job.notBefore : now)
  })
}

/** What cannot be read is kept as bytes: it would fail the same way each time. */
async function readLeniently(context: EngineContext, jobId: string, seen: Seen): Promise<Payload> {
  try {
    const { definition } = await loadFacts(context.db, jobId)
    return await readPayload(context.db, { jobId, definition, seen })
  } catch (error) {
    if (isDatabaseAway(error) || isDeadlock(error)) throw error
    context.log(`A late answer of job ${jobId} could not be read; its bytes are kept.`)
    return unreadablePayload(seen)
  }
}

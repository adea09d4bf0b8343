/** What becomes of a job whose attempt failed: again by itself, failed, held, or its whole queue stopped, as the rules say. */
import { signalWord } from '@/lib/failures/signal'
import type { Attempt, Job } from '@/lib/generated/prisma/client'
import { type FailureClass, retriesByItself, type Signal } from '@/lib/lifecycle/failure'
import { decideRetry, type RetryDecision } from '@/lib/lifecycle/retry'
import { stopQueue } from '@/lib/money/stops.server'
import { notify } from '@/lib/notices/notify.server'
import { tellFailed } from '@/lib/notices/tell.server'
import { decide, type Verdict } from '@/lib/rules/decide'
import { currentRules } from '@/lib/rules/store.server'
import type { Rule } from '@/lib/rules/types'
import type { Tx } from '@/lib/store/db.server'
import type { Transport } from '@/lib/store/event-chain'
import type { Facts } from '@/lib/store/facts.server'
import { move, SYSTEM } from '@/lib/store/move.server'
import { endAttempt, messageOf } from './attempt-end.server'
import type { EngineContext } from './context'
import { failpoint } from './failpoints'
import type { Kept } from './payload.server'
import { openRound } from './rounds.server'

export type Stop = {
  signal: Signal
  message: string | null
  retryAfterMs: number | null
  result: Kept['result']
  transport: Transport
}

/** Requeues, fails or holds, as the rules say. True where it is tried again by itself. */
export async function settleFailure(
  context: EngineContext,
  tx: Tx,
  facts: Facts,
  attempt: Attempt,
  stop: Stop,
): Promise<boolean> {
  const now = context.now()
  const { job, definition, roundCount } = facts
  const { version, rules } = await currentRules(tx)
  const verdict = verdictOn(stop.signal, rules)
  const message = messageOf(stop.message)
  const retry = verdict.stopsQueue
    ? {
        did: false as const,
        why: 'Sending of the whole workflow stands still until a lead resumes it. Then it goes on.',
      }
    : await decideAgain(context, tx, facts, attempt, stop, verdict)
  const end = {
    rulesVersion: version,
    failureClass: verdict.class,
    failureCode: verdict.code,
    failureSignal: signalWord(stop.signal),
    outcome: {
      sentence: verdict.sentence,
      message,
      retry: { did: retry.did, why: retry.why, notBefore: retry.did ? retry.notBefore.toISOString() : null },
    },
  }
  // Of a call whose end nobody saw, the attempt lives on: it is wound down before anything is sent again.
  if (verdict.code === 'no_final_status') await tx.attempt.update({ where: { id: attempt.id }, data: end })
  else await endAttempt(tx, attempt, now, end)
  const failure = { class: verdict.class, code: verdict.code, signal: signalWord(stop.signal) }
  const how = { actor: SYSTEM, transport: stop.transport, now, round: null }
  const detail = { attempt: attempt.number, responseId: attempt.responseId, failure }
  const set = { failureClass: verdict.class, failureCode: verdict.code, failureSignal: failure.signal }
  const tries = verdict.countsTries ? job.tries : Math.max(0, job.tries - 1)
  if (verdict.stopsQueue) {
    await stopQueue(tx, {
      workflowKey: job.workflowKey,
      reason: verdict.code,
      message,
      jobId: job.id,
      attemptId: attempt.id,
      now,
    })
    await tellOf(tx, job, verdict, now)
    await move(tx, job, {
      ...how,
      command: 'requeue',
      set: { ...set, tries, notBefore: null },
      wakeAt: null,
      detail: { ...detail, reason: 'queue_stopped' },
    })
    return false
  }
  // What is tried again by itself has not stopped: nobody needs to hear of it.
  if (!retry.did) await tellOf(tx, job, verdict, now)
  if (retry.did) {
    failpoint('requeue:before-commit')
    await move(tx, job, {
      ...how,
      command: 'requeue',
      set: { ...set, tries, notBefore: retry.notBefore },
      wakeAt: retry.notBefore,
      detail: { ...detail, notBefore: retry.notBefore.toISOString() },
    })
  } else if (endsInFailed(verdict.class)) {
    await move(tx, job, { ...how, command: 'fail', set: { ...set, notBefore: null }, wakeAt: null, detail })
    // Where a rule has told whoever asked, they know.
    if (verdict.tell !== 'requester') {
      await tellFailed(tx, job, { code: verdict.code, failureClass: verdict.class, now })
    }
  } else {
    await openRound(tx, {
      job,
      definition,
      number: roundCount + 1,
      kind: 'trouble',
      reason: verdict.code,
      attempt,
      result: stop.result,
      now,
      transport: stop.transport,
      failure,
    })
  }
  return retry.did
}

/**
 * As the rules decide; except that a call which its provider no longer knows is never sent again by itself, whatever a
 * rule says: its end was not seen, and it may have been paid.
 */
function verdictOn(signal: Signal, rules: readonly Rule[]): Verdict {
  const verdict = decide(signal, rules)
  const isGone = signal.source === 'ours' && signal.code === 'gone'
  return isGone && retriesByItself(verdict.class) ? decide(signal, []) : verdict
}

/** Whether it is tried again by itself, and when: the workflow's rule, as the failure rule changes it. */
async function decideAgain(
  context: EngineContext,
  tx: Tx,
  { job, definition }: Facts,
  attempt: Attempt,
  stop: Stop,
  verdict: Verdict,
): Promise<RetryDecision> {
  const { maxAttempts, firstSeconds, factor, capSeconds } = definition.retry
  const firstMs = firstSeconds === undefined ? context.retryMs : firstSeconds * 1_000
  return decideRetry(
    verdict.class,
    job.tries,
    { maxAttempts, firstMs, factor, capMs: capSeconds * 1_000 },
    {
      now: context.now(),
      retryAfterMs: stop.retryAfterMs,
      random: context.random(),
      override: verdict.retry,
      countsTries: verdict.countsTries,
      inARow: 1 + (await failuresBefore(tx, attempt, verdict.code)),
    },
  )
}

/** How many attempts just before this one failed in the same way. */
async function failuresBefore(tx: Tx, attempt: Attempt, code: string): Promise<number> {
  const before = await tx.attempt.findMany({
    where: { jobId: attempt.jobId, number: { lt: attempt.number } },
    orderBy: { number: 'desc' },
    take: 20,
    select: { failureCode: true },
  })
  const other = before.findIndex(({ failureCode }) => failureCode !== code)
  return other === -1 ? before.length : other
}

/** Leaves a notice for whom the rule names. Of a queue, once its stop is written down: so each stop is told of once. */
export async function tellOf(tx: Tx, job: Job, verdict: Verdict, now: Date): Promise<void> {
  if (verdict.tell === 'nobody') return
  const detail = { code: verdict.code, class: verdict.class }
  await notify(tx, { to: verdict.tell, job, kind: verdict.stopsQueue ? 'queue_stopped' : 'job_stopped', detail, now })
}

/** Malformed input and policy end in `failed`, and so does what retried in vain; the rest waits for a person. */
function endsInFailed(failureClass: FailureClass): boolean {
  return failureClass !== 'review_required' && failureClass !== 'unclassified'
}

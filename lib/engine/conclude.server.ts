/** Concluding: an attempt has ended, in one of many ways, and the job takes the one step that follows. */
import type { Attempt } from '@/lib/generated/prisma/client'
import { type Classified, classify, failureSentence, type Signal } from '@/lib/lifecycle/failure'
import { decideRetry, type RetryDecision } from '@/lib/lifecycle/retry'
import type { ProviderStatus, State } from '@/lib/lifecycle/table'
import type { ProviderError, Seen } from '@/lib/provider/types'
import { isDatabaseAway, isDeadlock } from '@/lib/store/database-away'
import type { Tx } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import type { Transport } from '@/lib/store/event-chain'
import { type Facts, loadFacts, lockFacts } from '@/lib/store/facts.server'
import { move, SYSTEM, transact, wake } from '@/lib/store/move.server'
import { sanitiseText } from '@/lib/store/sanitise'
import type { EngineContext } from './context'
import { failpoint } from './failpoints'
import { type Kept, keepPayload, type Payload, readPayload, unreadablePayload } from './payload.server'
import { openRound } from './rounds.server'

/** True for what the provider says when it is done with a response. */
export function isFinal(status: ProviderStatus): boolean {
  return status === 'completed' || status === 'incomplete' || status === 'failed' || status === 'cancelled'
}

type How = {
  transport: Transport
  /** We cancelled it ourselves, and why. */
  ours?: 'no_progress'
}

/** A final response was seen: its payload is copied at once, and the job moves on. */
export async function concludeSeen(
  context: EngineContext,
  jobId: string,
  attemptId: string,
  seen: Seen,
  how: How,
): Promise<void> {
  failpoint('conclude:before-commit')
  const isTriedAgain = await readAndConclude(context, jobId, attemptId, seen, how)
  failpoint('conclude:after-commit')
  if (isTriedAgain) failpoint('requeue:after-commit')
}

/** True where it is tried again by itself. An answer that cannot be read is kept as bytes and put before a person. */
async function readAndConclude(
  context: EngineContext,
  jobId: string,
  attemptId: string,
  seen: Seen,
  how: How,
): Promise<boolean> {
  try {
    const { definition } = await loadFacts(context.db, jobId)
    const payload = await readPayload(context.db, { jobId, definition, seen })
    return await conclude(context, jobId, attemptId, { payload, ending: endingOf(payload, how), how })
  } catch (error) {
    // Lost races and a database that is away are nobody's fault and pass; anything else would come back for ever.
    if (error instanceof LostRace || isDatabaseAway(error) || isDeadlock(error)) throw error
    context.log(
      `The answer to attempt ${attemptId} could not be read: ${error instanceof Error ? error.message : error}`,
    )
    const classified = classify({ source: 'ours', httpStatus: null, code: 'unreadable' })
    const ending: Ending = { kind: 'stopped', classified, message: null }
    return conclude(context, jobId, attemptId, { payload: unreadablePayload(seen), ending, how })
  }
}

function conclude(
  context: EngineContext,
  jobId: string,
  attemptId: string,
  { payload, ending, how }: { payload: Payload; ending: Ending; how: How },
): Promise<boolean> {
  return transact(context.db, async (tx) => {
    const facts = await lockFacts(tx, jobId)
    const attempt = liveAttempt(facts, attemptId)
    const kept = await keepPayload(tx, { payload, attempt, kind: facts.definition.kind, now: context.now() })
    if (ending.kind === 'stopped') {
      const stop = { ...ending, ...how, retryAfterMs: null, result: kept.result }
      return settleFailure(context, tx, facts, attempt, stop)
    }
    await settleResult(context, tx, facts, attempt, kept, how.transport)
    return false
  })
}

type Ending = { kind: 'result' } | { kind: 'stopped'; classified: Classified; message: string | null }

/** What a final response amounts to: a whole result, or a stop of some class. */
function endingOf({ reading, seen, waitingCalls }: Payload, how: How): Ending {
  const stopped = (code: string | null, message: string | null = null): Ending => ({
    kind: 'stopped',
    classified: classify({ source: 'response', httpStatus: null, code }),
    message,
  })
  switch (seen.status) {
    case 'completed':
      if (reading.refusal !== null) return stopped('refusal', reading.refusal)
      if (waitingCalls > 0) return stopped('waiting_calls')
      return reading.text.trim() === '' ? stopped('empty_output') : { kind: 'result' }
    case 'incomplete':
      return stopped(reading.incompleteReason)
    case 'failed':
      return stopped(reading.error?.code ?? null, reading.error?.message ?? null)
    default:
      return stopped(how.ours ?? 'cancelled_elsewhere')
  }
}

/** A whole result: accepted where the policy asks for nobody and every check passes, else held for people. */
async function settleResult(
  context: EngineContext,
  tx: Tx,
  facts: Facts,
  attempt: Attempt,
  kept: Kept,
  transport: Transport,
): Promise<void> {
  const now = context.now()
  const { job, definition, roundCount } = facts
  const { result } = kept
  if (result === null) throw new Error('a whole result was not kept')
  await endAttempt(tx, attempt, now, { outcome: { sentence: 'The model finished.' } })
  const passes = kept.checks.every((check) => check.outcome !== 'fail')
  if (definition.review.approvals === 0 && passes) {
    await move(tx, job, {
      command: 'accept',
      actor: SYSTEM,
      transport,
      now,
      set: { failureClass: null, failureCode: null, notBefore: null },
      round: null,
      wakeAt: null,
      detail: { attempt: attempt.number, responseId: attempt.responseId, result: result.sha256 },
    })
    return
  }
  await openRound(tx, {
    job,
    definition,
    number: roundCount + 1,
    kind: 'result',
    reason: passes ? 'policy_asks' : 'checks_failed',
    attempt,
    result,
    now,
    transport,
    failure: passes ? null : { class: 'review_required', code: 'checks_failed' },
  })
}

export type SignalEnd = {
  signal: Signal
  error: ProviderError | null
  providerStatus: ProviderStatus
  requestId: string | null
  transport: Transport
}

/** An attempt ended without a response to keep: refused at create, never sent, or gone at the provider. */
export async function concludeSignal(
  context: EngineContext,
  jobId: string,
  { id: attemptId }: Pick<Attempt, 'id'>,
  { signal, error, providerStatus, requestId, transport }: SignalEnd,
): Promise<void> {
  const isTriedAgain = await transact(context.db, async (tx) => {
    const facts = await lockFacts(tx, jobId)
    const classified = classify(signal)
    if (facts.live?.id === attemptId && facts.job.state !== 'running') {
      // Stopped by a person meanwhile: the attempt ends as it did, and moves nothing.
      await tx.attempt.update({ where: { id: attemptId }, data: { providerStatus, requestId } })
      const outcome = {
        sentence: failureSentence(classified.class, classified.code),
        message: messageOf(error?.message),
      }
      await endAttempt(tx, facts.live, context.now(), {
        failureClass: classified.class,
        failureCode: classified.code,
        outcome,
      })
      await wake(tx, jobId, context.now())
      return false
    }
    const attempt = liveAttempt(facts, attemptId)
    await tx.attempt.update({
      where: { id: attempt.id },
      data: { providerStatus, ...(requestId === null ? {} : { requestId }) },
    })
    return settleFailure(context, tx, facts, attempt, {
      classified,
      message: error?.message ?? null,
      retryAfterMs: error?.retryAfterMs ?? null,
      result: null,
      transport,
    })
  })
  if (isTriedAgain) failpoint('requeue:after-commit')
}

type Stop = {
  classified: Classified
  message: string | null
  retryAfterMs: number | null
  result: Kept['result']
  transport: Transport
}

/** Requeues, fails or holds, as the class says. True where it is tried again by itself. */
async function settleFailure(
  context: EngineContext,
  tx: Tx,
  facts: Facts,
  attempt: Attempt,
  stop: Stop,
): Promise<boolean> {
  const now = context.now()
  const { job, definition, roundCount } = facts
  const { classified, transport } = stop
  const rule = {
    maxAttempts: definition.retry.maxAttempts,
    firstMs: context.retryMs,
    factor: definition.retry.factor,
    capMs: definition.retry.capSeconds * 1_000,
  }
  const retry = decideRetry(classified.class, job.tries, rule, {
    now,
    retryAfterMs: stop.retryAfterMs,
    random: context.random(),
  })
  const end = {
    failureClass: classified.class,
    failureCode: classified.code,
    outcome: {
      sentence: failureSentence(classified.class, classified.code),
      message: messageOf(stop.message),
      retry: { did: retry.did, why: retry.why, notBefore: retry.did ? retry.notBefore.toISOString() : null },
    },
  }
  // Of a call whose end nobody saw, the attempt lives on: it is wound down before anything is sent again.
  if (classified.code === 'no_final_status') await tx.attempt.update({ where: { id: attempt.id }, data: end })
  else await endAttempt(tx, attempt, now, end)
  const failure = { class: classified.class, code: classified.code }
  const how = { actor: SYSTEM, transport, now, round: null }
  const detail = { attempt: attempt.number, responseId: attempt.responseId, failure }
  const set = { failureClass: classified.class, failureCode: classified.code }
  if (retry.did) {
    failpoint('requeue:before-commit')
    await move(tx, job, {
      ...how,
      command: 'requeue',
      set: { ...set, notBefore: retry.notBefore },
      wakeAt: retry.notBefore,
      detail: { ...detail, notBefore: retry.notBefore.toISOString() },
    })
  } else if (endsInFailed(classified)) {
    await move(tx, job, { ...how, command: 'fail', set: { ...set, notBefore: null }, wakeAt: null, detail })
  } else {
    await openRound(tx, {
      job,
      definition,
      number: roundCount + 1,
      kind: 'trouble',
      reason: classified.code,
      attempt,
      result: stop.result,
      now,
      transport,
      failure,
    })
  }
  return retry.did
}

/** The provider's own words, so that they can be stored and read. */
function messageOf(message: string | null | undefined): string | null {
  return message ? sanitiseText(message).slice(0, 2_000) : null
}

/** Malformed input and policy end in `failed`, and so does what retried in vain; the rest waits for a person. */
function endsInFailed({ class: failureClass }: Classified): boolean {
  return failureClass !== 'review_required' && failureClass !== 'unclassified'
}

export type AttemptEnd = {
  failureClass?: string
  failureCode?: string
  outcome: {
    sentence: string
    message?: string | null
    retry?: Omit<RetryDecision, 'notBefore'> & { notBefore: string | null }
  }
}

/** Ends the live attempt. @throws {LostRace} when somebody has ended it. */
export async function endAttempt(tx: Tx, attempt: Attempt, now: Date, end: AttemptEnd): Promise<void> {
  const ended = await tx.attempt.updateMany({
    where: { id: attempt.id, fence: attempt.fence, endedAt: null },
    data: { endedAt: now, ...end },
  })
  if (ended.count === 0) throw new LostRace('the attempt has ended')
}

/** The attempt, where it is still the live one of a running job. */
function liveAttempt({ job, live }: Facts, attemptId: string): Attempt {
  if (live === null || live.id !== attemptId || (job.state as State) !== 'running') {
    throw new LostRace('the attempt is no longer what the job waits for')
  }
  return live
}

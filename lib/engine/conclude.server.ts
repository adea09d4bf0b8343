/** Concluding: an attempt has ended, in one of many ways, and the job takes the one step that follows. */

import { leavingOf, putIntoOutbox, standingsWith } from '@/lib/deliveries/outbox.server'
import { signalWord } from '@/lib/failures/signal'
import type { Attempt } from '@/lib/generated/prisma/client'
import { type FailureClass, retriesByItself, type Signal } from '@/lib/lifecycle/failure'
import type { ProviderStatus, State } from '@/lib/lifecycle/table'
import { tellDone } from '@/lib/notices/tell.server'
import type { ProviderError, Seen } from '@/lib/provider/types'
import { decide } from '@/lib/rules/decide'
import { checksSignal, failedSignal, incompleteSignal, stopSignal } from '@/lib/rules/signals'
import { currentRules } from '@/lib/rules/store.server'
import { isDatabaseAway, isDeadlock } from '@/lib/store/database-away'
import type { Tx } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import type { Transport } from '@/lib/store/event-chain'
import { type Facts, loadFacts, lockFacts } from '@/lib/store/facts.server'
import { move, SYSTEM, transact, wake } from '@/lib/store/move.server'
import { resultTerms } from '@/lib/store/round-terms.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { addRefusal, endAttempt, messageOf } from './attempt-end.server'
import type { EngineContext } from './context'
import { settleSeen, settleSignal } from './cost.server'
import { failpoint } from './failpoints'
import { type Kept, keepPayload, MOST_CALLS, type Payload, readPayload, unreadablePayload } from './payload.server'
import { takeCalls } from './permission.server'
import { adopt, openRound } from './rounds.server'
import { settleFailure, tellOf } from './settle-failure.server'

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
    return await conclude(context, jobId, attemptId, { payload, ending: endingOf(payload, how, definition), how })
  } catch (error) {
    // Lost races and a database that is away are nobody's fault and pass; anything else would come back for ever.
    if (error instanceof LostRace || isDatabaseAway(error) || isDeadlock(error)) throw error
    context.log(
      `The answer to attempt ${attemptId} could not be read: ${error instanceof Error ? error.message : error}`,
    )
    const ending: Ending = { kind: 'stopped', signal: stopSignal('unreadable'), message: null }
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
    if (ending.kind === 'result') {
      await settleResult(context, tx, facts, attempt, kept, how.transport)
      // Last: until the transaction ends, whoever starts or ends a call that counts in the same accounts waits for it.
      await settleSeen(tx, attempt, payload.reading, context.now())
      return false
    }
    await settleSeen(tx, attempt, payload.reading, context.now())
    if (ending.kind === 'calls') {
      await settleCalls(context, tx, facts, attempt, kept, how.transport)
      return false
    }
    const stop = { ...ending, ...how, retryAfterMs: null, result: kept.result }
    return settleFailure(context, tx, facts, attempt, stop)
  })
}

type Ending = { kind: 'result' } | { kind: 'calls' } | { kind: 'stopped'; signal: Signal; message: string | null }

/** What a final response amounts to: a whole result, calls that want an answer, or a stop of some class. */
function endingOf({ reading, seen, calls }: Payload, how: How, definition: WorkflowDefinition): Ending {
  const stopped = (signal: Signal, message: string | null = null): Ending => ({ kind: 'stopped', signal, message })
  switch (seen.status) {
    case 'completed':
      if (reading.refusal !== null) return stopped(stopSignal('refusal'), reading.refusal)
      if (calls.length > 0) {
        const canBeAnswered = offersCalls(definition) && calls.length <= MOST_CALLS
        return canBeAnswered ? { kind: 'calls' } : stopped(stopSignal('waiting_calls'))
      }
      return reading.text.trim() === '' ? stopped(stopSignal('empty_output')) : { kind: 'result' }
    case 'incomplete':
      return stopped(incompleteSignal(reading.incompleteReason))
    case 'failed':
      return stopped(failedSignal(reading.error?.code ?? null), reading.error?.message ?? null)
    default:
      return stopped(stopSignal(how.ours ?? 'cancelled_elsewhere'))
  }
}

/** Whether the workflow has tools whose calls come to us: to any other the answer would be no, again and again. */
function offersCalls({ tools }: WorkflowDefinition): boolean {
  return tools.some((tool) => tool.type === 'function' || tool.type === 'mcp')
}

/** More rounds of calls than this in one run are no progress but a circle that costs money. */
const MOST_TURNS = 25

/** The model asked for calls: those that need leave wait for a person, else the run goes on by itself. */
async function settleCalls(
  context: EngineContext,
  tx: Tx,
  facts: Facts,
  attempt: Attempt,
  { calls }: Kept,
  transport: Transport,
): Promise<void> {
  const now = context.now()
  if ((await turnsOf(tx, attempt)) >= MOST_TURNS) {
    const stop = { signal: stopSignal('too_many_turns'), message: null, retryAfterMs: null, result: null, transport }
    await settleFailure(context, tx, facts, attempt, stop)
    return
  }
  const waits = calls.some((call) => call.state === 'waiting')
  const sentence = waits ? 'The model asked for leave to make calls.' : 'The model asked for calls.'
  await endAttempt(tx, attempt, now, { outcome: { sentence } })
  await takeCalls(tx, facts, { attempt, calls, now, transport })
}

/** How many attempts in a row answered calls, up to this one. */
async function turnsOf(tx: Tx, attempt: Attempt): Promise<number> {
  if (attempt.continuesId === null) return 0
  const anew = await tx.attempt.findFirst({
    where: { jobId: attempt.jobId, continuesId: null, number: { lt: attempt.number } },
    orderBy: { number: 'desc' },
    select: { number: true },
  })
  return attempt.number - (anew?.number ?? 0)
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
  const failed = kept.checks.filter((check) => check.outcome === 'fail').map((check) => check.key)
  const passes = failed.length === 0
  const failure = passes ? null : await judgeChecks(tx, facts, attempt, failed, now)
  await endAttempt(tx, attempt, now, { outcome: { sentence: 'The model finished.' } })
  const whole = await tx.result.findUniqueOrThrow({ where: { id: result.id } })
  const terms = await resultTerms(tx, { job, definition, result: whole, at: now })
  const canLeave = terms.columns.deliveryProblem === null
  const isFree = terms.approvals === 0 && passes && canLeave
  // Of what nobody would look at, some is looked at, so that it is known how good it is.
  const isSample = isFree && context.random() * 100 < (definition.review.samplePercent ?? 0)
  if (isFree && !isSample) {
    const leaving = leavingOf(terms.columns, now, 0)
    const accepted = await move(tx, job, {
      command: 'accept',
      actor: SYSTEM,
      transport,
      now,
      set: { failureClass: null, failureCode: null, notBefore: null },
      round: null,
      wakeAt: leaving === null || leaving.kind === 'by_hand' ? null : leaving.notBefore,
      detail: {
        attempt: attempt.number,
        responseId: attempt.responseId,
        result: result.sha256,
        ...(leaving === null ? {} : { delivery: { id: leaving.id, hash: leaving.hash } }),
      },
      deliveries: standingsWith(facts.deliveries, { ids: [], state: 'pending' }, leaving),
    })
    if (leaving !== null) {
      const number = (facts.deliveries.at(-1)?.number ?? 0) + 1
      const eventSeq = accepted.version
      await putIntoOutbox(tx, leaving, {
        jobId: job.id,
        roundId: null,
        eventSeq,
        resultHash: result.sha256,
        number,
        now,
      })
    }
    await tellDone(tx, accepted, { by: null, now })
    return
  }
  await openRound(tx, {
    job,
    definition,
    number: roundCount + 1,
    kind: 'result',
    reason: !passes ? 'checks_failed' : isSample ? 'sample' : canLeave ? 'policy_asks' : 'cannot_leave',
    terms,
    isSample,
    attempt,
    result,
    now,
    transport,
    failure,
  })
}

/** A whole result that does not pass its checks is always put before people; the rules say under which class, and who is told. */
async function judgeChecks(
  tx: Tx,
  { job }: Facts,
  attempt: Attempt,
  checks: string[],
  now: Date,
): Promise<{ class: FailureClass; code: string; signal: string }> {
  const { version, rules } = await currentRules(tx)
  const signal = checksSignal(checks)
  const verdict = decide(signal, rules)
  await tx.attempt.update({ where: { id: attempt.id }, data: { rulesVersion: version } })
  await tellOf(tx, job, verdict, now)
  const failureClass = retriesByItself(verdict.class) ? 'review_required' : verdict.class
  return { class: failureClass, code: 'checks_failed', signal: signalWord(signal) }
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
    let facts = await lockFacts(tx, jobId)
    if (isRefusedAtCreate(signal) && facts.live?.id === attemptId && facts.live.responseId !== null) {
      // A webhook has named its response meanwhile: it was taken after all, and is paid. Sent again it would be twice.
      context.log(`Attempt ${attemptId} was refused and yet taken; it is looked at, and not sent again.`)
      return false
    }
    if (isRefusedAtCreate(signal) && facts.live?.id !== attemptId) {
      await addRefusal(tx, attemptId, { signal, error, providerStatus, requestId }, context.now())
      return false
    }
    await settleSignal(tx, attemptId, signal, context.now())
    if (asksAboutAnswerOf(facts, attemptId)) facts = await adoptAnswer(context, tx, facts, transport)
    if (facts.live?.id === attemptId && facts.job.state !== 'running') {
      // Stopped by a person meanwhile: the attempt ends as it did, and moves nothing.
      const { version, rules } = await currentRules(tx)
      const verdict = decide(signal, rules)
      await tx.attempt.update({ where: { id: attemptId }, data: { providerStatus, requestId } })
      await endAttempt(tx, facts.live, context.now(), {
        rulesVersion: version,
        failureClass: verdict.class,
        failureCode: verdict.code,
        failureSignal: signalWord(signal),
        outcome: { sentence: verdict.sentence, message: messageOf(error?.message) },
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
      signal,
      message: error?.message ?? null,
      retryAfterMs: error?.retryAfterMs ?? null,
      result: null,
      transport,
    })
  })
  if (isTriedAgain) failpoint('requeue:after-commit')
}

/** True where people were asked because the answer of this very call was lost. */
function asksAboutAnswerOf({ round, live }: Facts, attemptId: string): boolean {
  return round?.kind === 'unknown' && round.attemptId === attemptId && live?.id === attemptId
}

/** The lost answer came after all, and it is no response: nobody need decide about it, and the job goes on from there. */
async function adoptAnswer(context: EngineContext, tx: Tx, facts: Facts, transport: Transport): Promise<Facts> {
  const { round, live } = facts
  if (round === null || live === null) throw new LostRace('the round was answered')
  const now = context.now()
  const job = await adopt(tx, facts, round, { now, transport, wakeAt: now, about: { attempt: live.number } })
  return { ...facts, job, round: null }
}

function isRefusedAtCreate({ source, where }: Signal): boolean {
  return source === 'call' && where === 'create'
}

/** The attempt, where it is still the live one of a running job. */
function liveAttempt({ job, live }: Facts, attemptId: string): Attempt {
  if (live === null || live.id !== attemptId || (job.state as State) !== 'running') {
    throw new LostRace('the attempt is no longer what the job waits for')
  }
  return live
}

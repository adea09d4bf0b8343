/** Before each call: whether limits and budgets let it go. After each: what the provider said of its limits. */
import { BEFORE_SENDING } from '@/lib/failures/signal'
import type { Attempt } from '@/lib/generated/prisma/client'
import { noteLimits } from '@/lib/limits/limiter.server'
import { type Admission, admitWeighed, looksFree, weigh } from '@/lib/money/admit.server'
import { openStop, stopQueue } from '@/lib/money/stops.server'
import { notify } from '@/lib/notices/notify.server'
import type { CreateOutcome, LookOutcome, ResponseRequest } from '@/lib/provider/types'
import { countSend, lockQueue, noteWait, queueTurn } from '@/lib/queues/turn.server'
import { decide } from '@/lib/rules/decide'
import { callSignal } from '@/lib/rules/signals'
import { currentRules } from '@/lib/rules/store.server'
import type { Tx } from '@/lib/store/db.server'
import type { Facts } from '@/lib/store/facts.server'
import { earlier, wakeLater } from '@/lib/store/move.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionOf } from '@/lib/workflows/store.server'
import type { EngineContext } from './context'
import { openRound } from './rounds.server'

type Start = {
  attemptId: string
  request: ResponseRequest
  now: Date
  /** Whether what all starts share is locked first: after `TakenMeanwhile`. */
  locksFirst?: boolean
}

/** Somebody took what seemed free while the start was written: nothing of it may commit. Asked again, it is locked first. */
export class TakenMeanwhile extends Error {
  override name = 'TakenMeanwhile'
}

/**
 * Reserves what the next attempt may cost, takes its turn under the rate limit, and writes the start. Null where it may
 * not start now: then the job was given a later look, held, or left in its stopped queue, in the same transaction.
 *
 * The accounts and the rate limit are shared by all who start or end a call. Where they seem to let it go they are locked
 * last, after `write`, so that the others wait for three statements and not for the whole of it.
 * @throws {TakenMeanwhile} where they did not after all.
 */
export async function startIfItMay<T>(
  context: EngineContext,
  tx: Tx,
  facts: Facts,
  { attemptId, request, now, locksFirst = false }: Start,
  write: () => Promise<T>,
): Promise<T | null> {
  const { job, definition } = facts
  const limits = await lockQueue(tx, job.workflowKey)
  // Stopped since the job was looked at, perhaps while its calls were made: whoever resumes sending wakes it. Whoever
  // pauses it takes the same lock, so that nothing is sent after that is said to be done.
  if ((await openStop(tx, job.workflowKey)) !== null) return null
  const turn = await queueTurn(tx, job, limits, now)
  if (turn.kind === 'wait') {
    await noteWait(tx, job, turn.why, now)
    await wakeLater(tx, job.id, earlier(turn.until, job.dueAt))
    return null
  }
  const weighed = await weigh(tx, {
    job,
    definition,
    currentDefinition: await currentDefinition(tx, job.workflowKey, definition),
    request,
    provider: context.provider.name,
    now,
    attemptId,
  })
  if (!locksFirst && weighed.kind === 'weighed' && (await looksFree(tx, weighed))) {
    await countSend(tx, job.workflowKey, limits, now)
    const started = await write()
    const admission = await admitWeighed(tx, weighed)
    if (admission.kind !== 'go') throw new TakenMeanwhile(`what was free is no longer: ${admission.kind}`)
    return started
  }
  const admission = weighed.kind === 'hold' ? weighed : await admitWeighed(tx, weighed)
  if (admission.kind === 'go') {
    await countSend(tx, job.workflowKey, limits, now)
    return write()
  }
  await turnAway(tx, facts, admission, now)
  return null
}

async function turnAway(
  tx: Tx,
  { job, definition, roundCount }: Facts,
  admission: Exclude<Admission, { kind: 'go' }>,
  now: Date,
): Promise<void> {
  switch (admission.kind) {
    case 'wait':
      await noteWait(tx, job, 'provider', now)
      await wakeLater(tx, job.id, earlier(admission.until, job.dueAt))
      return
    case 'stop': {
      const { reason } = admission
      await stopQueue(tx, { workflowKey: job.workflowKey, reason, message: null, jobId: job.id, attemptId: null, now })
      await notify(tx, { to: 'leads', job, kind: 'queue_stopped', detail: { code: reason }, now })
      return
    }
    case 'hold':
      await openRound(tx, {
        job,
        definition,
        number: roundCount + 1,
        kind: 'trouble',
        reason: admission.reason,
        attempt: null,
        result: null,
        now,
        transport: 'timer',
        failure: { class: 'review_required', code: admission.reason, signal: BEFORE_SENDING },
      })
  }
}

/** Budgets of a whole workflow are those of its newest version, whichever version the job runs under. */
async function currentDefinition(tx: Tx, key: string, own: WorkflowDefinition): Promise<WorkflowDefinition> {
  const workflow = await tx.workflow.findUnique({ where: { key } })
  if (workflow === null) return own
  const where = { key_version: { key, version: workflow.currentVersion } }
  const version = await tx.workflowVersion.findUnique({ where })
  return version === null ? own : definitionOf(version)
}

/** Passes on what an answer said of the provider's limits. What is not heeded now is heeded at the next answer. */
export async function heed(
  context: EngineContext,
  { provider, model }: Pick<Attempt, 'provider' | 'model'>,
  outcome: CreateOutcome | LookOutcome,
  call: 'create' | 'look' = 'create',
): Promise<void> {
  const error = 'error' in outcome ? outcome.error : null
  const word = {
    limits: outcome.limits ?? null,
    rateLimited: error?.httpStatus === 429 && RATE_LIMIT_CODES.includes(error.code ?? ''),
    retryAfterMs: error?.retryAfterMs ?? null,
    call,
  }
  try {
    await noteLimits(context.db, provider, model, word, context.now(), context.random())
  } catch (error) {
    // What was answered is worth more than what it said of limits: nothing of it may stop what follows.
    const why = error instanceof Error ? error.message : String(error)
    context.log(`What the provider said of its limits could not be written down: ${why}`)
  }
}

/**
 * What a look said of limits; and where it was refused because of the key or the account, sending of the workflow stops:
 * the call itself runs on, and is looked at again.
 */
export async function heedLook(
  context: EngineContext,
  { job }: Pick<Facts, 'job'>,
  attempt: Pick<Attempt, 'id' | 'provider' | 'model'>,
  outcome: LookOutcome,
): Promise<void> {
  await heed(context, attempt, outcome, 'look')
  if (outcome.kind !== 'failed' || outcome.error.httpStatus === null) return
  const { error } = outcome
  await context.db.$transaction(async (tx) => {
    const { rules } = await currentRules(tx)
    const verdict = decide(callSignal('look', error), rules)
    if (!verdict.stopsQueue) return
    const now = context.now()
    const stop = { workflowKey: job.workflowKey, reason: verdict.code, message: error.message, jobId: job.id, now }
    const isNew = await stopQueue(tx, { ...stop, attemptId: attempt.id })
    if (isNew) await notify(tx, { to: 'leads', job, kind: 'queue_stopped', detail: { code: verdict.code }, now })
  })
}

/** A quota that is used up is answered 429 too, and waiting does not help: that stops the queue. */
const RATE_LIMIT_CODES = ['rate_limit_exceeded', 'slow_down', '']

/** Sending: one attempt, one paid call. The attempt is committed as `sending` before the call is made. */
import { setTimeout as pause } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { BEFORE_SENDING, LOST } from '@/lib/failures/signal'
import type { Attempt } from '@/lib/generated/prisma/client'
import { nextLookInMs } from '@/lib/lifecycle/polling'
import { settleUnseen } from '@/lib/money/admit.server'
import type { CreateOutcome, Rehearsal, Seen } from '@/lib/provider/types'
import { callSignal } from '@/lib/rules/signals'
import { putBlob } from '@/lib/store/blobs.server'
import { isDatabaseAway, isDeadlock } from '@/lib/store/database-away'
import type { Tx } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import type { Transport } from '@/lib/store/event-chain'
import { type Facts, lockFacts } from '@/lib/store/facts.server'
import { earlier, move, SYSTEM, transact, wake, wakeLater } from '@/lib/store/move.server'
import { withSecrets } from '@/lib/tools/request-tools'
import { heed, startIfItMay, TakenMeanwhile } from './admission.server'
import { concludeSeen, concludeSignal, isFinal } from './conclude.server'
import { type EngineContext, SENDING_LIMIT_MS, WORKER_DEAD_AFTER_MS } from './context'
import { isWorkerDead } from './dead-worker.server'
import { failpoint } from './failpoints'
import { observe } from './observe.server'
import { type NextRequest, nextRequest } from './request.server'
import { adopt, openRound } from './rounds.server'
import { holdUnlessConfirmed } from './unseen-end.server'
import { cancelGivenUp } from './wind-down.server'

/** A process that was suspended for longer than this between its commit and the call looks again before it pays. */
const SUSPENDED_MS = 10_000

/** Starts the next attempt of a queued job: commits it, makes the call, saves what came of it. */
export async function sendNext(context: EngineContext, facts: Facts): Promise<void> {
  const { job } = facts
  const attemptId = uuidv7()
  const next = await nextRequest(context, facts, attemptId)
  if (next.missing.length > 0) return holdForSecret(context, job.id)
  failpoint('start:before-commit')
  const attempt = await commitStart(context, facts, attemptId, next)
  if (attempt === null) return
  const committedAt = performance.now()
  failpoint('start:after-commit')
  failpoint('create:before-call')
  if (performance.now() - committedAt > SUSPENDED_MS && !(await isStillSending(context, attemptId))) return
  const rehearsal = job.rehearsal as Rehearsal | null
  const outcome = await context.provider.create(withSecrets(next.request, next.secrets), { rehearsal })
  failpoint('create:after-call')
  failpoint('create:before-save')
  await saveCreate(context, job.id, attempt, outcome)
  failpoint('create:after-save')
}

async function isStillSending(context: EngineContext, attemptId: string): Promise<boolean> {
  const attempt = await context.db.attempt.findUnique({ where: { id: attemptId } })
  return attempt?.providerStatus === 'sending' && attempt.endedAt === null
}

/** The workflow names a secret that this worker does not have: nothing is sent without it. */
async function holdForSecret(context: EngineContext, jobId: string): Promise<void> {
  await transact(context.db, async (tx) => {
    const { job, definition, roundCount } = await lockFacts(tx, jobId)
    if (job.state !== 'queued') throw new LostRace('the job moved on')
    await openRound(tx, {
      job,
      definition,
      number: roundCount + 1,
      kind: 'trouble',
      reason: 'secret_missing',
      attempt: null,
      result: null,
      now: context.now(),
      transport: 'timer',
      failure: { class: 'unclassified', code: 'secret_missing', signal: BEFORE_SENDING },
    })
  })
}

/** Null where nothing may be sent now: a limit asks to wait, a budget stops the queue or holds the job. */
async function commitStart(
  context: EngineContext,
  facts: Facts,
  attemptId: string,
  next: NextRequest,
): Promise<Attempt | null> {
  const now = context.now()
  const start = (locksFirst: boolean) =>
    // Not repeated after a lost race: the request was built for this version of the job.
    context.db.$transaction(async (tx) => {
      // The job before the accounts of its money, as whatever else touches both.
      await tx.$executeRaw`SELECT 1 FROM job WHERE id = ${facts.job.id}::uuid FOR UPDATE`
      const ask = { attemptId, request: next.request, now, locksFirst }
      return startIfItMay(context, tx, facts, ask, () => writeStart(context, tx, facts, { attemptId, next, now }))
    })
  try {
    return await start(false)
  } catch (error) {
    if (!(error instanceof TakenMeanwhile)) throw error
    return start(true)
  }
}

async function writeStart(
  context: EngineContext,
  tx: Tx,
  { job }: Facts,
  { attemptId, next, now }: { attemptId: string; next: NextRequest; now: Date },
): Promise<Attempt> {
  const { request, continuesId, previousResponseId } = next
  const requestSha256 = await putBlob(tx, new TextEncoder().encode(JSON.stringify(request)))
  const moved = await move(tx, job, {
    command: 'start',
    actor: SYSTEM,
    transport: 'timer',
    now,
    set: { tries: job.tries + 1, notBefore: null, failureClass: null, failureCode: null },
    round: null,
    wakeAt: new Date(now.getTime() + SENDING_LIMIT_MS),
    detail: { attempt: job.fence + 1 },
  })
  return tx.attempt.create({
    data: {
      id: attemptId,
      jobId: job.id,
      number: moved.fence,
      fence: moved.fence,
      providerStatus: 'sending',
      provider: context.provider.name,
      model: request.model,
      requestSha256,
      workerId: context.workerId,
      sentAt: now,
      continuesId,
      previousResponseId,
      watch: { create: { lastChangedAt: now } },
    },
  })
}

/** Saves first what was paid for; the note of the exchange may be missing, the id may not. */
async function saveCreate(
  context: EngineContext,
  jobId: string,
  attempt: Attempt,
  outcome: CreateOutcome,
): Promise<void> {
  const at = context.now()
  await persist(context, () => saveOutcome(context, jobId, attempt, outcome))
  await heed(context, attempt, outcome)
  await observe(context, { jobId, attemptId: attempt.id, kind: 'create', outcome, changed: true, at })
}

async function saveOutcome(
  context: EngineContext,
  jobId: string,
  attempt: Attempt,
  outcome: CreateOutcome,
): Promise<void> {
  switch (outcome.kind) {
    case 'accepted':
      await saveAccepted(context, jobId, attempt, outcome)
      return
    case 'refused':
    case 'not_sent':
      await concludeSignal(context, jobId, attempt, {
        signal: callSignal('create', outcome.error),
        error: outcome.error,
        providerStatus: 'failed',
        requestId: outcome.requestId,
        transport: 'timer',
      })
      return
    case 'lost':
      await holdUnknown(context, jobId, attempt, outcome.error.code)
  }
}

/** For so long a process holds on to what a paid call answered while the database is away. */
const HOLD_ON_MS = 10 * 60_000

/** Runs `save` again and again while the database is away: what it saves is nowhere else. */
async function persist(context: EngineContext, save: () => Promise<void>): Promise<void> {
  const startedAt = performance.now()
  for (let failures = 0; ; failures += 1) {
    try {
      return await save()
    } catch (error) {
      const passes = isDatabaseAway(error) || isDeadlock(error)
      if (!passes || performance.now() - startedAt > HOLD_ON_MS) throw error
      context.log('The database is away; the answer to a paid call is held until it is back.')
      await pause(Math.min(200 * 2 ** failures, 5_000))
    }
  }
}

async function saveAccepted(
  context: EngineContext,
  jobId: string,
  attempt: Attempt,
  outcome: CreateOutcome & { kind: 'accepted' },
): Promise<void> {
  const { seen, requestId } = outcome
  try {
    await transact(context.db, (tx) => recordId(context, tx, jobId, attempt, seen, requestId))
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    // A server that gives the same id twice: whose answer it is cannot be told.
    await holdUnknown(context, jobId, attempt, 'repeated_response_id')
    return
  }
  const { endedAt } = await context.db.attempt.findUniqueOrThrow({ where: { id: attempt.id } })
  if (endedAt !== null) await cancelGivenUp(context, jobId, attempt.id)
  else if (isFinal(seen.status)) await concludeSeen(context, jobId, attempt.id, seen, { transport: 'timer' })
}

/** Prisma's code of a unique constraint that was violated. */
function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002'
}

/**
 * Records whose response this is. It may come late: while a person looks at the lost answer the job is adopted, and
 * after somebody gave the attempt up the id is still kept, because it was paid.
 */
export async function recordId(
  context: EngineContext,
  tx: Tx,
  jobId: string,
  attempt: Pick<Attempt, 'id' | 'fence'>,
  seen: Pick<Seen, 'responseId' | 'status'>,
  requestId: string | null,
  transport: Transport = 'timer',
): Promise<void> {
  const { job, definition, round } = await lockFacts(tx, jobId)
  const now = context.now()
  const status = isFinal(seen.status) ? 'in_progress' : seen.status
  const recorded = await tx.attempt.updateMany({
    where: { id: attempt.id, fence: attempt.fence, responseId: null },
    data: { responseId: seen.responseId, requestId, acceptedAt: now },
  })
  if (recorded.count === 0) return
  // Its answer is lost no more. What was given up stays unknown until its end is seen and kept.
  await tx.attempt.updateMany({
    where: { id: attempt.id, endedAt: null },
    data: { providerStatus: status, failureCode: null },
  })
  const lookAt = new Date(
    now.getTime() + nextLookInMs(0, context.pollMs, { failedLooks: 0, retryAfterMs: null, random: context.random() }),
  )
  await tx.attemptWatch.update({
    where: { attemptId: attempt.id },
    data: { lastLookedAt: now, lastChangedAt: now, nextLookAt: lookAt },
  })
  if (job.state === 'awaiting_review' && round?.kind === 'unknown' && round.attemptId === attempt.id) {
    await adopt(tx, { job, definition }, round, {
      now,
      transport,
      wakeAt: lookAt,
      about: { responseId: seen.responseId },
    })
    return
  }
  // An abandoned or expired job cancels what it had sent; a running one looks.
  await wake(tx, jobId, job.state === 'running' ? earlier(lookAt, job.dueAt) : now)
}

/** The answer to a paid call was lost: never sent again by itself, put before a person. */
async function holdUnknown(
  context: EngineContext,
  jobId: string,
  attempt: Pick<Attempt, 'id' | 'fence' | 'number'>,
  code: string | null,
): Promise<void> {
  await transact(context.db, async (tx) => {
    const facts = await lockFacts(tx, jobId)
    const { job, definition, roundCount } = facts
    const now = context.now()
    const lost = await tx.attempt.updateMany({
      where: { id: attempt.id, fence: attempt.fence, providerStatus: 'sending', endedAt: null },
      data: { providerStatus: 'unknown', failureCode: code },
    })
    if (lost.count === 0) throw new LostRace('the attempt has its answer')
    if (job.state !== 'running') {
      // Stopped while it was being sent: nobody waits for the answer any more.
      await settleUnseen(tx, attempt.id, now)
      await tx.attempt.updateMany({ where: { id: attempt.id, endedAt: null }, data: { endedAt: now } })
      if (await holdUnlessConfirmed(tx, facts, attempt, { code: 'lost_answer', now })) return
      // A retry that was asked for meanwhile may be sent now.
      await wake(tx, jobId, now)
      return
    }
    await openRound(tx, {
      job,
      definition,
      number: roundCount + 1,
      kind: 'unknown',
      reason: 'lost_answer',
      attempt,
      result: null,
      now,
      transport: 'timer',
      failure: { class: 'unclassified', code: 'lost_answer', signal: LOST },
    })
  })
}

/** Found as `sending`: by its own sender it is left alone; when that one is dead or too late, its answer is lost. */
export async function giveUpSending(context: EngineContext, { job, live }: Facts): Promise<void> {
  if (live === null) return
  const now = context.now()
  const givenUpAt = new Date(live.sentAt.getTime() + SENDING_LIMIT_MS)
  if (givenUpAt > now && !(await isWorkerDead(context.db, live.workerId))) {
    await wakeLater(context.db, job.id, new Date(Math.min(givenUpAt.getTime(), now.getTime() + WORKER_DEAD_AFTER_MS)))
    return
  }
  await holdUnknown(context, job.id, live, 'sender_gone')
}

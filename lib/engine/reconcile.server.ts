/**
 * The one engine: look at the job's row, do the one next thing. It may be called at any time, twice, late, by anyone:
 * a poll timer, a click, a webhook and the sweeper all only wake it.
 */
import type { Job, ReviewRound } from '@/lib/generated/prisma/client'
import { isSettled, type State } from '@/lib/lifecycle/table'
import { settleUnseen } from '@/lib/money/admit.server'
import { tellChanged, tellEscalated, tellFailed } from '@/lib/notices/tell.server'
import type { Tx } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import { activeClaims, closeRound, type Facts, loadFacts, lockFacts, type OpenRound } from '@/lib/store/facts.server'
import { earlier, move, SYSTEM, transact, wakeLater } from '@/lib/store/move.server'
import { makeCalls } from './calls.server'
import { readClock } from './clock.server'
import type { EngineContext } from './context'
import { deliver, hasUnfinishedDelivery } from './deliver.server'
import { lookAt } from './look.server'
import { holdForCall } from './permission.server'
import { giveUpSending, sendNext } from './send.server'
import { windDown } from './wind-down.server'

/** Does the next step of one job. Losing a race is no error: whoever won has done it. */
export async function reconcile(context: EngineContext, jobId: string): Promise<void> {
  try {
    await step(context, await loadFacts(context.db, jobId))
  } catch (error) {
    if (!(error instanceof LostRace)) throw error
    // The winner has scheduled what comes next; should it not have, the sweeper finds the job.
  }
}

async function step(context: EngineContext, facts: Facts): Promise<void> {
  const { job, live } = facts
  const now = context.now()
  const state = job.state as State
  if (hasUnfinishedDelivery(facts)) await deliver(context, facts)
  if (isSettled(state)) {
    if (live !== null) await windDown(context, facts)
    return
  }
  const clock = await readClock(context, facts)
  if (clock === 'moved') return
  if (clock === 'runs' && job.dueAt !== null && job.dueAt <= now) return expire(context, job.id)
  switch (state) {
    case 'queued':
      if (live !== null) return windDown(context, facts)
      // Whoever resumes sending wakes it.
      if (clock === 'stands still') return
      if (job.notBefore !== null && job.notBefore > now) {
        return wakeLater(context.db, job.id, earlier(job.notBefore, job.dueAt))
      }
      return callOrSend(context, facts)
    case 'running':
      // A running job has one at every commit: the two were read at different moments.
      if (live === null) throw new LostRace('the attempt ended while it was read')
      if (live.providerStatus === 'sending') return giveUpSending(context, facts)
      return lookAt(context, clock === 'stands still' ? withoutDeadline(facts) : facts, live)
    default:
      // Of a call that was given up while it ran: it is cancelled, whatever people decide meanwhile.
      if (live !== null && live.providerStatus !== 'unknown') return windDown(context, facts)
      if (job.dueAt !== null) await wakeLater(context.db, job.id, job.dueAt)
  }
}

/** A deadline that passes while its clock stands still is nothing to wake up for. */
function withoutDeadline(facts: Facts): Facts {
  return { ...facts, job: { ...facts.job, dueAt: null } }
}

/** Makes the calls that were permitted, one after another; when each has its answer, the run goes on. */
async function callOrSend(context: EngineContext, facts: Facts): Promise<void> {
  const { job } = facts
  const made = job.continuesId === null ? 'done' : await makeCalls(context, facts)
  if (made === 'done') return sendNext(context, facts)
  if ('wakeAt' in made) return wakeLater(context.db, job.id, earlier(made.wakeAt, job.dueAt))
  await holdForCall(context, job.id, made.failed)
}

/** The deadline passed. What still runs at the provider is cancelled by the next step. */
async function expire(context: EngineContext, jobId: string): Promise<void> {
  await transact(context.db, async (tx) => {
    const { job, round, live } = await lockFacts(tx, jobId)
    const now = context.now()
    if (job.dueAt === null || job.dueAt > now) throw new LostRace('the deadline was moved')
    if (round !== null && round.atDeadline === 'escalates' && round.escalatedAt === null) {
      await escalate(tx, job, round, now)
      return
    }
    await move(tx, job, {
      command: 'expire',
      actor: SYSTEM,
      transport: 'timer',
      now,
      set: { notBefore: null },
      round: null,
      wakeAt: live === null ? null : now,
      detail: round === null ? {} : { round: { number: round.number, kind: round.kind } },
    })
    if (round !== null) await closeRound(tx, round, 'expire', now)
    if (live?.providerStatus === 'unknown') {
      await settleUnseen(tx, live.id, now)
      await tx.attempt.updateMany({ where: { id: live.id, endedAt: null }, data: { endedAt: now } })
    }
    await tellFailed(tx, job, { code: 'expired', now })
    if (round !== null) await tellHolders(tx, job, round, now)
  })
}

/** Whoever held it, or whose it was, has nothing left to decide. */
async function tellHolders(tx: Tx, job: Job, round: OpenRound, now: Date): Promise<void> {
  const people = new Set(activeClaims(round, now).map(({ userId }) => userId))
  if (round.assigneeId !== null) people.add(round.assigneeId)
  await tellChanged(tx, job, { people: [...people], by: null, code: 'expired', round: round.number, now })
}

/** A review is overdue, and its policy tells the leads: once, with a deadline of its own. It is never approved by that. */
async function escalate(tx: Tx, job: Job, round: ReviewRound, now: Date): Promise<void> {
  const dueAt = new Date(now.getTime() + round.escalateHours * 3_600_000)
  await tx.reviewRound.update({ where: { id: round.id }, data: { dueAt, escalatedAt: now } })
  await move(tx, job, {
    command: 'escalate',
    actor: SYSTEM,
    transport: 'timer',
    now,
    set: { dueAt },
    round: { kind: round.kind, dueAt },
    wakeAt: dueAt,
    detail: { round: { number: round.number, kind: round.kind } },
  })
  await tellEscalated(tx, job, { round: round.number, due: dueAt, now })
}

/** The model asked for calls: those that need leave wait for a person, and the run goes on when each has its answer. */
import { v7 as uuidv7 } from 'uuid'
import { TOOL } from '@/lib/failures/signal'
import type { Attempt, ToolCall } from '@/lib/generated/prisma/client'
import type { Tx } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import type { Transport } from '@/lib/store/event-chain'
import { type Facts, lockFacts } from '@/lib/store/facts.server'
import { move, SYSTEM, transact } from '@/lib/store/move.server'
import type { PlannedCall } from '@/lib/tools/plan-calls'
import { insertCalls } from '@/lib/tools/store.server'
import type { EngineContext } from './context'
import { openRound } from './rounds.server'

/**
 * Keeps the calls of an attempt that has just ended with them. Where one of them needs leave the job is held for it;
 * else it goes back to the queue, in which a worker makes those that only read.
 */
export async function takeCalls(
  tx: Tx,
  facts: Facts,
  { attempt, calls, now, transport }: { attempt: Attempt; calls: PlannedCall[]; now: Date; transport: Transport },
): Promise<void> {
  const { job, definition, roundCount } = facts
  const waits = calls.some((call) => call.state === 'waiting')
  const roundId = waits ? uuidv7() : null
  if (roundId !== null) {
    await openRound(tx, {
      id: roundId,
      job,
      definition,
      number: roundCount + 1,
      kind: 'permission',
      reason: 'asks_permission',
      attempt,
      result: null,
      now,
      transport,
      failure: { class: 'review_required', code: 'asks_permission', signal: 'response' },
    })
  }
  await insertCalls(tx, { jobId: job.id, attemptId: attempt.id, roundId, calls, now })
  if (roundId !== null) return
  await move(tx, job, {
    command: 'proceed',
    actor: SYSTEM,
    transport,
    now,
    set: { continuesId: attempt.id, notBefore: null, failureClass: null, failureCode: null },
    round: null,
    wakeAt: now,
    detail: { attempt: attempt.number, responseId: attempt.responseId },
  })
}

/** A permitted call got no answer in all its tries: nobody knows whether it took effect, so people look into it. */
export async function holdForCall(
  context: EngineContext,
  jobId: string,
  call: Pick<ToolCall, 'attemptId'>,
): Promise<void> {
  await transact(context.db, async (tx) => {
    const { job, definition, roundCount } = await lockFacts(tx, jobId)
    if (job.state !== 'queued') throw new LostRace('the job moved on')
    const attempt = await tx.attempt.findUniqueOrThrow({ where: { id: call.attemptId } })
    await openRound(tx, {
      job,
      definition,
      number: roundCount + 1,
      kind: 'trouble',
      reason: 'tool_failed',
      attempt,
      result: null,
      now: context.now(),
      transport: 'timer',
      failure: { class: 'unclassified', code: 'tool_failed', signal: TOOL },
    })
  })
}

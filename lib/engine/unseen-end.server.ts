/** The end of an older call was not seen, and its job waits to be sent again: only a person may have both paid. */
import { LOST, signalWord } from '@/lib/failures/signal'
import type { Attempt } from '@/lib/generated/prisma/client'
import { stopSignal } from '@/lib/rules/signals'
import type { Tx } from '@/lib/store/db.server'
import type { EventBody } from '@/lib/store/event-chain'
import type { Facts } from '@/lib/store/facts.server'
import { openRound } from './rounds.server'

/** Why nobody saw it, as a code. */
export type UnseenEnd = 'lost_answer' | 'gone' | 'no_final_status' | 'other_provider'

/**
 * Holds a queued job whose older call has just ended unseen, unless whoever asked for the next one confirmed that both
 * may be paid. @returns true where it is held.
 */
export async function holdUnlessConfirmed(
  tx: Tx,
  { job, definition, roundCount }: Facts,
  attempt: Pick<Attempt, 'id' | 'number'>,
  { code, now }: { code: UnseenEnd; now: Date },
): Promise<boolean> {
  if (job.state !== 'queued' || (await wasConfirmed(tx, job.id))) return false
  const signal = code === 'lost_answer' ? LOST : signalWord(stopSignal(code))
  await openRound(tx, {
    job,
    definition,
    number: roundCount + 1,
    kind: 'trouble',
    reason: code,
    attempt,
    result: null,
    now,
    transport: 'timer',
    failure: { class: 'unclassified', code, signal },
  })
  return true
}

/** Whether the retry for which the job waits says that the older call may be paid beside the next. */
async function wasConfirmed(tx: Tx, jobId: string): Promise<boolean> {
  const asked = await tx.event.findFirst({
    where: { jobId, command: { in: ['start', 'retry'] } },
    select: { command: true, body: true },
    orderBy: { seq: 'desc' },
  })
  return asked?.command === 'retry' && (JSON.parse(asked.body) as EventBody).mayBePaidTwice === true
}

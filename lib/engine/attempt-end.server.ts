/** How an attempt ends: once, with what people are told of it. */
import type { Attempt } from '@/lib/generated/prisma/client'
import type { RetryDecision } from '@/lib/lifecycle/retry'
import type { Tx } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'

export type AttemptEnd = {
  rulesVersion?: number
  failureClass?: string
  failureCode?: string
  failureSignal?: string
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

/** The provider's own words, so that they can be stored and read. */
export function messageOf(message: string | null | undefined): string | null {
  return message ? sanitiseText(message.slice(0, 2_000)) : null
}

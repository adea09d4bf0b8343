/** How an attempt ends: once, with what people are told of it; and what is learnt of its end later. */
import type { Attempt } from '@/lib/generated/prisma/client'
import type { Signal } from '@/lib/lifecycle/failure'
import type { RetryDecision } from '@/lib/lifecycle/retry'
import type { ProviderStatus } from '@/lib/lifecycle/table'
import type { ProviderError } from '@/lib/provider/types'
import { decide } from '@/lib/rules/decide'
import { currentRules } from '@/lib/rules/store.server'
import type { Tx } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'
import { settleSignal } from './cost.server'

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

type Refusal = { signal: Signal; error: ProviderError | null; providerStatus: ProviderStatus; requestId: string | null }

/**
 * Adds the refusal of a call that had been given up before it came: nobody waits for it, and nothing moves. Its end is known
 * all the same: it was not taken, and cost nothing. What was said of its end before stays.
 * @throws {LostRace} when its end is known already, or a webhook named its response.
 */
export async function addRefusal(
  tx: Tx,
  attemptId: string,
  { signal, error, providerStatus, requestId }: Refusal,
  now: Date,
): Promise<void> {
  const attempt = await tx.attempt.findUniqueOrThrow({ where: { id: attemptId } })
  if (attempt.responseId !== null || attempt.providerStatus !== 'unknown') {
    throw new LostRace('the attempt has its answer')
  }
  await settleSignal(tx, attemptId, signal, now)
  const { sentence } = decide(signal, (await currentRules(tx)).rules)
  await tx.attempt.update({
    where: { id: attemptId },
    data: {
      providerStatus,
      seenFinalAt: now,
      ...(requestId === null ? {} : { requestId }),
      ...(attempt.outcome === null ? { outcome: { sentence, message: messageOf(error?.message) } } : {}),
    },
  })
}

/** The provider's own words, so that they can be stored and read. */
export function messageOf(message: string | null | undefined): string | null {
  return message ? sanitiseText(message.slice(0, 2_000)) : null
}

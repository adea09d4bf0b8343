/** Looks up, before anybody pays again, what became of a call that may still be under way. */
import { readResponse } from '@/lib/evidence/response'
import type { Attempt } from '@/lib/generated/prisma/client'
import { attemptCost } from '@/lib/money/cost-view'
import { costOfResponse } from '@/lib/money/price.server'
import type { LookOutcome, Provider } from '@/lib/provider/types'
import type { Db } from '@/lib/store/db.server'
import { type OldCall, oldCallSentence } from './old-call'

type Call = NonNullable<OldCall['call']>

const NOT_FINAL = ['sending', 'unknown', 'queued', 'in_progress']

/**
 * The newest attempt, where no end of it was seen, as its provider tells of it now. Looks once, changes nothing: what it
 * sees is recorded by the engine's own next look.
 * @param provider null where this process has none: a web server alone may have no key.
 */
export async function lookUpOldCall(db: Db, provider: Provider | null, jobId: string): Promise<OldCall> {
  const attempt = await db.attempt.findFirst({ where: { jobId }, orderBy: { number: 'desc' } })
  if (attempt === null || attempt.seenFinalAt !== null || !NOT_FINAL.includes(attempt.providerStatus)) {
    return { call: null }
  }
  if (attempt.responseId === null) return { call: callOf(attempt, { live: 'unnamed' }) }
  if (provider === null) return { call: callOf(attempt, { live: 'unreachable', error: 'no_provider' }) }
  if (attempt.provider !== provider.name) {
    return { call: callOf(attempt, { live: 'unreachable', error: 'other_provider' }) }
  }
  const outcome = await provider.retrieve(attempt.responseId)
  return { call: await readOutcome(db, attempt, outcome) }
}

async function readOutcome(db: Db, attempt: Attempt, outcome: LookOutcome): Promise<Call> {
  if (outcome.kind === 'gone') return callOf(attempt, { live: 'gone' })
  if (outcome.kind === 'failed') {
    const { code, httpStatus } = outcome.error
    return callOf(attempt, { live: 'unreachable', error: code ?? `http_${httpStatus}` })
  }
  const { status, body } = outcome.seen
  const reading = readResponse(body)
  const live = NOT_FINAL.includes(status) ? 'running' : 'ended'
  const cost = await costOfResponse(db, { attempt, reading })
  return {
    ...callOf(attempt, { live, providerStatus: status }),
    usage: reading.usage,
    cost: attemptCost({ provider: attempt.provider, costMicros: cost.micros, costLines: cost.lines }),
  }
}

function callOf(
  attempt: Attempt,
  { live, providerStatus = null, error = null }: Pick<Call, 'live'> & Partial<Pick<Call, 'providerStatus' | 'error'>>,
): Call {
  return {
    attempt: attempt.number,
    responseId: attempt.responseId,
    sentAt: attempt.sentAt.toISOString(),
    live,
    providerStatus,
    error,
    usage: null,
    cost: attemptCost(attempt),
    sentence: oldCallSentence({ live, providerStatus }),
    canCancel: attempt.endedAt === null && attempt.responseId !== null && live !== 'gone',
  }
}

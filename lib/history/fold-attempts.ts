/** Paid calls as they were known at a moment: by their events, and by what had been seen of them. Pure. */
import type { Attempt, Observation } from '@/lib/generated/prisma/client'
import { isStill, type Then, wasKnown } from './then'

type Seen = Pick<Observation, 'attemptId' | 'at' | 'providerStatus'>

/** Those that had been started, each with what was known of it. @param observations in any order. */
export function attemptsThen<A extends Attempt>(
  attempts: readonly A[],
  observations: readonly Seen[],
  then: Then,
): A[] {
  return attempts.flatMap((attempt) => {
    const start = then.events.find(({ body }) => body.command === 'start' && body.attempt === attempt.number)
    if (start === undefined) return []
    // It is sent after the event that commits it, so right after that event nothing was known of it.
    const isJustSent = start.seq === then.seq && !isStill(then)
    const known = isJustSent ? new Date(start.at.getTime() - 1) : then.known
    return [attemptThen(attempt, observations, { ...then, known })]
  })
}

function attemptThen<A extends Attempt>(attempt: A, observations: readonly Seen[], then: Then): A {
  const isAccepted = wasKnown(then, attempt.acceptedAt)
  const isSeen = wasKnown(then, attempt.seenFinalAt)
  const isEnded = wasKnown(then, attempt.endedAt)
  const isOver = isSeen || isEnded
  return {
    ...attempt,
    providerStatus: statusThen(attempt, observations, then, { isSeen, isEnded }),
    responseId: isAccepted || isOver ? attempt.responseId : null,
    requestId: isAccepted || isOver ? attempt.requestId : null,
    acceptedAt: isAccepted ? attempt.acceptedAt : null,
    finishedAt: isSeen ? attempt.finishedAt : null,
    seenFinalAt: isSeen ? attempt.seenFinalAt : null,
    endedAt: isEnded ? attempt.endedAt : null,
    providerCopyUntil: isSeen ? attempt.providerCopyUntil : null,
    failureClass: isOver ? attempt.failureClass : null,
    failureCode: isOver || isLost(attempt, then) ? attempt.failureCode : null,
    // What was given up while its answer was lost had no words before that came.
    outcome: isSeen || (isEnded && !isLost(attempt, then)) ? attempt.outcome : null,
    rulesVersion: isOver ? attempt.rulesVersion : null,
    usage: isSeen ? attempt.usage : null,
    payloadSha256: isSeen ? attempt.payloadSha256 : null,
    costMicros: isOver ? attempt.costMicros : null,
    costLines: isOver ? attempt.costLines : null,
  }
}

function statusThen(
  attempt: Attempt,
  observations: readonly Seen[],
  then: Then,
  { isSeen, isEnded }: { isSeen: boolean; isEnded: boolean },
): string {
  if (isSeen) return attempt.providerStatus
  if (isLost(attempt, then)) return 'unknown'
  // What came in late had not come in yet.
  if (isEnded && attempt.seenFinalAt === null) return attempt.providerStatus
  const last = observations
    .filter((one) => one.attemptId === attempt.id && one.providerStatus !== null && wasKnown(then, one.at))
    .toSorted((one, other) => one.at.getTime() - other.at.getTime())
    .at(-1)
  return last?.providerStatus ?? 'sending'
}

/** Its answer was lost, and had not been found again. */
function isLost({ number }: Attempt, { events }: Then): boolean {
  const last = events.findLast(
    ({ body }) => body.command === 'adopt' || (body.command === 'hold' && body.attempt === number),
  )
  return last?.body.round?.kind === 'unknown' && last.body.command === 'hold'
}

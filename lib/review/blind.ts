/** What a blind round keeps from others while it is open. Pure. */
import type { Actor } from '@/lib/access/actor'
import type { Command } from '@/lib/lifecycle/table'

/** What would tell how others decide, or that they did: a claim ends with a decision. */
export const TELLING: readonly Command[] = ['endorse', 'approve', 'mark', 'claim', 'release', 'comment']

type BlindRound = {
  blind: boolean
  closedAt: Date | null
  /** It is over by now, and looked back into at a moment when it was not. */
  isTold?: boolean
}

/** True while nobody may know what others do in the round. */
export function isBlindNow({ blind, closedAt, isTold = false }: BlindRound): boolean {
  return blind && closedAt === null && !isTold
}

/** Of what people hold or did in a round, what `viewer` may know of now: in a blind one that is open, only their own. */
export function seenBy<T extends { userId: string | null }>(
  viewer: Pick<Actor, 'userId'>,
  round: BlindRound,
  things: readonly T[],
): T[] {
  return things.filter(({ userId }) => !isBlindNow(round) || (userId !== null && userId === viewer.userId))
}

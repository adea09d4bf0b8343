/** What people confirm, and what stands against it. The page offers by it, and the command is taken by it. Pure. */
import type { Delivery, ReviewRound } from '@/lib/generated/prisma/client'

type Standing = Pick<Delivery, 'id' | 'state' | 'kind'>

export type Deciding = {
  /** The open round; null: nothing is decided on. */
  round: Pick<ReviewRound, 'resultHash' | 'deliveryHash' | 'deliveryKind' | 'deliveryCorrects'> | null
  acceptedHash: string | null
}

/** A delivery by hand that waits for one, or anything of which nobody knows whether it arrived. */
export function waitsToBeConfirmed({ state, kind }: Pick<Delivery, 'state' | 'kind'>): boolean {
  return state === 'unknown' || (state === 'pending' && kind === 'by_hand')
}

/**
 * Why a delivery that waits to be confirmed cannot be now, as a sentence; null: nothing stands against it. What an open
 * round would let leave was planned when it opened: a delivery that was handed over since would be followed by another,
 * and nothing of that would say that it corrects the first.
 */
export function againstConfirming({ id, state, kind }: Standing, { round, acceptedHash }: Deciding): string | null {
  if (state !== 'pending' || round === null || round.deliveryHash === null) return null
  if (round.deliveryKind !== kind || round.deliveryCorrects === id) return null
  const isEdited = acceptedHash !== null && acceptedHash !== round.resultHash
  return (
    'It cannot be confirmed now: the job is looked at again, and what would be approved does not say that it corrects ' +
    `this delivery. If it was handed over already: ${isEdited ? 'edit the result back first, then ' : ''}uphold the ` +
    'earlier decision, confirm then, and reopen the job to correct it. ' +
    'If not: hand nothing over, and decide. What is approved takes its place.'
  )
}

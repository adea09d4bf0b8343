/** The outbox: rows that an acceptance puts in with itself, and that the engine sends. */
import { v7 as uuidv7 } from 'uuid'
import type { Delivery } from '@/lib/generated/prisma/client'
import type { DeliveryStanding, DeliveryState } from '@/lib/lifecycle/next-action'
import type { Tx } from '@/lib/store/db.server'
import type { RoundTerms } from '@/lib/store/round-terms.server'

export type Leaving = {
  id: string
  kind: string
  hash: string
  destination: string
  bytesSha256: string
  /** The id of the earlier delivery that it corrects; null: none. */
  corrects: string | null
  notBefore: Date
}

/** What an acceptance at `now` lets leave; null where nothing does. @param graceSeconds how long it may be taken back. */
export function leavingOf(
  terms: Pick<RoundTerms, 'deliveryKind' | 'deliveryTo' | 'deliverySha256' | 'deliveryHash' | 'deliveryCorrects'>,
  now: Date,
  graceSeconds: number,
): Leaving | null {
  const { deliveryKind, deliveryTo, deliverySha256, deliveryHash, deliveryCorrects } = terms
  if (deliveryKind === null || deliveryTo === null || deliverySha256 === null || deliveryHash === null) return null
  return {
    id: uuidv7(),
    kind: deliveryKind,
    hash: deliveryHash,
    destination: deliveryTo,
    bytesSha256: deliverySha256,
    corrects: deliveryCorrects,
    notBefore: new Date(now.getTime() + graceSeconds * 1_000),
  }
}

/**
 * Puts it into the outbox, in the transaction of the acceptance. The database refuses it unless the event, and the
 * decisions that its round asks for, stand already.
 */
export async function putIntoOutbox(
  tx: Tx,
  leaving: Leaving,
  {
    jobId,
    roundId,
    eventSeq,
    resultHash,
    number,
    now,
  }: { jobId: string; roundId: string | null; eventSeq: number; resultHash: string; number: number; now: Date },
): Promise<void> {
  const { id, kind, hash, destination, bytesSha256, corrects, notBefore } = leaving
  await tx.delivery.create({
    data: {
      id,
      jobId,
      roundId,
      number,
      eventSeq,
      resultHash,
      kind,
      destination,
      bytesSha256,
      deliveryHash: hash,
      correctsId: corrects,
      messageId: `dlv_${id.replaceAll('-', '')}`,
      createdAt: now,
      notBefore,
      state: 'pending',
      changedSeq: eventSeq,
      changedAt: now,
    },
  })
}

/** Which of these had not left: they are withdrawn when what allowed them is taken back or replaced. */
export function notLeft(deliveries: readonly Delivery[]): Delivery[] {
  return deliveries.filter(({ state }) => state === 'pending')
}

/** Withdraws what had not left, by the event `seq`. */
export async function withdrawAll(tx: Tx, deliveries: readonly Delivery[], seq: number, now: Date): Promise<void> {
  if (deliveries.length === 0) return
  await tx.delivery.updateMany({
    where: { id: { in: deliveries.map(({ id }) => id) }, state: 'pending' },
    data: { state: 'withdrawn', changedSeq: seq, changedAt: now, nextTryAt: null },
  })
}

/** How the deliveries of a job stand when one of them, or a new one, has come to `state`. */
export function standingsWith(
  deliveries: readonly Delivery[],
  changed: { ids: readonly string[]; state: DeliveryState },
  added: Leaving | null = null,
): DeliveryStanding[] {
  const standing = deliveries.map(({ id, state, kind }) => ({
    state: changed.ids.includes(id) ? changed.state : (state as DeliveryState),
    kind,
  }))
  return added === null ? standing : [...standing, { state: 'pending', kind: added.kind }]
}

type Standing = { deliveries: readonly Pick<Delivery, 'eventSeq'>[]; takenBackSeq: number }

/** Whether nothing was accepted after what let it leave, and nobody took that back. */
export function standsLast({ deliveries, takenBackSeq }: Standing, { eventSeq }: Pick<Delivery, 'eventSeq'>): boolean {
  return takenBackSeq < eventSeq && !deliveries.some((other) => other.eventSeq > eventSeq)
}

/** Whether what let it leave still stands: its job is accepted, and that is the last that was. Only then does a try begin. */
export function mayLeave(facts: Standing & { job: { state: string } }, delivery: Pick<Delivery, 'eventSeq'>): boolean {
  return facts.job.state === 'completed' && standsLast(facts, delivery)
}

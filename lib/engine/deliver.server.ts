/**
 * Delivering: one try after another of what was accepted, each written down before it is made, always under one id and
 * with the same bytes. Nothing starts once what allowed it no longer stands.
 */

import { standingsWith } from '@/lib/deliveries/outbox.server'
import type { SentKind } from '@/lib/deliveries/plan'
import {
  GIVE_UP_AFTER_MS,
  longestTryMs,
  nextTryDelayMs,
  type SendEnd,
  type SendEnvironment,
  sendDelivery,
  sendEnvironment,
} from '@/lib/deliveries/send.server'
import { env } from '@/lib/env.server'
import type { Delivery } from '@/lib/generated/prisma/client'
import type { DeliveryState } from '@/lib/lifecycle/next-action'
import { putBlob, readBlob } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import type { EventDetail } from '@/lib/store/event-chain'
import { type Facts, lockFacts } from '@/lib/store/facts.server'
import { move, SYSTEM, transact, wakeLater } from '@/lib/store/move.server'
import { DELIVERY_SECRET, ownSigningSecret } from '@/lib/tools/signing.server'
import type { EngineContext } from './context'
import { isWorkerDead } from './dead-worker.server'
import { failpoint } from './failpoints'

/** Beyond the longest that a try may take, this long is left to write its end down. */
const LEASE_MS = 30_000
/** A process that was suspended for longer than this between claiming a try and making it makes it no more. */
const SUSPENDED_MS = 10_000

/** True where something was accepted, and has not left yet by itself. */
export function hasUnfinishedDelivery({ deliveries }: Facts): boolean {
  return deliveries.some(({ state, kind }) => kind !== 'by_hand' && (state === 'pending' || state === 'sending'))
}

/** Does the next step of each unfinished delivery of the job, one after another. */
export async function deliver(
  context: EngineContext,
  facts: Facts,
  around = surroundings(context, facts.definition.key),
): Promise<void> {
  for (const delivery of facts.deliveries) {
    if (delivery.kind === 'by_hand') continue
    if (delivery.state === 'pending' || delivery.state === 'sending') await step(context, facts, delivery, around)
  }
}

function surroundings({ db }: EngineContext, workflowKey: string): SendEnvironment {
  return sendEnvironment(env(), () => ownSigningSecret(db, workflowKey, DELIVERY_SECRET))
}

async function step(
  context: EngineContext,
  { job, definition }: Facts,
  delivery: Delivery,
  around: SendEnvironment,
): Promise<void> {
  const now = context.now()
  const isAccepted = job.state === 'completed'
  const isUnderWay = delivery.workerId !== null
  if (isUnderWay) {
    const until = delivery.nextTryAt ?? now
    if (until > now && !(await isWorkerDead(context.db, delivery.workerId))) {
      return wakeLater(context.db, job.id, until)
    }
    return settleLost(context, delivery)
  }
  // What allowed it was taken back or is being looked at again: it stays where it is.
  if (!isAccepted) return stopTrying(context, delivery)
  const due = delivery.state === 'pending' ? delivery.notBefore : (delivery.nextTryAt ?? now)
  if (due > now) return wakeLater(context.db, job.id, due)
  const tried = await transact(context.db, (tx) => claim(context, tx, delivery))
  failpoint('deliver:after-claim')
  const claimedAt = performance.now()
  const bytes = await readBlob(context.db, tried.bytesSha256)
  if (bytes === null) throw new Error(`the bytes of delivery ${tried.id} are gone`)
  if (performance.now() - claimedAt > SUSPENDED_MS) throw new LostRace('this process was suspended before the try')
  failpoint('deliver:before-send')
  const startedAt = performance.now()
  const end = await sendDelivery(
    {
      messageId: tried.messageId,
      kind: tried.kind as SentKind,
      destination: tried.destination,
      bytes,
      definition: definition.delivery,
      tries: tried.tries - 1,
    },
    around,
  )
  failpoint('deliver:after-send')
  await transact(context.db, (tx) => record(context, tx, tried, end, Math.round(performance.now() - startedAt)))
  failpoint('deliver:after-save')
}

/** Takes the next try for this worker: it is written down before anything leaves. */
async function claim(context: EngineContext, tx: Tx, { id, jobId }: Delivery): Promise<Delivery> {
  const facts = await lockFacts(tx, jobId)
  const { job, deliveries, definition } = facts
  const now = context.now()
  const delivery = deliveries.find((other) => other.id === id)
  if (delivery === undefined || job.state !== 'completed' || delivery.workerId !== null) {
    throw new LostRace('what allowed it no longer stands, or another worker sends it')
  }
  const due = delivery.state === 'pending' ? delivery.notBefore : (delivery.nextTryAt ?? now)
  if ((delivery.state !== 'pending' && delivery.state !== 'sending') || due > now) {
    throw new LostRace('the delivery has moved on')
  }
  const columns = {
    tries: delivery.tries + 1,
    workerId: context.workerId,
    triedAt: now,
    nextTryAt: new Date(now.getTime() + longestTryMs(definition.delivery) + LEASE_MS),
  }
  if (delivery.state === 'sending') return tx.delivery.update({ where: { id }, data: columns })
  const moved = await tell(tx, facts, 'dispatch', { delivery, state: 'sending', now })
  return tx.delivery.update({
    where: { id },
    data: { ...columns, state: 'sending', changedSeq: moved, changedAt: now, begunAt: now },
  })
}

/** Writes down what became of a try. A try that was taken for lost meanwhile changes nothing but the log. */
async function record(
  context: EngineContext,
  tx: Tx,
  tried: Delivery,
  end: SendEnd,
  milliseconds: number | null,
): Promise<void> {
  const facts = await lockFacts(tx, tried.jobId)
  const now = context.now()
  const delivery = facts.deliveries.find(({ id }) => id === tried.id)
  if (delivery === undefined) throw new Error(`delivery ${tried.id} is gone`)
  const answerSha256 = 'answer' in end && end.answer !== null ? await putBlob(tx, end.answer) : null
  const httpStatus = 'httpStatus' in end ? end.httpStatus : null
  await tx.deliveryTry.createMany({
    data: [
      {
        deliveryId: tried.id,
        number: tried.tries,
        at: tried.triedAt ?? now,
        milliseconds,
        end: end.kind,
        httpStatus,
        code: end.code,
        answerSha256,
      },
    ],
    skipDuplicates: true,
  })
  if (delivery.state !== 'sending' || delivery.tries !== tried.tries || delivery.workerId !== tried.workerId) return
  const seen = { workerId: null, httpStatus, code: end.code, answerSha256 }
  const again = end.kind === 'again' ? nextTry(context, delivery, end.retryAfterMs) : null
  if (again !== null) {
    await tx.delivery.update({ where: { id: delivery.id }, data: { ...seen, nextTryAt: again } })
    await wakeLater(tx, delivery.jobId, again)
    return
  }
  const state: DeliveryState = end.kind === 'delivered' ? 'delivered' : end.kind === 'unknown' ? 'unknown' : 'failed'
  const command = state === 'delivered' ? 'delivered' : 'undelivered'
  const changedSeq = await tell(tx, facts, command, { delivery, state, now, code: end.code })
  await tx.delivery.update({
    where: { id: delivery.id },
    data: { ...seen, state, changedSeq, changedAt: now, nextTryAt: null },
  })
}

/** When it is tried again; null where that would be later than a person should wait to hear of it. */
function nextTry(context: EngineContext, { tries, begunAt }: Delivery, retryAfterMs: number | null): Date | null {
  const now = context.now().getTime()
  const at = now + nextTryDelayMs(tries, retryAfterMs, context.random())
  return at > (begunAt?.getTime() ?? now) + GIVE_UP_AFTER_MS ? null : new Date(at)
}

/**
 * A try whose worker was never heard of again. What its receiver can tell from a repetition is tried once more under the
 * same id; a letter that may have gone is not.
 */
async function settleLost(context: EngineContext, delivery: Delivery): Promise<void> {
  const end: SendEnd =
    delivery.kind === 'email'
      ? { kind: 'unknown', code: 'sender_gone' }
      : { kind: 'again', code: 'sender_gone', httpStatus: null, answer: null, retryAfterMs: null }
  await transact(context.db, (tx) => record(context, tx, delivery, end, null))
}

/** A delivery that was begun, and waits for its next try while nothing allows it any more. */
async function stopTrying(context: EngineContext, { id, jobId }: Delivery): Promise<void> {
  await transact(context.db, async (tx) => {
    const facts = await lockFacts(tx, jobId)
    const delivery = facts.deliveries.find((other) => other.id === id)
    // While it is looked at again it only waits; the look may let it go on.
    if (facts.job.state === 'awaiting_review' || facts.job.state === 'completed') return
    if (delivery?.state !== 'sending' || delivery.workerId !== null) return
    const now = context.now()
    const changedSeq = await tell(tx, facts, 'undelivered', { delivery, state: 'failed', now, code: 'stopped' })
    await tx.delivery.update({
      where: { id },
      data: { state: 'failed', code: 'stopped', changedSeq, changedAt: now, nextTryAt: null },
    })
  })
}

/** The event that says how a delivery stands now. @returns its number. */
async function tell(
  tx: Tx,
  { job, round, deliveries }: Facts,
  command: 'dispatch' | 'delivered' | 'undelivered',
  { delivery, state, now, code }: { delivery: Delivery; state: DeliveryState; now: Date; code?: string | null },
): Promise<number> {
  const detail: EventDetail = {
    delivery: { id: delivery.id, hash: delivery.deliveryHash, state, ...(code ? { code } : {}) },
    ...(round === null ? {} : { round: { number: round.number, kind: round.kind } }),
  }
  const moved = await move(tx, job, {
    command,
    actor: SYSTEM,
    transport: 'timer',
    now,
    detail,
    round,
    wakeAt: null,
    deliveries: standingsWith(deliveries, { ids: [delivery.id], state }),
  })
  return moved.version
}

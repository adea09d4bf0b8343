/**
 * Delivering: one try after another of what was accepted, each written down before it is made, always under one id and
 * with the same bytes. Nothing starts once what allowed it no longer stands.
 */

import { mayLeave, standingsWith } from '@/lib/deliveries/outbox.server'
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
import { again, refused } from '@/lib/deliveries/send-end'
import { ownDeliverySecret } from '@/lib/deliveries/signing.server'
import { env } from '@/lib/env.server'
import type { Delivery } from '@/lib/generated/prisma/client'
import type { DeliveryState } from '@/lib/lifecycle/next-action'
import { tellUndelivered } from '@/lib/notices/tell.server'
import { putBlob, readBlob } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import type { EventDetail } from '@/lib/store/event-chain'
import { type Facts, lockFacts } from '@/lib/store/facts.server'
import { earlier, move, SYSTEM, transact, wakeLater } from '@/lib/store/move.server'
import { type EngineContext, WORKER_DEAD_AFTER_MS } from './context'
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
  return sendEnvironment(env(), () => ownDeliverySecret(db, workflowKey))
}

async function step(context: EngineContext, facts: Facts, delivery: Delivery, around: SendEnvironment): Promise<void> {
  const { job, definition } = facts
  const now = context.now()
  const isUnderWay = delivery.workerId !== null
  if (isUnderWay) {
    const until = delivery.nextTryAt ?? now
    if (until > now && !(await isWorkerDead(context.db, delivery.workerId))) {
      // Should it die meanwhile, nobody waits for the whole of its time.
      return wakeLater(context.db, job.id, earlier(new Date(now.getTime() + WORKER_DEAD_AFTER_MS), until))
    }
    return settleLost(context, delivery)
  }
  // What allowed it was taken back or is being looked at again: it stays where it is.
  if (!mayLeave(facts, delivery)) return stopTrying(context, delivery)
  const due = delivery.state === 'pending' ? delivery.notBefore : (delivery.nextTryAt ?? now)
  if (due > now) return wakeLater(context.db, job.id, due)
  const bytes = await readBlob(context.db, delivery.bytesSha256)
  const corrects = facts.deliveries.find(({ id }) => id === delivery.correctsId)?.messageId ?? null
  const claimedAt = performance.now()
  const tried = await transact(context.db, (tx) => claim(context, tx, delivery))
  failpoint('deliver:after-claim')
  const end =
    bytes === null ? refused('bytes_gone') : await send(tried, { definition, bytes, corrects, around, claimedAt })
  const milliseconds = bytes === null ? null : Math.round(performance.now() - claimedAt)
  failpoint('deliver:after-send')
  await transact(context.db, (tx) => record(context, tx, tried, end, milliseconds))
  failpoint('deliver:after-save')
}

type Sending = {
  definition: Facts['definition']
  bytes: Uint8Array
  /** The message id of what it corrects. */
  corrects: string | null
  around: SendEnvironment
  claimedAt: number
}

async function send(tried: Delivery, { definition, bytes, corrects, around, claimedAt }: Sending): Promise<SendEnd> {
  // By now another worker may have taken it for lost: whoever wakes up late sends nothing.
  if (performance.now() - claimedAt > SUSPENDED_MS) return again('sender_suspended')
  failpoint('deliver:before-send')
  return sendDelivery(
    {
      messageId: tried.messageId,
      kind: tried.kind as SentKind,
      destination: tried.destination,
      bytes,
      definition: definition.delivery,
      corrects,
      tries: tried.tries - 1,
    },
    around,
  )
}

/** Takes the next try for this worker: it is written down before anything leaves. */
async function claim(context: EngineContext, tx: Tx, { id, jobId }: Delivery): Promise<Delivery> {
  const facts = await lockFacts(tx, jobId)
  const { deliveries, definition } = facts
  const now = context.now()
  const delivery = deliveries.find((other) => other.id === id)
  if (delivery === undefined || delivery.workerId !== null || !mayLeave(facts, delivery)) {
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
  const nextTryAt = end.kind === 'again' ? await nextTry(context, tx, delivery, end.retryAfterMs) : null
  if (nextTryAt !== null) {
    await tx.delivery.update({ where: { id: delivery.id }, data: { ...seen, nextTryAt } })
    await wakeLater(tx, delivery.jobId, nextTryAt)
    return
  }
  const state: DeliveryState = end.kind === 'delivered' ? 'delivered' : end.kind === 'unknown' ? 'unknown' : 'failed'
  const command = state === 'delivered' ? 'delivered' : 'undelivered'
  const changedSeq = await tell(tx, facts, command, { delivery, state, now, code: end.code })
  await tx.delivery.update({
    where: { id: delivery.id },
    data: { ...seen, state, changedSeq, changedAt: now, nextTryAt: null },
  })
  if (state === 'failed' || state === 'unknown') await tellUndelivered(tx, facts.job, { state, now })
}

/** When it is tried again; null where that would be later than a person should wait to hear of it. */
async function nextTry(
  context: EngineContext,
  tx: Tx,
  { id, begunAt }: Delivery,
  retryAfterMs: number | null,
): Promise<Date | null> {
  const now = context.now()
  const since = begunAt ?? now
  // Somebody who sends it again begins anew: the first waits are short ones.
  const tries = await tx.deliveryTry.count({ where: { deliveryId: id, at: { gte: since } } })
  const at = now.getTime() + nextTryDelayMs(tries, retryAfterMs, context.random())
  return at > since.getTime() + GIVE_UP_AFTER_MS ? null : new Date(at)
}

/**
 * A try whose worker was never heard of again. What its receiver can tell from a repetition is tried once more under the
 * same id; a letter that may have gone is not.
 */
async function settleLost(context: EngineContext, delivery: Delivery): Promise<void> {
  const end: SendEnd = delivery.kind === 'email' ? { kind: 'unknown', code: 'sender_gone' } : again('sender_gone')
  await transact(context.db, (tx) => record(context, tx, delivery, end, null))
}

/** A delivery that was begun, and waits for its next try while nothing allows it any more. */
async function stopTrying(context: EngineContext, { id, jobId }: Delivery): Promise<void> {
  await transact(context.db, async (tx) => {
    const facts = await lockFacts(tx, jobId)
    const delivery = facts.deliveries.find((other) => other.id === id)
    if (delivery?.state !== 'sending' || delivery.workerId !== null) return
    // While it is looked at again it only waits: the look may let it go on.
    if (facts.job.state === 'awaiting_review' || mayLeave(facts, delivery)) return
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

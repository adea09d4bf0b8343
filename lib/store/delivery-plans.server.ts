/** What people do about a delivery: send it again, withdraw it, confirm that it arrived. */

import { againstConfirming, waitsToBeConfirmed } from '@/lib/deliveries/confirmation'
import { standingsWith, standsLast } from '@/lib/deliveries/outbox.server'
import { referenceHash } from '@/lib/deliveries/reference'
import type { Delivery } from '@/lib/generated/prisma/client'
import type { DeliveryState } from '@/lib/lifecycle/next-action'
import type { Giving, Plan, Planner } from './command-plans.server'
import type { Tx } from './db.server'
import { InvalidInput } from './errors'
import type { Facts } from './facts.server'

export const planRedeliver: Planner = async (tx, facts, giving) => {
  const delivery = pick(facts, giving, ({ state }) => state === 'failed' || state === 'unknown')
  if (!standsLast(facts, delivery)) {
    throw new InvalidInput('What let it leave no longer stands. Reopen the job, and approve it again.')
  }
  return change(tx, facts, giving, delivery, 'pending', {
    wakeAt: giving.now,
    data: { begunAt: null, nextTryAt: null, workerId: null, code: null },
  })
}

export const planWithdraw: Planner = async (tx, facts, giving) => {
  const delivery = pick(facts, giving, ({ state }) => ['pending', 'failed', 'unknown'].includes(state))
  return change(tx, facts, giving, delivery, 'withdrawn', { wakeAt: null, data: { nextTryAt: null } })
}

export const planConfirm: Planner = async (tx, facts, giving) => {
  const delivery = pick(facts, giving, waitsToBeConfirmed)
  const against = againstConfirming(delivery, facts)
  if (against !== null) throw new InvalidInput(against, [{ pointer: '/params/delivery', detail: against }])
  const reference = giving.params.reference?.trim() ?? ''
  if (reference === '') {
    const detail = 'Give a reference: how it can be found where it went.'
    throw new InvalidInput(detail, [{ pointer: '/params/reference', detail }])
  }
  const said = { reference: referenceHash(reference) }
  return change(tx, facts, giving, delivery, 'delivered', { wakeAt: null, data: { reference }, said })
}

/** The delivery that the command names, or the only one that it fits. */
function pick(facts: Facts, { params }: Giving, fits: (delivery: Delivery) => boolean): Delivery {
  const fitting = facts.deliveries.filter(fits)
  const named = params.delivery === undefined ? fitting : fitting.filter(({ id }) => id === params.delivery)
  const [one, other] = named
  if (one === undefined || other !== undefined) {
    const detail =
      one === undefined ? 'This delivery does not wait for that.' : 'Name the delivery: there are several of the job.'
    throw new InvalidInput(detail, [{ pointer: '/params/delivery', detail }])
  }
  return one
}

async function change(
  tx: Tx,
  { deliveries, round, job }: Facts,
  { now }: Giving,
  delivery: Delivery,
  state: DeliveryState,
  { wakeAt, data, said = {} }: { wakeAt: Date | null; data: Partial<Delivery>; said?: { reference?: string } },
): Promise<Plan> {
  return {
    round,
    wakeAt: wakeAt ?? (round === null ? null : job.dueAt),
    detail: { delivery: { id: delivery.id, hash: delivery.deliveryHash, state, ...said } },
    deliveries: standingsWith(deliveries, { ids: [delivery.id], state }),
    after: async ({ version }) => {
      await tx.delivery.update({
        where: { id: delivery.id },
        data: { ...data, state, changedSeq: version, changedAt: now },
      })
    },
  }
}

/** What the page says of a delivery beyond the server's sentence, and what can be done about it. Pure. */
import { waitsToBeConfirmed } from '@/lib/deliveries/confirmation'
import type { DeliveryView, JobView } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'

/** What may be done about one delivery, beside taking the approval back. */
export type DeliveryCommand = Extract<Command, 'redeliver' | 'withdraw' | 'confirm'>

/** Where to, after a verb: "Sent by e-mail to", then the destination. */
export const WAYS: Record<DeliveryView['kind'], string> = {
  http: 'by signed HTTP to',
  email: 'by e-mail to',
  file: 'as the file',
  by_hand: 'by hand:',
}

/** What it is, before where it goes. */
export const KIND_WORDS: Record<DeliveryView['kind'], string> = {
  http: 'Signed HTTP request',
  email: 'E-mail',
  file: 'File',
  by_hand: 'By hand',
}

/** As `KIND_WORDS`, up to where it goes. */
export const TO_WORDS: Record<DeliveryView['kind'], string> = {
  http: 'Signed HTTP request to',
  email: 'E-mail to',
  file: 'File',
  by_hand: 'By hand:',
}

/** It goes by itself, and has not gone: now, or later. */
export function isLeaving({ state, kind }: Pick<DeliveryView, 'state' | 'kind'>): boolean {
  return kind !== 'by_hand' && (state === 'pending' || state === 'sending')
}

/** When it goes by itself; null where it is going now, or never will. */
export function leavesAt(delivery: Pick<DeliveryView, 'state' | 'kind' | 'notBefore' | 'nextTryAt'>): string | null {
  if (!isLeaving(delivery)) return null
  return delivery.state === 'pending' ? delivery.notBefore : delivery.nextTryAt
}

/** Another result was accepted since: only what that one lets leave may be sent. */
export function isReplaced({ deliveries }: Pick<JobView, 'deliveries'>, delivery: DeliveryView): boolean {
  return deliveries.some(({ acceptedSeq }) => acceptedSeq > delivery.acceptedSeq)
}

/** What this person may do about this delivery now, what answers it first. */
export function deliveryCommands(
  job: Pick<JobView, 'allowedCommands' | 'deliveries'>,
  delivery: DeliveryView,
): DeliveryCommand[] {
  const { state } = delivery
  const isOpen = state === 'failed' || state === 'unknown'
  const fits: Record<DeliveryCommand, boolean> = {
    confirm: waitsToBeConfirmed(delivery) && delivery.againstConfirming === null,
    redeliver: isOpen && !isReplaced(job, delivery),
    withdraw: isOpen || state === 'pending',
  }
  const order: DeliveryCommand[] = ['confirm', 'redeliver', 'withdraw']
  return order.filter((command) => fits[command] && job.allowedCommands.includes(command))
}

/** When it left, or was last tried; null where nothing was. */
export function lastTryAt(delivery: Pick<DeliveryView, 'log' | 'changedAt' | 'state'>): string | null {
  if (delivery.state === 'delivered') return delivery.changedAt
  return delivery.log.at(-1)?.at ?? (delivery.state === 'sending' ? delivery.changedAt : null)
}

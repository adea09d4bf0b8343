/** Acknowledging an alert: somebody looks after it, and says so to the others. */
import type { Actor } from '@/lib/access/actor'
import { hasRole, readsEverything } from '@/lib/access/can'
import { tellOpenPages } from '@/lib/notices/leave.server'
import type { Db } from '@/lib/store/db.server'
import { Forbidden, NotFound } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'
import { LONGEST_NOTE } from './view'

export type Acknowledged =
  | { kind: 'done' }
  /** Somebody was first; `by` is their name. */
  | { kind: 'taken'; by: string; at: Date }
  | { kind: 'over' }

/** Whether this person may: a lead, or whoever its rule tells. */
export function mayAcknowledge(actor: Actor, people: readonly string[]): boolean {
  if (actor.userId === null || !readsEverything(actor)) return false
  return hasRole(actor, 'lead') || people.includes(actor.userId)
}

/**
 * Acknowledges an open alert, once: whoever is second learns who was first.
 * @throws {NotFound} where there is none. @throws {Forbidden} where this person may not.
 */
export async function acknowledge(
  db: Db,
  actor: Actor,
  id: string,
  { note, now }: { note: string; now: Date },
): Promise<Acknowledged> {
  const alert = await db.alert.findUnique({ where: { id }, include: { rule: { select: { people: true } } } })
  if (alert === null) throw new NotFound('There is no such alert.')
  if (!mayAcknowledge(actor, alert.rule.people))
    throw new Forbidden('Leads acknowledge alerts, and those whom a rule tells.')
  const words = sanitiseText(note.trim().slice(0, LONGEST_NOTE))
  return db.$transaction(async (tx) => {
    const { count } = await tx.alert.updateMany({
      where: { id, closedAt: null, acknowledgedAt: null },
      data: { acknowledgedAt: now, acknowledgedBy: actor.userId, note: words === '' ? null : words },
    })
    if (count > 0) {
      await tellOpenPages(tx)
      return { kind: 'done' }
    }
    const is = await tx.alert.findUniqueOrThrow({ where: { id } })
    if (is.acknowledgedAt === null) return { kind: 'over' }
    const person = await tx.user.findUnique({ where: { id: is.acknowledgedBy ?? '' }, select: { name: true } })
    return { kind: 'taken', by: person?.name ?? 'Somebody who is no longer here', at: is.acknowledgedAt }
  })
}

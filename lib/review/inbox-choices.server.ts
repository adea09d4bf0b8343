/** What the inbox offers for deciding on several together: the reasons that leads keep, and who may be asked. */
import { hasRole } from '@/lib/access/can'
import type { Role } from '@/lib/lifecycle/table'
import type { Tx } from '@/lib/store/db.server'

export type InboxChoices = {
  reasons: { key: string; label: string; commands: string[] }[]
  /** Active people who may decide, by name. */
  people: { id: string; name: string }[]
}

export async function readInboxChoices(tx: Tx): Promise<InboxChoices> {
  const [reasons, users] = await Promise.all([
    tx.reviewReason.findMany({
      where: { retiredAt: null },
      select: { key: true, label: true, commands: true },
      orderBy: [{ position: 'asc' }, { key: 'asc' }],
    }),
    tx.user.findMany({
      where: { deactivatedAt: null },
      select: { id: true, name: true, roles: true },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
    }),
  ])
  const people = users
    .map(({ id, name, roles }) => ({ id, name, roles: roles as Role[] }))
    .filter((person) => hasRole(person, 'reviewer') || hasRole(person, 'support'))
    .map(({ id, name }) => ({ id, name }))
  return { reasons, people }
}

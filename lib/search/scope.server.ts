/** Which jobs somebody's search may find, as conditions of SQL. */
import type { Actor } from '@/lib/access/actor'
import { hasRole, readsEverything } from '@/lib/access/can'
import { Prisma } from '@/lib/generated/prisma/client'

const { sql } = Prisma

/** Which jobs `actor` may see: as `readScope`, in SQL. */
export function scopeOf(actor: Actor): Prisma.Sql[] {
  if (readsEverything(actor)) return []
  if (!hasRole(actor, 'requester')) return [sql`false`]
  if (actor.userId !== null) return [sql`j.requester_id = ${actor.userId}`]
  return [actor.apiKeyId === null ? sql`false` : sql`j.requester_key_id = ${actor.apiKeyId}::uuid`]
}

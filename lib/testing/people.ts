/** People and keys for tests that need somebody to act. */
import { randomUUID } from 'node:crypto'
import type { Actor } from '@/lib/access/actor'
import type { Role } from '@/lib/lifecycle/table'
import type { Db } from '@/lib/store/db.server'

/** A person with these roles, stored and ready to act. */
export async function person(
  db: Db,
  roles: Role[],
  name = roles.join(' and ') || 'nobody',
): Promise<Actor & { userId: string }> {
  const userId = randomUUID()
  const email = `${userId}@example.test`
  await db.user.create({ data: { id: userId, name, email, roles } })
  return { kind: 'person', userId, apiKeyId: null, name, email, roles }
}

/** A service's key with these roles: it acts, but counts for nobody. */
export async function serviceKey(db: Db, roles: Role[]): Promise<Actor & { apiKeyId: string }> {
  const key = await db.apiKey.create({ data: { name: 'a service', hash: randomUUID(), prefix: 'hp_test', roles } })
  return { kind: 'api_key', userId: null, apiKeyId: key.id, name: key.name, email: null, roles }
}

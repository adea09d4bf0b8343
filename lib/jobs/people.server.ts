/** Names for the ids that events and jobs hold. */
import type { Tx } from '@/lib/store/db.server'
import type { ActorView } from './view'

export type Names = { person: (id: string) => string; key: (id: string) => string }

/** Reads the names of people and API keys in two queries. */
export async function readNames(tx: Tx, userIds: Iterable<string>, keyIds: Iterable<string>): Promise<Names> {
  const [users, keys] = await Promise.all([
    tx.user.findMany({ where: { id: { in: [...new Set(userIds)] } }, select: { id: true, name: true } }),
    tx.apiKey.findMany({ where: { id: { in: [...new Set(keyIds)] } }, select: { id: true, name: true } }),
  ])
  const userNames = new Map(users.map((user) => [user.id, user.name]))
  const keyNames = new Map(keys.map((key) => [key.id, key.name]))
  return {
    person: (id) => userNames.get(id) ?? 'somebody who is no longer here',
    key: (id) => keyNames.get(id) ?? 'a key that is no longer here',
  }
}

/** A person by their id, with the name that people know. */
export function personOf(id: string, names: Names): { id: string; name: string } {
  return { id, name: names.person(id) }
}

/** An actor as an event names it, with the name that people know. */
export function actorView(kind: string, id: string | null, names: Names): ActorView {
  if (kind === 'person' && id !== null) return { kind, id, name: names.person(id) }
  if (kind === 'api_key' && id !== null) return { kind, id, name: names.key(id) }
  if (kind === 'provider') return { kind, id, name: 'OpenAI' }
  return { kind: 'system', id, name: 'Holdpoint' }
}

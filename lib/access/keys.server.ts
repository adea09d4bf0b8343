/** API keys: of a person, or of a service. A key is shown once; only its hash is kept. */
import type { Actor } from '@/lib/access/actor'
import { expandRoles, hasRole } from '@/lib/access/can'
import { changeAccess } from '@/lib/access/news.server'
import { checkRoles } from '@/lib/access/people.server'
import { AccessRefused } from '@/lib/access/refused'
import { parseRoles } from '@/lib/access/roles'
import { hashToken, newToken } from '@/lib/access/tokens'
import type { Role } from '@/lib/lifecycle/table'
import type { Db } from '@/lib/store/db.server'

const KEY_PREFIX = 'hp_'
/** Enough to tell keys apart, too little to guess the rest. */
const SHOWN_CHARACTERS = 9

export type NewKey = {
  name: string
  roles: readonly Role[]
  /** Whose key it is; null for a service, which counts for nobody where distinct people are asked for. */
  userId: string | null
  /** The person who made it; null for the command line. */
  createdBy: string | null
}

/**
 * Makes a key. What is returned is the only copy.
 * @throws {AccessRefused} `name_missing`, `roles_missing`, `person_unknown`
 */
export async function createKey(database: Db, key: NewKey): Promise<{ id: string; key: string }> {
  const name = key.name.trim().slice(0, 120)
  if (name === '') throw new AccessRefused('name_missing', 'A name is needed, so that people know what uses the key.')
  const roles = checkRoles(key.roles)
  if (key.userId !== null) await checkPerson(database, key.userId, roles)
  const secret = `${KEY_PREFIX}${newToken()}`
  const { id } = await database.apiKey.create({
    data: {
      name,
      roles,
      hash: hashToken(secret),
      prefix: secret.slice(0, SHOWN_CHARACTERS),
      userId: key.userId,
      createdBy: key.createdBy,
    },
  })
  return { id, key: secret }
}

async function checkPerson(database: Db, userId: string, roles: Role[]): Promise<void> {
  const user = await database.user.findUnique({ where: { id: userId } })
  if (user === null || user.deactivatedAt !== null) {
    throw new AccessRefused('person_unknown', 'There is no such active person.')
  }
  const person = { roles: parseRoles(user.roles) }
  if (!expandRoles(roles).some((role) => hasRole(person, role))) {
    throw new AccessRefused('roles_missing', 'Its person may do none of that, so the key could do nothing.')
  }
}

/** Stops a key at once, on every host. @throws {AccessRefused} `key_unknown`, also where `actor` may not revoke it. */
export async function revokeKey(database: Db, keyId: string, actor?: Actor): Promise<void> {
  await changeAccess(database, async (tx, tell) => {
    const { count } = await tx.apiKey.updateMany({
      where: { id: keyId, revokedAt: null, ...(actor && !hasRole(actor, 'owner') && { userId: actor.userId ?? '' }) },
      data: { revokedAt: new Date() },
    })
    if (count === 0) throw new AccessRefused('key_unknown', 'There is no such key, or it was revoked before.')
    await tell({ keyId })
  })
}

export type KeyRow = {
  id: string
  name: string
  prefix: string
  roles: Role[]
  person: { id: string; name: string } | null
  createdAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/** The keys, working ones first, then the newest first. With `userId`, only those of that person. */
export async function listKeys(database: Db, userId?: string): Promise<KeyRow[]> {
  const keys = await database.apiKey.findMany({
    where: userId === undefined ? {} : { userId },
    orderBy: [{ revokedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
    include: { user: { select: { id: true, name: true } } },
  })
  return keys.map(({ user, roles, id, name, prefix, createdAt, lastUsedAt, revokedAt }) => ({
    id,
    name,
    prefix,
    roles: parseRoles(roles),
    person: user,
    createdAt,
    lastUsedAt,
    revokedAt,
  }))
}

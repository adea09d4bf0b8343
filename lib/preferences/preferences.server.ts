/** What people chose for themselves. */
import type { Prisma } from '@/lib/generated/prisma/client'
import type { Tx } from '@/lib/store/db.server'
import { type Preference, type PreferenceKey, preferences } from './keys'

/** What `userId` chose under `key`; null where they chose nothing, or something that this version cannot read. */
export async function readPreference<Key extends PreferenceKey>(
  tx: Tx,
  userId: string,
  key: Key,
): Promise<Preference<Key> | null> {
  const row = await tx.userPreference.findUnique({ where: { userId_key: { userId, key } } })
  const parsed = preferences[key].safeParse(row?.value)
  return parsed.success ? (parsed.data as Preference<Key>) : null
}

/** Keeps what `userId` chose, in place of what they chose before. */
export async function writePreference<Key extends PreferenceKey>(
  tx: Tx,
  userId: string,
  key: Key,
  value: Preference<Key>,
  now = new Date(),
): Promise<void> {
  const columns = { value: value as Prisma.InputJsonValue, updatedAt: now }
  await tx.userPreference.upsert({
    where: { userId_key: { userId, key } },
    create: { userId, key, ...columns },
    update: columns,
  })
}

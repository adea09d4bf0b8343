/** Tells every process that what it remembers of a person or a key is out of date. */
import type { Db, Tx } from '@/lib/store/db.server'

export const ACCESS_CHANNEL = 'holdpoint_access'

/** Who changed. Everything that is remembered of them is forgotten everywhere. */
export type AccessNews = { userId: string } | { keyId: string }

type Hear = (news: AccessNews) => void

// Who hears the changes that this process makes itself, by client: kept across the module reloads of `next dev`.
const holder = globalThis as unknown as { holdpointAccessHearers?: WeakMap<Db, Set<Hear>> }

function hearers(database: Db): Set<Hear> {
  holder.holdpointAccessHearers ??= new WeakMap()
  const known = holder.holdpointAccessHearers.get(database) ?? new Set<Hear>()
  holder.holdpointAccessHearers.set(database, known)
  return known
}

/** Calls `hear` for each change made through `database` in this process. Returns what ends it. */
export function hearOwnChanges(database: Db, hear: Hear): () => void {
  hearers(database).add(hear)
  return () => hearers(database).delete(hear)
}

/**
 * Runs `work` in a transaction. What it tells reaches the other processes when that commits, and never when it rolls
 * back. This process hears it before the promise resolves: whoever made a change sees it in their next request.
 */
export async function changeAccess<Result>(
  database: Db,
  work: (tx: Tx, tell: (news: AccessNews) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const told: AccessNews[] = []
  const result = await database.$transaction((tx) =>
    work(tx, async (news) => {
      await tx.$executeRaw`SELECT pg_notify(${ACCESS_CHANNEL}, ${JSON.stringify(news)})`
      told.push(news)
    }),
  )
  for (const news of told) for (const hear of hearers(database)) hear(news)
  return result
}

/** The news in a message, or null where it is not one: then everything must be forgotten. */
export function readAccessNews(payload: string): AccessNews | null {
  try {
    const news: unknown = JSON.parse(payload)
    if (typeof news !== 'object' || news === null) return null
    if ('userId' in news && typeof news.userId === 'string') return { userId: news.userId }
    if ('keyId' in news && typeof news.keyId === 'string') return { keyId: news.keyId }
    return null
  } catch {
    return null
  }
}

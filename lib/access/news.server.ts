/** Tells every process that what it remembers of a person or a key is out of date. */
import type { Tx } from '@/lib/store/db.server'

export const ACCESS_CHANNEL = 'holdpoint_access'

/** Who changed. Everything that is remembered of them is forgotten everywhere. */
export type AccessNews = { userId: string } | { keyId: string }

/** Sends the news when `tx` commits, and never when it rolls back. */
export async function tellAccessChanged(tx: Tx, news: AccessNews): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${ACCESS_CHANNEL}, ${JSON.stringify(news)})`
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

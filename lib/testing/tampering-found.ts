/** What an auditor would be told of a store on which nobody has laid a hand: nothing, whatever has happened in it. */
import type pg from 'pg'
import { anchorWhatChanged } from '@/lib/audit/anchor.server'
import type { Finding } from '@/lib/audit/findings'
import { queryOf } from '@/lib/audit/query.server'
import { verifyStore } from '@/lib/audit/verify-store.server'
import type { Db } from '@/lib/store/db.server'

/** Anchors what changed, as the worker does once a minute, and verifies all of it. */
export async function tamperingFound(
  { db, ownerPool }: { db: Db; ownerPool: pg.Pool },
  now: () => Date = () => new Date(),
): Promise<Finding[]> {
  await anchorWhatChanged(db, now)
  const found: Finding[] = []
  const client = await ownerPool.connect()
  try {
    await verifyStore(queryOf(client), { onFinding: (finding) => found.push(finding) })
  } finally {
    client.release()
  }
  return found
}

/** Work that only one process may do at a time, whichever of them comes first. */
import type { Db, Tx } from './db.server'

/**
 * Does `work` in a transaction, unless another process is doing work of that name right now: then null, at once. The
 * lock goes with the transaction, so a process that dies holds nothing.
 */
export async function alone<T>(db: Db, name: string, work: (tx: Tx) => Promise<T>): Promise<T | null> {
  return db.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ mine: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${`holdpoint:${name}`}, 0)) AS mine`
    return row?.mine === true ? work(tx) : null
  })
}

/** Questions to the database that are given up after a while: a search answers what it has by then. */
import type { Db, Tx } from '@/lib/store/db.server'

/** A connection that can begin transactions. */
export type SearchDb = Tx & Pick<Db, '$transaction'>

/**
 * Runs `work` in a transaction in which no statement may take longer than `ms` milliseconds.
 * @returns null where one of them did.
 */
export async function within<T>(db: SearchDb, ms: number, work: (tx: Tx) => Promise<T>): Promise<T | null> {
  try {
    return await db.$transaction(async (tx) => {
      // Compiling a query takes longer than any of these may.
      await tx.$queryRaw`
        SELECT set_config('statement_timeout', ${String(Math.max(1, Math.ceil(ms)))}, true), set_config('jit', 'off', true)`
      return work(tx)
    })
  } catch (error) {
    if (isGivenUp(error)) return null
    throw error
  }
}

/** True where PostgreSQL ended a statement because it took too long (57014, query_canceled). */
export function isGivenUp(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; depth < 8 && typeof at === 'object' && at !== null; depth += 1) {
    const { code, originalCode, cause, meta } = at as {
      code?: unknown
      originalCode?: unknown
      cause?: unknown
      meta?: unknown
    }
    if (code === '57014' || originalCode === '57014') return true
    const nested = (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError
    if (nested !== undefined && isGivenUp(nested)) return true
    at = cause
  }
  return false
}

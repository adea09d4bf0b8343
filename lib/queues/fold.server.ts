/** Keeping the figures of the queues: what was appended is folded about once a second, by whichever worker comes first. */
import type { Db } from '@/lib/store/db.server'

/** A worker asks this often. */
export const FIGURES_EVERY_MS = 1_000
export const FLAGS_EVERY_MS = 5_000
export const TIDY_FIGURES_EVERY_MS = 300_000

/**
 * Folds what was appended since the last fold, unless another worker has just done so. @returns the moment as of which
 * the figures stand; null where nothing was to do here.
 */
export async function foldFigures(db: Db, { force = false }: { force?: boolean } = {}): Promise<Date | null> {
  const rows = await db.$queryRaw<{ as_of: Date | null }[]>`
    SELECT holdpoint_fold_figures() AS as_of FROM figure_state
     WHERE ${force}::boolean OR as_of < clock_timestamp() - interval '800 milliseconds'`
  return rows[0]?.as_of ?? null
}

/**
 * Looks which jobs are stuck and which expire soon, as of `at`; absent: as of now, by the database's clock, and only
 * where no other worker has just done so. @returns how many have changed.
 */
export async function sweepFlags(db: Db, at?: Date): Promise<number | null> {
  const rows = await db.$queryRaw<{ changed: number | null }[]>`
    SELECT holdpoint_sweep_flags(coalesce(${at ?? null}::timestamptz, now())) AS changed FROM figure_state
     WHERE ${at ?? null}::timestamptz IS NOT NULL OR swept_at IS NULL OR swept_at < now() - interval '4 seconds'`
  return rows[0]?.changed ?? null
}

/** Removes what no page asks for any more. */
export async function tidyFigures(db: Db): Promise<void> {
  await db.$executeRaw`SELECT holdpoint_tidy_figures()`
}

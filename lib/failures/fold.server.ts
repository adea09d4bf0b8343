/**
 * Failure groups are folded from deltas that the transactions append which change jobs: a row that they all updated
 * would make them wait for each other.
 */
import { alone } from '@/lib/store/alone.server'
import type { Db, Tx } from '@/lib/store/db.server'

/** So many at once: more follow at the next turn. */
const AT_ONCE = 5_000

/** Folds what was appended. @returns how many deltas; null where another process does it now. */
export async function foldFailures(db: Db, now: Date): Promise<number | null> {
  return alone(db, 'fold-failures', (tx) => fold(tx, now))
}

async function fold(tx: Tx, now: Date): Promise<number> {
  const rows = await tx.$queryRaw<{ folded: number; again: string[] | null }[]>`
    WITH taken AS (
      DELETE FROM failure_delta WHERE id IN (SELECT id FROM failure_delta ORDER BY id LIMIT ${AT_ONCE}::int) RETURNING *
    ), met AS (
      SELECT failure_fingerprint(workflow_key, failure_class, code, signal) AS group_id, * FROM taken
    ), hours AS (
      INSERT INTO failure_hour (group_id, hour, seen)
      SELECT group_id, date_trunc('hour', at, 'UTC'), sum(seen) FROM met WHERE seen > 0 GROUP BY 1, 2
      ON CONFLICT (group_id, hour) DO UPDATE SET seen = failure_hour.seen + excluded.seen
    ), groups AS (
      INSERT INTO failure_group AS g (id, workflow_key, failure_class, code, signal, first_seen_at, last_seen_at, seen, standing)
      SELECT group_id, workflow_key, failure_class, code, signal, min(at), max(at), sum(seen), sum(standing)
        FROM met GROUP BY 1, 2, 3, 4, 5
      ON CONFLICT (id) DO UPDATE SET seen = g.seen + excluded.seen, standing = g.standing + excluded.standing,
        first_seen_at = CASE WHEN excluded.seen > 0 THEN least(g.first_seen_at, excluded.first_seen_at) ELSE g.first_seen_at END,
        last_seen_at = CASE WHEN excluded.seen > 0 THEN greatest(g.last_seen_at, excluded.last_seen_at) ELSE g.last_seen_at END
    )
    SELECT (SELECT count(*)::int FROM taken) AS folded,
           (SELECT array_agg(DISTINCT group_id) FROM met WHERE seen > 0) AS again`
  const { folded = 0, again = null } = rows[0] ?? {}
  if (again !== null) await reopen(tx, again, now)
  return folded
}

/** What was resolved and is seen again is open again, by itself, and its history says so. */
async function reopen(tx: Tx, groups: string[], now: Date): Promise<void> {
  await tx.$executeRaw`
    WITH seen AS (
      UPDATE failure_group SET state = 'open', state_at = ${now}::timestamptz
       WHERE id = ANY (${groups}::text[]) AND state = 'resolved' AND last_seen_at > state_at
      RETURNING id)
    INSERT INTO failure_group_change (id, group_id, at, user_id, state)
    SELECT gen_random_uuid(), id, ${now}::timestamptz, NULL, 'open' FROM seen`
}

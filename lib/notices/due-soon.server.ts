/** Telling people that what they hold is due soon: the time causes it, so that a worker looks every minute. */
import { rolesWith } from '@/lib/access/can'
import type { Db, Tx } from '@/lib/store/db.server'
import { kinds } from './kinds'
import { leaveNotices, storedKinds } from './leave.server'

/** In milliseconds: due sooner than this is soon. */
export const SOON_MS = 3_600_000
/**
 * Rounds in a page, and pages in a turn, which is one transaction. A page's worth of people told ends the turn as well: the
 * rest comes with the next.
 */
const MOST = { rounds: 200, pages: 5 }

type Due = { id: string; job_id: string; workflow_key: string; number: number; due_at: Date; people: string[] }

/**
 * Tells whoever holds a place in an open round, or has it assigned, that it is due within the hour: once for each
 * deadline. Any number of workers may, side by side. @returns how many were told.
 */
export async function tellDueSoon(db: Db, now: Date, most = MOST): Promise<number> {
  return db.$transaction(async (tx) => {
    const [lock] = await tx.$queryRaw<{ taken: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtextextended('notices_due_soon', 0)) AS taken`
    if (lock?.taken !== true) return 0
    let told = 0
    let after: Due | undefined
    // Whoever turns out to want none has no row, and comes back: what stands behind them is looked at all the same.
    for (let pages = 0; pages < most.pages && told < most.rounds; pages += 1) {
      const rounds = await readDue(tx, { now, after, limit: most.rounds })
      for (const round of rounds) told += await tellOf(tx, round, now)
      if (rounds.length < most.rounds) break
      after = rounds.at(-1)
    }
    return told
  })
}

function tellOf(tx: Tx, round: Due, now: Date): Promise<number> {
  return leaveNotices(tx, {
    to: { ids: round.people },
    job: { id: round.job_id, workflowKey: round.workflow_key },
    kind: 'due_soon',
    detail: { round: round.number, due: round.due_at.toISOString() },
    now,
  })
}

/**
 * A page of the rounds that are due soon, each with the people who have not been told of that deadline: as far as the
 * database knows, those who may get such a notice and did not switch it off.
 */
function readDue(tx: Tx, { now, after, limit }: { now: Date; after: Due | undefined; limit: number }): Promise<Due[]> {
  const soon = new Date(now.getTime() + SOON_MS)
  return tx.$queryRaw<Due[]>`
    SELECT r.id::text, r.job_id::text, j.workflow_key, r.number, r.due_at, array_agg(DISTINCT held.user_id) AS people
      FROM review_round r
      JOIN job j ON j.id = r.job_id
      CROSS JOIN LATERAL (
        SELECT r.assignee_id AS user_id WHERE r.assignee_id IS NOT NULL
        UNION
        SELECT c.user_id FROM review_claim c
         WHERE c.round_id = r.id AND c.released_at IS NULL AND c.lease_until > ${now}::timestamptz
      ) held
      JOIN user_account u ON u.id = held.user_id AND u.deactivated_at IS NULL
       AND u.roles && ${rolesWith(kinds.due_soon.roles)}::text[]
      LEFT JOIN user_preference p ON p.user_id = u.id AND p.key = 'notices'
     WHERE r.closed_at IS NULL AND r.due_at > ${now}::timestamptz AND r.due_at <= ${soon}::timestamptz
       AND (${after === undefined}::bool OR (r.due_at, r.id) > (${after?.due_at ?? now}::timestamptz, ${after?.id ?? null}::uuid))
       AND NOT coalesce(p.value #> '{due_soon,app}' = 'false' AND p.value #> '{due_soon,email}' = 'false', false)
       AND NOT EXISTS (
         SELECT 1 FROM notice n
          WHERE n.user_id = held.user_id AND n.job_id = r.job_id AND n.kind = ANY(${storedKinds('due_soon')}::text[])
            AND (n.detail ->> 'round')::int = r.number AND (n.detail ->> 'due')::timestamptz = r.due_at)
     GROUP BY r.id, r.job_id, j.workflow_key, r.number, r.due_at
     ORDER BY r.due_at, r.id LIMIT ${limit}::int`
}

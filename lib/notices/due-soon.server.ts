/** Telling people that what they hold is due soon: the time causes it, so that a worker looks every minute. */
import type { Db, Tx } from '@/lib/store/db.server'
import { leaveNotices, storedKinds } from './leave.server'

/** In milliseconds: due sooner than this is soon. */
export const SOON_MS = 3_600_000
/** Rounds in one turn: the rest comes with the next. */
const AT_MOST = 200

type Due = { job_id: string; workflow_key: string; number: number; due_at: Date; people: string[] }

/**
 * Tells whoever holds a place in an open round, or has it assigned, that it is due within the hour: once for each
 * deadline. Any number of workers may, side by side. @returns how many were told.
 */
export async function tellDueSoon(db: Db, now: Date): Promise<number> {
  return db.$transaction(async (tx) => {
    const [lock] = await tx.$queryRaw<{ taken: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtextextended('notices_due_soon', 0)) AS taken`
    if (lock?.taken !== true) return 0
    let told = 0
    for (const round of await readDue(tx, now)) {
      const detail = { round: round.number, due: round.due_at.toISOString() }
      told += await leaveNotices(tx, {
        to: { ids: round.people },
        job: { id: round.job_id, workflowKey: round.workflow_key },
        kind: 'due_soon',
        detail,
        now,
      })
    }
    return told
  })
}

/** Rounds that are due soon, each with the people who have not been told of that deadline. */
function readDue(tx: Tx, now: Date): Promise<Due[]> {
  const soon = new Date(now.getTime() + SOON_MS)
  return tx.$queryRaw<Due[]>`
    SELECT r.job_id::text, j.workflow_key, r.number, r.due_at, array_agg(DISTINCT held.user_id) AS people
      FROM review_round r
      JOIN job j ON j.id = r.job_id
      CROSS JOIN LATERAL (
        SELECT r.assignee_id AS user_id WHERE r.assignee_id IS NOT NULL
        UNION
        SELECT c.user_id FROM review_claim c
         WHERE c.round_id = r.id AND c.released_at IS NULL AND c.lease_until > ${now}::timestamptz
      ) held
     WHERE r.closed_at IS NULL AND r.due_at > ${now}::timestamptz AND r.due_at <= ${soon}::timestamptz
       AND NOT EXISTS (
         SELECT 1 FROM notice n
          WHERE n.user_id = held.user_id AND n.job_id = r.job_id AND n.kind = ANY(${storedKinds('due_soon')}::text[])
            AND (n.detail ->> 'round')::int = r.number AND (n.detail ->> 'due')::timestamptz = r.due_at)
     GROUP BY r.id, r.job_id, j.workflow_key, r.number, r.due_at
     ORDER BY r.due_at LIMIT ${AT_MOST}::int`
}

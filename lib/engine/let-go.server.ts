/**
 * Calls that were let go while they were under way: nobody waits for them, yet they may be paid. Their provider is asked
 * a few times within a day, each time to stop, and what they came to is kept.
 */
import { isDatabaseAway } from '@/lib/store/database-away'
import { LostRace } from '@/lib/store/errors'
import type { EngineContext } from './context'
import { cancelGivenUp } from './wind-down.server'

/** Asked side by side in one turn. */
const AT_ONCE = 10
const FIRST_GAP_MS = 60_000
const GIVE_UP_AFTER_MS = 24 * 3_600_000

/** Asks about those that are due. Any number of workers may, side by side. @returns how many were asked about. */
export async function askAboutLetGo(context: EngineContext): Promise<number> {
  const due = await claim(context)
  await Promise.all(due.map(({ id, jobId }) => ask(context, jobId, id)))
  return due.length
}

/** Takes those that are due, and says when each is due again: after as long as it was let go, a minute at least. */
function claim({ db, provider, now }: EngineContext): Promise<{ id: string; jobId: string }[]> {
  const at = now()
  const since = new Date(at.getTime() - GIVE_UP_AFTER_MS)
  return db.$queryRaw<{ id: string; jobId: string }[]>`
    UPDATE attempt_watch w
       SET next_look_at = ${at}::timestamptz
             + greatest(${at}::timestamptz - a.ended_at, make_interval(secs => ${FIRST_GAP_MS / 1_000}))
      FROM attempt a
     WHERE a.id = w.attempt_id AND w.attempt_id IN (
       SELECT l.attempt_id FROM attempt_watch l JOIN attempt b ON b.id = l.attempt_id
        WHERE b.ended_at > ${since}::timestamptz AND b.payload_sha256 IS NULL AND b.response_id IS NOT NULL
          AND b.provider = ${provider.name} AND l.last_error IS DISTINCT FROM 'gone'
          AND coalesce(l.next_look_at, b.ended_at) <= ${at}::timestamptz
        ORDER BY l.next_look_at LIMIT ${AT_ONCE}::int FOR UPDATE OF l SKIP LOCKED)
    RETURNING a.id::text AS id, a.job_id::text AS "jobId"`
}

async function ask(context: EngineContext, jobId: string, attemptId: string): Promise<void> {
  try {
    await cancelGivenUp(context, jobId, attemptId)
  } catch (error) {
    // A webhook was faster, and what it brought is kept.
    if (error instanceof LostRace) return
    if (isDatabaseAway(error)) throw error
    context.log(
      `A call that was let go could not be asked about, and is again later: ${error instanceof Error ? error.message : error}`,
    )
  }
}

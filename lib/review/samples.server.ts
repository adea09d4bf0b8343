/** What became of the samples: how often people overturn what would have been accepted by itself. */
import type { Tx } from '@/lib/store/db.server'

/** Of one workflow, in all of its versions. */
export type SampleFigures = {
  /** Held as a sample, whatever became of it. */
  drawn: number
  /** Decided by a person; what expired was not. */
  decided: number
  /** Of those: closed by anything but an approval, or approved only once it was revised. */
  overturned: number
}

/**
 * The samples of the workflow `key`. An approval that was taken back is not one: then what came of the round that taking
 * it back opened counts.
 */
export async function sampleFigures(tx: Tx, key: string): Promise<SampleFigures> {
  const [row] = await tx.$queryRaw<[SampleFigures]>`
    SELECT count(*)::int AS drawn,
           count(*) FILTER (WHERE last.outcome <> 'expire')::int AS decided,
           count(*) FILTER (
             WHERE last.outcome NOT IN ('expire', 'approve') OR (last.outcome = 'approve' AND result.revision > 0)
           )::int AS overturned
      FROM review_round AS drawn
      JOIN job ON job.id = drawn.job_id
     CROSS JOIN LATERAL (
             SELECT round.outcome, round.result_id
               FROM review_round AS round
              WHERE round.job_id = drawn.job_id
                AND round.number >= drawn.number
                AND NOT EXISTS (
                      SELECT 1
                        FROM review_round AS between_them
                       WHERE between_them.job_id = drawn.job_id
                         AND between_them.number > drawn.number
                         AND between_them.number <= round.number
                         AND between_them.opened_by <> 'undo')
              ORDER BY round.number DESC
              LIMIT 1) AS last
      LEFT JOIN result ON result.id = last.result_id
     WHERE job.workflow_key = ${key}::text
       AND drawn.is_sample`
  return row
}

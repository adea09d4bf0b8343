/**
 * What follows from the histories that were copied in, each table by one statement over all of them. A table that is fed
 * by triggers while jobs move gets its step here: while histories are copied in no trigger runs.
 */
import type pg from 'pg'
import { takeAnchor } from '@/lib/audit/anchor.server'
import { queryOf } from '@/lib/audit/query.server'
import { WITH_TOOLS } from './material'
import { fillSearch } from './search.server'
import type { Told } from './stories.server'

export type Finish = {
  /** The jobs of this run are those with a number from here on. */
  first: number
  now: Date
  /** Whether some are left queued or running. */
  unfinished: boolean
  /** The stories, and of each job in its order which of them it repeats: its place among the patterns. */
  told: Told
  storyOf: Uint16Array
}

export type FinishingStep = {
  /** What it fills, for whoever watches. */
  name: string
  /** On the owner’s connection, in the transaction that copied the histories, after they were checked. */
  fill: (client: pg.ClientBase, finish: Finish) => Promise<unknown>
}

/** In the order in which they run. */
export const finishingSteps: readonly FinishingStep[] = [
  { name: 'the accounts of what was spent', fill: addMoney },
  { name: 'failures that are alike', fill: (client) => client.query('SELECT recount_failures()') },
  { name: 'what keeps the unfinished ones from being sent', fill: stopSending },
  { name: 'wake-ups', fill: wakeWhatWaits },
  { name: 'anchors', fill: anchorAll },
  { name: 'the search', fill: fillSearch },
  { name: 'the figures of the queues', fill: countFigures },
]

/** What the attempts cost stands in the accounts too. */
async function addMoney(client: pg.ClientBase, { first }: Finish): Promise<void> {
  await client.query(
    `INSERT INTO budget_account (key, reserved_micros, spent_micros, updated_at)
     SELECT b.account_key, coalesce(sum(b.reserved_micros) FILTER (WHERE b.settled_at IS NULL), 0),
            coalesce(sum(b.settled_micros), 0), max(coalesce(b.settled_at, b.reserved_at))
       FROM budget_entry b JOIN attempt a ON a.id = b.attempt_id JOIN job j ON j.id = a.job_id
      WHERE j.number >= $1 GROUP BY b.account_key
     ON CONFLICT (key) DO UPDATE SET reserved_micros = budget_account.reserved_micros + excluded.reserved_micros,
       spent_micros = budget_account.spent_micros + excluded.spent_micros, updated_at = excluded.updated_at`,
    [first],
  )
}

/** Nothing that is queued is sent to a model, and paid, until a lead resumes it. */
async function stopSending(client: pg.ClientBase, { first, now, unfinished }: Finish): Promise<void> {
  if (!unfinished) return
  await client.query(
    `INSERT INTO queue_stop (id, workflow_key, reason, since)
     SELECT gen_random_uuid(), key, 'generated', $2 FROM (
       SELECT DISTINCT workflow_key AS key FROM job WHERE number >= $1 AND state IN ('queued', 'running')
       UNION SELECT $3) keys
     ON CONFLICT (workflow_key) WHERE resumed_at IS NULL DO NOTHING`,
    [first, now, WITH_TOOLS],
  )
}

/**
 * Every deadline that is ahead, as the commands would have asked for it; what must not come due is a year away. Many in
 * one call: each call of `holdpoint_wake` holds a lock to the end of the transaction, and there is no room for a million.
 */
async function wakeWhatWaits(client: pg.ClientBase, { first }: Finish): Promise<void> {
  await client.query(
    `WITH due AS (
       SELECT id, min(at) AS at FROM (
         SELECT id, due_at AS at FROM job
          WHERE number >= $1 AND state IN ('awaiting_review', 'running') AND due_at IS NOT NULL
         UNION ALL
         SELECT j.id, greatest(d.not_before, d.next_try_at) FROM delivery d JOIN job j ON j.id = d.job_id
          WHERE j.number >= $1 AND d.state IN ('pending', 'sending') AND d.kind <> 'by_hand') asked
        GROUP BY id),
     many AS (
       SELECT array_agg(ROW('reconcile', json_build_object('jobId', id), NULL, at, NULL, 'job:' || id, NULL, NULL
                        )::graphile_worker.job_spec) AS specs
         FROM (SELECT id, at, row_number() OVER (ORDER BY at) / ${AT_A_TIME} AS part FROM due) numbered GROUP BY part)
     SELECT count(*) FROM many, graphile_worker.add_jobs(many.specs)`,
    [first],
  )
}

const AT_A_TIME = 5_000

/** As many anchors as that takes, over everything that was copied in. */
async function anchorAll(client: pg.ClientBase, { first, now }: Finish): Promise<void> {
  await client.query('INSERT INTO anchor_pending (job_id) SELECT id FROM job WHERE number >= $1 ORDER BY number', [
    first,
  ])
  await client.query('ANALYZE anchor_pending, job_document, delivery_try')
  const query = queryOf(client)
  while ((await takeAnchor(query, now)) !== null);
}

/** From the events of all jobs, not only of those that were made now. */
async function countFigures(client: pg.ClientBase): Promise<void> {
  // Sorting millions of events on disk would take several times as long.
  await client.query(`SET LOCAL work_mem = '256MB'`)
  await client.query('SELECT holdpoint_rebuild_figures()')
}

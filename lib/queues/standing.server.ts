/** Which jobs stand where: now, and as of the moment of a count. */
import type { Prisma } from '@/lib/generated/prisma/client'
import type { State } from '@/lib/lifecycle/table'
import type { Tx } from '@/lib/store/db.server'
import type { Counts, Oldest } from './figures-view'
import { type Standing, standingInfo, standingOfGauge, standings } from './standing'

/** The jobs that stand there now. For every list and every filter that means the same. */
export function standingWhere(standing: Standing): Prisma.JobWhereInput {
  const { state, gauge } = standingInfo[standing]
  if (state !== null) return { state }
  if (standing === 'unclassified') return { failureClass: 'unclassified', state: { in: [...UNSETTLED_TROUBLE] } }
  return { flags: { some: { flag: gauge } } }
}

const UNSETTLED_TROUBLE: readonly State[] = ['awaiting_review', 'failed']

/** More jobs than this have changed since a moment: then nobody is helped by a list as of it. */
const MOST_CHANGED = 5_000

/**
 * The jobs that stood there when they were counted: those that do now, without those that came since, and with those that
 * have left. Exact: what a count saw is told by the snapshot of its fold, not by clocks. Null where the moment is more
 * than an hour ago, or too much has changed since.
 *
 * It must be asked in the transaction (of one snapshot) that then lists the jobs.
 */
export async function standingWhereAsOf(
  tx: Tx,
  standing: Standing,
  workflows: readonly string[],
  asOf: Date,
): Promise<Prisma.JobWhereInput | null> {
  const { gauge, state } = standingInfo[standing]
  const [fold] = await tx.$queryRaw<{ snapshot: string }[]>`
    SELECT snapshot FROM figure_fold WHERE as_of <= ${asOf}::timestamptz ORDER BY as_of DESC LIMIT 1`
  if (fold === undefined) return null
  // The first change of each job that the fold had not seen tells how it stood when it counted.
  const changed = await tx.$queryRaw<{ job_id: string; stood: boolean }[]>`
    SELECT DISTINCT ON (d.job_id) d.job_id::text,
           coalesce(CASE d.kind WHEN 'move' THEN d.left_state = ${gauge} ELSE d.times < 0 END, false) AS stood
      FROM figure_delta d
     WHERE d.xid >= pg_snapshot_xmin(${fold.snapshot}::pg_snapshot)::text::bigint
       AND NOT pg_visible_in_snapshot(d.xid::text::xid8, ${fold.snapshot}::pg_snapshot)
       AND CASE WHEN ${state === null}::boolean THEN d.kind = 'flag' AND d.measure = ${gauge} ELSE d.kind = 'move' END
       AND (${workflows.length === 0}::boolean OR d.workflow_key = ANY(${[...workflows]}::text[]))
     ORDER BY d.job_id, d.id LIMIT ${MOST_CHANGED + 1}::int`
  if (changed.length > MOST_CHANGED) return null
  const stood = changed.filter((row) => row.stood).map(({ job_id }) => job_id)
  const came = changed.filter((row) => !row.stood).map(({ job_id }) => job_id)
  return {
    OR: [{ AND: [standingWhere(standing), { id: { notIn: [...came, ...stood] } }] }, { id: { in: stood } }],
  }
}

export function noCounts(): Counts {
  return Object.fromEntries(standings.map((standing) => [standing, 0])) as Counts
}

export type Standings = {
  /** The moment of the last fold. */
  asOf: Date
  /** It is longer ago than usual. */
  isLate: boolean
  /** When it was last looked which jobs are stuck and which expire soon; null: never. */
  sweptAt: Date | null
  /** How many jobs of each workflow stood where then. */
  counts: Map<string, Counts>
}

type StandingRow = {
  as_of: Date
  swept_at: Date | null
  late: boolean
  workflow_key: string | null
  standing: string | null
  jobs: bigint | null
}

/** Counts and their moment, in one statement: between two a fold could change the ones and not the other. */
export async function readStandings(tx: Tx): Promise<Standings> {
  const rows = await tx.$queryRaw<StandingRow[]>`
    SELECT s.as_of, s.swept_at, s.as_of < clock_timestamp() - interval '10 seconds' AS late, g.workflow_key, g.standing, g.jobs
      FROM figure_state s LEFT JOIN figure_gauge g ON true`
  const [state] = rows
  if (state === undefined) throw new Error('the figures have no moment: their migration did not run')
  const counts = new Map<string, Counts>()
  for (const { workflow_key: key, standing: gauge, jobs } of rows) {
    const standing = gauge === null ? null : standingOfGauge(gauge)
    if (key === null || standing === null) continue
    const of = counts.get(key) ?? noCounts()
    of[standing] = Number(jobs)
    counts.set(key, of)
  }
  return { asOf: state.as_of, isLate: state.late, sweptAt: state.swept_at, counts }
}

export const NOBODY: Oldest = { waiting: null, running: null, review: null }
const OLDEST_STATES: readonly State[] = ['queued', 'running', 'awaiting_review']

/** Since when the oldest of each state stands there, of each of these workflows: a look at the index for each. */
export async function readOldest(tx: Tx, workflows: readonly string[]): Promise<Map<string, Oldest>> {
  const rows = await tx.$queryRaw<{ key: string; state: State; since: Date }[]>`
    SELECT w.key, s.state, o.state_since AS since
      FROM unnest(${[...workflows]}::text[]) AS w (key)
     CROSS JOIN unnest(${[...OLDEST_STATES]}::text[]) AS s (state)
     CROSS JOIN LATERAL (
       SELECT j.state_since FROM job j
        WHERE j.state = s.state AND j.workflow_key = w.key AND j.state IN ('queued', 'running', 'awaiting_review', 'failed')
        ORDER BY j.state_since LIMIT 1) o`
  const oldest = new Map<string, Oldest>()
  for (const { key, state, since } of rows) {
    const name = state === 'queued' ? 'waiting' : state === 'running' ? 'running' : 'review'
    oldest.set(key, { ...NOBODY, ...oldest.get(key), [name]: since.toISOString() })
  }
  return oldest
}

/** The figures of the queues, counted anew from the events and the rows of attempts and rounds, in plain code. */
import type pg from 'pg'
import type { EventBody } from '@/lib/store/event-chain'

/** By "workflow measure hour version": how often, how much in all, and how often it is not known. */
export type Recounted = Map<string, { times: number; total: number; unknown: number }>

const HOUR_MS = 3_600_000
const hourOf = (at: Date) => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS).toISOString()

type Adds = { key: string; version?: number; measure: string; at: Date; value?: number | null }

class Sums {
  readonly all: Recounted = new Map()
  add({ key, version = 0, measure, at, value = 0 }: Adds) {
    for (const [workflow, of] of [
      [key, version],
      ['*', 0],
    ] as const) {
      const name = `${workflow} ${measure} ${hourOf(at)} ${of}`
      const sum = this.all.get(name) ?? { times: 0, total: 0, unknown: 0 }
      this.all.set(name, {
        times: sum.times + 1,
        total: sum.total + (value ?? 0),
        unknown: sum.unknown + (value === null ? 1 : 0),
      })
    }
  }
}

const STAYED: Record<string, string> = { queued: 'in_queued', running: 'in_running', awaiting_review: 'in_review' }
const ENTERED = ['completed', 'failed', 'expired', 'abandoned']

type JobOf = { id: string; key: string; version: number; created: Date }

/** Everything that the roll-ups should hold, by hour. */
export async function recount(pool: pg.Pool): Promise<Recounted> {
  const sums = new Sums()
  const { rows: jobs } = await pool.query<JobOf>(
    `SELECT j.id, v.key, v.version, j.created_at AS created FROM job j JOIN workflow_version v ON v.id = j.workflow_version_id`,
  )
  const byId = new Map(jobs.map((job) => [job.id, job]))
  const ofJob = (id: string) => byId.get(id) ?? { id, key: 'no such job', version: 0, created: new Date(0) }
  await countMoves(pool, sums, ofJob)
  await countCalls(pool, sums, ofJob)
  await countWork(pool, sums, ofJob)
  await countRounds(pool, sums, ofJob)
  return sums.all
}

type OfJob = (id: string) => JobOf

async function countMoves(pool: pg.Pool, sums: Sums, ofJob: OfJob) {
  const { rows } = await pool.query<{ job: string; body: string }>(
    'SELECT job_id AS job, body FROM event ORDER BY job_id, seq',
  )
  let since: Date | null = null
  for (const { job, body } of rows) {
    const { command, from, to, at: text } = JSON.parse(body) as EventBody
    if (from === to) continue
    const at = new Date(text)
    const { key, created } = ofJob(job)
    const add = (measure: string, value = 0) => sums.add({ key, measure, at, value })
    if (from === null) add('arrived')
    else if (STAYED[from] !== undefined) add(STAYED[from], Math.max(at.getTime() - (since?.getTime() ?? 0), 0))
    if (command === 'start') add('started')
    if (ENTERED.includes(to)) add(to)
    if (to === 'completed') add('to_completed', Math.max(at.getTime() - created.getTime(), 0))
    since = at
  }
}

type CallRow = { job: string; sent: Date; micros: string | null; usage: Record<string, number> | null }

async function countCalls(pool: pg.Pool, sums: Sums, ofJob: OfJob) {
  const { rows } = await pool.query<CallRow>(
    'SELECT job_id AS job, sent_at AS sent, cost_micros AS micros, usage FROM attempt WHERE cost_lines IS NOT NULL',
  )
  for (const { job, sent: at, micros, usage } of rows) {
    const { key } = ofJob(job)
    // What was refused at the door used nothing.
    const unused = micros === '0' ? 0 : null
    sums.add({ key, at, measure: 'cost', value: micros === null ? null : Number(micros) })
    sums.add({ key, at, measure: 'tokens_in', value: usage?.inputTokens ?? unused })
    sums.add({ key, at, measure: 'tokens_out', value: usage?.outputTokens ?? unused })
  }
}

type WorkRow = { job: string; claimed: Date | null; decided: Date; hands_on: number | null }

async function countWork(pool: pg.Pool, sums: Sums, ofJob: OfJob) {
  const { rows } = await pool.query<WorkRow>(
    `SELECT job_id AS job, claimed_at AS claimed, decided_at AS decided, hands_on_ms AS hands_on
       FROM review_work WHERE decided_at IS NOT NULL`,
  )
  for (const { job, claimed, decided: at, hands_on } of rows) {
    const { key } = ofJob(job)
    const isKnown = claimed !== null && claimed <= at
    sums.add({
      key,
      at,
      measure: 'claim_to_decision',
      value: isKnown ? at.getTime() - claimed.getTime() : null,
    })
    sums.add({ key, at, measure: 'hands_on', value: hands_on })
  }
}

type RoundRow = {
  job: string
  number: number
  kind: string
  opened_by: string
  is_sample: boolean
  opened: Date
  closed: Date | null
  outcome: string | null
  revision: number | null
  claimed: Date | null
}

async function countRounds(pool: pg.Pool, sums: Sums, ofJob: OfJob) {
  const { rows } = await pool.query<RoundRow>(
    `SELECT r.job_id AS job, r.number, r.kind, r.opened_by, r.is_sample, r.opened_at AS opened, r.closed_at AS closed,
            r.outcome, s.revision, (SELECT min(claimed_at) FROM review_work w WHERE w.round_id = r.id) AS claimed
       FROM review_round r LEFT JOIN result s ON s.id = r.result_id ORDER BY r.job_id, r.number`,
  )
  for (const jobRounds of Map.groupBy(rows, ({ job }) => job).values()) {
    const { key, version } = ofJob(jobRounds[0]?.job ?? '')
    const firstResult = jobRounds.find(({ kind }) => kind === 'result')
    let root: RoundRow | undefined
    for (const [index, round] of jobRounds.entries()) {
      const { kind, closed: at, outcome, revision, claimed, opened } = round
      if (round.opened_by !== 'undo') root = round
      if (round.opened_by !== 'undo' && round.is_sample) {
        sums.add({ key, version, measure: 'sample_drawn', at: opened })
      }
      if (at === null || outcome === null) continue
      if (claimed !== null || !['expire', 'adopt'].includes(outcome)) {
        const value = claimed === null ? null : Math.max(claimed.getTime() - opened.getTime(), 0)
        sums.add({ key, measure: 'wait_to_claim', at, value })
      }
      const isTakenBack = jobRounds[index + 1]?.opened_by === 'undo'
      if (isTakenBack || kind !== 'result' || outcome === 'expire' || root?.opened_by !== 'hold') continue
      const add = (measure: string, counts = true) => counts && sums.add({ key, version, measure, at })
      const isFirst = root === firstResult
      const isEdited = (revision ?? 0) > 0
      add('decided')
      add('first_decided', isFirst)
      add('first_pass', isFirst && outcome === 'approve' && !isEdited)
      add('edited', isEdited)
      add('changes_requested', outcome === 'retry')
      add('sample_decided', root.is_sample)
      add('sample_overturned', root.is_sample && (outcome !== 'approve' || isEdited))
    }
  }
}

/** What the roll-ups hold, by hour, in the same form. */
export async function readRollups(pool: pg.Pool): Promise<Recounted> {
  const { rows } = await pool.query<{ name: string; times: string; total: string; unknown: string }>(
    `SELECT workflow_key || ' ' || measure || ' ' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' ' || version AS name,
            sum(times) AS times, sum(total) AS total, coalesce(sum(times) FILTER (WHERE bound = -1), 0) AS unknown
       FROM figure_rollup WHERE grain = 'hour'
      GROUP BY workflow_key, measure, at, version HAVING sum(times) <> 0 OR sum(total) <> 0`,
  )
  return new Map(
    rows.map(({ name, times, total, unknown }) => [
      name,
      { times: Number(times), total: Number(total), unknown: Number(unknown) },
    ]),
  )
}

/** Every row of the roll-ups and the gauges that says anything, as text, in order. */
export async function dumpFigures(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `SELECT r::text AS line FROM figure_rollup r WHERE times <> 0 OR total <> 0
     UNION ALL SELECT g::text FROM figure_gauge g WHERE jobs <> 0 ORDER BY 1`,
  )
  return rows.map(({ line }) => line)
}

/**
 * Reading the roll-ups: some hundred ranges of an index, however many jobs there are. OFFSET 0 keeps each range a range;
 * joined as one, PostgreSQL would read the whole table.
 */
import type { Tx } from '@/lib/store/db.server'
import { type Period, periodInfo, piecesOf, type Stretch, stretchesOf, widestOf } from './period'

/** The workflow under which all of them are counted together. */
export const ALL = '*'

export type Sum = {
  which: 'now' | 'before'
  workflow: string
  measure: string
  version: number
  bound: number
  times: number
  total: number
}

type Asked = { workflows: readonly string[]; measures: readonly string[] }

/** What was measured in the period that ends at `asOf`, and in the one before it. */
export async function readSums(tx: Tx, period: Period, asOf: Date, { workflows, measures }: Asked): Promise<Sum[]> {
  const { now, before } = stretchesOf(period, asOf.getTime())
  const pieces = [
    ...piecesFor(period, now).map((piece) => ({ ...piece, which: 'now' })),
    ...piecesFor(period, before).map((piece) => ({ ...piece, which: 'before' })),
  ]
  return tx.$queryRaw<Sum[]>`
    SELECT p.which, r.workflow_key AS workflow, r.measure, r.version, r.bound,
           sum(r.times)::float8 AS times, sum(r.total)::float8 AS total
      FROM unnest(${pieces.map(({ which }) => which)}::text[], ${pieces.map(({ grain }) => grain)}::text[],
                  ${momentsOf(pieces.map(({ from }) => from))}::timestamptz[], ${momentsOf(pieces.map(({ to }) => to))}::timestamptz[])
           AS p (which, grain, since, until)
     CROSS JOIN unnest(${[...workflows]}::text[]) AS w (key)
     CROSS JOIN unnest(${[...measures]}::text[]) AS m (measure)
     CROSS JOIN LATERAL (
       SELECT * FROM figure_rollup
        WHERE grain = p.grain AND workflow_key = w.key AND measure = m.measure AND at >= p.since AND at < p.until
       OFFSET 0) r
     GROUP BY 1, 2, 3, 4, 5 HAVING sum(r.times) <> 0 OR sum(r.total) <> 0`
}

function piecesFor(period: Period, stretch: Stretch) {
  return piecesOf(stretch, periodInfo[period].edge, widestOf(period))
}

export type StepSum = { at: Date; workflow: string; measure: string; bound: number; times: number; total: number }

/** What was measured in each step of a chart of the period. */
export async function readSteps(
  tx: Tx,
  period: Period,
  asOf: Date,
  { workflows, measures }: Asked,
): Promise<StepSum[]> {
  const { stepMs, stepGrain } = periodInfo[period]
  const { now } = stretchesOf(period, asOf.getTime())
  const from = new Date(Math.floor(now.from / stepMs) * stepMs)
  return tx.$queryRaw<StepSum[]>`
    SELECT to_timestamp(floor(extract(epoch FROM r.at) / ${stepMs / 1_000}::int) * ${stepMs / 1_000}::int) AS at,
           r.workflow_key AS workflow, r.measure, r.bound, sum(r.times)::float8 AS times, sum(r.total)::float8 AS total
      FROM unnest(${[...workflows]}::text[]) AS w (key)
     CROSS JOIN unnest(${[...measures]}::text[]) AS m (measure)
     CROSS JOIN LATERAL (
       SELECT * FROM figure_rollup
        WHERE grain = ${stepGrain} AND workflow_key = w.key AND measure = m.measure
          AND at >= ${from}::timestamptz AND at <= ${asOf}::timestamptz
       OFFSET 0) r
     GROUP BY 1, 2, 3, 4`
}

export type DaySum = { day: string; workflow: string; measure: string; bound: number; times: number; total: number }

/** What was measured on each of the last `count` days (UTC). */
export async function readDays(tx: Tx, asOf: Date, count: number, { workflows, measures }: Asked): Promise<DaySum[]> {
  return tx.$queryRaw<DaySum[]>`
    SELECT to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, r.workflow_key AS workflow, r.measure, r.bound,
           sum(r.times)::float8 AS times, sum(r.total)::float8 AS total
      FROM unnest(${[...workflows]}::text[]) AS w (key)
     CROSS JOIN unnest(${[...measures]}::text[]) AS m (measure)
     CROSS JOIN LATERAL (
       SELECT * FROM figure_rollup
        WHERE grain = 'day' AND workflow_key = w.key AND measure = m.measure
          AND at > ${asOf}::timestamptz - make_interval(days => ${count}::int) AND at <= ${asOf}::timestamptz
       OFFSET 0) r
     GROUP BY 1, 2, 3, 4`
}

function momentsOf(times: readonly number[]): Date[] {
  return times.map((time) => new Date(time))
}

/**
 * What the metrics are made of: few small queries over what is unfinished, what ended within the hour, and rows that
 * there are few of. None reads all jobs, so a scrape costs the same however old the store is.
 */
import { findAll } from '@/lib/alerts/findings.server'
import { WORKER_DEAD_AFTER_MS } from '@/lib/engine/context'
import { stoppedKeys } from '@/lib/money/stops.server'
import { GROWTH } from '@/lib/queues/lengths'
import type { Db } from '@/lib/store/db.server'
import type { MetricName } from './catalogue'

export type Reading = { labels: Record<string, string>; value: number }
export type HistogramSeries = {
  labels: Record<string, string>
  /** Counted up to each bound, in rising order, without the last. */
  buckets: { le: number; count: number }[]
  sum: number
  count: number
}
export type Readings = {
  samples: Partial<Record<MetricName, Reading[]>>
  histograms: Partial<Record<string, HistogramSeries[]>>
}

const STATES = ['queued', 'running', 'awaiting_review']
const ROUND_KINDS = ['result', 'permission', 'unknown', 'trouble']
const UNSETTLED = ['pending', 'sending', 'unknown', 'failed']
const HOUR_MS = 3_600_000
/** Of labels that are not bounded by their nature: with more, the rest is left out. */
const MOST_VALUES = 100

/** Everything, as of now. */
export async function readAll(db: Db): Promise<Readings> {
  const now = new Date()
  const keys = (await db.workflow.findMany({ select: { key: true }, orderBy: { key: 'asc' } })).map(({ key }) => key)
  // One after another: a scrape must not take all connections from people who wait.
  const samples: Readings['samples'] = {
    ...(await readJobs(db, keys, now)),
    ...(await readRounds(db, keys)),
    ...(await readCalls(db, now)),
    ...(await readMoney(db, now)),
    ...(await readWebhooks(db, now)),
    ...(await readWorkers(db, now)),
    ...(await readAlerts(db)),
    holdpoint_deliveries_unsettled: await readDeliveries(db),
  }
  const ever = await readEver(db, keys)
  return { samples: { ...samples, ...ever.samples }, histograms: ever.histograms }
}

const MOVES = ['arrived', 'started', 'completed', 'failed', 'expired', 'abandoned']
/**
 * Lengths that stay as they were counted. How long somebody had a round in hand may grow after their decision, and moves
 * from one bucket to another then: Prometheus would take that for a restart.
 */
const STAGES = ['in_queued', 'in_running', 'in_review', 'to_completed', 'wait_to_claim']
const DIRECTIONS = { in: 'tokens_in', out: 'tokens_out' }

type EverRow = { workflow: string; measure: string; bound: number; times: number; total: number }

/** What was counted since the beginning, from roll-ups of which there are few, as of their last fold. */
async function readEver(db: Db, keys: readonly string[]): Promise<Readings> {
  const wanted = [...MOVES, ...STAGES, ...Object.values(DIRECTIONS)]
  const rows = await db.$queryRaw<EverRow[]>`
    SELECT workflow_key AS workflow, measure, bound, sum(times)::float8 AS times, sum(total)::float8 AS total
      FROM figure_rollup
     WHERE grain = 'ever' AND workflow_key = ANY (${[...keys]}::text[]) AND measure = ANY (${wanted}::text[]) AND bound >= 0
     GROUP BY workflow_key, measure, bound ORDER BY workflow_key, measure, bound`
  const of = new Map<string, EverRow[]>()
  for (const row of rows) {
    const key = `${row.workflow} ${row.measure}`
    of.set(key, [...(of.get(key) ?? []), row])
  }
  const sum = (workflow: string, measure: string, what: 'times' | 'total') =>
    (of.get(`${workflow} ${measure}`) ?? []).reduce((so, row) => so + row[what], 0)
  return {
    samples: {
      holdpoint_job_moves_total: keys.flatMap((workflow) =>
        MOVES.map((move) => ({ labels: { workflow, move }, value: sum(workflow, move, 'times') })),
      ),
      holdpoint_tokens_total: keys.flatMap((workflow) =>
        Object.entries(DIRECTIONS).map(([direction, measure]) => ({
          labels: { workflow, direction },
          value: sum(workflow, measure, 'total'),
        })),
      ),
    },
    histograms: {
      holdpoint_stage_seconds: keys.flatMap((workflow) =>
        STAGES.map((stage) => stageOf({ workflow, stage }, of.get(`${workflow} ${stage}`) ?? [])),
      ),
    },
  }
}

/** About 1 s, 5 s, 15 s, 1 min, 5 min, 15 min, 1 h, 4 h, 1 d and 7 d: each where one of the bounds that lengths are kept in ends. */
const STAGE_BOUNDS = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400, 604_800].map((seconds) =>
  Math.round(Math.log(seconds * 1_000) / Math.log(GROWTH)),
)

function stageOf(labels: Record<string, string>, rows: readonly EverRow[]): HistogramSeries {
  const upTo = (most: number) => rows.reduce((sum, { bound, times }) => sum + (bound <= most ? times : 0), 0)
  return {
    labels,
    buckets: STAGE_BOUNDS.map((bound) => ({
      le: Number((GROWTH ** bound / 1_000).toPrecision(4)),
      count: upTo(bound),
    })),
    sum: rows.reduce((sum, { total }) => sum + total, 0) / 1_000,
    count: rows.reduce((sum, { times }) => sum + times, 0),
  }
}

type JobRow = { workflow: string; state: string; jobs: number; age: number; unclassified: number }

async function readJobs(db: Db, keys: readonly string[], now: Date): Promise<Readings['samples']> {
  const rows = await db.$queryRaw<JobRow[]>`
    SELECT workflow_key AS workflow, state, count(*)::int AS jobs,
           greatest(extract(epoch FROM ${now}::timestamptz - min(greatest(state_since, CASE WHEN state = 'queued' THEN not_before END))), 0)::float8 AS age,
           count(*) FILTER (WHERE failure_class = 'unclassified')::int AS unclassified
      FROM job WHERE state IN ('queued', 'running', 'awaiting_review')
     GROUP BY workflow_key, state`
  // The rule of /queues, so that both count the same.
  const expiring = await db.$queryRaw<{ workflow: string; jobs: number }[]>`
    SELECT workflow_key AS workflow, count(*)::int AS jobs
      FROM jobs_that_expire_soon(${now}::timestamptz) GROUP BY workflow_key`
  const stopped = await stoppedKeys(db)
  const jobs = keys.flatMap((workflow) =>
    STATES.map((state) => ({
      labels: { workflow, state },
      value: rows.find((row) => row.workflow === workflow && row.state === state)?.jobs ?? 0,
    })),
  )
  return {
    holdpoint_jobs: jobs,
    holdpoint_oldest_job_age_seconds: rows.map(({ workflow, state, age }) => ({
      labels: { workflow, state },
      value: age,
    })),
    holdpoint_jobs_expiring: keys.map((workflow) => ({
      labels: { workflow },
      value: expiring.find((row) => row.workflow === workflow)?.jobs ?? 0,
    })),
    holdpoint_jobs_unclassified: keys.map((workflow) => ({
      labels: { workflow },
      value: rows
        .filter((row) => row.workflow === workflow)
        .reduce((total, { unclassified }) => total + unclassified, 0),
    })),
    holdpoint_queue_stopped: keys.map((workflow) => ({ labels: { workflow }, value: stopped.has(workflow) ? 1 : 0 })),
  }
}

async function readRounds(db: Db, keys: readonly string[]): Promise<Readings['samples']> {
  const rows = await db.$queryRaw<{ workflow: string; kind: string; rounds: number }[]>`
    SELECT j.workflow_key AS workflow, r.kind, count(*)::int AS rounds
      FROM review_round r JOIN job j ON j.id = r.job_id
     WHERE r.closed_at IS NULL GROUP BY 1, 2`
  return {
    holdpoint_review_rounds: keys.flatMap((workflow) =>
      ROUND_KINDS.map((kind) => ({
        labels: { workflow, kind },
        value: rows.find((row) => row.workflow === workflow && row.kind === kind)?.rounds ?? 0,
      })),
    ),
  }
}

async function readDeliveries(db: Db): Promise<Reading[]> {
  const rows = await db.$queryRaw<{ state: string; deliveries: number }[]>`
    SELECT d.state, count(*)::int AS deliveries
      FROM job j JOIN delivery d ON d.job_id = j.id
     WHERE j.state = 'completed' AND j.next_kind <> 'none' AND d.state IN ('pending', 'sending', 'unknown', 'failed')
     GROUP BY d.state`
  return UNSETTLED.map((state) => ({
    labels: { state },
    value: rows.find((row) => row.state === state)?.deliveries ?? 0,
  }))
}

async function readCalls(db: Db, now: Date): Promise<Readings['samples']> {
  const live = await db.$queryRaw<{ provider_status: string; calls: number }[]>`
    SELECT provider_status, count(*)::int AS calls FROM attempt WHERE ended_at IS NULL GROUP BY provider_status`
  const since = new Date(now.getTime() - HOUR_MS)
  const ended = await db.$queryRaw<{ workflow: string; outcome: string; calls: number }[]>`
    SELECT j.workflow_key AS workflow, coalesce(a.failure_class, 'succeeded') AS outcome, count(*)::int AS calls
      FROM attempt a JOIN job j ON j.id = a.job_id
     WHERE a.ended_at > ${since}::timestamptz GROUP BY 1, 2`
  return {
    holdpoint_calls_live: live.map(({ provider_status, calls }) => ({ labels: { provider_status }, value: calls })),
    holdpoint_calls_ended_recently: ended.map(({ workflow, outcome, calls }) => ({
      labels: { workflow, outcome },
      value: calls,
    })),
  }
}

async function readMoney(db: Db, now: Date): Promise<Readings['samples']> {
  const spent = await db.$queryRaw<{ workflow: string; usd: number }[]>`
    SELECT w.key AS workflow, coalesce(a.spent_micros, 0)::float8 / 1000000 AS usd
      FROM workflow w LEFT JOIN budget_account a ON a.key = 'workflow:' || w.key ORDER BY w.key`
  const budgets = await findAll(db, 'budget_used', { workflowKey: null, threshold: 1, minutes: null, least: null }, now)
  return {
    holdpoint_spent_usd_total: spent.map(({ workflow, usd }) => ({ labels: { workflow }, value: Math.max(usd, 0) })),
    holdpoint_budget_used_ratio: budgets.map(({ workflowKey, value, detail }) => ({
      labels: { budget: String(detail.budget), workflow: workflowKey ?? '' },
      value: value ?? 0,
    })),
  }
}

async function readWebhooks(db: Db, now: Date): Promise<Readings['samples']> {
  const last = await db.webhookReceipt.findFirst({
    where: { responseId: { not: null } },
    orderBy: { receivedAt: 'desc' },
    select: { receivedAt: true },
  })
  const refused = await db.webhookRefusal.groupBy({
    by: 'reason',
    where: { minute: { gt: new Date(now.getTime() - HOUR_MS) } },
    _sum: { count: true },
  })
  return {
    holdpoint_webhook_last_received_timestamp_seconds: at(last?.receivedAt),
    holdpoint_webhooks_refused_recently: refused.map(({ reason, _sum }) => ({
      labels: { reason },
      value: _sum.count ?? 0,
    })),
  }
}

async function readWorkers(db: Db, now: Date): Promise<Readings['samples']> {
  const versions = await db.$queryRaw<{ version: string; workers: number }[]>`
    SELECT version, count(*)::int AS workers FROM worker
     WHERE stopped_at IS NULL AND beat_at > now() - make_interval(secs => ${WORKER_DEAD_AFTER_MS / 1000})
     GROUP BY version ORDER BY version LIMIT ${MOST_VALUES}::int`
  const hosts = await db.$queryRaw<{ host: string; beat_at: Date; held: number }[]>`
    SELECT w.host, max(w.beat_at) AS beat_at, (count(h.job_id))::int AS held
      FROM worker w LEFT JOIN holdpoint_held() h ON h.worker_id = w.id
     WHERE w.beat_at > now() - interval '1 hour'
     GROUP BY w.host ORDER BY max(w.beat_at) DESC, w.host LIMIT ${MOST_VALUES}::int`
  const gone = await findAll(db, 'worker_gone', { workflowKey: null, threshold: 1, minutes: null, least: null }, now)
  return {
    // None is 0 of no version, not silence: that is when somebody must be told.
    holdpoint_workers:
      versions.length === 0
        ? [{ labels: { version: '' }, value: 0 }]
        : versions.map(({ version, workers }) => ({ labels: { version }, value: workers })),
    holdpoint_worker_last_beat_timestamp_seconds: hosts.map(({ host, beat_at }) => ({
      labels: { host },
      value: beat_at.getTime() / 1_000,
    })),
    holdpoint_worker_jobs_held: hosts.map(({ host, held }) => ({ labels: { host }, value: held })),
    holdpoint_workers_gone: [{ labels: {}, value: gone.reduce((sum, { detail }) => sum + Number(detail.gone), 0) }],
  }
}

async function readAlerts(db: Db): Promise<Readings['samples']> {
  const open = await db.$queryRaw<{ kind: string; acknowledged: boolean; alerts: number }[]>`
    SELECT kind, acknowledged_at IS NOT NULL AS acknowledged, count(*)::int AS alerts
      FROM alert WHERE closed_at IS NULL GROUP BY 1, 2`
  const check = await db.alertCheck.findUnique({ where: { id: 1 } })
  const due = await db.alertMessage.count({ where: { state: 'due' } })
  return {
    holdpoint_alerts_open: open.map(({ kind, acknowledged, alerts }) => ({
      labels: { kind, acknowledged: String(acknowledged) },
      value: alerts,
    })),
    holdpoint_alert_check_timestamp_seconds: at(check?.at),
    holdpoint_alert_messages_due: [{ labels: {}, value: due }],
  }
}

const at = (moment: Date | undefined): Reading[] =>
  moment === undefined ? [] : [{ labels: {}, value: moment.getTime() / 1_000 }]

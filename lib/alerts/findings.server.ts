/**
 * What each kind of rule finds now. No query reads all jobs: unfinished ones by their own index, ended calls of the
 * last minutes, and rows that there are few of.
 */
import type { AlertRule } from '@/lib/generated/prisma/client'
import { TALK } from '@/lib/lifecycle/talk'
import { dayAccount, workflowAccount, workflowDayAccount } from '@/lib/money/ledger'
import { dayOf } from '@/lib/money/micros'
import { readSpending } from '@/lib/money/spending.server'
import { stoppedKeys } from '@/lib/money/stops.server'
import type { Counted } from '@/lib/money/view'
import { WORKER_SILENCE_MS } from '@/lib/start/readiness.server'
import type { Tx } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { IS_MISSED } from '@/lib/workers/missed.server'
import type { Finding } from './judge'
import type { AlertKind } from './kinds'
import { unclassifiedSeen } from './unclassified.server'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const LONGEST_HOST = 200

export type RuleAsk = Pick<AlertRule, 'workflowKey' | 'threshold' | 'minutes' | 'least'>
type Find = (tx: Tx, rule: RuleAsk, now: Date) => Promise<Finding[]>

/** Everything that a rule of this kind could find, with its value: also what is far from its threshold. */
export async function findAll(tx: Tx, kind: AlertKind, rule: RuleAsk, now: Date): Promise<Finding[]> {
  const findings = await FINDERS[kind](tx, rule, now)
  return rule.workflowKey === null ? findings : findings.filter(({ workflowKey }) => workflowKey === rule.workflowKey)
}

const FINDERS: Record<AlertKind, Find> = {
  no_worker: noWorker,
  worker_gone: workerGone,
  nothing_moves: nothingMoves,
  oldest_waiting: oldestWaiting,
  oldest_review: oldestReview,
  failure_rate: failureRate,
  unclassified_seen: unclassifiedSeen,
  budget_used: budgetUsed,
  webhooks_silent: webhooksSilent,
}

/** Workers are judged by the database's clock, as they beat. */
async function noWorker(tx: Tx): Promise<Finding[]> {
  const [row] = await tx.$queryRaw<{ alive: number; silent: number | null }[]>`
    SELECT count(*) FILTER (WHERE stopped_at IS NULL AND beat_at > now() - make_interval(secs => ${WORKER_SILENCE_MS / 1000}))::int AS alive,
           (extract(epoch FROM now() - max(beat_at)) / 60)::float8 AS silent
      FROM worker`
  // Where none ever ran, nobody misses one: a new installation says so at its list of jobs.
  if (row === undefined || row.silent === null || row.alive > 0) return []
  return [{ subject: '', workflowKey: null, value: Math.max(row.silent, 0), detail: {} }]
}

/** Longer than any threshold that a rule can have. Of whom nobody has heard for so long an alert stays, and none opens. */
const GONE_FOR_LONG_MS = 8 * DAY_MS
/** More hosts are not told of one by one. */
const MOST_HOSTS = 1_000

/** By host: those that are missed. The first ones first, so that no open alert is passed over for a newer one. */
async function workerGone(tx: Tx): Promise<Finding[]> {
  const rows = await tx.$queryRaw<{ host: string; gone: number; silent: number }[]>`
    SELECT w.host, count(*)::int AS gone, (extract(epoch FROM now() - min(w.beat_at)) / 60)::float8 AS silent
      FROM worker w
     WHERE ${IS_MISSED}
     GROUP BY w.host ORDER BY min(w.beat_at), w.host LIMIT ${MOST_HOSTS}::int`
  return rows.map(({ host, gone, silent }) => ({
    subject: sanitiseText(host).slice(0, LONGEST_HOST),
    workflowKey: null,
    value: silent * MINUTE_MS > GONE_FOR_LONG_MS ? null : silent,
    detail: { gone },
  }))
}

type Unfinished = {
  key: string
  waiting: number
  queued: number
  oldest_queued: Date | null
  last_move: Date | null
  resumed_at: Date | null
}

/**
 * Of each workflow: what waits to be sent, and what runs. Not what waits for a backoff to be over. The oldest waits since
 * it could be sent: in its state, its backoff over, and its queue not stopped. What is said of a job changes nothing.
 */
function unfinished(tx: Tx, now: Date): Promise<Unfinished[]> {
  return tx.$queryRaw<Unfinished[]>`
    SELECT u.*, r.resumed_at,
           CASE WHEN u.queued_since IS NOT NULL THEN greatest(u.queued_since, r.resumed_at) END AS oldest_queued
      FROM (SELECT workflow_key AS key, count(*)::int AS waiting,
                   count(*) FILTER (WHERE state = 'queued')::int AS queued,
                   min(greatest(state_since, not_before)) FILTER (WHERE state = 'queued') AS queued_since,
                   max(state_since) AS last_move
              FROM job
             WHERE state IN ('queued', 'running')
               AND (state = 'running' OR not_before IS NULL OR not_before <= ${now}::timestamptz)
             GROUP BY workflow_key) u
      CROSS JOIN LATERAL (SELECT max(s.resumed_at) AS resumed_at FROM queue_stop s WHERE s.workflow_key = u.key) r
     ORDER BY u.key`
}

/** While sending of a workflow stands still, nothing is known of it: it neither moves nor should. */
async function nothingMoves(tx: Tx, { threshold }: RuleAsk, now: Date): Promise<Finding[]> {
  const stopped = await stoppedKeys(tx)
  const waiting = await unfinished(tx, now)
  if (waiting.length === 0) return []
  const since = new Date(now.getTime() - threshold * MINUTE_MS)
  const moves = await tx.$queryRaw<{ key: string; last: Date }[]>`
    SELECT workflow_key AS key, max(CASE WHEN last_command = ANY(${[...TALK]}::text[]) THEN state_since ELSE changed_at END) AS last
      FROM job
     WHERE changed_at > ${since}::timestamptz
       AND (last_command <> ALL(${[...TALK]}::text[]) OR state_since > ${since}::timestamptz)
     GROUP BY workflow_key`
  const moving = new Map(moves.map(({ key, last }) => [key, last]))
  const findings: Finding[] = []
  for (const { key, waiting: count, last_move, resumed_at } of waiting) {
    const moved = moving.get(key) ?? (await lastMove(tx, key, now)) ?? last_move ?? since
    // While it was stopped nothing could move.
    const last = resumed_at !== null && resumed_at > moved ? resumed_at : moved
    const value = stopped.has(key) ? null : minutesSince(last, now)
    findings.push({ subject: key, workflowKey: key, value, detail: { waiting: count } })
  }
  return findings
}

/** When a job of the workflow last moved, within a day: asked only where something stands still. */
async function lastMove(tx: Tx, key: string, now: Date): Promise<Date | null> {
  const row = await tx.job.findFirst({
    where: {
      workflowKey: key,
      changedAt: { gt: new Date(now.getTime() - DAY_MS) },
      lastCommand: { notIn: [...TALK] },
    },
    orderBy: { changedAt: 'desc' },
    select: { changedAt: true },
  })
  return row?.changedAt ?? null
}

async function oldestWaiting(tx: Tx, _rule: RuleAsk, now: Date): Promise<Finding[]> {
  const stopped = await stoppedKeys(tx)
  return (await unfinished(tx, now)).flatMap(({ key, oldest_queued, queued }) => {
    if (oldest_queued === null) return []
    const value = stopped.has(key) ? null : minutesSince(oldest_queued, now)
    return [{ subject: key, workflowKey: key, value, detail: { waiting: queued } }]
  })
}

async function oldestReview(tx: Tx, _rule: RuleAsk, now: Date): Promise<Finding[]> {
  const rows = await tx.$queryRaw<{ key: string; oldest: Date }[]>`
    SELECT j.workflow_key AS key, min(r.opened_at) AS oldest
      FROM review_round r JOIN job j ON j.id = r.job_id
     WHERE r.closed_at IS NULL GROUP BY j.workflow_key ORDER BY j.workflow_key`
  return rows.map(({ key, oldest }) => ({
    subject: key,
    workflowKey: key,
    value: minutesSince(oldest, now),
    detail: {},
  }))
}

/** Classes of what broke. `review_required` ended as it should: with a person. */
const FAILED = ['infrastructure', 'timeout', 'malformed_input', 'policy', 'unclassified']

async function failureRate(tx: Tx, { minutes, least }: RuleAsk, now: Date): Promise<Finding[]> {
  const over = minutes ?? 60
  const since = new Date(now.getTime() - over * MINUTE_MS)
  const rows = await tx.$queryRaw<{ key: string; ended: number; failed: number }[]>`
    SELECT w.key, count(e.workflow_key)::int AS ended,
           count(*) FILTER (WHERE e.failure_class = ANY(${FAILED}::text[]))::int AS failed
      FROM workflow w
      LEFT JOIN (SELECT j.workflow_key, a.failure_class FROM attempt a JOIN job j ON j.id = a.job_id
                  WHERE a.ended_at > ${since}::timestamptz) e ON e.workflow_key = w.key
     WHERE w.retired_at IS NULL
     GROUP BY w.key ORDER BY w.key`
  return rows.map(({ key, ended, failed }) => ({
    subject: key,
    workflowKey: key,
    // Of a few calls, or none, a share says nothing, in either direction.
    value: ended >= (least ?? 1) ? failed / ended : null,
    detail: { ended, failed, minutes: over },
  }))
}

async function budgetUsed(tx: Tx, _rule: RuleAsk, now: Date): Promise<Finding[]> {
  const { workflows, days } = await readSpending(tx, now, 1)
  const today = dayOf(now)
  const found = workflows.flatMap(({ key, today: ofDay, total }) => [
    usedOf(workflowDayAccount(key, today), key, 'workflow_day', ofDay),
    usedOf(workflowAccount(key), key, 'workflow', total),
  ])
  const [first] = days
  return [...found, first === undefined ? null : usedOf(dayAccount(today), null, 'day', first.all)].filter(
    (finding) => finding !== null,
  )
}

function usedOf(
  subject: string,
  workflowKey: string | null,
  budget: string,
  { spentUsd, reservedUsd, limitUsd }: Counted,
): Finding | null {
  if (limitUsd === null) return null
  const used = spentUsd + reservedUsd
  // A budget of nothing is used up by definition.
  const value = limitUsd > 0 ? Math.min(used / limitUsd, 1_000) : 1
  return { subject, workflowKey, value, detail: { used, limit: limitUsd, budget } }
}

/**
 * Webhooks that did not come for so long, or never, are not missed: they are not set up. Nor is it over then. Longer
 * than any threshold that a rule can have.
 */
const USED_TO_COME_MS = 14 * DAY_MS
/** So long one may take. */
const WEBHOOK_WITHIN_MS = 2 * MINUTE_MS
const FEWEST_MISSED = 3

async function webhooksSilent(tx: Tx, { threshold }: RuleAsk, now: Date): Promise<Finding[]> {
  const last = await tx.webhookReceipt.findFirst({
    where: { responseId: { not: null }, receivedAt: { gt: new Date(now.getTime() - USED_TO_COME_MS) } },
    orderBy: { receivedAt: 'desc' },
    select: { receivedAt: true },
  })
  if (last === null) return [{ subject: '', workflowKey: null, value: null, detail: {} }]
  const [row] = await tx.$queryRaw<{ missed: number }[]>`
    SELECT count(*)::int AS missed FROM (
      SELECT 1 FROM attempt a
       WHERE a.ended_at > ${last.receivedAt}::timestamptz
         AND a.seen_final_at > ${last.receivedAt}::timestamptz
         AND a.seen_final_at < ${new Date(now.getTime() - WEBHOOK_WITHIN_MS)}::timestamptz
         AND a.provider_status IN ('completed', 'incomplete', 'failed') AND a.response_id IS NOT NULL
       LIMIT 1000) ended`
  const missed = row?.missed ?? 0
  const silent = minutesSince(last.receivedAt, now)
  // Where nothing ended since, nothing could have come: that says nothing in either direction.
  const isKnown = silent < threshold || missed >= FEWEST_MISSED
  return [{ subject: '', workflowKey: null, value: isKnown ? silent : null, detail: { missed } }]
}

function minutesSince(at: Date, now: Date): number {
  return Math.max(0, (now.getTime() - at.getTime()) / MINUTE_MS)
}

/** Attempts that failed, as the rules would see them again: what unclassified codes and dry runs are made of. */
import { Prisma } from '@/lib/generated/prisma/client'
import type { Signal } from '@/lib/lifecycle/failure'
import type { Tx } from '@/lib/store/db.server'
import { callSignal, checksSignal, failedSignal, incompleteSignal, stopSignal } from './signals'

export type FailedAttempt = {
  id: string
  jobId: string
  jobNumber: number
  number: number
  /** When we were done with it. */
  at: Date
  class: string
  code: string
  rulesVersion: number | null
  /** Null where what is stored does not say what was met. */
  signal: Signal | null
  didRetry: boolean
  /** Attempts since a person last asked for one, this one included. */
  tries: number
  /** As many as its workflow allows. */
  maxAttempts: number
  workflowKey: string
  costMicros: bigint | null
  /** Of the attempts that followed it by themselves, together; null where the cost of one is not known. */
  laterMicros: bigint | null
  /** The last attempt that followed it by itself; its own number where none did. */
  lastOfRun: number
  message: string | null
}

type Row = {
  id: string
  job_id: string
  job_number: number
  number: number
  at: Date
  class: string
  code: string
  rules_version: number | null
  provider_status: string
  response_id: string | null
  http_status: number | null
  failed_checks: string[] | null
  did_retry: boolean
  tries: number
  max_attempts: number
  workflow_key: string
  cost_micros: bigint | null
  later_micros: bigint | null
  later_unknown: number
  last_of_run: number
  message: string | null
}

/** The attempts that failed since then, newest first, and whether there are more than `most`. */
export async function readFailures(
  tx: Tx,
  { since, most, onlyUnclassified = false }: { since: Date; most: number; onlyUnclassified?: boolean },
): Promise<{ attempts: FailedAttempt[]; more: boolean }> {
  const only = onlyUnclassified ? Prisma.sql`AND a.failure_class = 'unclassified'` : Prisma.empty
  const rows = await tx.$queryRaw<Row[]>`
    SELECT a.id::text, a.job_id::text, j.number AS job_number, a.number, coalesce(a.ended_at, a.sent_at) AS at,
           coalesce(a.failure_class, 'review_required') AS class, coalesce(a.failure_code, 'checks_failed') AS code,
           a.rules_version, a.provider_status, a.response_id,
           (SELECT o.http_status FROM observation o
             WHERE o.job_id = a.job_id AND o.attempt_id = a.id AND o.kind = 'create' ORDER BY o.id LIMIT 1) AS http_status,
           (SELECT array_agg(c ->> 'key') FROM result r, jsonb_array_elements(r.checks) c
             WHERE r.attempt_id = a.id AND r.revision = 0 AND c ->> 'outcome' = 'fail') AS failed_checks,
           coalesce((a.outcome -> 'retry' ->> 'did')::boolean, false) AS did_retry,
           a.number - run.before AS tries,
           (v.definition -> 'retry' ->> 'maxAttempts')::int AS max_attempts, j.workflow_key,
           a.cost_micros, later.micros AS later_micros, later.unknown AS later_unknown, run.last AS last_of_run,
           a.outcome ->> 'message' AS message
      FROM attempt a
      JOIN job j ON j.id = a.job_id
      JOIN workflow_version v ON v.id = j.workflow_version_id
      CROSS JOIN LATERAL (
        -- A run ends with the attempt that was not tried again by itself.
        SELECT coalesce(max(e.number) FILTER (WHERE e.number < a.number), 0)::int AS before,
               coalesce(min(e.number) FILTER (WHERE e.number >= a.number), a.number + 1)::int AS last
          FROM attempt e
         WHERE e.job_id = a.job_id AND NOT coalesce((e.outcome -> 'retry' ->> 'did')::boolean, false)) run
      CROSS JOIN LATERAL (
        SELECT sum(l.cost_micros)::bigint AS micros, count(*) FILTER (WHERE l.cost_micros IS NULL)::int AS unknown
          FROM attempt l WHERE l.job_id = a.job_id AND l.number > a.number AND l.number <= run.last) later
     WHERE a.sent_at >= ${since}::timestamptz
       AND (a.failure_class IS NOT NULL OR a.rules_version IS NOT NULL) ${only}
     ORDER BY a.sent_at DESC
     LIMIT ${most + 1}`
  return { attempts: rows.slice(0, most).map(attemptOf), more: rows.length > most }
}

/** What an attempt that completed cost on average, by workflow, in millionths of a dollar. Only where costs are known. */
export async function readUsualCosts(tx: Tx, { since }: { since: Date }): Promise<Map<string, number>> {
  const rows = await tx.$queryRaw<{ workflow_key: string; micros: number }[]>`
    SELECT j.workflow_key, avg(a.cost_micros)::float8 AS micros
      FROM attempt a JOIN job j ON j.id = a.job_id
     WHERE a.seen_final_at >= ${since}::timestamptz AND a.provider_status = 'completed' AND a.cost_micros IS NOT NULL
     GROUP BY j.workflow_key`
  return new Map(rows.map(({ workflow_key, micros }) => [workflow_key, micros]))
}

function attemptOf(row: Row): FailedAttempt {
  return {
    id: row.id,
    jobId: row.job_id,
    jobNumber: row.job_number,
    number: row.number,
    at: row.at,
    class: row.class,
    code: row.code,
    rulesVersion: row.rules_version,
    signal: signalOf(row),
    didRetry: row.did_retry,
    tries: row.tries,
    maxAttempts: row.max_attempts,
    workflowKey: row.workflow_key,
    costMicros: row.cost_micros === null ? null : BigInt(row.cost_micros),
    laterMicros: row.later_unknown > 0 ? null : BigInt(row.later_micros ?? 0),
    lastOfRun: row.last_of_run,
    message: row.message,
  }
}

function signalOf({ provider_status, response_id, code, http_status, failed_checks }: Row): Signal | null {
  const plain = code === 'no_code' || code.startsWith('http_') ? null : code
  switch (provider_status) {
    case 'failed':
      if (response_id !== null) return failedSignal(plain)
      // What the call was answered is in its note; of an old one that may be missing.
      if (http_status === null && code.startsWith('http_')) return null
      return callSignal('create', { httpStatus: http_status, code: plain })
    case 'incomplete':
      return incompleteSignal(code)
    case 'completed':
      return code === 'checks_failed' ? checksSignal(failed_checks ?? []) : stopSignal(code)
    case 'unknown':
    case 'sending':
      return null
    default:
      return stopSignal(code)
  }
}

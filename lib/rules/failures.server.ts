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
  maxAttempts: number
  costMicros: bigint | null
  /** Of the attempts of its job that came after it, together; null where one of them is not known. */
  laterMicros: bigint | null
  laterAttempts: number
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
  did_retry: boolean | null
  max_attempts: number
  cost_micros: bigint | null
  later_micros: bigint | null
  later_unknown: number
  later_attempts: number
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
           (a.outcome -> 'retry' ->> 'did')::boolean AS did_retry,
           (v.definition -> 'retry' ->> 'maxAttempts')::int AS max_attempts,
           a.cost_micros, later.micros AS later_micros, later.unknown AS later_unknown, later.attempts AS later_attempts,
           a.outcome ->> 'message' AS message
      FROM attempt a
      JOIN job j ON j.id = a.job_id
      JOIN workflow_version v ON v.id = j.workflow_version_id
      CROSS JOIN LATERAL (
        SELECT sum(l.cost_micros)::bigint AS micros, count(*) FILTER (WHERE l.cost_micros IS NULL)::int AS unknown,
               count(*)::int AS attempts
          FROM attempt l WHERE l.job_id = a.job_id AND l.number > a.number) later
     WHERE a.sent_at >= ${since}::timestamptz
       AND (a.failure_class IS NOT NULL OR a.rules_version IS NOT NULL) ${only}
     ORDER BY a.sent_at DESC
     LIMIT ${most + 1}`
  return { attempts: rows.slice(0, most).map(attemptOf), more: rows.length > most }
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
    didRetry: row.did_retry ?? false,
    maxAttempts: row.max_attempts,
    costMicros: row.cost_micros === null ? null : BigInt(row.cost_micros),
    laterMicros: row.later_unknown > 0 ? null : BigInt(row.later_micros ?? 0),
    laterAttempts: row.later_attempts,
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

/** What is known about how news comes: for the page about transport. */
import type { Tx } from '@/lib/store/db.server'
import { readRecord } from './arriving.server'
import { TEST_TYPE } from './event'
import type { RefusalReason } from './refusals.server'
import type { Secrets } from './signature'
import type { Lag, ProbeError, ProbeView, ReceiptView, TransportView } from './transport-view'

const RECEIPTS_SHOWN = 50
const HOURS_SHOWN = 24
/** Signed so long before it came, a webhook was late. */
const LATE_SECONDS = 60

/** Everything the page shows, as of `now`. */
export async function readTransport(
  tx: Tx,
  { provider, secrets, now }: { provider: string | null; secrets: Secrets; now: Date },
): Promise<TransportView> {
  const since = new Date(now.getTime() - HOURS_SHOWN * 3_600_000)
  const [record, webhooks, looks, counts, refused, receipts, newest, probe] = await Promise.all([
    provider === null ? { news: 'silent' as const, judged: 0, came: 0 } : readRecord(tx, provider, now),
    webhookLag(tx, since),
    provider === null ? null : lookLag(tx, provider, since),
    countReceipts(tx, since),
    countRefused(tx, since),
    newestReceipts(tx),
    tx.webhookReceipt.findFirst({
      where: { responseId: { not: null } },
      orderBy: { receivedAt: 'desc' },
      select: { receivedAt: true, secretIndex: true },
    }),
    tx.webhookProbe.findFirst({ orderBy: { sentAt: 'desc' } }),
  ])
  return {
    asOf: now.toISOString(),
    provider,
    secrets: { usable: secrets.keys.length, unusable: secrets.unusable },
    newestSecret: newest?.secretIndex ?? null,
    record,
    lastNewsAt: newest?.receivedAt.toISOString() ?? null,
    lag: { webhooks, looks },
    counts: { ...counts, refused },
    receipts,
    probe: probe === null ? null : probeView(probe),
  }
}

type LagRow = { count: number; median: number | null; worst: number | null }

function lagOf(row: LagRow | undefined): Lag | null {
  if (row === undefined || row.median === null || row.worst === null) return null
  return { count: row.count, medianMs: Math.round(row.median), worstMs: Math.round(row.worst) }
}

/** From when it happened, by its sender's clock, until it was here first. */
async function webhookLag(tx: Tx, since: Date): Promise<Lag | null> {
  const rows = await tx.$queryRaw<LagRow[]>`
    SELECT count(*)::int AS count, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS median, max(ms) AS worst
      FROM (SELECT greatest(0, extract(epoch FROM received_at - event_at) * 1000)::float AS ms FROM webhook_receipt
             WHERE received_at > ${since}::timestamptz AND event_at IS NOT NULL AND state IN ('matched', 'adopted')) lags`
  return lagOf(rows[0])
}

/** From when it finished, by the provider's clock, until a look saw it; only where no webhook had said so before. */
async function lookLag(tx: Tx, provider: string, since: Date): Promise<Lag | null> {
  const rows = await tx.$queryRaw<LagRow[]>`
    SELECT count(*)::int AS count, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS median, max(ms) AS worst
      FROM (SELECT greatest(0, extract(epoch FROM a.seen_final_at - a.finished_at) * 1000)::float AS ms FROM attempt a
             WHERE a.provider = ${provider} AND a.seen_final_at > ${since}::timestamptz AND a.finished_at IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM webhook_receipt r
                                WHERE r.response_id = a.response_id AND r.received_at <= a.seen_final_at)) lags`
  return lagOf(rows[0])
}

type Counts = Omit<TransportView['counts'], 'refused'>

async function countReceipts(tx: Tx, since: Date): Promise<Counts> {
  const rows = await tx.$queryRaw<Counts[]>`
    SELECT count(*)::int AS received,
           count(*) FILTER (WHERE times > 1)::int AS doubled,
           count(*) FILTER (WHERE received_at - signed_at > make_interval(secs => ${LATE_SECONDS}::int))::int AS late,
           count(*) FILTER (WHERE state = 'open')::int AS open,
           count(*) FILTER (WHERE state = 'not_ours')::int AS "notOurs",
           count(*) FILTER (WHERE state = 'adopted')::int AS adopted,
           count(*) FILTER (WHERE state = 'recorded')::int AS "otherTypes"
      FROM webhook_receipt WHERE received_at > ${since}::timestamptz AND type <> ${TEST_TYPE}`
  return rows[0] ?? { received: 0, doubled: 0, late: 0, open: 0, notOurs: 0, adopted: 0, otherTypes: 0 }
}

async function countRefused(tx: Tx, since: Date): Promise<TransportView['counts']['refused']> {
  const groups = await tx.webhookRefusal.groupBy({
    by: 'reason',
    where: { minute: { gt: since } },
    _sum: { count: true },
    _max: { lastAt: true },
    orderBy: { _max: { lastAt: 'desc' } },
  })
  return groups.map(({ reason, _sum, _max }) => ({
    reason: reason as RefusalReason,
    count: _sum.count ?? 0,
    lastAt: (_max.lastAt ?? since).toISOString(),
  }))
}

async function newestReceipts(tx: Tx): Promise<ReceiptView[]> {
  const receipts = await tx.webhookReceipt.findMany({ orderBy: { receivedAt: 'desc' }, take: RECEIPTS_SHOWN })
  const ids = receipts.map(({ jobId }) => jobId).filter((id) => id !== null)
  const jobs = await tx.job.findMany({ where: { id: { in: ids } }, select: { id: true, number: true } })
  const numbers = new Map(jobs.map(({ id, number }) => [id, number]))
  return receipts.map((receipt) => ({
    id: receipt.id,
    webhookId: receipt.webhookId,
    type: receipt.type,
    receivedAt: receipt.receivedAt.toISOString(),
    eventAt: receipt.eventAt?.toISOString() ?? null,
    isLate: receipt.receivedAt.getTime() - receipt.signedAt.getTime() > LATE_SECONDS * 1_000,
    times: receipt.times,
    state: receipt.state as ReceiptView['state'],
    jobNumber: receipt.jobId === null ? null : (numbers.get(receipt.jobId) ?? null),
  }))
}

type ProbeRow = { url: string; sentAt: Date; receivedAt: Date | null; httpStatus: number | null; error: string | null }

/** A test as the page shows it. One that came round did so whatever its answer's way back. */
export function probeView({ url, sentAt, receivedAt, httpStatus, error }: ProbeRow): ProbeView {
  return {
    url,
    sentAt: sentAt.toISOString(),
    receivedAt: receivedAt?.toISOString() ?? null,
    httpStatus,
    error: receivedAt === null ? (error as ProbeError | null) : null,
  }
}

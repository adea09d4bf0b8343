/**
 * Whose turn it is in a queue: how many calls of a workflow are live at once, and how many are sent in a minute, as its
 * leads set it. Asked in the transaction that commits an attempt, under the lock of the queue's row.
 */
import type { Job } from '@/lib/generated/prisma/client'
import type { Tx } from '@/lib/store/db.server'
import { afterOne, allowedNow, nextAllowed } from './rate'

export type Limits = { mostLive: number | null; sendsPerMinute: number | null; fullAt: Date | null }

export type QueueTurn =
  | { kind: 'go' }
  /** `until`: when it may ask again by itself; where it is its turn before, it is called. */
  | { kind: 'wait'; why: 'place' | 'rate'; until: Date }

type Row = { most_live: number | null; sends_per_minute: number | null; next_send_at: Date | null }

/**
 * Keeps what leads set from changing until the transaction ends; where there are limits, keeps every other start of the
 * queue out too. The job's row must be locked.
 */
export async function lockQueue(tx: Tx, workflowKey: string): Promise<Limits> {
  const shared = await tx.$queryRaw<Row[]>`
    SELECT most_live, sends_per_minute, next_send_at FROM queue_control WHERE workflow_key = ${workflowKey} FOR KEY SHARE`
  if (!isLimited(limitsOf(shared[0]))) return limitsOf(shared[0])
  const own = await tx.$queryRaw<Row[]>`
    SELECT most_live, sends_per_minute, next_send_at FROM queue_control WHERE workflow_key = ${workflowKey} FOR NO KEY UPDATE`
  return limitsOf(own[0])
}

function limitsOf(row: Row | undefined): Limits {
  return {
    mostLive: row?.most_live ?? null,
    sendsPerMinute: row?.sends_per_minute ?? null,
    fullAt: row?.next_send_at ?? null,
  }
}

export function isLimited({ mostLive, sendsPerMinute }: Limits): boolean {
  return mostLive !== null || sendsPerMinute !== null
}

/** Whoever waits is called when its turn comes; should nobody call, it asks again after so long. */
const ASKS_AGAIN_MS = 10 * 60_000
/** Who was called and has not asked for so long keeps nobody back: perhaps it cannot ask. */
const CALLED_IN_VAIN = '30 seconds'

/** Whether the job may be sent now, by the limits of its queue. Takes nothing: see `countSend`. */
export async function queueTurn(
  tx: Tx,
  job: Pick<Job, 'id' | 'workflowKey' | 'priority' | 'number'>,
  limits: Limits,
  now: Date,
): Promise<QueueTurn> {
  const { mostLive, sendsPerMinute, fullAt } = limits
  if (!isLimited(limits)) return { kind: 'go' }
  const later = new Date(now.getTime() + ASKS_AGAIN_MS)
  const free = mostLive === null ? Number.POSITIVE_INFINITY : mostLive - (await liveCalls(tx, job.workflowKey))
  if (free <= 0) return { kind: 'wait', why: 'place', until: later }
  const allowed = sendsPerMinute === null ? Number.POSITIVE_INFINITY : allowedNow(sendsPerMinute, fullAt, now)
  if (sendsPerMinute !== null && allowed <= 0) {
    return { kind: 'wait', why: 'rate', until: await turnByRate(tx, job, { sendsPerMinute, fullAt, now, later }) }
  }
  const open = Math.min(free, allowed)
  const before = await waitingBefore(tx, job, open)
  if (before < open) return { kind: 'go' }
  return { kind: 'wait', why: free <= allowed ? 'place' : 'rate', until: later }
}

/** The first of those that wait asks the moment that the rate allows; the others are called one by one. */
async function turnByRate(
  tx: Tx,
  job: Pick<Job, 'id' | 'workflowKey' | 'priority' | 'number'>,
  { sendsPerMinute, fullAt, now, later }: { sendsPerMinute: number; fullAt: Date | null; now: Date; later: Date },
): Promise<Date> {
  const isFirst = (await waitingBefore(tx, job, 1)) === 0
  return isFirst ? nextAllowed(sendsPerMinute, fullAt, now) : later
}

/**
 * Calls of the workflow that are live now. One whose answer was lost is not counted: whether it runs is not known, and a
 * place that it kept would stand empty until somebody decides.
 */
export async function liveCalls(tx: Tx, workflowKey: string): Promise<number> {
  const rows = await tx.$queryRaw<{ live: number }[]>`
    SELECT count(*)::int AS live FROM attempt a JOIN job j ON j.id = a.job_id
     WHERE a.ended_at IS NULL AND a.provider_status <> 'unknown' AND j.workflow_key = ${workflowKey}`
  return rows[0]?.live ?? 0
}

/** How many wait that come before this job: up to `most`. */
async function waitingBefore(
  tx: Tx,
  { id, workflowKey, priority, number }: Pick<Job, 'id' | 'workflowKey' | 'priority' | 'number'>,
  most: number,
): Promise<number> {
  const rows = await tx.$queryRaw<{ before: number }[]>`
    SELECT count(*)::int AS before FROM (
      SELECT 1 FROM queue_wait
       WHERE workflow_key = ${workflowKey} AND why IN ('place', 'rate') AND job_id <> ${id}::uuid
         AND (priority > ${priority} OR (priority = ${priority} AND number < ${number}))
         AND (called_at IS NULL OR called_at > now() - ${CALLED_IN_VAIN}::interval)
       LIMIT ${Number.isFinite(most) ? most : 1}) earlier`
  return rows[0]?.before ?? 0
}

/** Counts one send of the queue against its rate. */
export async function countSend(tx: Tx, workflowKey: string, limits: Limits, now: Date): Promise<void> {
  const { sendsPerMinute, fullAt } = limits
  if (sendsPerMinute === null) return
  const next = afterOne(sendsPerMinute, fullAt, now)
  await tx.queueControl.update({ where: { workflowKey }, data: { nextSendAt: next } })
}

/** Writes down that the job did not get its turn, and why: before its wake-up is set. */
export async function noteWait(
  tx: Tx,
  job: Pick<Job, 'id' | 'workflowKey' | 'priority' | 'number'>,
  why: 'place' | 'rate' | 'provider',
  now: Date,
): Promise<void> {
  const data = { why, priority: job.priority, askedAt: now, calledAt: null }
  // A wait that goes on is no news to anybody who looks at a list.
  const { count } = await tx.queueWait.updateMany({ where: { jobId: job.id }, data })
  if (count > 0) return
  const { id: jobId, workflowKey, number } = job
  await tx.queueWait.createMany({ data: [{ jobId, workflowKey, number, since: now, ...data }], skipDuplicates: true })
}

/**
 * Calls those that are next in every queue that has room for them. A call that ends calls the next one by itself; this
 * does it where a limit was raised, where a minute has passed, and where somebody did not come.
 */
export async function callWaiting(tx: Tx, now: Date): Promise<number> {
  const queues = await tx.$queryRaw<(Row & { workflow_key: string })[]>`
    SELECT c.workflow_key, c.most_live, c.sends_per_minute, c.next_send_at FROM queue_control c
     WHERE EXISTS (SELECT 1 FROM queue_wait w WHERE w.workflow_key = c.workflow_key AND w.why IN ('place', 'rate'))
       AND NOT EXISTS (SELECT 1 FROM queue_stop s WHERE s.workflow_key = c.workflow_key AND s.resumed_at IS NULL)`
  let called = 0
  for (const { workflow_key: workflowKey, ...row } of queues) {
    const { mostLive, sendsPerMinute, fullAt } = limitsOf(row)
    const free = mostLive === null ? MOST_CALLED : mostLive - (await liveCalls(tx, workflowKey))
    const allowed = sendsPerMinute === null ? MOST_CALLED : allowedNow(sendsPerMinute, fullAt, now)
    const room = Math.min(free, allowed, MOST_CALLED)
    if (room <= 0) continue
    const rows = await tx.$queryRaw<{ called: number }[]>`
      SELECT holdpoint_call_next(${workflowKey}, ${room}::int, now()) AS called`
    called += rows[0]?.called ?? 0
  }
  return called
}

/** So many at once: where a limit was taken away, the rest follows at the next look. */
const MOST_CALLED = 200

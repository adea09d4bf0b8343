/**
 * Works through the batches that are under way, one job after another: its retry and what became of it are one
 * transaction, so that whoever dies in the middle leaves the job as it was, and the next worker takes it.
 */
import type { Actor } from '@/lib/access/actor'
import { expandRoles } from '@/lib/access/can'
import { parseRoles } from '@/lib/access/roles'
import type { RetryBatch, RetryBatchItem } from '@/lib/generated/prisma/client'
import { openStop } from '@/lib/money/stops.server'
import { afterOne, nextAllowed } from '@/lib/queues/rate'
import { retryWithin } from '@/lib/store/command.server'
import { isDatabaseAway, isDeadlock } from '@/lib/store/database-away'
import type { Db, Tx } from '@/lib/store/db.server'
import { Forbidden, InvalidInput, JobConflict, LostRace, NotFound } from '@/lib/store/errors'
import { say } from './control.server'

/** So many jobs of a batch wait to be sent at once: the queue is no store for the rest of it. */
export const MOST_WAITING = 25
/** Of one batch in one turn: others have theirs. */
const MOST_A_TURN = 20

/** One turn over every batch that is under way. @returns how many jobs were dealt with. */
export async function workBatches(db: Db, now: () => Date, log: (line: string) => void): Promise<number> {
  const batches = await db.retryBatch.findMany({
    where: { state: 'running' },
    orderBy: { startedAt: 'asc' },
    select: { id: true },
  })
  let dealt = 0
  for (const { id } of batches) {
    for (let job = 0; job < MOST_A_TURN; job += 1) {
      if (!(await next(db, id, now(), log))) break
      dealt += 1
    }
  }
  return dealt
}

/** Deals with the next job of the batch. False where none is due now. */
async function next(db: Db, batchId: string, now: Date, log: (line: string) => void): Promise<boolean> {
  let item: RetryBatchItem | null = null
  try {
    return await db.$transaction(async (tx) => {
      const batch = await take(tx, batchId)
      if (batch === null || (await mustWait(tx, batch, now))) return false
      item = await tx.retryBatchItem.findFirst({ where: { batchId, outcome: 'ready' }, orderBy: { position: 'asc' } })
      if (item === null) return finish(tx, batchId, now)
      const actor = await startedBy(tx, batchId)
      if (actor === null) return pauseForNobody(tx, batchId, now)
      await retry(tx, actor, batch, item, now)
      return true
    })
  } catch (error) {
    if (item === null || error instanceof LostRace || isDatabaseAway(error) || isDeadlock(error)) {
      if (error instanceof LostRace || isDeadlock(error)) return false
      throw error
    }
    return leave(db, item, endOf(error, log), now)
  }
}

/** The batch, locked, where it is under way and no other worker has it in hand. */
async function take(tx: Tx, id: string): Promise<RetryBatch | null> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM retry_batch WHERE id = ${id}::uuid AND state = 'running' FOR UPDATE SKIP LOCKED`
  return rows.length === 0 ? null : tx.retryBatch.findUnique({ where: { id } })
}

/** While sending stands still, while enough of it waits to be sent, and between two retries by its own rate. */
async function mustWait(tx: Tx, { id, workflowKey, perMinute, nextAt }: RetryBatch, now: Date): Promise<boolean> {
  if (perMinute !== null && nextAllowed(perMinute, nextAt, now) > now) return true
  if ((await openStop(tx, workflowKey)) !== null) return true
  return (await waitingOf(tx, id)) >= MOST_WAITING
}

/** How many of the batch were retried last and wait to be sent. */
async function waitingOf(tx: Tx, batchId: string): Promise<number> {
  const rows = await tx.$queryRaw<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting FROM (
      SELECT job_id FROM retry_batch_item WHERE batch_id = ${batchId}::uuid AND outcome = 'retried'
       ORDER BY position DESC LIMIT ${4 * MOST_WAITING}) last
      JOIN job j ON j.id = last.job_id AND j.state = 'queued'`
  return rows[0]?.waiting ?? 0
}

async function retry(tx: Tx, actor: Actor, batch: RetryBatch, item: RetryBatchItem, now: Date): Promise<void> {
  const { id, perMinute, nextAt, note } = batch
  const { jobId, jobVersion: expectedVersion } = item
  const given = await retryWithin(tx, actor, { jobId, expectedVersion, note: note ?? '', batch: id, now })
  const { count } = await tx.retryBatchItem.updateMany({
    where: { batchId: id, position: item.position, outcome: 'ready' },
    data: { outcome: 'retried', at: now, eventSeq: given.job.version },
  })
  if (count === 0) throw new LostRace('another worker dealt with it')
  if (perMinute !== null) {
    await tx.retryBatch.update({ where: { id }, data: { nextAt: afterOne(perMinute, nextAt, now) } })
  }
}

type End = { outcome: 'refused' | 'moved_on'; code: string; sentence: string | null }

function endOf(error: unknown, log: (line: string) => void): End {
  const sentence = error instanceof Error ? error.message : null
  if (error instanceof JobConflict) return { outcome: 'moved_on', code: 'moved_on', sentence }
  if (error instanceof Forbidden) return { outcome: 'refused', code: 'forbidden', sentence }
  if (error instanceof InvalidInput) return { outcome: 'refused', code: 'invalid', sentence }
  if (error instanceof NotFound) return { outcome: 'refused', code: 'not_found', sentence }
  log(`A job of a retry of many could not be retried: ${sentence ?? String(error)}`)
  return { outcome: 'refused', code: 'failure', sentence: null }
}

/** The retry changed nothing: the job is left as it is, and the batch says why. */
async function leave(db: Db, item: RetryBatchItem, end: End, now: Date): Promise<boolean> {
  const { count } = await db.retryBatchItem.updateMany({
    where: { batchId: item.batchId, position: item.position, outcome: 'ready' },
    data: { ...end, at: now },
  })
  return count > 0
}

async function finish(tx: Tx, id: string, now: Date): Promise<boolean> {
  await tx.retryBatch.update({ where: { id }, data: { state: 'done', endedAt: now } })
  await say(tx, { batchId: id, userId: null, kind: 'done', note: null, now })
  return false
}

/** Whoever started or resumed it last, with the roles that they have now; null where they may not retry any more. */
async function startedBy(tx: Tx, batchId: string): Promise<Actor | null> {
  const last = await tx.retryBatchChange.findFirst({
    where: { batchId, kind: { in: ['started', 'resumed'] } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
  })
  const person = last?.userId == null ? null : await tx.user.findUnique({ where: { id: last.userId } })
  if (person === null || person.deactivatedAt !== null) return null
  const roles = expandRoles(parseRoles(person.roles))
  return roles.includes('lead')
    ? { kind: 'person', userId: person.id, apiKeyId: null, name: person.name, email: person.email, roles }
    : null
}

async function pauseForNobody(tx: Tx, id: string, now: Date): Promise<boolean> {
  const note = 'Whoever started it is no longer a lead here. Another lead can resume it.'
  await tx.retryBatch.update({ where: { id }, data: { state: 'paused' } })
  await say(tx, { batchId: id, userId: null, kind: 'paused', note, now })
  return false
}

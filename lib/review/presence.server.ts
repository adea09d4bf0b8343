/** Who has a job open, live: a tab in sight says so every ten seconds, and is believed for thirty. */
import type { Actor } from '@/lib/access/actor'
import type { Db, Tx } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'
import { renewLease } from './claims.server'
import { hasInbox } from './inbox.server'
import { freshSince } from './inbox-sql.server'
import { tellOfPresence } from './presence-news.server'
import type { PresenceAsk, PresenceView } from './view'
import { noteWork } from './work.server'

/**
 * Notes that `actor` has a job open, or left it, and says who else has. While the tab was in use, the lease of their
 * claim is lengthened. Where a round is open and the person may decide, the first time counts as having opened it, and
 * the time in use is added up for the figures.
 * @throws {Forbidden} for the key of a service: nobody sits before it.
 */
export async function sayPresence(
  db: Db,
  actor: Actor,
  jobId: string,
  { handsOnMs, leaves = false }: PresenceAsk,
  now = new Date(),
): Promise<PresenceView> {
  const { userId } = actor
  if (userId === null) throw new Forbidden('This key belongs to a service, and nobody sits before it.')
  return db.$transaction(async (tx) => {
    if (hasInbox(actor)) await noteTime(tx, { jobId, userId, handsOnMs, now })
    const leaseUntil =
      handsOnMs > 0 && !leaves ? await renewLease(tx, jobId, userId, now) : await heldUntil(tx, jobId, userId, now)
    if (leaves) await leave(tx, jobId, userId)
    else await arrive(tx, jobId, userId, now)
    return { lookers: await lookersOf(tx, jobId, userId, now), leaseUntil: leaseUntil?.toISOString() ?? null }
  })
}

async function arrive(tx: Tx, jobId: string, userId: string, now: Date): Promise<void> {
  // The row as it was before the statement: whether others saw this person there already.
  const before = await tx.$queryRaw<{ at: Date | null }[]>`
    WITH was AS (SELECT at FROM presence WHERE job_id = ${jobId}::uuid AND user_id = ${userId}),
    put AS (
      INSERT INTO presence AS p (job_id, user_id, at) VALUES (${jobId}::uuid, ${userId}, ${now}::timestamptz)
      ON CONFLICT (job_id, user_id) DO UPDATE SET at = greatest(p.at, excluded.at))
    SELECT at FROM was`
  const at = before[0]?.at
  if (at === undefined || at === null || at <= freshSince(now)) await tellOfPresence(tx)
}

async function leave(tx: Tx, jobId: string, userId: string): Promise<void> {
  const { count } = await tx.presence.deleteMany({ where: { jobId, userId } })
  if (count > 0) await tellOfPresence(tx)
}

async function heldUntil(tx: Tx, jobId: string, userId: string, now: Date): Promise<Date | null> {
  const claim = await tx.reviewClaim.findFirst({
    where: { jobId, userId, releasedAt: null, leaseUntil: { gt: now } },
    orderBy: { leaseUntil: 'desc' },
  })
  return claim?.leaseUntil ?? null
}

async function noteTime(
  tx: Tx,
  { jobId, userId, handsOnMs, now }: { jobId: string; userId: string; handsOnMs: number; now: Date },
): Promise<void> {
  const round = await tx.reviewRound.findFirst({ where: { jobId, closedAt: null }, select: { id: true } })
  if (round === null) return
  await noteWork(tx, { roundId: round.id, jobId, userId, step: 'opened', at: now })
  if (handsOnMs === 0) return
  await tx.$executeRaw`
    UPDATE review_work SET hands_on_ms = least(coalesce(hands_on_ms, 0)::bigint + ${handsOnMs}::int, 2147483647)::int
     WHERE round_id = ${round.id}::uuid AND user_id = ${userId}`
}

/** Who else has it open now, by name. */
async function lookersOf(tx: Tx, jobId: string, userId: string, now: Date): Promise<PresenceView['lookers']> {
  return tx.$queryRaw<PresenceView['lookers']>`
    SELECT u.id, u.name FROM presence p JOIN user_account u ON u.id = p.user_id
     WHERE p.job_id = ${jobId}::uuid AND p.user_id <> ${userId} AND p.at > ${freshSince(now)}::timestamptz
     ORDER BY u.name, u.id`
}

/** "Take next": hands each of many reviewers a different item, and takes back what somebody would rather not do. */
import type { Actor } from '@/lib/access/actor'
import { claimWithin, giveCommand } from '@/lib/store/command.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { Forbidden, InvalidInput, JobConflict, LostRace, NotFound } from '@/lib/store/errors'
import type { Transport } from '@/lib/store/event-chain'
import { refuseWithoutInbox } from './inbox.server'
import { EVERYTHING } from './inbox-query'
import { freshSince, readStanding, viewedBy } from './inbox-sql.server'
import type { TakeNext, Taken } from './view'
import { noteWork } from './work.server'

type Via = Extract<Transport, 'browser' | 'api'>

/** Of so many at a time the first that is free is taken: as many people may ask at the very same moment. */
const CANDIDATES = 100
/** Each loss means that somebody else got one, so this ends; a bound all the same. */
const MOST_TRIES = 200

/**
 * Claims for `actor` the first item of the view "anyone" that nobody holds or looks at, in the order of the inbox, and
 * gives it. What this person skipped comes after all others, what they skipped longest ago first. Deliveries are not
 * handed out: there is no round in which they could be claimed. While nothing is free the answer has no number.
 * @throws {Forbidden} for whoever may decide nothing, and for the key of a service, which cannot claim.
 */
export async function takeNext(
  db: Db,
  actor: Actor,
  { workflow, not = [] }: TakeNext = {},
  now = new Date(),
  via: Via = 'browser',
): Promise<Taken> {
  refuseWithoutInbox(actor)
  const { userId } = actor
  if (userId === null) throw new Forbidden('A key of a service cannot claim: it is nobody.')
  const passed = [...not]
  for (let tries = 0; tries < MOST_TRIES; ) {
    const candidates = await candidatesFor(db, actor, userId, { workflow, passed, now })
    if (candidates.length === 0) return { number: null, id: null }
    let left = candidates
    while (left.length > 0 && tries < MOST_TRIES) {
      tries += 1
      const offer = await takeOneOf(db, { actor, userId, candidates: left, now, via })
      // Every one of them is being taken by somebody else right now.
      if (offer === null) break
      if (offer.taken !== null) return offer.taken
      left = left.filter((id) => id !== offer.id)
    }
    passed.push(...candidates)
  }
  return { number: null, id: null }
}

/** Ids of what may be handed out, the first first. Without a lock: each is looked at again once it is locked. */
async function candidatesFor(
  tx: Tx,
  actor: Actor,
  userId: string,
  { workflow, passed, now }: { workflow: string | undefined; passed: readonly string[]; now: Date },
): Promise<string[]> {
  const filter = { ...EVERYTHING, workflow: workflow ?? null }
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH ${viewedBy(actor, { filter, view: 'anyone', after: null, limit: CANDIDATES, now })}
    SELECT v.id FROM viewed v
      JOIN review_round r ON r.job_id = v.id AND r.closed_at IS NULL
      LEFT JOIN review_work w ON w.round_id = r.id AND w.user_id = ${userId}
     WHERE v.view = 'anyone' AND v.in_workflow AND v.id <> ALL (${passed}::uuid[])
       AND NOT EXISTS (SELECT 1 FROM held h WHERE h.round_id = r.id)
       AND NOT EXISTS (SELECT 1 FROM presence p WHERE p.job_id = v.id AND p.user_id <> ${userId} AND p.at > ${freshSince(now)}::timestamptz)
     ORDER BY w.skipped_at NULLS FIRST, v.bucket, v.risk DESC, v.since, v.number
     LIMIT ${CANDIDATES}::int`
  return rows.map(({ id }) => id)
}

/**
 * Locks the first candidate that nobody else is taking, looks whether it is still free, and claims it.
 * @returns null where all of them are being taken; `taken` null where the one that was locked is no longer free.
 */
async function takeOneOf(
  db: Db,
  { actor, userId, candidates, now, via }: { actor: Actor; userId: string; candidates: string[]; now: Date; via: Via },
): Promise<{ id: string; taken: Taken | null } | null> {
  let id: string | null = null
  try {
    return await db.$transaction(async (tx) => {
      const locked = await tx.$queryRaw<{ id: string }[]>`
        SELECT j.id FROM unnest(${candidates}::uuid[]) WITH ORDINALITY c (id, place) JOIN job j ON j.id = c.id
         ORDER BY c.place LIMIT 1 FOR UPDATE OF j SKIP LOCKED`
      id = locked[0]?.id ?? null
      if (id === null) return null
      const round = await freeRound(tx, actor, id, now)
      if (round === null) return { id, taken: null }
      const { job } = await claimWithin(tx, actor, id, via, now)
      await noteWork(tx, { roundId: round, jobId: id, userId, step: 'offered', at: now })
      return { id, taken: { id, number: job.number } }
    })
  } catch (error) {
    // Between the list and the lock it moved on: the next one, then.
    const moved = error instanceof JobConflict || error instanceof LostRace || error instanceof Forbidden
    if (id === null || !(moved || error instanceof InvalidInput)) throw error
    return { id, taken: null }
  }
}

/** The open round of a locked job that is still anyone's and that nobody holds; null where it is not. */
async function freeRound(tx: Tx, actor: Actor, job: string, now: Date): Promise<string | null> {
  const { places } = await readStanding(tx, actor, {
    filter: EVERYTHING,
    view: 'anyone',
    after: null,
    limit: 1,
    job,
    now,
  })
  if (places.length === 0) return null
  const round = await tx.reviewRound.findFirst({
    where: { jobId: job, closedAt: null },
    select: { id: true, claims: { where: { releasedAt: null, leaseUntil: { gt: now } }, select: { id: true } } },
  })
  return round === null || round.claims.length > 0 ? null : round.id
}

/**
 * Leaves a job to others: this person is offered it again only after all else, and a claim of theirs ends.
 * @throws {NotFound} where no round of it is open.
 * @throws {Forbidden} for whoever may decide nothing, and for the key of a service.
 */
export async function skip(db: Db, actor: Actor, jobId: string, now = new Date(), via: Via = 'browser'): Promise<void> {
  refuseWithoutInbox(actor)
  const { userId } = actor
  if (userId === null) throw new Forbidden('A key of a service has no list of its own: it is nobody.')
  const round = await db.reviewRound.findFirst({
    where: { jobId, closedAt: null },
    select: {
      id: true,
      claims: { where: { userId, releasedAt: null, leaseUntil: { gt: now } }, select: { id: true } },
    },
  })
  if (round === null) throw new NotFound('There is no such job, or nothing of it waits.')
  await noteWork(db, { roundId: round.id, jobId, userId, step: 'skipped', at: now })
  if (round.claims.length === 0) return
  try {
    await giveCommand(db, actor, jobId, { command: 'release' }, via, now)
  } catch (error) {
    // It ran out, or its round was closed, in this very moment: there is nothing left to give back.
    if (!(error instanceof JobConflict || error instanceof InvalidInput || error instanceof Forbidden)) throw error
  }
}

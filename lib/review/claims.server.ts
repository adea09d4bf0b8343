/** Claims: a lease on one reviewer's place in a round, which ends by itself. */
import { v7 as uuidv7 } from 'uuid'
import { hasStepLeft } from '@/lib/access/can'
import { parseRoles } from '@/lib/access/roles'
import type { Role, State } from '@/lib/lifecycle/table'
import type { Tx } from '@/lib/store/db.server'
import { JobConflict } from '@/lib/store/errors'
import { activeClaims, approversOf, type Facts, type OpenRound } from '@/lib/store/facts.server'
import { isBlindNow } from './blind'
import { LEASE_MS } from './lease'
import { noteWork } from './work.server'

/**
 * Refuses where others hold every place that is left in the open round. Whoever has the role of none that is left, since
 * somebody endorsed, keeps none from those who have it.
 * @throws {JobConflict} that says who, and until when.
 */
export async function refuseHeldByOthers(tx: Tx, facts: Facts, userId: string | null, now: Date): Promise<void> {
  const { job, round } = facts
  if (round === null) return
  const places = round.kind === 'result' ? round.approvals - approversOf(round).length : 1
  const others = await fillingClaims(
    tx,
    round,
    activeClaims(round, now).filter((claim) => claim.userId !== userId),
  )
  const last = others[0]
  if (last === undefined || others.length < places) return
  if (isBlindNow(round)) {
    // Who they are, and whether they hold it or have decided, is told when it is over.
    throw new JobConflict('Others hold every place that is left in this blind round. Nothing was changed.', {
      command: 'claim',
      state: job.state as State,
      by: { kind: 'person', id: null },
      at: now,
    })
  }
  const { name } = await tx.user.findUniqueOrThrow({ where: { id: last.userId }, select: { name: true } })
  const minutes = Math.max(Math.ceil((last.until.getTime() - now.getTime()) / 60_000), 1)
  const at = round.claims.find((claim) => claim.userId === last.userId)?.claimedAt ?? now
  throw new JobConflict(
    `${name} works on it, and holds it for ${minutes === 1 ? 'another minute' : `${minutes} more minutes`} unless they go on. Nothing was changed.`,
    { command: 'claim', state: job.state as State, by: { kind: 'person', id: last.userId }, at },
  )
}

type Claim = ReturnType<typeof activeClaims>[number]

/** Those of the claims whose holders can give one of the approvals that are left. */
async function fillingClaims(tx: Tx, round: OpenRound, claims: Claim[]): Promise<Claim[]> {
  if (round.kind !== 'result' || round.stepRoles.length === 0 || claims.length === 0) return claims
  const people = await tx.user.findMany({
    where: { id: { in: claims.map(({ userId }) => userId) } },
    select: { id: true, roles: true },
  })
  const left = { stepRoles: round.stepRoles as Role[], approvers: approversOf(round) }
  const filling = people.filter(({ roles }) => hasStepLeft({ roles: parseRoles(roles) }, left)).map(({ id }) => id)
  return claims.filter(({ userId }) => filling.includes(userId))
}

/** Takes a place in the round for a person. An earlier claim of theirs that has run out is ended. */
export async function takePlace(
  tx: Tx,
  { roundId, jobId, userId, now }: { roundId: string; jobId: string; userId: string; now: Date },
): Promise<void> {
  await tx.reviewClaim.updateMany({ where: { roundId, userId, releasedAt: null }, data: { releasedAt: now } })
  const leaseUntil = new Date(now.getTime() + LEASE_MS)
  await tx.reviewClaim.create({ data: { id: uuidv7(), roundId, jobId, userId, claimedAt: now, leaseUntil } })
  await noteWork(tx, { roundId, jobId, userId, step: 'claimed', at: now })
}

/**
 * Lengthens what a person holds while they work on it. No event: a lease that is kept up is nothing that happened.
 * @returns until when they hold it; null where they hold nothing (any more).
 */
export async function renewLease(tx: Tx, jobId: string, userId: string, now: Date): Promise<Date | null> {
  const leaseUntil = new Date(now.getTime() + LEASE_MS)
  const renewed = await tx.reviewClaim.updateMany({
    where: { jobId, userId, releasedAt: null, leaseUntil: { gt: now } },
    data: { leaseUntil },
  })
  return renewed.count === 0 ? null : leaseUntil
}

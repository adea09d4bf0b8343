/** What people do at the desk without moving a job on: claim, release, assign, snooze, mark. */
import { v7 as uuidv7 } from 'uuid'
import { hasRole } from '@/lib/access/can'
import type { Role } from '@/lib/lifecycle/table'
import { refuseHeldByOthers, takePlace } from '@/lib/review/claims.server'
import type { Planner } from './command-plans.server'
import { InvalidInput } from './errors'
import { activeClaims, type Facts, type OpenRound } from './facts.server'

/** Nothing of the job changes but its history. */
const stays = ({ round, job }: Facts) => ({ round, wakeAt: job.dueAt })

function openRoundOf({ round }: Facts): OpenRound {
  if (round === null) throw new InvalidInput('No review round is open.')
  return round
}

export const planClaim: Planner = async (tx, facts, { actor, jobId, now }) => {
  const round = openRoundOf(facts)
  const userId = actor.userId
  if (userId === null) throw new InvalidInput('A key of a service cannot claim: it is nobody.')
  await refuseHeldByOthers(tx, facts, userId, now)
  return { ...stays(facts), after: () => takePlace(tx, { roundId: round.id, jobId, userId, now }) }
}

export const planRelease: Planner = async (tx, facts, { actor, now }) => {
  const round = openRoundOf(facts)
  const held = activeClaims(round, now)
  const mine = held.find(({ userId }) => userId === actor.userId)
  // A lead ends somebody else's, where they hold none themself.
  const ended = mine ?? (hasRole(actor, 'lead') ? held[0] : undefined)
  if (ended === undefined) throw new InvalidInput('There is no claim to end.')
  return {
    ...stays(facts),
    detail: ended.userId === actor.userId ? {} : { person: ended.userId },
    after: async () => {
      await tx.reviewClaim.updateMany({
        where: { roundId: round.id, userId: ended.userId, releasedAt: null },
        data: { releasedAt: now },
      })
    },
  }
}

const DECIDERS: readonly Role[] = ['reviewer', 'support']

export const planAssign: Planner = async (tx, facts, { params }) => {
  const round = openRoundOf(facts)
  const { assignee } = params
  if (assignee === undefined) {
    const detail = 'Name the person, or null to assign it to nobody.'
    throw new InvalidInput(detail, [{ pointer: '/params/assignee', detail }])
  }
  if (assignee !== null) {
    const person = await tx.user.findUnique({ where: { id: assignee } })
    const may =
      person?.deactivatedAt === null && DECIDERS.some((role) => hasRole({ roles: person.roles as Role[] }, role))
    if (!may) {
      const detail = 'This person cannot decide here. Choose somebody who reviews.'
      throw new InvalidInput(detail, [{ pointer: '/params/assignee', detail }])
    }
  }
  return {
    ...stays(facts),
    detail: { person: assignee },
    after: async () => {
      await tx.reviewRound.update({ where: { id: round.id }, data: { assigneeId: assignee } })
    },
  }
}

export const planSnooze: Planner = async (tx, facts, { actor, ask, params, now }) => {
  const round = openRoundOf(facts)
  if (params.until === undefined) {
    const detail = 'Say until when, or null to end it.'
    throw new InvalidInput(detail, [{ pointer: '/params/until', detail }])
  }
  const until = params.until === null ? null : new Date(params.until)
  const errors: { pointer: string; detail: string }[] = []
  if (until !== null && until <= now) {
    errors.push({ pointer: '/params/until', detail: 'That time has passed already. Choose a later one.' })
  }
  if (until !== null && round.dueAt !== null && until >= round.dueAt) {
    errors.push({ pointer: '/params/until', detail: 'It is due before then. Choose a time before its deadline.' })
  }
  if (until !== null && !ask.note?.trim()) {
    errors.push({ pointer: '/note', detail: 'Give a reason: others see why it is away.' })
  }
  if (errors.length > 0) throw new InvalidInput(errors.map(({ detail }) => detail).join(' '), errors)
  return {
    ...stays(facts),
    detail: { until: until?.toISOString() ?? null },
    noted: async (noteSha256) => {
      await tx.reviewRound.update({
        where: { id: round.id },
        data: {
          snoozedUntil: until,
          snoozedBy: until === null ? null : (actor.userId ?? actor.apiKeyId),
          snoozeNoteSha256: until === null ? null : noteSha256,
        },
      })
    },
  }
}

export const planMark: Planner = async (tx, facts, { actor, jobId, params, now }) => {
  const round = openRoundOf(facts)
  const marks = params.marks ?? []
  const userId = actor.userId
  const { resultId, resultHash } = round
  if (marks.length === 0 || userId === null || resultId === null || resultHash === null) {
    const detail = 'Name the claims, and what you found of each.'
    throw new InvalidInput(detail, [{ pointer: '/params/marks', detail }])
  }
  const { evidence } = await tx.result.findUniqueOrThrow({ where: { id: resultId }, select: { evidence: true } })
  const known = new Set((evidence as { index: number }[]).map(({ index }) => index))
  const strange = marks.findIndex(({ claim }) => !known.has(claim))
  if (strange >= 0) {
    const detail = `The result has no claim ${marks[strange]?.claim}.`
    throw new InvalidInput(detail, [{ pointer: `/params/marks/${strange}/claim`, detail }])
  }
  return {
    ...stays(facts),
    detail: { result: resultHash, marks: marks.map(({ claim, verdict }) => ({ claim, verdict })) },
    after: async ({ version }) => {
      await tx.claimMark.createMany({
        data: marks.map(({ claim, verdict }) => ({
          id: uuidv7(),
          roundId: round.id,
          jobId,
          resultHash,
          claim,
          userId,
          verdict,
          at: now,
          eventSeq: version,
        })),
      })
    },
  }
}

/** What a command is decided on: a job with its open round, its live attempt and its newest result. */
import type { JobFacts } from '@/lib/access/can'
import { standsLast } from '@/lib/deliveries/outbox.server'
import type { Attempt, Decision, Delivery, Job, Result, ReviewClaim, ReviewRound } from '@/lib/generated/prisma/client'
import type { DeliveryState } from '@/lib/lifecycle/next-action'
import type { Command, Role, RoundKind, State } from '@/lib/lifecycle/table'
import { TALK } from '@/lib/lifecycle/talk'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionOf } from '@/lib/workflows/store.server'
import type { Tx } from './db.server'
import { LostRace, NotFound } from './errors'
import type { EventBody } from './event-chain'

/** An open round with what was decided in it, and who holds a place in it. */
export type OpenRound = ReviewRound & { decisions: Decision[]; claims: ReviewClaim[] }

export type Facts = {
  job: Job
  definition: WorkflowDefinition
  /** The open round; null outside `awaiting_review`. */
  round: OpenRound | null
  /** The attempt that is not done with; null where there is none. */
  live: Attempt | null
  /** The newest call was given up and nobody saw its end: it may have been taken, and paid. */
  hasUnseenEnd: boolean
  /**
   * What the open round is about, or what was accepted; elsewhere the newest revision of the newest attempt that has a
   * result. What comes in late takes the place of neither.
   */
  result: Pick<Result, 'id' | 'sha256' | 'attemptId'> | null
  /** The newest decision that was not voided. */
  lastDecision: Decision | null
  roundCount: number
  /** The hash of the result that was accepted last, by a person or a policy, and not taken back since. */
  acceptedHash: string | null
  /** The event by which the job was last abandoned, retried or undone; 0: never. What was let leave before it is over. */
  takenBackSeq: number
  /** What was let leave, oldest first. */
  deliveries: Delivery[]
}

/**
 * As `loadFacts`, with the job's row locked until the transaction ends. Whatever changes a job, its attempts or its
 * rounds begins here, so that no two of them wait for each other.
 * @throws {NotFound} when there is no such job.
 */
export async function lockFacts(tx: Tx, jobId: string): Promise<Facts> {
  await tx.$executeRaw`SELECT 1 FROM job WHERE id = ${jobId}::uuid FOR UPDATE`
  return loadFacts(tx, jobId)
}

/** What the provider says of a call that may still cost money. */
const NO_END = ['unknown', 'queued', 'in_progress']

/** @throws {NotFound} when there is no such job. */
export async function loadFacts(tx: Tx, jobId: string): Promise<Facts> {
  const job = await tx.job.findUnique({
    where: { id: jobId },
    include: {
      workflowVersion: true,
      rounds: {
        orderBy: { number: 'desc' },
        take: 1,
        include: { decisions: { orderBy: { eventSeq: 'asc' } }, claims: { where: { releasedAt: null } } },
      },
      deliveries: { orderBy: { number: 'asc' } },
      attempts: { where: { OR: [{ endedAt: null }, { seenFinalAt: null, providerStatus: { in: NO_END } }] } },
      results: {
        // Never its content, which may be ten megabytes: facts are read at every look.
        select: { id: true, sha256: true, attemptId: true },
        orderBy: [{ attempt: { number: 'desc' } }, { revision: 'desc' }],
      },
      events: {
        // What is sent afterwards leaves the job completed too, and accepts nothing.
        where: { command: { in: [...ACCEPTS, ...TAKES_BACK] } },
        select: { seq: true, command: true, body: true },
        orderBy: { seq: 'desc' },
      },
    },
  })
  if (job === null) throw new NotFound('There is no such job.')
  const { workflowVersion, rounds, attempts, results, events, deliveries, ...row } = job
  const newest = rounds[0]
  const round = newest !== undefined && newest.closedAt === null ? newest : null
  const acceptedHash = acceptedHashOf(events)
  return {
    job: row,
    definition: definitionOf(workflowVersion),
    round,
    live: attempts.find(({ endedAt }) => endedAt === null) ?? null,
    hasUnseenEnd: attempts.some(({ endedAt, number }) => endedAt !== null && number === row.fence),
    result: resultOf(results, { state: row.state as State, round, acceptedHash }),
    lastDecision: newest?.decisions.filter((decision) => decision.voidedAt === null).at(-1) ?? null,
    roundCount: newest?.number ?? 0,
    acceptedHash,
    takenBackSeq: events.find(({ command }) => TAKES_BACK.includes(command as Command))?.seq ?? 0,
    deliveries,
  }
}

/** What accepts a result, and what takes that back or leaves it behind. */
const ACCEPTS: Command[] = ['accept', 'approve', 'uphold']
const TAKES_BACK: Command[] = ['undo', 'abandon', 'retry']

/** The hash of the result that was accepted last, and not taken back since. @param events the newest first. */
export function acceptedHashOf(events: readonly { command: string; body: string }[]): string | null {
  const last = events.find(({ command }) => command === 'undo' || ACCEPTS.includes(command as Command))
  if (last === undefined || last.command === 'undo') return null
  return (JSON.parse(last.body) as EventBody).result ?? null
}

/** What the open round is about, or what was accepted; else the newest. @param results the newest first. */
export function resultOf<R extends NonNullable<Facts['result']>>(
  results: readonly R[],
  {
    state,
    round,
    acceptedHash,
  }: { state: State; round: Pick<ReviewRound, 'resultId'> | null; acceptedHash: string | null },
): R | null {
  const meant =
    round === null
      ? results.find(({ sha256 }) => state === 'completed' && sha256 === acceptedHash)
      : results.find(({ id }) => id === round.resultId)
  return meant ?? results[0] ?? null
}

/** The claims of a round that still count, as people hold them now. */
export function activeClaims(round: Pick<OpenRound, 'claims'>, now: Date): { userId: string; until: Date }[] {
  return round.claims
    .filter(({ releasedAt, leaseUntil }) => releasedAt === null && leaseUntil > now)
    .map(({ userId, leaseUntil }) => ({ userId, until: leaseUntil }))
}

/** The people whose approval of the round's current result counts so far. */
export function approversOf(round: ReviewRound & { decisions: Decision[] }): string[] {
  const counted = round.decisions.filter(
    (decision) =>
      (decision.command === 'approve' || decision.command === 'endorse') &&
      decision.voidedAt === null &&
      decision.resultHash === round.resultHash &&
      decision.deliveryHash === round.deliveryHash &&
      decision.userId !== null,
  )
  return [...new Set(counted.map((decision) => decision.userId as string))]
}

/** The part of the facts that `can` decides on. */
export function factsForCan(facts: Facts, now: Date): JobFacts {
  const { job, round, lastDecision } = facts
  return {
    state: job.state as State,
    requesterId: job.requesterId,
    requesterKeyId: job.requesterKeyId,
    round:
      round === null
        ? null
        : {
            kind: round.kind as RoundKind,
            openedBy: round.openedBy as 'hold' | 'reopen' | 'undo',
            requesterMayApprove: round.requesterMayApprove,
            approvals: round.approvals,
            approvers: approversOf(round),
            stepRoles: round.stepRoles as Role[],
            blind: round.blind,
            hasDeliveryProblem: round.deliveryProblem !== null,
            claims: activeClaims(round, now),
          },
    wasAccepted: facts.acceptedHash !== null && (round === null || facts.acceptedHash === round.resultHash),
    hasLiveCall: facts.live !== null,
    hasResult: facts.result !== null,
    deliveries: facts.deliveries.map((delivery) => ({
      state: delivery.state as DeliveryState,
      kind: delivery.kind,
      // Whoever sends it again begins anew; that it was tried before stays.
      hasBegun: delivery.begunAt !== null || delivery.tries > 0,
      isNewest: standsLast(facts, delivery),
    })),
    lastDecision:
      lastDecision === null
        ? null
        : { command: lastDecision.command as Command, userId: lastDecision.userId, at: lastDecision.at },
    undoSeconds: facts.definition.review.undoSeconds,
    now,
  }
}

/**
 * True where nothing that matters to a decision has happened since `version`. In a blind round what others decided
 * unseen does not matter: it would give away that they did.
 */
export async function isCurrent(
  tx: Tx,
  { job, round }: Pick<Facts, 'job' | 'round'>,
  version: number,
): Promise<boolean> {
  if (version === job.version) return true
  if (version > job.version) return false
  const talk: Command[] = round?.blind ? [...TALK, 'endorse'] : [...TALK]
  const since = await tx.event.count({ where: { jobId: job.id, seq: { gt: version }, command: { notIn: talk } } })
  return since === 0
}

/** Closes the open round, and with it every claim on it. @throws {LostRace} when somebody closed it before. */
export async function closeRound(tx: Tx, round: ReviewRound, outcome: string, now: Date): Promise<void> {
  const closed = await tx.reviewRound.updateMany({
    where: { id: round.id, closedAt: null },
    data: { closedAt: now, outcome },
  })
  if (closed.count === 0) throw new LostRace('the round was closed before')
  await tx.reviewClaim.updateMany({ where: { roundId: round.id, releasedAt: null }, data: { releasedAt: now } })
}

/** What a command is decided on: a job with its open round, its live attempt and its newest result. */
import type { JobFacts } from '@/lib/access/can'
import { againstConfirming } from '@/lib/deliveries/confirmation'
import { standsLast } from '@/lib/deliveries/outbox.server'
import type { Attempt, Decision, Delivery, Job, Result, ReviewClaim, ReviewRound } from '@/lib/generated/prisma/client'
import type { DeliveryState } from '@/lib/lifecycle/next-action'
import type { Command, Role, RoundKind, State } from '@/lib/lifecycle/table'
import { TALK } from '@/lib/lifecycle/talk'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionById } from '@/lib/workflows/store.server'
import type { Tx } from './db.server'
import { LostRace, NotFound } from './errors'
import type { EventBody } from './event-chain'
import { rowOf, type Untold } from './json-row'

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
  const read = await readFacts(tx, jobId)
  if (read === null) throw new NotFound('There is no such job.')
  const { job, newest, attempts, results, events, deliveries } = read
  const round = newest !== null && newest.closedAt === null ? newest : null
  const acceptedHash = acceptedHashOf(events)
  return {
    job,
    definition: await definitionById(tx, job.workflowVersionId),
    round,
    live: attempts.find(({ endedAt }) => endedAt === null) ?? null,
    hasUnseenEnd: attempts.some(({ endedAt, number }) => endedAt !== null && number === job.fence),
    result: resultOf(results, { state: job.state as State, round, acceptedHash }),
    lastDecision: newest?.decisions.filter((decision) => decision.voidedAt === null).at(-1) ?? null,
    roundCount: newest?.number ?? 0,
    acceptedHash,
    takenBackSeq: events.find(({ command }) => TAKES_BACK.includes(command as Command))?.seq ?? 0,
    deliveries,
  }
}

type Row = Record<string, unknown>
type Read = {
  job: Row
  round: Row | null
  decisions: Row[]
  claims: Row[]
  deliveries: Row[]
  attempts: Row[]
  results: NonNullable<Facts['result']>[]
  events: { seq: number; command: string; body: string }[]
}

/** All of it in one statement: it is read at every step of every job. */
async function readFacts(tx: Tx, jobId: string) {
  const rows = await tx.$queryRaw<{ read: Read }[]>`
    SELECT json_build_object(
      'job', row_to_json(j),
      'round', row_to_json(r),
      'decisions', (SELECT coalesce(json_agg(d ORDER BY d.event_seq), '[]') FROM decision d WHERE d.round_id = r.id),
      'claims', (SELECT coalesce(json_agg(c), '[]') FROM review_claim c WHERE c.round_id = r.id AND c.released_at IS NULL),
      'deliveries', (SELECT coalesce(json_agg(d ORDER BY d.number), '[]') FROM delivery d WHERE d.job_id = j.id),
      'attempts', (SELECT coalesce(json_agg(a ORDER BY a.number), '[]') FROM attempt a
        WHERE a.job_id = j.id
          AND (a.ended_at IS NULL OR (a.seen_final_at IS NULL AND a.provider_status = ANY (${NO_END}::text[])))),
      -- Never its content, which may be ten megabytes.
      'results', (SELECT coalesce(json_agg(json_build_object('id', s.id, 'sha256', s.sha256, 'attemptId', s.attempt_id)
                                           ORDER BY a.number DESC, s.revision DESC), '[]')
        FROM result s JOIN attempt a ON a.id = s.attempt_id WHERE s.job_id = j.id),
      -- What is sent afterwards leaves the job completed too, and accepts nothing.
      'events', (SELECT coalesce(json_agg(json_build_object('seq', e.seq, 'command', e.command, 'body', e.body)
                                          ORDER BY e.seq DESC), '[]')
        FROM event e WHERE e.job_id = j.id AND e.command = ANY (${[...ACCEPTS, ...TAKES_BACK]}::text[]))) AS read
      FROM job j
      LEFT JOIN LATERAL (SELECT * FROM review_round WHERE job_id = j.id ORDER BY number DESC LIMIT 1) r ON true
     WHERE j.id = ${jobId}::uuid`
  const read = rows[0]?.read
  if (read === undefined) return null
  const newest: OpenRound | null =
    read.round === null
      ? null
      : {
          ...rowOf<ReviewRound>(read.round, ROUND),
          decisions: read.decisions.map((row) => rowOf<Decision>(row, DECISION)),
          claims: read.claims.map((row) => rowOf<ReviewClaim>(row, CLAIM)),
        }
  return {
    job: rowOf<Job>(read.job, JOB),
    newest,
    deliveries: read.deliveries.map((row) => rowOf<Delivery>(row, DELIVERY)),
    attempts: read.attempts.map((row) => rowOf<Attempt>(row, ATTEMPT)),
    results: read.results,
    events: read.events,
  }
}

const JOB: Untold<Job> = {
  moments: {
    createdAt: true,
    changedAt: true,
    stateSince: true,
    settledAt: true,
    dueAt: true,
    notBefore: true,
    clockAt: true,
    nextDueAt: true,
  },
  bigints: { budgetMicros: true },
}
const ROUND: Untold<ReviewRound> = {
  moments: { snoozedUntil: true, escalatedAt: true, dueAt: true, openedAt: true, closedAt: true },
  bigints: {},
}
const DECISION: Untold<Decision> = { moments: { at: true, voidedAt: true }, bigints: {} }
const CLAIM: Untold<ReviewClaim> = { moments: { claimedAt: true, leaseUntil: true, releasedAt: true }, bigints: {} }
const DELIVERY: Untold<Delivery> = {
  moments: { createdAt: true, notBefore: true, changedAt: true, nextTryAt: true, begunAt: true, triedAt: true },
  bigints: {},
}
const ATTEMPT: Untold<Attempt> = {
  moments: {
    sentAt: true,
    acceptedAt: true,
    finishedAt: true,
    seenFinalAt: true,
    endedAt: true,
    providerCopyUntil: true,
  },
  bigints: { costMicros: true },
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
      againstConfirming: againstConfirming(delivery, facts),
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

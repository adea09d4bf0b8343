/** A review round as its page and the API show it, to the person who looks. */
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import type { Prisma } from '@/lib/generated/prisma/client'
import type { FailureClass } from '@/lib/lifecycle/failure'
import type { Command, Role, RoundKind } from '@/lib/lifecycle/table'
import { isBlindNow, seenBy, TELLING } from '@/lib/review/blind'
import { doubtfulAmong } from '@/lib/review/doubtful'
import { policyChanged, policyReason, type RoundPolicy } from '@/lib/review/words'
import type { Tx } from '@/lib/store/db.server'
import type { EventBody } from '@/lib/store/event-chain'
import { approversOf } from '@/lib/store/facts.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionOf } from '@/lib/workflows/store.server'
import type { WholeJob } from './detail.server'
import { actorView, type Names, personOf } from './people.server'
import { roundReason } from './sentences'
import type { JobView, ReviewView } from './view'

export const roundInclude = {
  decisions: { orderBy: { eventSeq: 'asc' } },
  claims: { where: { releasedAt: null }, orderBy: { claimedAt: 'asc' } },
  marks: { orderBy: { eventSeq: 'asc' } },
} satisfies Prisma.ReviewRoundInclude

type Round = WholeJob['rounds'][number]

export type ReviewContext = {
  job: WholeJob
  definition: WorkflowDefinition
  /** What the current version of the workflow asks for. */
  current: { version: number; review: WorkflowDefinition['review'] }
  names: Names
  /** By hash. */
  notes: Map<string, string | null>
  /** The labels of reasons, by key. */
  because: Map<string, string>
  /** Of blobs, by hash, in bytes. */
  sizes: Map<string, number>
  viewer: Actor
  /** The claims of the current result. */
  claims: JobView['evidence']
  now: Date
}

/** What the current version of a workflow asks of reviewers. */
export async function currentReview(tx: Tx, key: string): Promise<ReviewContext['current']> {
  const { currentVersion: version } = await tx.workflow.findUniqueOrThrow({ where: { key } })
  const row = await tx.workflowVersion.findUniqueOrThrow({ where: { key_version: { key, version } } })
  return { version, review: definitionOf(row).review }
}

/** The words of every reason there was. */
export async function reasonLabels(tx: Tx): Promise<Map<string, string>> {
  const reasons = await tx.reviewReason.findMany({ select: { key: true, label: true } })
  return new Map(reasons.map(({ key, label }) => [key, label]))
}

/**
 * Says of an event whether `viewer` may not know it yet: what others did in a blind round, while it is open. A person
 * always sees their own.
 */
export function hiddenFrom(
  viewer: Actor,
  rounds: readonly Pick<Round, 'number' | 'blind' | 'closedAt'>[],
): (event: { body: string; actorId: string | null }) => boolean {
  const blind = rounds.filter(isBlindNow).map(({ number }) => number)
  if (blind.length === 0) return () => false
  return ({ body, actorId }) => {
    const { command, round } = JSON.parse(body) as EventBody
    if (round === undefined || !blind.includes(round.number) || !TELLING.includes(command)) return false
    return actorId !== viewer.userId && actorId !== viewer.apiKeyId
  }
}

/** One round, as `context.viewer` may see it. */
export function reviewView(round: Round, context: ReviewContext): ReviewView {
  const { job, names, viewer, now, sizes } = context
  const kind = round.kind as RoundKind
  const decisions = seenBy(viewer, round, round.decisions)
  const marks = seenBy(viewer, round, round.marks)
  const claims = seenBy(viewer, round, round.claims).filter(
    ({ leaseUntil }) => round.closedAt === null && leaseUntil > now,
  )
  return {
    number: round.number,
    kind,
    reason: roundReason(kind, round.reason, failureClassOf(round, job)),
    openedBy: round.openedBy as ReviewView['openedBy'],
    openedAt: round.openedAt.toISOString(),
    dueAt: round.dueAt?.toISOString() ?? null,
    closedAt: round.closedAt?.toISOString() ?? null,
    outcome: round.outcome as Command | null,
    resultHash: round.resultHash,
    approvalsNeeded: round.approvals,
    approvalsGiven: isBlindNow(round) ? null : approversOf(round).length,
    decisions: decisions.map((decision) => decisionView(decision, context)),
    // Of whatever others did alike: that somebody decided, and not only marked or wrote, is told by nothing.
    isHidden: job.events.some(hiddenFrom(viewer, [round])),
    policy: policyView(round, context),
    risk: round.risk,
    escalatedAt: round.escalatedAt?.toISOString() ?? null,
    assignee: round.assigneeId === null ? null : personOf(round.assigneeId, names),
    snooze: snoozeOf(round, context),
    claims: claims.map(({ userId, claimedAt, leaseUntil }) => ({
      by: personOf(userId, names),
      since: claimedAt.toISOString(),
      until: leaseUntil.toISOString(),
    })),
    delivery: deliveryOf(round, job, sizes),
    deliveryProblem: round.deliveryProblem,
    marks: newestMarks(marks, round, names),
    doubtful: round.closedAt === null && kind === 'result' ? doubtful(round, context) : [],
  }
}

function failureClassOf(round: Round, job: WholeJob): FailureClass | null {
  const opening = job.events
    .map(({ body }) => JSON.parse(body) as EventBody)
    .find((body) => body.round?.number === round.number && body.reason === round.reason)
  return (opening?.failure?.class ?? null) as FailureClass | null
}

function decisionView(decision: Round['decisions'][number], { names, notes, because }: ReviewContext) {
  return {
    seq: decision.eventSeq,
    command: decision.command as Command,
    by:
      decision.userId !== null
        ? actorView('person', decision.userId, names)
        : actorView('api_key', decision.apiKeyId, names),
    at: decision.at.toISOString(),
    because: decision.reasonKey === null ? null : (because.get(decision.reasonKey) ?? decision.reasonKey),
    note: decision.noteSha256 === null ? null : (notes.get(decision.noteSha256) ?? null),
    resultHash: decision.resultHash,
    voidedAt: decision.voidedAt?.toISOString() ?? null,
  }
}

function policyView(round: Round, { definition, current }: ReviewContext): ReviewView['policy'] {
  const policy: RoundPolicy = {
    approvals: round.approvals,
    roles: round.stepRoles as RoundPolicy['roles'],
    blind: round.blind,
    individually: round.individually,
    requesterMayApprove: round.requesterMayApprove,
    rule: round.policyRule === null ? null : { id: round.policyRule, label: round.policyLabel ?? round.policyRule },
    isSample: round.isSample,
  }
  const isResult = round.kind === 'result'
  return {
    roles: round.stepRoles as Role[],
    blind: policy.blind,
    individually: policy.individually,
    requesterMayApprove: policy.requesterMayApprove,
    rule: policy.rule,
    isSample: policy.isSample,
    atDeadline: round.atDeadline as ReviewView['policy']['atDeadline'],
    escalateHours: round.escalateHours,
    reason: isResult ? policyReason(policy, definition.review) : null,
    changed: isResult && round.closedAt === null ? policyChanged(policy, current, definition.review) : null,
  }
}

function snoozeOf(round: Round, { names, notes, now }: ReviewContext): ReviewView['snooze'] {
  if (round.closedAt !== null || round.snoozedUntil === null || round.snoozedUntil <= now) return null
  return {
    until: round.snoozedUntil.toISOString(),
    by: round.snoozedBy === null ? null : personOf(round.snoozedBy, names),
    note: round.snoozeNoteSha256 === null ? null : (notes.get(round.snoozeNoteSha256) ?? null),
  }
}

function deliveryOf(
  round: Round,
  { deliveries }: Pick<WholeJob, 'deliveries'>,
  sizes: ReviewContext['sizes'],
): ReviewView['delivery'] {
  const { deliveryKind, deliveryTo, deliverySha256, deliveryHash, deliveryCorrects } = round
  if (deliveryKind === null || deliveryTo === null || deliverySha256 === null || deliveryHash === null) return null
  return {
    kind: deliveryKind,
    destination: deliveryTo,
    bytesHash: deliverySha256,
    size: sizes.get(deliverySha256) ?? 0,
    hash: deliveryHash,
    corrects: deliveries.find(({ id }) => id === deliveryCorrects)?.number ?? null,
  }
}

/** The newest word of each person on each claim of the result that the round is about; what was taken back is left out. */
function newestMarks(marks: Round['marks'], round: Round, names: Names): ReviewView['marks'] {
  const newest = new Map(
    marks
      .filter(({ resultHash }) => resultHash === round.resultHash)
      .map((mark) => [`${mark.claim} ${mark.userId}`, mark]),
  )
  return [...newest.values()]
    .filter(({ verdict }) => verdict !== 'none')
    .map(({ claim, verdict, userId, at }) => ({
      claim,
      verdict: verdict as ReviewView['marks'][number]['verdict'],
      by: personOf(userId, names),
      at: at.toISOString(),
    }))
}

function doubtful(round: Round, { viewer, claims }: ReviewContext): number[] {
  if (!hasRole(viewer, 'reviewer')) return []
  const mine = new Map(
    round.marks
      .filter(({ userId, resultHash }) => userId === viewer.userId && resultHash === round.resultHash)
      .map(({ claim, verdict }) => [claim, verdict]),
  )
  return doubtfulAmong(claims, mine)
}

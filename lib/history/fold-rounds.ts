/** Review rounds as they stood at a moment: folded from the events that name them. Pure. */
import type { ClaimMark, Decision, ReviewClaim, ReviewRound } from '@/lib/generated/prisma/client'
import type { Command } from '@/lib/lifecycle/table'
import { LEASE_MS } from '@/lib/review/lease'
import type { TermsBefore } from './terms-before'
import { isStill, type Then, type Told } from './then'

type Whole = ReviewRound & { decisions: Decision[]; claims: ReviewClaim[]; marks: ClaimMark[] }
type KnownResult = { id: string; sha256: string; attemptId: string }

/** What ends the claim of whoever gives it. */
const ENDS_OWN_CLAIM: readonly Command[] = ['approve', 'endorse', 'answer', 'uphold', 'retry', 'abandon']

/** What stood in place of the terms of a round that was edited later, where they were not kept. */
const NOT_KEPT: TermsBefore = {
  deliveryKind: null,
  deliveryTo: null,
  deliverySha256: null,
  deliveryHash: null,
  deliveryCorrects: null,
  deliveryProblem: 'The result was edited later. What approving it would have sent before is not kept.',
}

/**
 * The rounds that had been opened, each as it stood.
 * @param rounds with all their claims, also those that have ended.
 * @param results those that there were then, the newest first.
 * @param termsBefore by the hash that the event of a revision names: what stood before it.
 */
export function roundsThen<R extends Whole>(
  rounds: readonly R[],
  then: Then,
  { results, termsBefore }: { results: readonly KnownResult[]; termsBefore: ReadonlyMap<string, TermsBefore> },
): (R & { isTold: boolean })[] {
  return rounds.flatMap((round) => {
    const events = then.events.filter(({ body }) => body.round?.number === round.number)
    const opening = events.find(({ body }) => body.from !== 'awaiting_review' && body.to === 'awaiting_review')
    if (opening === undefined) return []
    const closing = events.find(({ body }) => body.from === 'awaiting_review' && body.to !== 'awaiting_review')
    return [roundThen(round, then, { events, opening, closing, results, termsBefore })]
  })
}

type InRound = {
  events: readonly Told[]
  opening: Told
  closing: Told | undefined
  results: readonly KnownResult[]
  termsBefore: ReadonlyMap<string, TermsBefore>
}

function roundThen<R extends Whole>(round: R, then: Then, inRound: InRound): R & { isTold: boolean } {
  const { events, opening, closing, results, termsBefore } = inRound
  const last = (command: Command) => events.findLast(({ body }) => body.command === command)
  const snooze = last('snooze')
  const isAway = snooze !== undefined && snooze.body.until != null
  const resultHash = last('revise')?.body.result ?? opening.body.result ?? null
  return {
    ...round,
    ...termsThen(round, then, termsBefore),
    resultHash,
    resultId:
      results.find(({ sha256, attemptId }) => sha256 === resultHash && attemptId === round.attemptId)?.id ?? null,
    assigneeId: last('assign')?.body.person ?? null,
    snoozedUntil: isAway ? new Date(snooze.body.until ?? 0) : null,
    snoozedBy: isAway ? snooze.body.actor.id : null,
    snoozeNoteSha256: isAway ? (snooze.body.note ?? null) : null,
    escalatedAt: last('escalate')?.at ?? null,
    dueAt: dateOf(events.findLast(({ body }) => MOVES_DUE.includes(body.command))?.body.dueAt ?? opening.body.dueAt),
    closedAt: closing?.at ?? null,
    outcome: closing?.body.command ?? null,
    decisions: decisionsThen(round.decisions, then),
    claims: closing === undefined ? claimsThen(round.claims, then, events) : [],
    marks: round.marks.filter(({ eventSeq }) => eventSeq <= then.seq),
    // What a blind round kept from people is told once it is over, also when one looks back into it.
    isTold: round.closedAt !== null,
  }
}

const MOVES_DUE: readonly Command[] = ['hold', 'reopen', 'undo', 'wait', 'escalate', 'reschedule']

function dateOf(time: string | null): Date | null {
  return time === null ? null : new Date(time)
}

/** The first revision after the moment says what stood before it; without one it is as it is. */
function termsThen(
  { number }: ReviewRound,
  { later }: Then,
  termsBefore: ReadonlyMap<string, TermsBefore>,
): TermsBefore {
  const revision = later.find(({ body }) => body.command === 'revise' && body.round?.number === number)
  if (revision === undefined) return {}
  return termsBefore.get(revision.body.termsBefore ?? '') ?? NOT_KEPT
}

/** Given by then; voided only where what voided it had happened. */
function decisionsThen(decisions: readonly Decision[], then: Then): Decision[] {
  return decisions
    .filter(({ eventSeq }) => eventSeq <= then.seq)
    .map((decision) => {
      const { voidedAt, eventSeq } = decision
      const isVoided =
        voidedAt !== null &&
        then.events.some(
          ({ seq, at, body }) =>
            seq > eventSeq &&
            (body.command === 'revise' || body.command === 'undo') &&
            at.getTime() === voidedAt.getTime(),
        )
      return { ...decision, voidedAt: isVoided ? voidedAt : null }
    })
}

/** Who held a place: claimed, and neither released nor decided. */
function claimsThen(claims: readonly ReviewClaim[], then: Then, events: readonly Told[]): ReviewClaim[] {
  const held = new Map<string, ReviewClaim>()
  const left = claims.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  for (const { body, at } of events) {
    const actor = body.actor.kind === 'person' ? body.actor.id : null
    if (body.command === 'claim' && actor !== null) {
      const place = left.findIndex(({ userId, claimedAt }) => userId === actor && claimedAt.getTime() === at.getTime())
      const claim = place < 0 ? undefined : left.splice(place, 1)[0]
      if (claim !== undefined) held.set(actor, { ...claim, releasedAt: null, leaseUntil: leaseThen(claim, then) })
    } else if (body.command === 'release') {
      held.delete(body.person ?? actor ?? '')
    } else if (ENDS_OWN_CLAIM.includes(body.command)) {
      held.delete(actor ?? '')
    }
  }
  return [...held.values()].toSorted((one, other) => one.claimedAt.getTime() - other.claimedAt.getTime())
}

/** A lease that was kept up later lasted no longer than one from that moment on. */
function leaseThen({ leaseUntil }: ReviewClaim, then: Then): Date {
  const longest = new Date(then.at.getTime() + LEASE_MS)
  return isStill(then) || leaseUntil < longest ? leaseUntil : longest
}

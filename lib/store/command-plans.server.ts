/** What each command of a person changes: the columns that move with it, the round, and when the engine looks next. */
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import { leavingOf, notLeft, putIntoOutbox, standingsWith, withdrawAll } from '@/lib/deliveries/outbox.server'
import type { Job } from '@/lib/generated/prisma/client'
import { dueAtSchema, type GiveCommand } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import { settleUnseen } from '@/lib/money/admit.server'
import { refuseAtCreate } from '@/lib/money/refuse.server'
import { refuseUnreadable } from '@/lib/notices/mentions.server'
import { answersSchema } from '@/lib/tools/answers'
import { inputTooLong } from '@/lib/workflows/request'
import { planAnswer } from './answer-plan.server'
import { putText, readText } from './blobs.server'
import type { Tx } from './db.server'
import { planConfirm, planRedeliver, planWithdraw } from './delivery-plans.server'
import { planAssign, planClaim, planMark, planRelease, planSnooze } from './desk-plans.server'
import { Forbidden, InvalidInput } from './errors'
import type { EventDetail, Transport } from './event-chain'
import { closeRound, type Facts } from './facts.server'
import type { Move } from './move.server'
import { planPrioritise, planReschedule } from './queue-plans.server'
import { planRevise } from './revise-plan.server'
import { askingNoLess, type RoundTerms, resultTerms } from './round-terms.server'
import { sanitiseText } from './sanitise'

/** Text that reaches PostgreSQL as it is. */
const text = () => z.string().overwrite(sanitiseText)

/** What a command may carry besides its note. A name that is misspelt is refused: it would be paid for, and change nothing. */
export const params = z.strictObject({
  /** For the next attempt: what the model should do differently. */
  guidance: z.string().trim().max(10_000).optional(),
  /** For the next attempt: the input, edited. */
  input: z.record(z.string(), z.unknown()).optional(),
  /** The new due time. */
  dueAt: dueAtSchema.optional(),
  /** Where an older call may have been taken or may still be under way: the person has read that both may be paid. */
  mayBePaidTwice: z.boolean().optional(),
  /** Of an older call that is under way: `cancel` it and see its end before anything is sent, or send at once. */
  oldCall: z.enum(['cancel', 'pay']).optional(),
  /** In a round `permission`: an answer to each call that waits. */
  answers: answersSchema.optional(),
  /** In place of the budget per job of its workflow, in US dollars. Leads only. */
  budgetUsd: z.number().positive().max(1_000_000).optional(),
  /** Of a revision: the whole edited text. */
  text: z.string().max(10_000_000).optional(),
  /** What the reviewer found of claims, by their index; `none` takes a mark back. */
  marks: z
    .array(
      z.strictObject({
        claim: z.int().min(0),
        verdict: z.enum(['supported', 'contradicted', 'not_verifiable', 'none']),
      }),
    )
    .max(5_000)
    .optional(),
  /** Whom it is assigned to; null: nobody. */
  assignee: text().nullable().optional(),
  /** Until when it is out of the inbox; null: no longer. */
  until: dueAtSchema.nullable().optional(),
  /** A code of the list of reasons. */
  reason: text().max(60).optional(),
  /** Which delivery it is about; may be left out where there is one. */
  delivery: z.uuid().optional(),
  /** How what was handed over, or did arrive, can be found where it went. */
  reference: text().max(500).optional(),
  /** People to tell of a comment. */
  mentions: z.array(text()).max(20).optional(),
  /** The higher, the sooner it is sent. */
  priority: z.int().min(-100).max(100).optional(),
  /** It is one of several that are decided together. */
  inBulk: z.boolean().optional(),
})
export type Params = z.infer<typeof params>

/** A command on its way: who gives it, to what, and with which words. */
export type Giving = {
  actor: Actor
  jobId: string
  command: Command
  ask: GiveCommand
  params: Params
  transport: Transport
  now: Date
  /** The batch that it belongs to. */
  batch?: string
}

export type Plan = Pick<Move, 'set' | 'round' | 'wakeAt' | 'detail' | 'deliveries'> & {
  after?: (job: Job) => Promise<void>
  /** As `after`, with the hash of the note that came with it. */
  noted?: (noteSha256: string | null) => Promise<void>
}
export type Planner = (tx: Tx, facts: Facts, giving: Giving) => Promise<Plan>

const unreachable: Planner = async () => {
  throw new Forbidden('Only the engine gives this command.')
}

/** How each command is carried out. The worker's own commands are not given by people. */
export const PLANS: Record<Command, Planner> = {
  create: unreachable,
  start: unreachable,
  requeue: unreachable,
  proceed: unreachable,
  postpone: unreachable,
  hold: unreachable,
  accept: unreachable,
  fail: unreachable,
  expire: unreachable,
  adopt: unreachable,
  answer: planAnswer,
  escalate: unreachable,
  dispatch: unreachable,
  delivered: unreachable,
  undelivered: unreachable,
  claim: planClaim,
  release: planRelease,
  assign: planAssign,
  snooze: planSnooze,
  mark: planMark,
  revise: planRevise,
  redeliver: planRedeliver,
  withdraw: planWithdraw,
  confirm: planConfirm,
  prioritise: planPrioritise,
  reschedule: planReschedule,
  approve: planApprove,
  endorse: async (_tx, facts) => ({
    round: facts.round,
    wakeAt: facts.job.dueAt,
    detail: { result: facts.round?.resultHash ?? null },
  }),
  uphold: async (tx, facts, { now }) => ({
    round: null,
    // What had not left goes on.
    wakeAt: facts.deliveries.some(({ state }) => state === 'pending' || state === 'sending') ? now : null,
    detail: { result: facts.round?.resultHash ?? null },
    after: () => closeOpenRound(tx, facts, 'uphold', now),
  }),
  abandon: async (tx, facts, { now }) => ({
    set: { notBefore: null },
    round: null,
    // A call that is under way is cancelled, and what comes back of it is recorded; a delivery is tried no more.
    wakeAt: facts.live === null && !facts.deliveries.some(({ state }) => state === 'sending') ? null : now,
    ...withdrawing(facts),
    after: async ({ version }) => {
      await withdrawAll(tx, notLeft(facts.deliveries), version, now)
      await closeOpenRound(tx, facts, 'abandon', now)
      await endUnknownAttempt(tx, facts, now)
    },
  }),
  retry: planRetry,
  reopen: async (tx, facts, giving) => openRound(tx, facts, giving, 'reopen'),
  undo: async (tx, facts, giving) => {
    const plan = await openRound(tx, facts, giving, 'undo')
    const undone = facts.lastDecision
    return {
      ...plan,
      detail: { ...plan.detail, ...withdrawing(facts).detail },
      after: async (job) => {
        await plan.after?.(job)
        await withdrawAll(tx, notLeft(facts.deliveries), job.version, giving.now)
        if (undone !== null)
          await tx.decision.updateMany({ where: { id: undone.id, voidedAt: null }, data: { voidedAt: giving.now } })
      },
    }
  },
  wait: async (tx, facts, { params, now }) => {
    const dueAt = params.dueAt ? new Date(params.dueAt) : hoursFrom(now, facts.definition.review.dueHours)
    const { round } = facts
    if (round !== null) await tx.reviewRound.updateMany({ where: { id: round.id, closedAt: null }, data: { dueAt } })
    return { set: { dueAt }, round: round === null ? null : { ...round, dueAt }, wakeAt: dueAt }
  },
  comment: async (tx, facts, { params: { mentions = [] } }) => {
    await refuseUnreadable(tx, facts.job, mentions)
    return { round: facts.round, wakeAt: null, detail: mentions.length === 0 ? {} : { mentions } }
  },
}

/** The approval that satisfies the policy: what it lets leave goes into the outbox with it. */
async function planApprove(tx: Tx, facts: Facts, { jobId, now }: Giving): Promise<Plan> {
  const { round, definition, deliveries } = facts
  const leaving = round === null ? null : leavingOf(round, now, definition.review.undoSeconds)
  // Of what was accepted before, only this leaves from now on.
  const replaced = notLeft(deliveries)
  const resultHash = round?.resultHash ?? ''
  return {
    round: null,
    wakeAt: leaving === null || leaving.kind === 'by_hand' ? null : leaving.notBefore,
    detail: {
      result: resultHash,
      ...(leaving === null ? {} : { delivery: { id: leaving.id, hash: leaving.hash } }),
      ...withdrawing(facts).detail,
    },
    deliveries: standingsWith(deliveries, { ids: replaced.map(({ id }) => id), state: 'withdrawn' }, leaving),
    after: async ({ version: eventSeq }) => {
      await withdrawAll(tx, replaced, eventSeq, now)
      if (leaving !== null) {
        const number = (deliveries.at(-1)?.number ?? 0) + 1
        await putIntoOutbox(tx, leaving, { jobId, roundId: round?.id ?? null, eventSeq, resultHash, number, now })
      }
      await closeOpenRound(tx, facts, 'approve', now)
    },
  }
}

/** What had not left, and will not: the event says so. */
function withdrawing({ deliveries }: Facts): { detail: EventDetail } {
  const ids = notLeft(deliveries).map(({ id }) => id)
  return { detail: ids.length === 0 ? {} : { withdrawn: ids } }
}

/** The budget that a person gives the job, in millionths of a dollar. */
function microsOf({ budgetUsd }: Params): bigint | null {
  return budgetUsd === undefined ? null : BigInt(Math.round(budgetUsd * 1_000_000))
}

async function planRetry(tx: Tx, facts: Facts, { actor, params, now }: Giving): Promise<Plan> {
  if (params.budgetUsd !== undefined && !hasRole(actor, 'lead')) {
    throw new Forbidden('Only a lead may give a job a budget of its own.')
  }
  await refuseTooLong(tx, facts, params, now)
  const dueAt = params.dueAt
    ? new Date(params.dueAt)
    : new Date(now.getTime() + facts.definition.limits.deadlineMinutes * 60_000)
  const guidance = params.guidance ? await putText(tx, params.guidance) : await unsentGuidance(tx, facts, params)
  const input = params.input === undefined ? facts.job.inputSha256 : await putText(tx, JSON.stringify(params.input))
  return {
    set: {
      dueAt,
      guidanceSha256: guidance,
      inputSha256: input,
      notBefore: null,
      tries: 0,
      failureClass: null,
      failureCode: null,
      continuesId: goesOn(facts, params) ? facts.job.continuesId : null,
      clockAt: now,
      ...(params.budgetUsd === undefined ? {} : { budgetMicros: microsOf(params) }),
    },
    round: null,
    wakeAt: now,
    detail: {
      guidance,
      ...(input === facts.job.inputSha256 ? {} : { input }),
      ...(params.mayBePaidTwice ? { mayBePaidTwice: true } : {}),
      ...withdrawing(facts).detail,
    },
    after: async ({ version }) => {
      await withdrawAll(tx, notLeft(facts.deliveries), version, now)
      await closeOpenRound(tx, facts, 'retry', now)
      await endUnknownAttempt(tx, facts, now)
      if (params.oldCall === 'pay') await giveUpLiveAttempt(tx, facts, now)
    },
  }
}

/** What an earlier retry asked of an attempt that was held before it was sent: whoever lets it go on has not taken it back. */
async function unsentGuidance(tx: Tx, { job, round }: Facts, { guidance }: Params): Promise<string | null> {
  if (guidance !== undefined || round === null || job.guidanceSha256 === null) return null
  const asked = await tx.event.findFirst({
    where: { jobId: job.id, command: { in: ['start', 'retry'] } },
    select: { command: true },
    orderBy: { seq: 'desc' },
  })
  return asked?.command === 'retry' ? job.guidanceSha256 : null
}

/** What was held before its next attempt was sent, by a rule of ours that the person has mended since. */
const HELD_BEFORE_SENDING = ['budget_job', 'price_unknown', 'secret_missing']

/** Whether a retry goes on where the run was held: else it begins anew, and no answer to an earlier call is sent. */
function goesOn({ round }: Facts, { guidance, input }: Params): boolean {
  return HELD_BEFORE_SENDING.includes(round?.reason ?? '') && guidance === undefined && input === undefined
}

/** With guidance or edited input, the request may be longer than the model takes: said before anything is paid. */
async function refuseTooLong(tx: Tx, { job, definition }: Facts, params: Params, now: Date): Promise<void> {
  const stored = params.input === undefined ? await readText(tx, job.inputSha256) : null
  const input = params.input ?? (stored === null ? {} : (JSON.parse(stored) as Record<string, unknown>))
  const rows = await tx.jobDocument.findMany({ where: { jobId: job.id }, include: { document: true } })
  const documents = rows.map(({ document }) => document)
  const sentence = inputTooLong(definition, input, documents, params.guidance ?? null)
  if (sentence !== null) throw new InvalidInput(sentence, [{ pointer: '/params/guidance', detail: sentence }])
  const own = JSON.stringify(input).length + (params.guidance?.length ?? 0)
  const characters = documents.reduce((sum, document) => sum + document.characters, own)
  const budgetMicros = microsOf(params) ?? job.budgetMicros
  const tooDear = await refuseAtCreate(tx, definition, { characters, now, budgetMicros })
  if (tooDear !== null) throw new InvalidInput(tooDear, [{ pointer: '/params/budgetUsd', detail: tooDear }])
}

/** Opens a new round on the kept result. */
async function openRound(tx: Tx, facts: Facts, { params, now }: Giving, openedBy: 'reopen' | 'undo'): Promise<Plan> {
  const { result, definition, job } = facts
  if (result === null) throw new InvalidInput('There is no result to look at. Retry the job instead.')
  const rounds = await tx.reviewRound.findMany({ where: { jobId: job.id }, orderBy: { number: 'desc' } })
  const before = rounds[0] ?? null
  const number = facts.roundCount + 1
  const whole = await tx.result.findUniqueOrThrow({ where: { id: result.id } })
  const terms = await resultTerms(tx, { job, definition, result: whole, at: now })
  // An undone approval is decided anew under the terms that its round had, on the same bytes.
  const columns =
    openedBy === 'undo' && before !== null
      ? termsOf(before)
      : rounds
          .filter(({ kind, attemptId }) => kind === 'result' && attemptId === result.attemptId)
          .reduce((asked, earlier) => askingNoLess(asked, earlier), terms.columns)
  const dueAt = params.dueAt ? new Date(params.dueAt) : hoursFrom(now, terms.dueHours)
  await tx.reviewRound.create({
    data: {
      id: uuidv7(),
      jobId: job.id,
      number,
      kind: 'result',
      reason: openedBy === 'reopen' ? 'reopened' : 'undone',
      openedBy,
      attemptId: result.attemptId,
      resultId: result.id,
      resultHash: result.sha256,
      ...columns,
      dueAt,
      openedAt: now,
    },
  })
  return {
    set: { dueAt },
    round: { kind: 'result', dueAt },
    // What still runs of an earlier attempt is wound down first.
    wakeAt: facts.live === null ? dueAt : now,
    detail: {
      result: result.sha256,
      reason: openedBy === 'reopen' ? 'reopened' : 'undone',
      round: { number, kind: 'result' },
    },
  }
}

function termsOf(round: RoundTerms): RoundTerms {
  return {
    approvals: round.approvals,
    requesterMayApprove: round.requesterMayApprove,
    stepRoles: round.stepRoles,
    blind: round.blind,
    individually: round.individually,
    policyRule: round.policyRule,
    policyLabel: round.policyLabel,
    atDeadline: round.atDeadline,
    escalateHours: round.escalateHours,
    risk: round.risk,
    deliveryKind: round.deliveryKind,
    deliveryTo: round.deliveryTo,
    deliverySha256: round.deliverySha256,
    deliveryHash: round.deliveryHash,
    deliveryCorrects: round.deliveryCorrects,
    deliveryProblem: round.deliveryProblem,
  }
}

function hoursFrom(now: Date, hours: number): Date {
  return new Date(now.getTime() + hours * 3_600_000)
}

async function closeOpenRound(tx: Tx, facts: Facts, outcome: Command, now: Date): Promise<void> {
  if (facts.round !== null) await closeRound(tx, facts.round, outcome, now)
}

/** Somebody chose not to wait for the end of a call that is under way: it is let go, and may be paid beside the next. */
async function giveUpLiveAttempt(tx: Tx, { live }: Facts, now: Date): Promise<void> {
  if (live === null || live.providerStatus === 'unknown') return
  const outcome = { sentence: 'It was let go while it was under way: a person chose to send again at once.' }
  // Of one that is still being sent no answer is waited for either.
  const status = live.providerStatus === 'sending' ? { providerStatus: 'unknown' } : {}
  await settleUnseen(tx, live.id, now)
  await tx.attempt.updateMany({ where: { id: live.id, endedAt: null }, data: { endedAt: now, outcome, ...status } })
}

/** An attempt whose answer was lost has no id to look for: deciding its round is the end of it. */
async function endUnknownAttempt(tx: Tx, facts: Facts, now: Date): Promise<void> {
  if (facts.live?.providerStatus !== 'unknown') return
  await settleUnseen(tx, facts.live.id, now)
  await tx.attempt.updateMany({ where: { id: facts.live.id, endedAt: null }, data: { endedAt: now } })
}

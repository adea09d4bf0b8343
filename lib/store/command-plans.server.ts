/** What each command of a person changes: the columns that move with it, the round, and when the engine looks next. */
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import type { Job } from '@/lib/generated/prisma/client'
import { dueAtSchema, type GiveCommand } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import { settleUnseen } from '@/lib/money/admit.server'
import { refuseAtCreate } from '@/lib/money/refuse.server'
import { answersSchema } from '@/lib/tools/answers'
import { inputTooLong } from '@/lib/workflows/request'
import { planAnswer } from './answer-plan.server'
import { putText, readText } from './blobs.server'
import type { Tx } from './db.server'
import { Forbidden, InvalidInput } from './errors'
import type { Transport } from './event-chain'
import { closeRound, type Facts } from './facts.server'
import type { Move } from './move.server'

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
}

export type Plan = Pick<Move, 'set' | 'round' | 'wakeAt' | 'detail'> & { after?: (job: Job) => Promise<void> }
type Planner = (tx: Tx, facts: Facts, giving: Giving) => Promise<Plan>

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
  approve: async (tx, facts, { now }) => ({
    round: null,
    wakeAt: null,
    detail: { result: facts.round?.resultHash ?? null },
    after: () => closeOpenRound(tx, facts, 'approve', now),
  }),
  endorse: async (_tx, facts) => ({
    round: facts.round,
    wakeAt: facts.job.dueAt,
    detail: { result: facts.round?.resultHash ?? null },
  }),
  uphold: async (tx, facts, { now }) => ({
    round: null,
    wakeAt: null,
    detail: { result: facts.round?.resultHash ?? null },
    after: () => closeOpenRound(tx, facts, 'uphold', now),
  }),
  abandon: async (tx, facts, { now }) => ({
    set: { notBefore: null },
    round: null,
    // A call that is under way is cancelled, and what comes back of it is recorded.
    wakeAt: facts.live === null ? null : now,
    after: async () => {
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
      after: async (job) => {
        await plan.after?.(job)
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
  comment: async (_tx, facts) => ({ round: facts.round, wakeAt: null }),
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
  const guidance = params.guidance ? await putText(tx, params.guidance) : null
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
    detail: { guidance, ...(input === facts.job.inputSha256 ? {} : { input }) },
    after: async () => {
      await closeOpenRound(tx, facts, 'retry', now)
      await endUnknownAttempt(tx, facts, now)
      if (params.oldCall === 'pay') await giveUpLiveAttempt(tx, facts, now)
    },
  }
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
  const dueAt = params.dueAt ? new Date(params.dueAt) : hoursFrom(now, definition.review.dueHours)
  const before = await tx.reviewRound.findFirst({ where: { jobId: job.id }, orderBy: { number: 'desc' } })
  const number = facts.roundCount + 1
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
      // An undone approval is decided anew under the policy that its round had.
      approvals: (openedBy === 'undo' ? before?.approvals : undefined) ?? Math.max(definition.review.approvals, 1),
      requesterMayApprove:
        (openedBy === 'undo' ? before?.requesterMayApprove : undefined) ?? definition.review.requesterMayApprove,
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
  await settleUnseen(tx, live.id, now)
  await tx.attempt.updateMany({ where: { id: live.id, endedAt: null }, data: { endedAt: now, outcome } })
}

/** An attempt whose answer was lost has no id to look for: deciding its round is the end of it. */
async function endUnknownAttempt(tx: Tx, facts: Facts, now: Date): Promise<void> {
  if (facts.live?.providerStatus !== 'unknown') return
  await settleUnseen(tx, facts.live.id, now)
  await tx.attempt.updateMany({ where: { id: facts.live.id, endedAt: null }, data: { endedAt: now } })
}

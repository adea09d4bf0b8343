/** What people do to a job: one command, one transaction, once. */
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { approvalCommand, can } from '@/lib/access/can'
import type { Job } from '@/lib/generated/prisma/client'
import type { GiveCommand } from '@/lib/jobs/view'
import { type Command, commandInfo, commandNames, type State } from '@/lib/lifecycle/table'
import { validateInput } from '@/lib/workflows/input'
import { actorOf } from './actor'
import { putText } from './blobs.server'
import type { Db, Tx } from './db.server'
import { Forbidden, InvalidInput, JobConflict, LostRace, NotFound } from './errors'
import type { EventDetail, Transport } from './event-chain'
import { closeRound, type Facts, factsForCan, isCurrent, loadFacts } from './facts.server'
import { type Move, move, transact } from './move.server'

const params = z.object({
  /** For the next attempt: what the model should do differently. */
  guidance: z.string().trim().max(10_000).optional(),
  /** For the next attempt: the input, edited. */
  input: z.record(z.string(), z.unknown()).optional(),
  /** The new due time. */
  dueAt: z.iso.datetime({ offset: true }).optional(),
  /** In a round `unknown`: the person has read that a resend may be paid twice. */
  mayBePaidTwice: z.boolean().optional(),
})
type Params = z.infer<typeof params>

export type Given = {
  job: Job /** Which command it was: `approve` may turn out to be an `endorse`. */
  command: Command
}

/**
 * Gives `ask.command` to a job for `actor`. It takes effect once, whatever races.
 * @throws {NotFound | Forbidden | InvalidInput | JobConflict}
 */
export async function giveCommand(
  db: Db,
  actor: Actor,
  jobId: string,
  ask: GiveCommand,
  transport: Extract<Transport, 'browser' | 'api'>,
  now = new Date(),
): Promise<Given> {
  const command = ask.command as Command
  if (!commandNames.includes(command) || commandInfo(command).label === null || command === 'create') {
    throw new InvalidInput(`There is no command "${ask.command}" that a person may give.`, [
      { pointer: '/command', detail: 'Use one of the job’s allowedCommands.' },
    ])
  }
  const parsed = params.safeParse(ask.params ?? {})
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => ({
      pointer: `/params/${issue.path.join('/')}`,
      detail: issue.message,
    }))
    throw new InvalidInput('The parameters of the command cannot be used.', errors)
  }
  try {
    return await transact(db, (tx) => give(tx, { actor, jobId, command, ask, params: parsed.data, transport, now }))
  } catch (error) {
    if (!(error instanceof LostRace)) throw error
    const facts = await loadFacts(db, jobId)
    throw await conflict(db, facts.job, `Somebody else was faster, so “${labelOf(command)}” changed nothing.`)
  }
}

type Giving = {
  actor: Actor
  jobId: string
  command: Command
  ask: GiveCommand
  params: Params
  transport: Transport
  now: Date
}

async function give(tx: Tx, giving: Giving): Promise<Given> {
  const { actor, jobId, ask, now } = giving
  const facts = await loadFacts(tx, jobId)
  const command = settleWhichApproval(facts, giving.command, now)
  await refuseForbidden(tx, facts, command, giving)
  await refuseStale(tx, facts, command, ask)
  refuseUnfinished(facts, command, giving)

  const note = ask.note?.trim() ? await putText(tx, ask.note.trim()) : null
  const plan = await PLANS[command](tx, facts, giving)
  const detail: EventDetail = { ...plan.detail, ...(note === null ? {} : { note }) }
  if (facts.round !== null) detail.round = { number: facts.round.number, kind: facts.round.kind }
  const job = await move(tx, facts.job, {
    ...plan,
    command,
    actor: actorOf(actor),
    transport: giving.transport,
    now,
    detail,
  })
  // The decision goes in while its round is still open: the database refuses it afterwards.
  if (facts.round !== null && DECISIONS.includes(command)) {
    await tx.decision.create({
      data: {
        id: uuidv7(),
        roundId: facts.round.id,
        jobId,
        command,
        userId: actor.userId,
        apiKeyId: actor.apiKeyId,
        resultHash: facts.round.resultHash,
        noteSha256: note,
        at: now,
        eventSeq: job.version,
      },
    })
  }
  await plan.after?.(job)
  return { job, command }
}

const DECISIONS: Command[] = ['approve', 'endorse', 'answer', 'uphold', 'retry', 'abandon']

function labelOf(command: Command): string {
  return commandInfo(command).label ?? command
}

async function refuseForbidden(tx: Tx, facts: Facts, command: Command, { actor, now }: Giving): Promise<void> {
  const verdict = can(actor, command, factsForCan(facts, now))
  if (verdict.allowed) return
  if (verdict.code === 'hidden') throw new NotFound('There is no such job.')
  if (verdict.code === 'state') throw await conflict(tx, facts.job, verdict.why)
  throw new Forbidden(verdict.why)
}

/** A command on what is no longer current changes nothing and says who was there before. */
async function refuseStale(tx: Tx, facts: Facts, command: Command, ask: GiveCommand): Promise<void> {
  const { job, round } = facts
  if (ask.expectedVersion !== undefined && !(await isCurrent(tx, job, ask.expectedVersion))) {
    throw await conflict(tx, job, `The job has moved on, so “${labelOf(command)}” changed nothing.`)
  }
  const binds = command === 'approve' || command === 'endorse' || command === 'uphold'
  if (binds && ask.resultHash === undefined) {
    throw new InvalidInput('Name the result that you decide on.', [
      { pointer: '/resultHash', detail: 'The hash of the result as it was read.' },
    ])
  }
  if (ask.resultHash !== undefined && round?.resultHash != null && ask.resultHash !== round.resultHash) {
    throw await conflict(tx, job, 'The result on your screen is not the current one, so nothing was decided.')
  }
}

async function conflict(tx: Tx, job: Job, message: string): Promise<JobConflict> {
  const last = await tx.event.findFirstOrThrow({
    where: { jobId: job.id, command: { not: 'comment' } },
    orderBy: { seq: 'desc' },
  })
  return new JobConflict(message, {
    command: last.command,
    state: job.state as State,
    by: { kind: last.actorKind as 'person', id: last.actorId },
    at: last.at,
  })
}

/** Whether an approval completes the job, or only counts towards what the policy asks for. */
function settleWhichApproval(facts: Facts, command: Command, now: Date): Command {
  const round = factsForCan(facts, now).round
  if ((command !== 'approve' && command !== 'endorse') || round === null) return command
  return approvalCommand(round)
}

function refuseUnfinished(facts: Facts, command: Command, { ask, params, now }: Giving): void {
  const errors: { pointer: string; detail: string }[] = []
  if (commandInfo(command).note === 'required' && !ask.note?.trim()) {
    errors.push({
      pointer: '/note',
      detail: command === 'comment' ? 'Write the comment.' : 'Give a reason: it is kept in the history.',
    })
  }
  if (params.dueAt !== undefined && new Date(params.dueAt) <= now) {
    errors.push({ pointer: '/params/dueAt', detail: 'The due time has passed already. Choose a later one.' })
  }
  if (command === 'retry' && facts.round?.kind === 'unknown' && params.mayBePaidTwice !== true) {
    errors.push({ pointer: '/params/mayBePaidTwice', detail: 'Confirm that this may be paid twice.' })
  }
  if (params.input !== undefined) {
    errors.push(
      ...validateInput(facts.definition, params.input).map((error) => ({
        ...error,
        pointer: `/params/input${error.pointer}`,
      })),
    )
  }
  if (errors.length > 0) throw new InvalidInput(errors.map((error) => error.detail).join(' '), errors)
}

type Plan = Pick<Move, 'set' | 'round' | 'wakeAt' | 'detail'> & { after?: (job: Job) => Promise<void> }
type Planner = (tx: Tx, facts: Facts, giving: Giving) => Promise<Plan>

const unreachable: Planner = async () => {
  throw new Forbidden('Only the engine gives this command.')
}

const PLANS: Record<Command, Planner> = {
  create: unreachable,
  start: unreachable,
  requeue: unreachable,
  hold: unreachable,
  accept: unreachable,
  fail: unreachable,
  expire: unreachable,
  adopt: unreachable,
  answer: async () => {
    throw new InvalidInput('No workflow of this version gives the model tools, so no call waits for an answer.')
  },
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

async function planRetry(tx: Tx, facts: Facts, { params, now }: Giving): Promise<Plan> {
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
    },
    round: null,
    wakeAt: now,
    detail: { guidance, ...(input === facts.job.inputSha256 ? {} : { input }) },
    after: async () => {
      await closeOpenRound(tx, facts, 'retry', now)
      await endUnknownAttempt(tx, facts, now)
    },
  }
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
    wakeAt: dueAt,
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

/** An attempt whose answer was lost has no id to look for: deciding its round is the end of it. */
async function endUnknownAttempt(tx: Tx, facts: Facts, now: Date): Promise<void> {
  if (facts.live?.providerStatus !== 'unknown') return
  await tx.attempt.updateMany({ where: { id: facts.live.id, endedAt: null }, data: { endedAt: now } })
}

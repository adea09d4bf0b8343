/** What people do to a job: one command, one transaction, once. */
import { v7 as uuidv7 } from 'uuid'
import type { Actor } from '@/lib/access/actor'
import { approvalCommand, can } from '@/lib/access/can'
import type { Job } from '@/lib/generated/prisma/client'
import type { GiveCommand } from '@/lib/jobs/view'
import { type Command, commandInfo, commandNames, type State } from '@/lib/lifecycle/table'
import { TALK } from '@/lib/lifecycle/talk'
import { tellOfCommand } from '@/lib/notices/of-command.server'
import { isBlindNow, TELLING } from '@/lib/review/blind'
import { refuseHeldByOthers } from '@/lib/review/claims.server'
import { noteWork } from '@/lib/review/work.server'
import { validateInput } from '@/lib/workflows/input'
import { actorOf } from './actor'
import { putText } from './blobs.server'
import { type Giving, PLANS, params } from './command-plans.server'
import type { Db, Tx } from './db.server'
import { Forbidden, InvalidInput, JobConflict, LostRace, NotFound } from './errors'
import type { EventDetail, Transport } from './event-chain'
import { type Facts, factsForCan, isCurrent, loadFacts, lockFacts } from './facts.server'
import { move, transact } from './move.server'
import { refuseUnreasoned } from './reasons.server'

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
    throw await conflict(
      db,
      facts,
      { actor, command },
      `Somebody else was faster, so “${labelOf(command)}” changed nothing.`,
    )
  }
}

/**
 * Claims a job within a transaction that chose it, as `giveCommand` would.
 * @throws {Forbidden | InvalidInput | JobConflict | LostRace}
 */
export function claimWithin(tx: Tx, actor: Actor, jobId: string, transport: Transport, now: Date): Promise<Given> {
  return give(tx, { actor, jobId, command: 'claim', ask: { command: 'claim' }, params: {}, transport, now })
}

/**
 * Retries a job as one of a batch, within a transaction that records what became of it.
 * @throws {NotFound | Forbidden | InvalidInput | JobConflict | LostRace}
 */
export function retryWithin(
  tx: Tx,
  actor: Actor,
  {
    jobId,
    expectedVersion,
    note,
    batch,
    now,
  }: { jobId: string; expectedVersion: number; note: string; batch: string; now: Date },
): Promise<Given> {
  const ask = { command: 'retry', expectedVersion, note }
  return give(tx, { actor, jobId, command: 'retry', ask, params: {}, transport: 'timer', now, batch })
}

async function give(tx: Tx, giving: Giving): Promise<Given> {
  const { actor, jobId, ask, now } = giving
  const facts = await lockFacts(tx, jobId)
  const command = settleWhichApproval(facts, giving.command, now)
  await refuseForbidden(tx, facts, command, giving)
  await refuseStale(tx, facts, command, giving)
  refuseUnfinished(facts, command, giving)
  await refuseUnreasoned(tx, facts, command, giving)
  if (CLAIMED.includes(command)) await refuseHeldByOthers(tx, facts, actor.userId, now)

  const note = ask.note?.trim() ? await putText(tx, ask.note.trim()) : null
  const plan = await PLANS[command](tx, facts, giving)
  const because = giving.params.reason
  const detail: EventDetail = {
    ...plan.detail,
    ...(note === null ? {} : { note }),
    ...(because === undefined ? {} : { because }),
    ...(giving.batch === undefined ? {} : { batch: giving.batch }),
  }
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
        ...approvalColumns(facts, command),
        reasonKey: because ?? null,
        noteSha256: note,
        at: now,
        eventSeq: job.version,
      },
    })
  }
  await plan.after?.(job)
  await plan.noted?.(note)
  await noteDecision(tx, facts, command, giving)
  await tellOfCommand(tx, facts, job, command, giving)
  return { job, command }
}

/** Who holds the last place may decide; others are told who it is. */
const CLAIMED: Command[] = ['approve', 'endorse', 'answer', 'uphold', 'revise', 'retry', 'abandon']

/** What an approval binds beside the result: what leaves, and the how manieth of its round it is. */
function approvalColumns({ round }: Facts, command: Command): { deliveryHash: string | null; step: number | null } {
  if (round === null || (command !== 'approve' && command !== 'endorse')) return { deliveryHash: null, step: null }
  const before = round.decisions.filter(
    (decision) => decision.voidedAt === null && (decision.command === 'approve' || decision.command === 'endorse'),
  )
  return { deliveryHash: round.deliveryHash, step: before.length }
}

/** Whoever decided is done with it: their claim ends, and the figures know when. */
async function noteDecision(tx: Tx, { round }: Facts, command: Command, { actor, jobId, now }: Giving): Promise<void> {
  const userId = actor.userId
  if (round === null || userId === null || !DECISIONS.includes(command)) return
  await tx.reviewClaim.updateMany({ where: { roundId: round.id, userId, releasedAt: null }, data: { releasedAt: now } })
  await noteWork(tx, { roundId: round.id, jobId, userId, step: 'decided', at: now, decision: command })
}

const DECISIONS: Command[] = ['approve', 'endorse', 'answer', 'uphold', 'retry', 'abandon']

function labelOf(command: Command): string {
  return commandInfo(command).label ?? command
}

async function refuseForbidden(tx: Tx, facts: Facts, command: Command, giving: Giving): Promise<void> {
  const verdict = can(giving.actor, command, factsForCan(facts, giving.now))
  if (verdict.allowed) return
  if (verdict.code === 'hidden') throw new NotFound('There is no such job.')
  if (verdict.code === 'state') throw await conflict(tx, facts, giving, verdict.why)
  throw new Forbidden(verdict.why)
}

/** A command on what is no longer current changes nothing and says who was there before. */
async function refuseStale(tx: Tx, facts: Facts, command: Command, giving: Giving): Promise<void> {
  const { ask } = giving
  const { round } = facts
  if (ask.expectedVersion !== undefined && !(await isCurrent(tx, facts, ask.expectedVersion))) {
    throw await conflict(tx, facts, giving, `The job has moved on, so “${labelOf(command)}” changed nothing.`)
  }
  const binds = BINDS.includes(command)
  if (binds && ask.resultHash === undefined) {
    throw new InvalidInput('Name the result that you decide on.', [
      { pointer: '/resultHash', detail: 'The hash of the result as it was read.' },
    ])
  }
  if (ask.resultHash !== undefined && round?.resultHash != null && ask.resultHash !== round.resultHash) {
    throw await conflict(tx, facts, giving, 'The result on your screen is not the current one, so nothing was decided.')
  }
  const lets = command === 'approve' || command === 'endorse' ? (round?.deliveryHash ?? null) : null
  if (lets !== null && ask.deliveryHash === undefined) {
    throw new InvalidInput('Name the delivery that you let leave.', [
      { pointer: '/deliveryHash', detail: 'The hash of the delivery as it was read.' },
    ])
  }
  if (lets !== null && ask.deliveryHash !== lets) {
    throw await conflict(tx, facts, giving, 'What would leave is not what was on your screen, so nothing was decided.')
  }
}

/** They are about exactly the result that was read. */
const BINDS: Command[] = ['approve', 'endorse', 'uphold', 'revise', 'mark']

/**
 * Names what happened last. Whoever decides is told of what changes a decision: a colleague's claim did not stop them.
 * In a blind round that is open, nothing is named that would tell of others.
 */
async function conflict(
  tx: Tx,
  { job, round }: Facts,
  { actor, command }: Pick<Giving, 'actor' | 'command'>,
  message: string,
): Promise<JobConflict> {
  const own = [actor.userId, actor.apiKeyId].filter((id) => id !== null)
  const told = { OR: [{ command: { notIn: [...TELLING] } }, { actorId: { in: own } }] }
  const isBeside = TALK.includes(command) || ABOUT_WHAT_LEAVES.includes(command)
  // The first event of every job is no talk, so there always is one.
  const last = await tx.event.findFirstOrThrow({
    where: {
      jobId: job.id,
      command: { notIn: isBeside ? ['comment'] : [...TALK] },
      ...(round !== null && isBlindNow(round) ? told : {}),
    },
    orderBy: { seq: 'desc' },
  })
  return new JobConflict(message, {
    command: last.command,
    state: job.state as State,
    by: { kind: last.actorKind as 'person', id: last.actorId },
    at: last.at,
  })
}

/** What became of a delivery decides whether they are possible. */
const ABOUT_WHAT_LEAVES: Command[] = ['undo', 'redeliver', 'withdraw']

/** Whether an approval completes the job, or only counts towards what the policy asks for. */
function settleWhichApproval(facts: Facts, command: Command, now: Date): Command {
  const round = factsForCan(facts, now).round
  if ((command !== 'approve' && command !== 'endorse') || round === null) return command
  return approvalCommand(round)
}

/** Whether asking again may be paid beside a call that was taken before and of which nobody saw the end. */
function mayPayTwice({ round, live, hasUnseenEnd }: Facts, { oldCall }: Giving['params']): boolean {
  if (hasUnseenEnd || round?.kind === 'unknown') return true
  // Without an id there is nothing to cancel, and nobody may ever see its end.
  return live !== null && (live.responseId === null || oldCall === 'pay')
}

function refuseUnfinished(facts: Facts, command: Command, { ask, params, now }: Giving): void {
  const errors: { pointer: string; detail: string }[] = []
  if (params.inBulk && facts.round?.individually) {
    const label = facts.round.policyLabel === null ? '' : ` (${facts.round.policyLabel})`
    errors.push({
      pointer: '/params/inBulk',
      detail: `Each of these is decided by itself${label}. Open it, and decide there.`,
    })
  }
  if (commandInfo(command).note === 'required' && !ask.note?.trim() && !(command === 'abandon' && params.reason)) {
    errors.push({
      pointer: '/note',
      detail: command === 'comment' ? 'Write the comment.' : 'Give a reason: it is kept in the history.',
    })
  }
  if (params.dueAt !== undefined && new Date(params.dueAt) <= now) {
    errors.push({ pointer: '/params/dueAt', detail: 'The due time has passed already. Choose a later one.' })
  }
  if (command === 'retry' && mayPayTwice(facts, params) && params.mayBePaidTwice !== true) {
    errors.push({ pointer: '/params/mayBePaidTwice', detail: 'Confirm that this may be paid twice.' })
  }
  if (params.input !== undefined) {
    errors.push(
      ...validateInput(facts.definition, params.input).map((error) => ({
        ...error,
        pointer: `/params${error.pointer}`,
      })),
    )
  }
  if (errors.length > 0) throw new InvalidInput(errors.map((error) => error.detail).join(' '), errors)
}

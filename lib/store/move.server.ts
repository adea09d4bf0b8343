/** The one way in which a job moves: a guarded UPDATE, its event, and its wake-up, in one transaction. */
import { type Job, Prisma, type ReviewRound } from '@/lib/generated/prisma/client'
import {
  type DeliveryStanding,
  type DeliveryState,
  type NextActionFacts,
  nextActionOf,
} from '@/lib/lifecycle/next-action'
import { type Command, isSettled, nextState, type RoundKind, type State } from '@/lib/lifecycle/table'
import { isDeadlock } from './database-away'
import type { Db, Tx } from './db.server'
import { LostRace } from './errors'
import { type EventActor, type EventBody, type EventDetail, eventHash, GENESIS, type Transport } from './event-chain'

export const SYSTEM: EventActor = { kind: 'system', id: null }

export type Move = {
  command: Command
  actor: EventActor
  transport: Transport
  now: Date
  detail?: EventDetail
  /** Other columns that change with it. */
  set?: Partial<
    Pick<
      Job,
      | 'dueAt'
      | 'notBefore'
      | 'tries'
      | 'failureClass'
      | 'failureCode'
      | 'guidanceSha256'
      | 'inputSha256'
      | 'rehearsal'
      | 'continuesId'
      | 'clockAt'
      | 'budgetMicros'
      | 'failureSignal'
      | 'priority'
    >
  >
  /** The round that is open after the move; null: none. */
  round: Pick<ReviewRound, 'kind' | 'dueAt'> | null
  /** When the engine should look at the job next; null: nothing is due. */
  wakeAt: Date | null
  /** How its deliveries stand after the move; absent: as they are stored. */
  deliveries?: readonly DeliveryStanding[]
}

/**
 * Moves `job` along a row of the life-cycle table. Only the row as it was read is changed: its version stands in the
 * WHERE of the UPDATE.
 * @returns the job as it is now.
 * @throws {LostRace} when the job has moved on since it was read, or the table does not allow the move.
 */
export async function move(
  tx: Tx,
  job: Job,
  { command, actor, transport, now, detail = {}, set = {}, round, wakeAt, deliveries }: Move,
): Promise<Job> {
  const from = job.state as State
  const to = nextState(command, from)
  if (to === null) throw new LostRace(`${command} does not lead on from ${from}`)

  const settledAt = isSettled(to) ? (isSettled(from) && to === from ? job.settledAt : now) : null
  const dueAt = 'dueAt' in set ? (set.dueAt ?? null) : job.dueAt
  const body = JSON.stringify({
    v: 1,
    command,
    from,
    to,
    at: now.toISOString(),
    actor,
    transport,
    dueAt: dueAt?.toISOString() ?? null,
    settledAt: settledAt?.toISOString() ?? null,
    ...detail,
  } satisfies EventBody)
  const seq = job.version + 1
  const hash = eventHash(job.id, seq, job.headHash, body)
  const next = nextActionOf(
    {
      ...factsOf(to, round, dueAt, 'notBefore' in set ? (set.notBefore ?? null) : job.notBefore),
      deliveries: to === 'completed' ? (deliveries ?? (await standingsOf(tx, job.id))) : [],
    },
    now,
  )

  const { rehearsal, ...columns } = set
  // What has not failed failed nowhere.
  const forgets = 'failureClass' in set && set.failureClass === null
  const changed = await tx.job.updateManyAndReturn({
    where: { id: job.id, version: job.version, state: from },
    data: {
      ...columns,
      ...(forgets ? { failureSignal: null } : {}),
      ...(rehearsal === undefined ? {} : { rehearsal: rehearsal ?? undefined }),
      state: to,
      version: seq,
      headHash: hash,
      lastCommand: command,
      changedAt: now,
      settledAt,
      dueAt,
      fence: command === 'start' ? job.fence + 1 : job.fence,
      nextKind: next.kind,
      nextDueAt: next.dueAt,
      nextRank: next.rank,
    },
  })
  const moved = changed[0]
  if (moved === undefined) throw new LostRace(`job ${job.number} is no longer at version ${job.version}`)

  const { id, headHash } = job
  const event = Prisma.sql`
    INSERT INTO event (job_id, seq, at, command, from_state, to_state, actor_kind, actor_id, transport, body, prev_hash, hash)
    VALUES (${id}::uuid, ${seq}::int, ${now}::timestamptz, ${command}, ${from}, ${to}, ${actor.kind}, ${actor.id},
            ${transport}, ${body}, ${headHash}, ${hash})`
  if (wakeAt === null) await tx.$executeRaw(event)
  else {
    const at = isSettled(to) ? wakeAt : earlier(wakeAt, dueAt)
    await tx.$executeRaw`WITH told AS (${event}) SELECT holdpoint_wake(${id}::uuid, ${at}::timestamptz)`
  }
  return moved
}

async function standingsOf(tx: Tx, jobId: string): Promise<DeliveryStanding[]> {
  const rows = await tx.delivery.findMany({ where: { jobId }, select: { state: true, kind: true } })
  return rows.map(({ state, kind }) => ({ state: state as DeliveryState, kind }))
}

/** The first event and its hash, for a job that is being made. */
export function firstEvent(jobId: string, body: EventBody): { body: string; hash: string; prevHash: string } {
  const text = JSON.stringify(body)
  return { body: text, hash: eventHash(jobId, 1, GENESIS, text), prevHash: GENESIS }
}

/** The earlier of two moments: a deadline is never slept through. */
export function earlier(at: Date, dueAt: Date | null): Date {
  return dueAt !== null && dueAt < at ? dueAt : at
}

/**
 * As `wake`, for a look that came too early by our clock: never at once, or a worker whose clock is behind the
 * database's would be woken again and again until it has caught up.
 */
export async function wakeLater(tx: Tx, jobId: string, at: Date): Promise<void> {
  await tx.$executeRaw`
    SELECT holdpoint_wake(${jobId}::uuid, greatest(${at}::timestamptz, now() + interval '250 milliseconds'))`
}

/** Lets the engine look at the job at `at`, or earlier where an earlier look was due already. */
export async function wake(tx: Tx, jobId: string, at: Date): Promise<void> {
  await tx.$executeRaw`SELECT holdpoint_wake(${jobId}::uuid, ${at}::timestamptz)`
}

/**
 * Runs `work` in a transaction; when it lost a race or a deadlock, runs it again from the beginning, so that it decides anew on what
 * is there now. After five losses in a row the loss is thrown on.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await db.$transaction(work)
    } catch (error) {
      if (!(error instanceof LostRace || isDeadlock(error)) || round === 5) throw error
    }
  }
}

function factsOf(
  state: State,
  round: Pick<ReviewRound, 'kind' | 'dueAt'> | null,
  dueAt: Date | null,
  notBefore: Date | null,
): NextActionFacts {
  return {
    state,
    round: round === null ? null : { kind: round.kind as RoundKind, dueAt: round.dueAt },
    dueAt,
    notBefore,
  }
}

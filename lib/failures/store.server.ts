/** Failures that are alike: read for pages, and what people say of them. */
import type { Actor } from '@/lib/access/actor'
import type { FailureGroup } from '@/lib/generated/prisma/client'
import { Prisma } from '@/lib/generated/prisma/client'
import { type FailureClass, failureSentence } from '@/lib/lifecycle/failure'
import type { State } from '@/lib/lifecycle/table'
import { workflowNames } from '@/lib/money/stops.server'
import { asLead, checkedNote } from '@/lib/queues/control.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { InvalidInput, NotFound, QueueConflict } from '@/lib/store/errors'
import { signalWords } from './signal'
import type { BatchLine, GroupChange, GroupRow, GroupState, GroupView, SampleJob, TrendPoint } from './view'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** As `state` counts now: a time that is over ignores nothing any more. */
export function stateNow({ state, ignoredUntil }: Pick<FailureGroup, 'state' | 'ignoredUntil'>, now: Date): GroupState {
  const isOver = state === 'ignored' && ignoredUntil !== null && ignoredUntil <= now
  return isOver ? 'open' : (state as GroupState)
}

/**
 * The groups in a state, those seen last first, and how many there are in each state, of the workflow that is asked for.
 * @param after the id of the last group of the page before.
 */
export async function listGroups(
  tx: Tx,
  ask: { state: GroupState; workflow: string | null; after: string | null; most: number },
  now: Date,
): Promise<{ groups: GroupRow[]; nextCursor: string | null; counts: Record<GroupState, number> }> {
  const after = ask.after === null ? null : await tx.failureGroup.findUnique({ where: { id: ask.after } })
  const within = (state: GroupState): Prisma.FailureGroupWhereInput => ({
    ...stateIs(state, now),
    ...(ask.workflow === null ? {} : { workflowKey: ask.workflow }),
  })
  const behind: Prisma.FailureGroupWhereInput =
    after === null
      ? {}
      : { OR: [{ lastSeenAt: { lt: after.lastSeenAt } }, { lastSeenAt: after.lastSeenAt, id: { gt: after.id } }] }
  const [rows, open, resolved, ignored] = await Promise.all([
    tx.failureGroup.findMany({
      where: { AND: [within(ask.state), behind] },
      orderBy: [{ lastSeenAt: 'desc' }, { id: 'asc' }],
      take: ask.most + 1,
    }),
    tx.failureGroup.count({ where: within('open') }),
    tx.failureGroup.count({ where: within('resolved') }),
    tx.failureGroup.count({ where: within('ignored') }),
  ])
  const page = rows.slice(0, ask.most)
  return {
    groups: await rowsOf(tx, page, now),
    nextCursor: rows.length > ask.most ? (page.at(-1)?.id ?? null) : null,
    counts: { open, resolved, ignored },
  }
}

function stateIs(state: GroupState, now: Date): Prisma.FailureGroupWhereInput {
  switch (state) {
    case 'open':
      return { OR: [{ state: 'open' }, { state: 'ignored', ignoredUntil: { lte: now } }] }
    case 'resolved':
      return { state: 'resolved' }
    case 'ignored':
      return { state: 'ignored', OR: [{ ignoredUntil: null }, { ignoredUntil: { gt: now } }] }
  }
}

async function rowsOf(tx: Tx, groups: readonly FailureGroup[], now: Date): Promise<GroupRow[]> {
  const thisHour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  const from = new Date(thisHour - 23 * HOUR_MS)
  const ids = groups.map(({ id }) => id)
  const [names, hours] = await Promise.all([
    workflowNames(tx, [...new Set(groups.map(({ workflowKey }) => workflowKey))]),
    tx.failureHour.findMany({ where: { groupId: { in: ids }, hour: { gte: from } } }),
  ])
  return groups.map((group) => {
    const own = hours.filter(({ groupId }) => groupId === group.id)
    return {
      id: group.id,
      workflow: { key: group.workflowKey, name: names.get(group.workflowKey) ?? group.workflowKey },
      failureClass: group.failureClass as FailureClass,
      code: group.code,
      signal: group.signal,
      sentence: failureSentence(group.failureClass as FailureClass, group.code === '' ? null : group.code),
      where: signalWords(group.signal),
      firstSeenAt: group.firstSeenAt.toISOString(),
      lastSeenAt: group.lastSeenAt.toISOString(),
      seen: Number(group.seen),
      standing: group.standing,
      state: stateNow(group, now),
      ignoredUntil: group.ignoredUntil?.toISOString() ?? null,
      trend: pointsOf(own, { from: from.getTime(), stepMs: HOUR_MS, count: 24 }),
    }
  })
}

function pointsOf(
  hours: readonly { hour: Date; seen: number }[],
  { from, stepMs, count }: { from: number; stepMs: number; count: number },
): TrendPoint[] {
  return Array.from({ length: count }, (_, index) => {
    const start = from + index * stepMs
    const inside = hours.filter(({ hour }) => hour.getTime() >= start && hour.getTime() < start + stepMs)
    return { from: new Date(start).toISOString(), seen: inside.reduce((sum, { seen }) => sum + seen, 0) }
  })
}

const MOST_JOBS = 20
const MOST_CHANGES = 50
const MOST_BATCHES = 20
const DAYS = 30

/** One group whole; null where there is none. */
export async function readGroup(tx: Tx, id: string, now: Date): Promise<GroupView | null> {
  const group = await tx.failureGroup.findUnique({ where: { id } })
  if (group === null) return null
  const from = Math.floor(now.getTime() / DAY_MS) * DAY_MS - (DAYS - 1) * DAY_MS
  const [rows, hours, jobs, changes, batches] = await Promise.all([
    rowsOf(tx, [group], now),
    tx.failureHour.findMany({ where: { groupId: id, hour: { gte: new Date(from) } } }),
    standingJobs(tx, group, MOST_JOBS),
    tx.failureGroupChange.findMany({
      where: { groupId: id },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: MOST_CHANGES,
    }),
    tx.retryBatch.findMany({
      where: { groupId: id, state: { not: 'draft' } },
      orderBy: { createdAt: 'desc' },
      take: MOST_BATCHES,
    }),
  ])
  const [row] = rows
  if (row === undefined) return null
  const people = await namesOf(tx, [
    ...changes.map(({ userId }) => userId),
    ...batches.map(({ createdBy }) => createdBy),
  ])
  return {
    ...row,
    days: pointsOf(hours, { from, stepMs: DAY_MS, count: DAYS }),
    jobs,
    changes: changes.map(
      (change): GroupChange => ({
        id: change.id,
        at: change.at.toISOString(),
        by: change.userId === null ? null : people(change.userId),
        state: change.state as GroupState,
        until: change.until?.toISOString() ?? null,
        note: change.note,
      }),
    ),
    batches: await batchLines(tx, batches, people),
  }
}

async function batchLines(
  tx: Tx,
  batches: readonly { id: string; state: string; startedAt: Date | null; createdAt: Date; createdBy: string }[],
  people: (id: string) => string,
): Promise<BatchLine[]> {
  const ids = batches.map(({ id }) => id)
  const counts = await tx.retryBatchItem.groupBy({
    by: ['batchId', 'outcome'],
    where: { batchId: { in: ids }, outcome: { not: 'excluded' } },
    _count: true,
  })
  return batches.map(({ id, state, startedAt, createdAt, createdBy }) => {
    const own = counts.filter(({ batchId }) => batchId === id)
    return {
      id,
      state: state as BatchLine['state'],
      at: (startedAt ?? createdAt).toISOString(),
      by: people(createdBy),
      jobs: own.reduce((sum, { _count }) => sum + _count, 0),
      outcomes: Object.fromEntries(own.map(({ outcome, _count }) => [outcome, _count])),
    }
  })
}

async function namesOf(tx: Tx, ids: readonly (string | null)[]): Promise<(id: string) => string> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  const people = await tx.user.findMany({ where: { id: { in: wanted } }, select: { id: true, name: true } })
  const names = new Map(people.map(({ id, name }) => [id, name]))
  return (id) => names.get(id) ?? 'Somebody who is no longer here'
}

/** Which jobs stand stopped by this group now, as SQL over `job j`. Served by the index `job_stands_failed`. */
export function standsIn(group: Pick<FailureGroup, 'workflowKey' | 'failureClass' | 'code' | 'signal'>): Prisma.Sql {
  const { workflowKey, failureClass, code, signal } = group
  const codeIs = code === '' ? Prisma.sql`j.failure_code IS NULL` : Prisma.sql`j.failure_code = ${code}`
  return Prisma.sql`j.workflow_key = ${workflowKey} AND j.failure_class = ${failureClass} AND ${codeIs}
    AND coalesce(j.failure_signal, '') = ${signal} AND j.failure_class IS NOT NULL AND j.state IN ('failed', 'awaiting_review')`
}

/** The newest jobs that stand stopped by the group. */
async function standingJobs(tx: Tx, group: FailureGroup, most: number): Promise<SampleJob[]> {
  const rows = await tx.$queryRaw<{ number: number; title: string; state: State; changed_at: Date }[]>`
    SELECT j.number, j.title, j.state, j.changed_at FROM job j WHERE ${standsIn(group)} ORDER BY j.number DESC LIMIT ${most}`
  return rows.map(({ number, title, state, changed_at }) => ({
    number,
    title,
    state,
    changedAt: changed_at.toISOString(),
  }))
}

export type SayAsk = { state: GroupState; note: string; until?: Date | null; now: Date }

/**
 * Resolves, ignores or opens a group, with a reason. What is resolved opens again by itself when it is seen again.
 * @throws {Forbidden | InvalidInput | NotFound | QueueConflict}
 */
export async function sayOfGroup(
  db: Db,
  actor: Actor,
  id: string,
  { state, note, until = null, now }: SayAsk,
): Promise<void> {
  const lead = asLead(actor)
  const why = checkedNote(note)
  if (until !== null && until <= now) {
    const detail = 'That time has passed already. Choose a later one.'
    throw new InvalidInput(detail, [{ pointer: '/until', detail }])
  }
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM failure_group WHERE id = ${id} FOR UPDATE`
    const group = await tx.failureGroup.findUnique({ where: { id } })
    if (group === null) throw new NotFound('There is no such group of failures.')
    if (stateNow(group, now) === state && state !== 'ignored') {
      throw new QueueConflict(state === 'open' ? 'It is open already.' : 'It is resolved already.')
    }
    const ignoredUntil = state === 'ignored' ? until : null
    await tx.failureGroup.update({ where: { id }, data: { state, stateAt: now, ignoredUntil } })
    await tx.failureGroupChange.create({
      data: { groupId: id, at: now, userId: lead.userId, state, until: ignoredUntil, note: why },
    })
  })
}

/** Leaving a notice: a word to people in the app, written with the change that it tells of. */
import { v7 as uuidv7 } from 'uuid'
import type { Job, Prisma } from '@/lib/generated/prisma/client'
import { openStop } from '@/lib/money/stops.server'
import type { Tx } from '@/lib/store/db.server'
import type { NoticeKind } from './view'

export type Notifying = {
  to: 'requester' | 'leads'
  job: Pick<Job, 'id' | 'workflowKey' | 'requesterId'>
  kind: NoticeKind
  /** Codes and numbers that its sentence is made from; never content. */
  detail: { code: string; class?: string }
  now: Date
}

/**
 * Leaves a notice for whoever asked for the job, or for every lead and owner. Of a queue that stands still there is one
 * notice a person, however many jobs meet it and however soon the first notice is read.
 */
export async function notify(tx: Tx, { to, job, kind, detail, now }: Notifying): Promise<void> {
  const people = to === 'leads' ? await leads(tx) : await requester(tx, job.requesterId)
  const told =
    kind === 'queue_stopped'
      ? await toldOfQueue(tx, people, job.workflowKey)
      : await toldOfCode(tx, people, { to, job, detail })
  const data = people
    .filter((userId) => !told.has(userId))
    .map((userId) => ({
      id: uuidv7(),
      userId,
      jobId: job.id,
      kind,
      detail: { ...detail, workflow: job.workflowKey } as Prisma.InputJsonValue,
      at: now,
    }))
  if (data.length === 0) return
  await tx.notice.createMany({ data })
  await tellOpenPages(tx)
}

/**
 * Lets open pages ask again once this transaction commits: their tags follow these notifications of PostgreSQL. A stopped
 * queue changes no row of a job, and another process must hear of what was read in this one.
 */
export async function tellOpenPages(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify('holdpoint_jobs', '')`
}

async function leads(tx: Tx): Promise<string[]> {
  const users = await tx.user.findMany({
    where: { deactivatedAt: null, roles: { hasSome: ['lead', 'owner'] } },
    select: { id: true },
  })
  return users.map(({ id }) => id)
}

async function requester(tx: Tx, id: string | null): Promise<string[]> {
  if (id === null) return []
  const users = await tx.user.findMany({ where: { id, deactivatedAt: null }, select: { id: true } })
  return users.map((user) => user.id)
}

/** Leads who have not read yet of another job of the workflow that stopped in this way: a flood says no more than its first. */
async function toldOfCode(
  tx: Tx,
  people: string[],
  { to, job, detail }: Pick<Notifying, 'to' | 'job' | 'detail'>,
): Promise<Set<string>> {
  if (to !== 'leads') return new Set()
  const unread = await tx.notice.findMany({
    where: {
      userId: { in: people },
      kind: 'job_stopped',
      readAt: null,
      AND: [
        { detail: { path: ['workflow'], equals: job.workflowKey } },
        { detail: { path: ['code'], equals: detail.code } },
      ],
    },
    select: { userId: true },
  })
  return new Set(unread.map(({ userId }) => userId))
}

/** Who was told of the stop that is open now; where it is told before it is written down, who has not read of one yet. */
async function toldOfQueue(tx: Tx, people: string[], workflow: string): Promise<Set<string>> {
  const stop = await openStop(tx, workflow)
  const told = await tx.notice.findMany({
    where: {
      userId: { in: people },
      kind: 'queue_stopped',
      detail: { path: ['workflow'], equals: workflow },
      ...(stop === null ? { readAt: null } : { at: { gte: stop.since } }),
    },
    select: { userId: true },
  })
  return new Set(told.map(({ userId }) => userId))
}

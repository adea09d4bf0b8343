/** Notices that a failure rule asks for, and those of a queue that stands still. */
import type { Job } from '@/lib/generated/prisma/client'
import { openStop } from '@/lib/money/stops.server'
import type { Tx } from '@/lib/store/db.server'
import { leaveNotices, storedKinds } from './leave.server'

export type Notifying = {
  to: 'requester' | 'leads'
  job: Pick<Job, 'id' | 'workflowKey' | 'requesterId'>
  kind: 'job_stopped' | 'queue_stopped'
  /** Codes and numbers that its sentence is made from; never content. */
  detail: { code: string; class?: string }
  now: Date
}

/**
 * Leaves a notice for whoever asked for the job, or for every lead and owner. Of a queue that stands still there is one
 * notice a person, however many jobs meet it and however soon the first notice is read.
 */
export async function notify(tx: Tx, { to, job, kind, detail, now }: Notifying): Promise<void> {
  await leaveNotices(tx, {
    to: to === 'leads' ? { roles: ['lead'] } : { ids: job.requesterId === null ? [] : [job.requesterId] },
    job,
    kind,
    detail,
    now,
    told: (within, people) =>
      kind === 'queue_stopped'
        ? toldOfQueue(within, people, job.workflowKey)
        : to === 'leads'
          ? toldOfCode(within, people, { kind, workflow: job.workflowKey, code: detail.code })
          : Promise.resolve(new Set()),
  })
}

/** Who has not read yet of another job of the workflow to which the same happened: a flood says no more than its first. */
export async function toldOfCode(
  tx: Tx,
  people: string[],
  { kind, workflow, code }: { kind: 'job_stopped' | 'delivery_failed'; workflow: string; code: string },
): Promise<Set<string>> {
  const unread = await tx.notice.findMany({
    where: {
      userId: { in: people },
      kind: { in: storedKinds(kind) },
      readAt: null,
      AND: [{ detail: { path: ['workflow'], equals: workflow } }, { detail: { path: ['code'], equals: code } }],
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
      kind: { in: storedKinds('queue_stopped') },
      detail: { path: ['workflow'], equals: workflow },
      ...(stop === null ? { readAt: null } : { at: { gte: stop.since } }),
    },
    select: { userId: true },
  })
  return new Set(told.map(({ userId }) => userId))
}

/** Leaving a notice: a word to people in the app, written with the change that it tells of. */
import { v7 as uuidv7 } from 'uuid'
import type { Job, Prisma } from '@/lib/generated/prisma/client'
import type { Tx } from '@/lib/store/db.server'

/** `job_stopped`: a job needs somebody; `queue_stopped`: sending of a whole workflow stands still. */
export type NoticeKind = 'job_stopped' | 'queue_stopped'

export type Notifying = {
  to: 'requester' | 'leads'
  job: Pick<Job, 'id' | 'workflowKey' | 'requesterId'>
  kind: NoticeKind
  /** Codes and numbers that its sentence is made from; never content. */
  detail: { code: string; class?: string }
  now: Date
}

/**
 * Leaves a notice for whoever asked for the job, or for every lead and owner. Of a stopped queue there is one unread
 * notice a person, however many jobs meet it.
 */
export async function notify(tx: Tx, { to, job, kind, detail, now }: Notifying): Promise<void> {
  const people = to === 'leads' ? await leads(tx) : job.requesterId === null ? [] : [job.requesterId]
  const told = kind === 'queue_stopped' ? await toldOfQueue(tx, people, job.workflowKey) : new Set<string>()
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
  if (data.length > 0) await tx.notice.createMany({ data })
}

async function leads(tx: Tx): Promise<string[]> {
  const users = await tx.user.findMany({
    where: { deactivatedAt: null, roles: { hasSome: ['lead', 'owner'] } },
    select: { id: true },
  })
  return users.map(({ id }) => id)
}

async function toldOfQueue(tx: Tx, people: string[], workflow: string): Promise<Set<string>> {
  const unread = await tx.notice.findMany({
    where: {
      userId: { in: people },
      kind: 'queue_stopped',
      readAt: null,
      detail: { path: ['workflow'], equals: workflow },
    },
    select: { userId: true },
  })
  return new Set(unread.map(({ userId }) => userId))
}

/** What people are told of the life of a job: each call stands last in the transaction that it tells of. */
import type { Job } from '@/lib/generated/prisma/client'
import type { Role } from '@/lib/lifecycle/table'
import type { Tx } from '@/lib/store/db.server'
import { leaveNotices, readRecipients, storedKinds } from './leave.server'
import { toldOfCode } from './notify.server'

type AJob = Pick<Job, 'id' | 'workflowKey' | 'requesterId'>

/**
 * Whoever asked is told that it was accepted. Not by e-mail while the approval can still be taken back.
 * @param by who accepted it; null: its policy.
 */
export async function tellDone(
  tx: Tx,
  job: AJob,
  { by, now, notBefore }: { by: string | null; now: Date; notBefore?: Date },
): Promise<void> {
  await tellRequester(tx, job, { kind: 'job_done', by, now, notBefore })
}

/** Whoever asked is told that it ended without a result. `code` is that of the failure, 'expired' or 'abandoned'. */
export async function tellFailed(
  tx: Tx,
  job: AJob,
  { by = null, code, failureClass, now }: { by?: string | null; code: string; failureClass?: string; now: Date },
): Promise<void> {
  await tellRequester(tx, job, { kind: 'job_failed', by, code, class: failureClass, now })
}

async function tellRequester(
  tx: Tx,
  job: AJob,
  told: {
    kind: 'job_done' | 'job_failed'
    by: string | null
    code?: string
    class?: string
    now: Date
    notBefore?: Date
  },
): Promise<void> {
  const { kind, by, code, class: failureClass, now, notBefore } = told
  if (job.requesterId === null) return
  await leaveNotices(tx, {
    to: { ids: [job.requesterId] },
    except: [by],
    job,
    kind,
    detail: {
      ...(code === undefined ? {} : { code }),
      ...(failureClass === undefined ? {} : { class: failureClass }),
      ...(by === null ? {} : { by }),
    },
    now,
    ...(notBefore === undefined ? {} : { notBefore }),
  })
}

export type Waiting = {
  /** Who may decide next: a role where the policy names one. */
  role: Role
  /** People who may not, or who did it: the requester where the policy excludes them, and those who have approved. */
  except: readonly (string | null)[]
  now: Date
}

/**
 * Those who review are told that something new waits, once for each workflow until they have looked. Held to that by a
 * lock of the workflow, which is taken last and only where somebody is to be told.
 */
export async function tellWaits(tx: Tx, job: AJob, { role, except, now }: Waiting): Promise<void> {
  const to = { roles: [role] }
  const wanted = (await readRecipients(tx, to, 'review_waits'))
    .map(({ userId }) => userId)
    .filter((userId) => !except.includes(userId))
  if (wanted.length === 0) return
  const know = await toldOfWaiting(tx, wanted, job.workflowKey)
  if (wanted.every((userId) => know.has(userId))) return
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`review_waits:${job.workflowKey}`}, 0))`
  await leaveNotices(tx, {
    to: { ids: wanted },
    job,
    kind: 'review_waits',
    now,
    told: (within, people) => toldOfWaiting(within, people, job.workflowKey),
  })
}

async function toldOfWaiting(tx: Tx, people: string[], workflow: string): Promise<Set<string>> {
  const unread = await tx.notice.findMany({
    where: {
      userId: { in: people },
      kind: { in: storedKinds('review_waits') },
      readAt: null,
      detail: { path: ['workflow'], equals: workflow },
    },
    select: { userId: true },
  })
  return new Set(unread.map(({ userId }) => userId))
}

/** Leads are told that a review is overdue. */
export async function tellEscalated(
  tx: Tx,
  job: AJob,
  { round, due, now }: { round: number; due: Date; now: Date },
): Promise<void> {
  const detail = { round, due: due.toISOString() }
  await leaveNotices(tx, { to: { roles: ['lead'] }, job, kind: 'escalated', detail, now })
}

/** Support and leads are told of a delivery that failed for good, or of which nobody knows whether it arrived. */
export async function tellUndelivered(
  tx: Tx,
  job: AJob,
  { state, now }: { state: 'failed' | 'unknown'; now: Date },
): Promise<void> {
  await leaveNotices(tx, {
    to: { roles: ['support', 'lead'] },
    job,
    kind: 'delivery_failed',
    detail: { code: state },
    now,
    told: (within, people) =>
      toldOfCode(within, people, { kind: 'delivery_failed', workflow: job.workflowKey, code: state }),
  })
}

/** Those who decided on a job, and whoever asked for it, are told that it is looked at again: each once. */
export async function tellReopened(
  tx: Tx,
  job: AJob,
  { decided, by, now }: { decided: readonly string[]; by: string | null; now: Date },
): Promise<void> {
  const whose = by === null ? {} : { by }
  await leaveNotices(tx, {
    to: { ids: decided },
    except: [by],
    job,
    kind: 'reopened',
    detail: { code: 'decided', ...whose },
    now,
  })
  if (job.requesterId === null || decided.includes(job.requesterId)) return
  await leaveNotices(tx, {
    to: { ids: [job.requesterId] },
    except: [by],
    job,
    kind: 'reopened',
    detail: { code: 'asked', ...whose },
    now,
  })
}

/**
 * People who held it, or whose it was, are told that it was decided or taken. `code` is the command that did it, or
 * 'voided': an edit after which their approval does not count.
 */
export async function tellChanged(
  tx: Tx,
  job: AJob,
  {
    people,
    by,
    code,
    round,
    now,
  }: { people: readonly string[]; by: string | null; code: string; round: number; now: Date },
): Promise<void> {
  await leaveNotices(tx, {
    to: { ids: people },
    except: [by],
    job,
    kind: 'changed_under_you',
    detail: { code, round, ...(by === null ? {} : { by }) },
    now,
  })
}

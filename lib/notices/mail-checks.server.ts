/** Whether a notice is still worth a letter, at the moment at which it would be sent. */
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import type { Notice } from '@/lib/generated/prisma/client'
import type { Tx } from '@/lib/store/db.server'
import { type Choices, choiceOf } from './choices'
import type { NoticeKind } from './kinds'
import { MAIL_ONLY } from './leave.server'
import type { NoticeView } from './view'
import { kindOf, noticeViews } from './views.server'

/** Why no letter goes, as it is kept with the notice. */
export type Skip = 'read' | 'not_wanted' | 'may_not_see' | 'outdated'
export type Judged = { notice: Notice; view: NoticeView; skip: Skip | null }

/** Judges due notices of one person, with their words for the letter. */
export async function judge(
  tx: Tx,
  actor: Actor & { userId: string },
  choices: Choices,
  notices: readonly Notice[],
): Promise<Judged[]> {
  const views = await noticeViews(tx, actor, notices)
  const jobs = await readStandings(tx, notices)
  return notices.map((notice, index) => {
    const view = views[index] as NoticeView
    return { notice, view, skip: skipOf({ notice, view, actor, choices, job: jobs.get(notice.jobId ?? '') }) }
  })
}

type Standing = {
  state: string
  rounds: { number: number; assigneeId: string | null }[]
  deliveries: { state: string }[]
  /** Whether something of its workflow waits for people. */
  queueWaits: boolean
  isStopped: boolean
}

async function readStandings(tx: Tx, notices: readonly Notice[]): Promise<Map<string, Standing>> {
  const ids = [...new Set(notices.flatMap(({ jobId }) => (jobId === null ? [] : [jobId])))]
  const jobs = await tx.job.findMany({
    where: { id: { in: ids } },
    select: {
      id: true,
      state: true,
      workflowKey: true,
      rounds: { where: { closedAt: null }, select: { number: true, assigneeId: true } },
      deliveries: { select: { state: true } },
    },
  })
  const keys = [...new Set(jobs.map(({ workflowKey }) => workflowKey))]
  const waiting = await tx.$queryRaw<{ key: string }[]>`
    SELECT k.key FROM unnest(${keys}::text[]) AS k(key)
     WHERE EXISTS (SELECT 1 FROM job j WHERE j.workflow_key = k.key AND j.state = 'awaiting_review')`
  const stops = await tx.queueStop.findMany({
    where: { workflowKey: { in: keys }, resumedAt: null },
    select: { workflowKey: true },
  })
  const waits = new Set(waiting.map(({ key }) => key))
  const stopped = new Set(stops.map(({ workflowKey }) => workflowKey))
  return new Map(
    jobs.map(({ id, workflowKey, ...job }) => [
      id,
      { ...job, queueWaits: waits.has(workflowKey), isStopped: stopped.has(workflowKey) },
    ]),
  )
}

type Judging = {
  notice: Notice
  view: NoticeView
  actor: Actor & { userId: string }
  choices: Choices
  job: Standing | undefined
}

function skipOf({ notice, view, actor, choices, job }: Judging): Skip | null {
  const kind = kindOf(notice)
  if (notice.readAt !== null && !notice.kind.startsWith(MAIL_ONLY)) return 'read'
  // Also where they do not hold a role any more for which it is meant.
  if (!choiceOf(kind, actor.roles, choices).email) return 'not_wanted'
  if (view.job === null && !isOfNoJob(kind, view, actor)) return 'may_not_see'
  return job !== undefined && isOver(kind, notice, actor.userId, job) ? 'outdated' : null
}

/** What is about no job, and theirs to see: a queue that stands still, or an alert that leads to its page. */
function isOfNoJob(kind: NoticeKind, { href }: NoticeView, actor: Actor): boolean {
  if (kind === 'alert') return href !== null
  return kind === 'queue_stopped' && hasRole(actor, 'lead')
}

/** Whether what it tells of does not stand any more. */
function isOver(kind: NoticeKind, { detail }: Notice, userId: string, job: Standing): boolean {
  const { round: number } = detail as { round?: number }
  const round = job.rounds.find((open) => open.number === number)
  switch (kind) {
    case 'job_done':
      return job.state !== 'completed'
    case 'job_failed':
      return !['failed', 'expired', 'abandoned'].includes(job.state)
    case 'assigned':
      return round?.assigneeId !== userId
    case 'due_soon':
    case 'escalated':
      return round === undefined
    case 'review_waits':
      return !job.queueWaits
    case 'delivery_failed':
      return !job.deliveries.some(({ state }) => state === 'failed' || state === 'unknown')
    case 'queue_stopped':
      return !job.isStopped
    default:
      return false
  }
}

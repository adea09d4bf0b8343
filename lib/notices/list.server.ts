/** The notices of one person: reading them, and marking them as read. */
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { hasRole, readScope } from '@/lib/access/can'
import type { Notice, Prisma } from '@/lib/generated/prisma/client'
import { workflowNames } from '@/lib/money/stops.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { tellOpenPages } from './notify.server'
import { type MarkRead, MOST_UNREAD, type NoticeKind, type NoticeList, type NoticeView, noticeKinds } from './view'
import { jobStoppedWords, queueStoppedWords } from './words'

/** How many are listed: a person who was away for longer looks at the list of jobs. */
const MOST_LISTED = 50

const detailSchema = z.object({ code: z.string(), class: z.string().optional(), workflow: z.string() })
type Detail = z.infer<typeof detailSchema>

/**
 * What `actor` was told, the newest first, and how much of it they have not read. Jobs are named only where they may
 * still see them. The key of a service stands for nobody, so nobody is told anything through it.
 */
export async function readNotices(tx: Tx, actor: Actor, { limit = MOST_LISTED } = {}): Promise<NoticeList> {
  const { userId } = actor
  if (userId === null) return { unread: 0, items: [] }
  // While hosts are updated one by one, another may leave kinds that this one has no words for.
  const where: Prisma.NoticeWhereInput = { userId, kind: { in: [...noticeKinds] } }
  const [unread, notices] = await Promise.all([
    tx.notice.count({ where: { ...where, readAt: null }, take: MOST_UNREAD }),
    tx.notice.findMany({
      where,
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: limit,
    }),
  ])
  const told = notices.map((notice) => ({ notice, detail: detailSchema.parse(notice.detail) }))
  const around = await readAround(tx, actor, told)
  return { unread, items: told.map(({ notice, detail }) => viewOf(notice, detail, around)) }
}

type Told = { notice: Notice; detail: Detail }

/** What the notices are about, as it is now. */
type Around = {
  isLead: boolean
  /** The jobs that the person may see, by id. */
  jobs: Map<string, { number: number; title: string }>
  /** Sentences of failure rules, by job and code: the newest attempt's. */
  sentences: Map<string, string>
  names: Map<string, string>
  /** Since when sending stands still, by workflow. */
  stops: Map<string, Date>
}

async function readAround(tx: Tx, actor: Actor, told: readonly Told[]): Promise<Around> {
  const jobIds = [...new Set(told.flatMap(({ notice: { jobId } }) => (jobId === null ? [] : [jobId])))]
  const keys = [...new Set(told.map(({ detail }) => detail.workflow))]
  if (told.length === 0) {
    return { isLead: false, jobs: new Map(), sentences: new Map(), names: new Map(), stops: new Map() }
  }
  const [jobs, attempts, names, stops] = await Promise.all([
    tx.job.findMany({
      where: { AND: [readScope(actor), { id: { in: jobIds } }] },
      select: { id: true, number: true, title: true },
    }),
    tx.attempt.findMany({
      where: { jobId: { in: jobIds }, failureCode: { not: null } },
      orderBy: { number: 'asc' },
      select: { jobId: true, failureCode: true, outcome: true },
    }),
    workflowNames(tx, keys),
    tx.queueStop.findMany({
      where: { workflowKey: { in: keys }, resumedAt: null },
      select: { workflowKey: true, since: true },
    }),
  ])
  return {
    isLead: hasRole(actor, 'lead'),
    jobs: new Map(jobs.map(({ id, ...job }) => [id, job])),
    sentences: new Map(
      attempts.flatMap(({ jobId, failureCode, outcome }) => {
        const sentence = (outcome as { sentence?: string } | null)?.sentence
        return sentence === undefined ? [] : [[`${jobId} ${failureCode}`, sentence] as const]
      }),
    ),
    names,
    stops: new Map(stops.map(({ workflowKey, since }) => [workflowKey, since])),
  }
}

function viewOf(notice: Notice, detail: Detail, { isLead, jobs, sentences, names, stops }: Around): NoticeView {
  const { id, jobId, at, readAt } = notice
  const kind = notice.kind as NoticeKind
  const job = (jobId === null ? undefined : jobs.get(jobId)) ?? null
  const workflow = { key: detail.workflow, name: names.get(detail.workflow) ?? detail.workflow }
  const jobPage = job === null ? null : `/jobs/${job.number}`
  const base = { id, kind, job, at: at.toISOString(), readAt: readAt?.toISOString() ?? null }
  if (kind === 'job_stopped') {
    const own = sentences.get(`${jobId} ${detail.code}`) ?? null
    const words = jobStoppedWords(job?.number ?? null, detail, own)
    return { ...base, ...words, workflow: job === null ? null : workflow, href: jobPage }
  }
  const since = stops.get(detail.workflow)
  const isOver = since === undefined || since > at
  return {
    ...base,
    ...queueStoppedWords(workflow.name, detail.code, { isOver, isLead }),
    workflow,
    href: isLead ? '/settings/money#stops' : jobPage,
  }
}

/**
 * Marks notices of this person as read, and never those of others.
 * @returns how many were not read before.
 */
export async function markRead(db: Db, userId: string, which: MarkRead, now: Date): Promise<number> {
  const chosen: Prisma.NoticeWhereInput =
    'ids' in which ? { id: { in: which.ids } } : which.upTo === undefined ? {} : { at: { lte: new Date(which.upTo) } }
  return db.$transaction(async (tx) => {
    const { count } = await tx.notice.updateMany({
      where: { AND: [{ userId, readAt: null }, chosen] },
      data: { readAt: now },
    })
    if (count > 0) await tellOpenPages(tx)
    return count
  })
}

/** Notices as one person may read them now: with their words, and where they lead. */
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { hasRole, readScope, readsEverything } from '@/lib/access/can'
import { alertViews } from '@/lib/alerts/list.server'
import type { AlertView } from '@/lib/alerts/view'
import { overWords } from '@/lib/alerts/words'
import type { Delivery, Notice } from '@/lib/generated/prisma/client'
import { deliverySentence } from '@/lib/jobs/delivery-words'
import type { DeliveryView } from '@/lib/jobs/view'
import { workflowNames } from '@/lib/money/stops.server'
import type { Tx } from '@/lib/store/db.server'
import { mayGet, type NoticeKind } from './kinds'
import { MAIL_ONLY } from './leave.server'
import type { NoticeView } from './view'
import { hiddenWords, jobWords, leavesWords, queueStoppedWords } from './words'

const detailSchema = z.object({
  code: z.string().optional(),
  class: z.string().optional(),
  by: z.string().optional(),
  workflow: z.string(),
  /** The alert that it is about. */
  alert: z.string().optional(),
})
type Detail = z.infer<typeof detailSchema>
type Told = { notice: Notice; detail: Detail }

/** The views of `notices`, in their order. A job, and what became of it, is named only where `actor` may see it now. */
export async function noticeViews(tx: Tx, actor: Actor, notices: readonly Notice[]): Promise<NoticeView[]> {
  const told = notices.map((notice) => ({ notice, detail: detailSchema.parse(notice.detail) }))
  const around = await readAround(tx, actor, told)
  return told.map(({ notice, detail }) => viewOf(notice, detail, around))
}

/** The kind of a stored notice, also of one that is only sent. */
export function kindOf({ kind }: Pick<Notice, 'kind'>): NoticeKind {
  return (kind.startsWith(MAIL_ONLY) ? kind.slice(MAIL_ONLY.length) : kind) as NoticeKind
}

type JobAround = { number: number; title: string; state: string; deliveries: Delivery[] }

/** What the notices are about, as it is now. */
type Around = {
  actor: Actor
  /** The jobs that the person may see, by id. */
  jobs: Map<string, JobAround>
  /** Sentences of failure rules, by job and code: the newest attempt's. */
  sentences: Map<string, string>
  /** Of workflows and of people, by key and id. */
  names: Map<string, string>
  people: Map<string, string>
  /** Since when sending stands still, by workflow. */
  stops: Map<string, Date>
  /** By id. */
  alerts: Map<string, AlertView>
}

async function readAround(tx: Tx, actor: Actor, told: readonly Told[]): Promise<Around> {
  const jobIds = [...new Set(told.flatMap(({ notice: { jobId } }) => (jobId === null ? [] : [jobId])))]
  const keys = [...new Set(told.map(({ detail }) => detail.workflow))]
  const people = [...new Set(told.flatMap(({ detail: { by } }) => (by === undefined ? [] : [by])))]
  if (told.length === 0) {
    const none = new Map()
    return { actor, jobs: none, sentences: none, names: none, people: none, stops: none, alerts: none }
  }
  // One after another: a letter is composed in a transaction, whose connection answers one question at a time.
  const jobs = await tx.job.findMany({
    where: { AND: [readScope(actor), { id: { in: jobIds } }] },
    select: { id: true, number: true, title: true, state: true, deliveries: { orderBy: { number: 'asc' } } },
  })
  const attempts = await tx.attempt.findMany({
    where: { jobId: { in: jobIds }, failureCode: { not: null } },
    orderBy: { number: 'asc' },
    select: { jobId: true, failureCode: true, outcome: true },
  })
  const names = await workflowNames(tx, keys)
  const stops = await tx.queueStop.findMany({
    where: { workflowKey: { in: keys }, resumedAt: null },
    select: { workflowKey: true, since: true },
  })
  const users = await tx.user.findMany({ where: { id: { in: people } }, select: { id: true, name: true } })
  const alertIds = [...new Set(told.flatMap(({ detail: { alert } }) => (alert === undefined ? [] : [alert])))]
  const alerts = readsEverything(actor) ? await tx.alert.findMany({ where: { id: { in: alertIds } } }) : []
  return {
    actor,
    jobs: new Map(jobs.map(({ id, ...job }) => [id, job])),
    sentences: new Map(
      attempts.flatMap(({ jobId, failureCode, outcome }) => {
        const sentence = (outcome as { sentence?: string } | null)?.sentence
        return sentence === undefined ? [] : [[`${jobId} ${failureCode}`, sentence] as const]
      }),
    ),
    names,
    people: new Map(users.map(({ id, name }) => [id, name])),
    stops: new Map(stops.map(({ workflowKey, since }) => [workflowKey, since])),
    alerts: new Map((await alertViews(tx, alerts)).map((alert) => [alert.id, alert])),
  }
}

function viewOf(notice: Notice, detail: Detail, around: Around): NoticeView {
  const { id, jobId, at, readAt } = notice
  const { actor, jobs, sentences, names, people } = around
  const kind = kindOf(notice)
  const job = (jobId === null ? undefined : jobs.get(jobId)) ?? null
  const workflow = { key: detail.workflow, name: names.get(detail.workflow) ?? detail.workflow }
  const named = job === null ? null : { number: job.number, title: job.title }
  const base = { id, kind, job: named, at: at.toISOString(), readAt: readAt?.toISOString() ?? null }
  const jobPage = job === null ? null : `/jobs/${job.number}`
  if (kind === 'alert') return { ...base, ...alertView(detail, around) }
  if (kind === 'queue_stopped')
    return { ...base, ...queueView(detail, at, around), workflow, ...queuePage(actor, jobPage) }
  if (job === null) return { ...base, ...hiddenWords(kind), workflow: null, href: null }
  const words = jobWords(kind, {
    number: job.number,
    workflow: workflow.name,
    isDone: job.state === 'completed',
    detail,
    by: detail.by === undefined ? null : (people.get(detail.by) ?? 'Somebody who is no longer here'),
    ownSentence: sentences.get(`${jobId} ${detail.code}`) ?? null,
    leaves: leavesOf(job),
  })
  const goesToDesk = kind === 'review_waits' && mayGet(kind, actor.roles)
  return { ...base, ...words, workflow, href: goesToDesk ? '/review' : jobPage }
}

/** Of an alert that is over since, or of a kind that this version does not know, as much as can be said. */
function alertView({ code, alert: id }: Detail, { alerts }: Around) {
  const alert = alerts.get(id ?? '')
  if (alert === undefined) return { ...hiddenWords('alert'), workflow: null, href: null }
  const { heading, sentence, mend, workflow, openedAt, closed } = alert
  const words =
    code === 'over' && closed !== null
      ? overWords(heading, new Date(openedAt), new Date(closed.at))
      : { heading, sentence: `${sentence} ${closed === null ? mend : 'It is over since.'}` }
  return { ...words, workflow, href: '/queues/alerts' }
}

function queueView({ workflow, code = '' }: Detail, at: Date, { actor, names, stops }: Around) {
  const since = stops.get(workflow)
  const isOver = since === undefined || since > at
  return queueStoppedWords(names.get(workflow) ?? workflow, code, { isOver, isLead: hasRole(actor, 'lead') })
}

function queuePage(actor: Actor, jobPage: string | null): { href: string | null } {
  return { href: hasRole(actor, 'lead') ? '/settings/money#stops' : jobPage }
}

/** What leaves of the job by its last acceptance, and how far it is. */
function leavesOf({ deliveries }: JobAround): string | null {
  const last = deliveries.at(-1)
  if (last === undefined) return null
  const state = last.state as DeliveryView['state']
  const kind = last.kind as DeliveryView['kind']
  return `${leavesWords(kind, last.destination)} ${deliverySentence({ ...last, state, kind })}`
}

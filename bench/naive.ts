/** The peer: a page as one writes it first. It loads everything that waits, with all that hangs on it, and renders it all. */
import { createElement as h } from 'react'
import { renderToString } from 'react-dom/server'
import type { Db } from '@/lib/store/db.server'

/** Milliseconds are for whoever calls it. @returns the HTML. */
export async function naivePage(db: Db): Promise<string> {
  const jobs = await db.job.findMany({
    where: { state: 'awaiting_review' },
    include: {
      workflowVersion: { select: { name: true, version: true } },
      requester: { select: { name: true } },
      rounds: { where: { closedAt: null }, include: { decisions: true, claims: true } },
    },
    orderBy: [{ nextRank: 'asc' }, { nextDueAt: 'asc' }],
  })
  const rows = jobs.map((job) => {
    const [round] = job.rounds
    return h(
      'tr',
      { key: job.id },
      h('td', null, job.number),
      h('td', null, job.title),
      h('td', null, job.workflowVersion.name),
      h('td', null, job.requester?.name),
      h('td', null, round?.kind),
      h('td', null, round?.risk),
      h('td', null, round?.dueAt?.toISOString()),
      h('td', null, round?.decisions.length),
      h('td', null, round?.claims.length),
    )
  })
  return renderToString(h('table', null, h('tbody', null, rows)))
}

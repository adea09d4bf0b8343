/** The list of what a search finds: the same jobs as on its own page, as rows. */
import type { Actor } from '@/lib/access/actor'
import { readScope } from '@/lib/access/can'
import { queueSight } from '@/lib/queues/sight.server'
import { narrowedBy } from '@/lib/search/narrowed'
import { findJobs } from '@/lib/search/search.server'
import type { SearchDb } from '@/lib/search/within.server'
import type { JobQuery } from './query'
import { rowInclude, rowOf } from './row.server'
import type { JobList } from './view'

/** @param after the number after which the page begins; null: the first. The order is that of numbers. */
export async function listFound(db: SearchDb, actor: Actor, query: JobQuery, after: number | null): Promise<JobList> {
  const asOf = new Date()
  const sort = query.sort === 'oldest' ? 'oldest' : 'newest'
  const ask = { q: query.q, narrowed: narrowedBy(query), sort, after, limit: query.limit } as const
  const found = await findJobs(db, actor, ask, asOf)
  const jobs = await db.job.findMany({
    where: { AND: [readScope(actor), { id: { in: found.ids } }] },
    include: rowInclude,
  })
  const sight = await queueSight(db, jobs)
  const rows = new Map(jobs.map((job) => [job.id, rowOf(job, sight)]))
  const items = found.ids.flatMap((id) => rows.get(id) ?? [])
  return {
    items,
    nextCursor: found.next === null ? null : Buffer.from(JSON.stringify({ n: found.next })).toString('base64url'),
    total: found.total ?? items.length,
    totalIsExact: found.totalIsExact,
    asOf: asOf.toISOString(),
    standing: null,
  }
}

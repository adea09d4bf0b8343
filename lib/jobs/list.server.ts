/** Lists of jobs: filtered, sorted, by keyset pages. */
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { readScope } from '@/lib/access/can'
import type { Prisma } from '@/lib/generated/prisma/client'
import { queueSight } from '@/lib/queues/sight.server'
import { standingWhere, standingWhereAsOf } from '@/lib/queues/standing.server'
import type { SearchDb } from '@/lib/search/within.server'
import type { Tx } from '@/lib/store/db.server'
import { listFound } from './list-found.server'
import type { Happened, JobQuery, JobSort } from './query'
import { type RowJob, rowInclude, rowOf } from './row.server'
import type { JobList } from './view'

/** Matches are counted up to this: nobody needs the exact number beyond it, and counting it would be slow. */
const COUNT_UP_TO = 10_000

/** One page of the jobs that `actor` may see and `query` asks for. A cursor that makes no sense starts at the first. */
export async function listJobs(db: SearchDb, actor: Actor, query: JobQuery): Promise<JobList> {
  if (query.standing === null && query.q !== '') {
    const number = query.after === null ? null : (parseCursor(query.after)?.n ?? null)
    return listFound(db, actor, query, number)
  }
  if (query.standing === null) return readJobs(db, actor, query)
  const { standing, workflow, asOf } = query
  // One snapshot for what has changed since the count and for the list: else a job that moves in between would be missed.
  return db.$transaction(
    async (tx) => {
      const then = asOf === null ? null : await standingWhereAsOf(tx, standing, workflow, new Date(asOf))
      const now = standingWhere(standing)
      const list = await readJobs(tx, actor, query, [then ?? now])
      const scope = [readScope(actor), ...filtersOf(actor, query), now]
      const [count, still] = await Promise.all([
        tx.job.count({ where: { AND: scope }, take: COUNT_UP_TO + 1 }),
        tx.job.findMany({
          where: { AND: [now, { id: { in: list.items.map(({ id }) => id) } }] },
          select: { id: true },
        }),
      ])
      const stands = new Set(still.map(({ id }) => id))
      return {
        ...list,
        standing: {
          countedAt: then === null ? null : asOf,
          isTooLate: asOf !== null && then === null,
          now: Math.min(count, COUNT_UP_TO),
          nowIsExact: count <= COUNT_UP_TO,
          left: list.items.filter(({ id }) => !stands.has(id)).map(({ number }) => number),
        },
      }
    },
    { isolationLevel: 'RepeatableRead' },
  )
}

/** As `listJobs`, wherever they stand; `among`: only those. In whatever transaction it is asked. */
export async function readJobs(
  tx: Tx,
  actor: Actor,
  query: JobQuery,
  among: readonly Prisma.JobWhereInput[] = [],
): Promise<JobList> {
  const asOf = new Date()
  const filter: Prisma.JobWhereInput = { AND: [readScope(actor), ...filtersOf(actor, query), ...among] }
  const after = query.after === null ? null : readCursor(query.sort, query.after)
  const [jobs, total] = await Promise.all([
    takeFrom(tx, after === null ? [filter] : after.map((range) => ({ AND: [filter, range] })), query),
    tx.job.count({ where: filter, take: COUNT_UP_TO + 1 }),
  ])
  const page = jobs.slice(0, query.limit)
  const last = page.at(-1)
  const sight = await queueSight(tx, page)
  return {
    items: page.map((job) => rowOf(job, sight)),
    nextCursor: jobs.length > query.limit && last !== undefined ? cursorOf(query.sort, last) : null,
    total: Math.min(total, COUNT_UP_TO),
    totalIsExact: total <= COUNT_UP_TO,
    asOf: asOf.toISOString(),
    standing: null,
  }
}

/** One more than a page from `ranges`, which follow one another: the later ones are read where those before have too few. */
async function takeFrom(
  tx: Tx,
  ranges: readonly Prisma.JobWhereInput[],
  { sort, limit }: Pick<JobQuery, 'sort' | 'limit'>,
): Promise<RowJob[]> {
  const found = new Map<string, RowJob>()
  for (const where of ranges) {
    const take = limit + 1 - found.size
    if (take === 0) break
    const jobs = await tx.job.findMany({ where, orderBy: ORDER[sort], take, include: rowInclude })
    // One that moved in between may be met again.
    for (const job of jobs) if (!found.has(job.id)) found.set(job.id, job)
  }
  return [...found.values()]
}

function filtersOf(actor: Actor, query: JobQuery): Prisma.JobWhereInput[] {
  const filters: Prisma.JobWhereInput[] = []
  if (query.state.length > 0) filters.push({ state: { in: query.state } })
  if (query.workflow.length > 0) filters.push({ workflowKey: { in: query.workflow } })
  if (query.version !== null) filters.push({ workflowVersion: { version: query.version } })
  if (query.mine) {
    filters.push(actor.userId === null ? { requesterKeyId: actor.apiKeyId } : { requesterId: actor.userId })
  }
  if (query.happened !== null && query.from !== null && query.to !== null) {
    const then = { gte: new Date(query.from), lt: new Date(query.to) }
    filters.push(HAPPENED[query.happened](then))
  }
  // Among those that stand somewhere, words are looked for in titles and references alone.
  if (query.q !== '') {
    filters.push({
      OR: [
        { title: { contains: query.q, mode: 'insensitive' } },
        { reference: { equals: query.q, mode: 'insensitive' } },
      ],
    })
  }
  return filters
}

const HAPPENED: Record<Happened, (then: { gte: Date; lt: Date }) => Prisma.JobWhereInput> = {
  created: (createdAt) => ({ createdAt }),
  settled: (settledAt) => ({ settledAt }),
  sent: (sentAt) => ({ attempts: { some: { sentAt } } }),
}

const ORDER: Record<JobSort, Prisma.JobOrderByWithRelationInput[]> = {
  newest: [{ number: 'desc' }],
  oldest: [{ number: 'asc' }],
  next: [{ nextRank: 'asc' }, { nextDueAt: { sort: 'asc', nulls: 'last' } }, { number: 'asc' }],
  changed: [{ changedAt: 'desc' }, { number: 'desc' }],
}

/** A moment that PostgreSQL can hold as well: it knows no year 0. */
const moment = z.iso.datetime().refine((value) => value >= '1970')
/** Anybody may send a cursor: its parts are bounded as their columns are. */
const cursorSchema = z.object({
  n: z.int32(),
  r: z.int32().optional(),
  d: moment.nullable().optional(),
  c: moment.optional(),
})

/** Names the place after `job`: what comes next in this order. */
export function cursorOf(sort: JobSort, job: Pick<RowJob, 'number' | 'nextRank' | 'nextDueAt' | 'changedAt'>): string {
  const parts: z.infer<typeof cursorSchema> = { n: job.number }
  if (sort === 'next') Object.assign(parts, { r: job.nextRank, d: job.nextDueAt?.toISOString() ?? null })
  if (sort === 'changed') parts.c = job.changedAt.toISOString()
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/**
 * What comes after the cursor, as ranges in their order; null for a cursor that is not one of this sort. Each range is one
 * stretch of the index of its order: in one condition with OR, the database would read everything before the cursor.
 */
function readCursor(sort: JobSort, cursor: string): Prisma.JobWhereInput[] | null {
  const parts = parseCursor(cursor)
  if (parts === null) return null
  const { n: number, r: rank, d: due, c: changed } = parts
  switch (sort) {
    case 'newest':
      return [{ number: { lt: number } }]
    case 'oldest':
      return [{ number: { gt: number } }]
    case 'changed':
      if (changed === undefined) return null
      return [{ changedAt: changed, number: { lt: number } }, { changedAt: { lt: changed } }]
    case 'next': {
      if (rank === undefined || due === undefined) return null
      const ofThisRank =
        due === null
          ? [{ nextDueAt: null, number: { gt: number } }]
          : [{ nextDueAt: due, number: { gt: number } }, { nextDueAt: { gt: due } }, { nextDueAt: null }]
      return [...ofThisRank.map((range) => ({ nextRank: rank, ...range })), { nextRank: { gt: rank } }]
    }
  }
}

function parseCursor(cursor: string): z.infer<typeof cursorSchema> | null {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    return null
  }
}

/** A search: what was typed, as a page of jobs with where they matched. */
import type { Actor } from '@/lib/access/actor'
import { readScope } from '@/lib/access/can'
import { Prisma } from '@/lib/generated/prisma/client'
import { rowInclude, rowOf } from '@/lib/jobs/row.server'
import { queueSight } from '@/lib/queues/sight.server'
import { type Conditions, filterConditions, wordConditions } from './conditions.server'
import { findExact, looksUnmistakable } from './exact.server'
import { partsByKind, readSearch } from './filter'
import { type Found, findPage } from './find.server'
import { readMatches } from './matches.server'
import type { SearchQuery } from './query'
import { placesOf, type ResolvedTerm, resolveNames, resolveTerms } from './resolve.server'
import { scopeOf } from './scope.server'
import { termsOf } from './terms'
import type { SearchItem, SearchResult } from './view'
import type { SearchDb } from './within.server'

const NOTHING: Found = { ids: [], next: null, total: 0, totalIsExact: true, reached: null }

/** One page of the jobs that `actor` may see and that `query` asks for. */
export async function searchJobs(
  db: SearchDb,
  actor: Actor,
  query: SearchQuery,
  now = new Date(),
): Promise<SearchResult> {
  const { parts, problems } = readSearch(query.q, now)
  const { words } = partsByKind(parts)
  const [exact, asked] = await Promise.all([findExact(db, words), conditionsOf(db, actor, query.q, now)])
  const named = await readItems(db, actor, exact.ids, asked.positive)
  const isDone = exact.isUnmistakable && named.length > 0
  const found = isDone
    ? NOTHING
    : await findPage(db, {
        ...asked.conditions,
        sort: query.sort,
        after: query.after,
        limit: query.limit,
        without: named.map(({ job }) => job.id),
      })
  return {
    // On top of the first page alone, and on no later one again.
    exact: query.after === null ? named : [],
    items: await readItems(db, actor, found.ids, asked.positive),
    nextCursor: found.next === null ? null : String(found.next),
    total: found.total,
    totalIsExact: found.totalIsExact,
    reached: found.reached,
    problems: [...problems, ...asked.problems],
    asOf: now.toISOString(),
  }
}

export type FindAsk = Omit<SearchQuery, 'q'> & {
  q: string
  /** Filters beside it, written as in a search. */
  narrowed: string
}

/** The ids alone of a page of a search: first what has exactly the number, id or reference that was typed. */
export async function findJobs(db: SearchDb, actor: Actor, ask: FindAsk, now = new Date()): Promise<Found> {
  const { q, narrowed, sort, after, limit } = ask
  const { words } = partsByKind(readSearch(q, now).parts)
  const named = async () => {
    const { ids, isUnmistakable } = await findExact(db, words)
    const fitting = ids.length === 0 ? [] : await fittingAmong(db, ids, await filtersOf(db, actor, narrowed, now))
    return { fitting, isFound: isUnmistakable && fitting.length > 0 }
  }
  // A name that can be no other costs little more than a page. For any other, its words are looked up meanwhile.
  const first = looksUnmistakable(words) ? await named() : null
  const [{ fitting, isFound }, meant] = await Promise.all([
    first ?? named(),
    first?.isFound ? null : conditionsOf(db, actor, `${narrowed} ${q}`, now),
  ])
  const onTop = after === null ? fitting : []
  if (isFound || meant === null) return { ...NOTHING, ids: onTop, total: fitting.length }
  const found = await findPage(db, { ...meant.conditions, sort, after, limit, without: fitting })
  const total = found.total === null ? null : found.total + fitting.length
  return { ...found, ids: [...onTop, ...found.ids], total }
}

async function filtersOf(db: SearchDb, actor: Actor, narrowed: string, now: Date): Promise<Conditions> {
  return (await conditionsOf(db, actor, narrowed, now)).conditions
}

async function fittingAmong(db: SearchDb, ids: readonly string[], { indexed, others }: Conditions): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    SELECT j.id FROM job j JOIN job_search s ON s.job_id = j.id
     WHERE ${Prisma.join([Prisma.sql`j.id = ANY (${[...ids]}::uuid[])`, ...indexed, ...others], ' AND ')}`)
  const fitting = new Set(rows.map(({ id }) => id))
  return ids.filter((id) => fitting.has(id))
}

/** The conditions of a search for `actor`, and the words to show where they stand. */
export async function conditionsOf(db: SearchDb, actor: Actor, q: string, now: Date) {
  const { parts } = readSearch(q, now)
  const { words } = partsByKind(parts)
  const filters = parts.filter((part) => part.kind === 'filter')
  const names = await resolveNames(db, actor, filters)
  const terms = await resolveTerms(db, termsOf(words), placesOf(filters))
  const ofWords = wordConditions(terms)
  const ofFilters = filterConditions(filters, { actor, names, now })
  return {
    conditions: {
      indexed: [...ofWords.indexed, ...ofFilters.indexed],
      others: [...scopeOf(actor), ...ofFilters.others, ...ofWords.others],
    },
    positive: terms.filter(({ negated }) => !negated),
    problems: names.problems,
  }
}

/** The rows of these jobs, as far as `actor` may see them, in this order. */
async function readItems(
  db: SearchDb,
  actor: Actor,
  ids: readonly string[],
  terms: readonly ResolvedTerm[],
): Promise<SearchItem[]> {
  if (ids.length === 0) return []
  const jobs = await db.job.findMany({
    where: { AND: [readScope(actor), { id: { in: [...ids] } }] },
    include: rowInclude,
  })
  const sight = await queueSight(db, jobs)
  const rows = new Map(jobs.map((job) => [job.id, rowOf(job, sight)]))
  const seen = ids.flatMap((id) => rows.get(id) ?? [])
  const matches = await readMatches(db, seen, terms)
  return seen.map((job) => ({
    job,
    ...(matches.get(job.id) ?? { title: [{ text: job.title, hit: false }], matches: [] }),
  }))
}

/** What is wrong with a search for `actor`, in a sentence or two; null where nothing is. */
export async function problemsOf(db: SearchDb, actor: Actor, q: string, now: Date): Promise<string | null> {
  const { parts, problems } = readSearch(q, now)
  const filters = parts.filter((part) => part.kind === 'filter')
  const names = await resolveNames(db, actor, filters)
  const messages = [...problems, ...names.problems].map(({ message }) => message)
  return messages.length === 0 ? null : messages.join(' ')
}

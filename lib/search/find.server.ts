/**
 * Finds a page of jobs, newest or oldest first, and how many there are: in two ways, and within a time.
 *
 * Rare words are answered from the index over words: it gives every job that has them, and these are sorted. Of a common
 * word it would give half of all jobs; so the jobs are gone through from the newest on, some thousand numbers at a time,
 * until a page is full. Where that finds little (two common words that hardly any job has both of) the index is asked
 * after all. When the time is used up, what was found is the answer, and it says how far it came.
 */
import { Prisma } from '@/lib/generated/prisma/client'
import type { Conditions } from './conditions.server'
import type { SearchSort } from './query'
import { type SearchDb, within } from './within.server'

/** Matches are counted up to this: nobody needs the exact number beyond it, and counting it would be slow. */
export const COUNT_UP_TO = 10_000
/** A search that is expected to give more is not sorted, but gone through. */
const FEW = 8_000
/** Milliseconds: what everything together may take, and the parts of it. An answer within half a second is at once. */
const WHOLE_MS = 380
const FIRST_SCAN_MS = 140
const COUNT_MS = 200
/** What the first look at anything may take in any case: an answer that comes late is better than none. */
const LEAST_MS = 250
/** Numbers in the first step; each step takes four times as many as the one before. */
const FIRST_STEP = 1_500
/** Where even that takes too long, a page begins with fewer, down to so many. */
const SMALLEST_STEP = 20
const LARGEST_STEP = 400_000

export type Ask = Conditions & {
  sort: SearchSort
  /** The number that the page before ended at. */
  after: number | null
  limit: number
  /** Jobs that are shown already. */
  without: readonly string[]
}

export type Found = {
  ids: string[]
  /** The number that the next page begins after; null on the last. */
  next: number | null
  total: number | null
  totalIsExact: boolean
  /** The time was used up at this number. */
  reached: number | null
}

type Row = { id: string; number: number }

const { sql } = Prisma
const all = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length === 0 ? sql`true` : Prisma.join([...conditions], ' AND ')

/** Finds a page. */
export async function findPage(db: SearchDb, ask: Ask): Promise<Found> {
  const deadline = performance.now() + WHOLE_MS
  if (ask.indexed.length > 0 && (await expected(db, ask)) <= FEW) {
    const found = await fromIndex(db, ask, Math.max(remaining(deadline), LEAST_MS))
    if (found !== null) return found
  }
  const isFirst = ask.after === null
  const [found, counted] = await Promise.all([goThrough(db, ask, deadline), isFirst ? countUp(db, ask) : null])
  if (found.reached === null && found.next === null && isFirst) {
    return { ...found, total: found.ids.length, totalIsExact: true }
  }
  if (!isFirst || found.total !== null) return found
  if (counted === null) return { ...found, total: found.ids.length, totalIsExact: false }
  return { ...found, total: Math.min(counted, COUNT_UP_TO), totalIsExact: counted <= COUNT_UP_TO }
}

/** How many jobs have the words, as PostgreSQL expects from its statistics: nothing is read for it. */
async function expected(db: SearchDb, { indexed }: Ask): Promise<number> {
  const rows = await db.$queryRaw<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }[]>(
    sql`EXPLAIN (FORMAT JSON) SELECT 1 FROM job_search s WHERE ${all(indexed)}`,
  )
  return rows[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0
}

/** All that the index gives, sorted. Null where that took longer than `ms`. */
async function fromIndex(db: SearchDb, ask: Ask, ms: number): Promise<Found | null> {
  const { indexed, others, sort, after, limit } = ask
  const rows = await within(db, ms, (tx) =>
    tx.$queryRaw<(Row & { total: bigint })[]>(sql`
      WITH hit AS MATERIALIZED (SELECT s.job_id FROM job_search s WHERE ${all(indexed)}),
      matched AS MATERIALIZED (
        SELECT j.id, j.number FROM hit JOIN job j ON j.id = hit.job_id JOIN job_search s ON s.job_id = j.id
         WHERE ${all([...others, notAmong(ask)])})
      SELECT id, number, (SELECT count(*) FROM matched) AS total FROM matched
       WHERE ${comesAfter(sql`number`, sort, after)} ORDER BY number ${direction(sort)} LIMIT ${limit + 1}::int`),
  )
  if (rows === null) return null
  const page = rows.slice(0, limit)
  // A page beyond the last has no row to carry the count.
  const total = rows[0] === undefined ? (after === null ? 0 : null) : Number(rows[0].total)
  return {
    ids: page.map(({ id }) => id),
    next: rows.length > limit ? (page.at(-1)?.number ?? null) : null,
    total: total === null ? null : Math.min(total, COUNT_UP_TO),
    totalIsExact: total !== null && total <= COUNT_UP_TO,
    reached: null,
  }
}

/** From the newest on, step by step, until the page is full or the time is used up. */
async function goThrough(db: SearchDb, ask: Ask, deadline: number): Promise<Found> {
  const { sort, after, limit, indexed } = ask
  const [ends] = await db.$queryRaw<{ least: number | null; most: number | null }[]>`
    SELECT min(number) AS least, max(number) AS most FROM job`
  if (ends?.least == null || ends.most == null)
    return { ids: [], next: null, total: 0, totalIsExact: true, reached: null }
  const { least, most } = ends
  const rows: Row[] = []
  // The next number to look at, and the last one.
  let at = sort === 'newest' ? Math.min(most, (after ?? most + 1) - 1) : Math.max(least, (after ?? least - 1) + 1)
  const begin = at
  const isOver = () => (sort === 'newest' ? at < least : at > most)
  let step = FIRST_STEP
  let triedIndex = indexed.length === 0
  while (!isOver() && rows.length <= limit) {
    const spent = performance.now() - (deadline - WHOLE_MS)
    if (!triedIndex && spent > FIRST_SCAN_MS) {
      triedIndex = true
      const found = remaining(deadline) > 0 ? await fromIndex(db, ask, remaining(deadline)) : null
      if (found !== null) return found
    }
    const left = triedIndex ? remaining(deadline) : Math.max(FIRST_SCAN_MS - spent, 20)
    // The first is made however late it is, or the next page would begin where this one did.
    const isFirst = at === begin
    // Not all of it: where this step takes too long there is time for a smaller one.
    const partMs = step > FIRST_STEP ? Math.max(left * 0.6, 20) : left
    const allowedMs = isFirst ? Math.max(partMs, LEAST_MS) : partMs
    const to = sort === 'newest' ? Math.max(at - step + 1, least) : Math.min(at + step - 1, most)
    const part = { from: Math.min(at, to), to: Math.max(at, to), want: limit + 1 - rows.length }
    const found = left <= 0 && !isFirst ? null : await oneStep(db, ask, part, allowedMs)
    if (found === null) {
      const smallest = isFirst ? SMALLEST_STEP : FIRST_STEP
      if (triedIndex && (step <= smallest || (left <= 0 && !isFirst))) break
      // Smaller steps come through where a large one took too long.
      step = Math.max(smallest, Math.floor(step / 8))
      continue
    }
    rows.push(...found)
    at = sort === 'newest' ? to - 1 : to + 1
    step = Math.min(step * 4, LARGEST_STEP)
  }
  const page = rows.slice(0, limit)
  const isFull = rows.length > limit
  const reached = isFull || isOver() ? null : sort === 'newest' ? at + 1 : at - 1
  return {
    ids: page.map(({ id }) => id),
    next: isFull ? (page.at(-1)?.number ?? null) : reached,
    total: null,
    totalIsExact: false,
    reached,
  }
}

async function oneStep(
  db: SearchDb,
  ask: Ask,
  { from, to, want }: { from: number; to: number; want: number },
  ms: number,
): Promise<Row[] | null> {
  return within(db, ms, (tx) =>
    tx.$queryRaw<Row[]>(sql`
      SELECT j.id, j.number FROM job j JOIN job_search s ON s.job_id = j.id
       WHERE j.number BETWEEN ${from}::int AND ${to}::int AND s.number BETWEEN ${from}::int AND ${to}::int
         AND ${all([...ask.indexed, ...ask.others, notAmong(ask)])}
       ORDER BY j.number ${direction(ask.sort)} LIMIT ${want}::int`),
  )
}

/** How many match, up to one more than is counted. Null where counting took too long. */
export async function countUp(
  db: SearchDb,
  ask: Pick<Ask, 'indexed' | 'others' | 'without'>,
  ms = COUNT_MS,
): Promise<number | null> {
  const { indexed, others } = ask
  const isWordsAlone = others.length === 0 && indexed.length > 0
  const rows = await within(db, ms, async (tx) => {
    if (isWordsAlone) {
      // The index knows the rows: none of them need be read for their words.
      await tx.$queryRaw`SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true)`
    }
    return tx.$queryRaw<{ count: bigint }[]>(
      isWordsAlone
        ? sql`SELECT count(*) FROM (SELECT 1 FROM job_search s WHERE ${all(indexed)} AND ${notAmong(ask, sql`s.job_id`)} LIMIT ${COUNT_UP_TO + 1}::int) found`
        : sql`SELECT count(*) FROM (SELECT 1 FROM job j JOIN job_search s ON s.job_id = j.id
               WHERE ${all([...indexed, ...others, notAmong(ask)])} LIMIT ${COUNT_UP_TO + 1}::int) found`,
    )
  })
  return rows === null ? null : Number(rows[0]?.count ?? 0)
}

const remaining = (deadline: number): number => Math.floor(deadline - performance.now())

const direction = (sort: SearchSort): Prisma.Sql => (sort === 'newest' ? sql`DESC` : sql`ASC`)

function comesAfter(column: Prisma.Sql, sort: SearchSort, after: number | null): Prisma.Sql {
  if (after === null) return sql`true`
  return sort === 'newest' ? sql`${column} < ${after}::int` : sql`${column} > ${after}::int`
}

function notAmong({ without }: Pick<Ask, 'without'>, column = sql`j.id`): Prisma.Sql {
  return without.length === 0 ? sql`true` : sql`${column} <> ALL (${[...without]}::uuid[])`
}

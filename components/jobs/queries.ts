/** What the pages read from the API, and how often. Keys go from general to particular. */
import { queryOptions, replaceEqualDeep } from '@tanstack/react-query'
import { type JobQuery, jobQueryParams } from '@/lib/jobs/query'
import type { Heartbeats, JobList, JobRow } from '@/lib/jobs/view'
import { isSettled } from '@/lib/lifecycle/table'
import { conditionalReader } from './conditional-fetch'

const read = conditionalReader()

export const jobKeys = {
  all: ['jobs'] as const,
  lists: () => [...jobKeys.all, 'list'] as const,
  /** One list: by its parameters in their normal order, so that equal questions share one answer. */
  list: (query: JobQuery) => [...jobKeys.lists(), jobQueryParams(query).toString()] as const,
  heartbeats: (ids: readonly string[]) => [...jobKeys.all, 'heartbeats', ids.join(',')] as const,
}

/** One page of the list. An unchanged answer is the same object; an unchanged row in a changed list too. */
export function jobListOptions(query: JobQuery) {
  const params = jobQueryParams(query).toString()
  return queryOptions({
    queryKey: jobKeys.list(query),
    queryFn: ({ signal }) => read<JobList>(`/api/v1/jobs${params === '' ? '' : `?${params}`}`, signal),
    structuralSharing: (before, after) => shareRows(before as JobList | undefined, after as JobList),
  })
}

/** How the watch over these jobs goes. Apart from the list: it changes with every look, and the list must not. */
export function heartbeatOptions(ids: readonly string[]) {
  return queryOptions({
    queryKey: jobKeys.heartbeats(ids),
    queryFn: ({ signal }) => read<Heartbeats>(`/api/v1/heartbeats?jobs=${ids.join(',')}`, signal),
    enabled: ids.length > 0,
  })
}

/** Keeps the object of every row that did not change, wherever it now stands. By id: positions shift with each arrival. */
export function shareRows(before: JobList | undefined, after: JobList): JobList {
  if (before === undefined || before === after) return after
  const known = new Map(before.items.map((row) => [row.id, row]))
  const items = after.items.map((row): JobRow => replaceEqualDeep(known.get(row.id), row))
  const same = items.length === before.items.length && items.every((row, index) => row === before.items[index])
  return { ...after, items: same ? before.items : items }
}

const MINUTE = 60_000

/**
 * How long to wait before the list is asked for again, in milliseconds: often while something young is under way, rarely
 * when all is settled or old. New jobs are still found: nothing stops altogether.
 */
export function pollEvery(rows: readonly Pick<JobRow, 'state' | 'changedAt'>[], now: number): number {
  const age = (row: Pick<JobRow, 'changedAt'>) => now - Date.parse(row.changedAt)
  const moving = rows.filter((row) => row.state === 'queued' || row.state === 'running')
  if (moving.some((row) => age(row) < 5 * MINUTE)) return 3_000
  if (moving.some((row) => age(row) < 60 * MINUTE)) return 8_000
  if (rows.some((row) => !isSettled(row.state)) || rows.some((row) => age(row) < 10 * MINUTE)) return 15_000
  return 30_000
}

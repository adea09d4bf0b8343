/** What the inbox reads from the API. Keys go from general to particular. */
import { queryOptions, replaceEqualDeep } from '@tanstack/react-query'
import { ApiError, conditionalReader } from '@/components/jobs/conditional-fetch'
import { type InboxQuery, inboxQueryParams } from '@/lib/review/inbox-query'
import type { Inbox, InboxCount, InboxItem, TakeNext, Taken } from '@/lib/review/view'

const read = conditionalReader()

export const reviewKeys = {
  all: ['review'] as const,
  inboxes: () => [...reviewKeys.all, 'inbox'] as const,
  inbox: (query: InboxQuery) => [...reviewKeys.inboxes(), inboxQueryParams(query).toString()] as const,
  count: () => [...reviewKeys.all, 'count'] as const,
}

/** Others claim and decide all the time; an unchanged answer costs the server no query. In milliseconds. */
export const INBOX_EVERY_MS = 5_000
const COUNT_EVERY_MS = 15_000

/** One page of the inbox. An unchanged answer is the same object; an unchanged row in a changed page too. */
export function inboxOptions(query: InboxQuery) {
  const params = inboxQueryParams(query).toString()
  return queryOptions({
    queryKey: reviewKeys.inbox(query),
    queryFn: ({ signal }) => read<Inbox>(`/api/v1/review${params === '' ? '' : `?${params}`}`, signal),
    structuralSharing: (before, after) => shareItems(before as Inbox | undefined, after as Inbox),
  })
}

/** How much waits, for the side bar. */
export const countOptions = queryOptions({
  queryKey: reviewKeys.count(),
  queryFn: ({ signal }) => read<InboxCount>('/api/v1/review/count', signal),
})

/** For the one place that keeps asking. Whoever is signed out, or reviews no longer, is told nothing any more. */
export const countPolling = queryOptions({
  ...countOptions,
  refetchInterval: ({ state: { error } }) =>
    error instanceof ApiError && (error.status === 401 || error.status === 403) ? false : COUNT_EVERY_MS,
})

/** Keeps the object of every item that did not change, wherever it now stands. */
export function shareItems(before: Inbox | undefined, after: Inbox): Inbox {
  if (before === undefined || before === after) return after
  const known = new Map(before.items.map((item) => [item.id, item]))
  const items = after.items.map((item): InboxItem => replaceEqualDeep(known.get(item.id), item))
  const same = items.length === before.items.length && items.every((item, index) => item === before.items[index])
  return { ...after, items: same ? before.items : items }
}

/**
 * Asks for the next item that nobody holds or looks at.
 * @throws {ApiError} where there is no good answer
 */
export async function askForNext(ask: TakeNext): Promise<Taken> {
  let answer: Response
  try {
    answer = await fetch('/api/v1/review/next', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ask),
    })
  } catch (cause) {
    throw new ApiError(0, null, { cause })
  }
  if (!answer.ok) throw new ApiError(answer.status, null)
  return (await answer.json()) as Taken
}

/** What the search reads from the API. Keys go from general to particular. */
import { queryOptions } from '@tanstack/react-query'
import { ApiError, conditionalReader } from '@/components/jobs/conditional-fetch'
import { type SearchQuery, searchQueryParams } from '@/lib/search/query'
import type { Known, SearchResult } from '@/lib/search/view'
import type { PinnedViews } from '@/lib/views/view'

const read = conditionalReader()

export const searchKeys = {
  all: ['search'] as const,
  result: (query: SearchQuery) => [...searchKeys.all, 'result', searchQueryParams(query).toString()] as const,
  known: () => [...searchKeys.all, 'known'] as const,
  pinned: () => [...searchKeys.all, 'pinned'] as const,
}

/** One page of a search. An unchanged answer is the same object. */
export function searchOptions(query: SearchQuery) {
  const params = searchQueryParams(query).toString()
  return queryOptions({
    queryKey: searchKeys.result(query),
    queryFn: ({ signal }) => read<SearchResult>(`/api/v1/search${params === '' ? '' : `?${params}`}`, signal),
  })
}

/** What a search can be completed with. It hardly changes while somebody types. */
export const knownOptions = queryOptions({
  queryKey: searchKeys.known(),
  queryFn: ({ signal }) => read<Known>('/api/v1/search/known', signal),
  staleTime: 5 * 60_000,
})

/** Nobody waits for a count in the side bar; an unchanged answer costs the server no query. In milliseconds. */
const COUNT_EVERY_MS = 20_000

export const pinnedOptions = queryOptions({
  queryKey: searchKeys.pinned(),
  queryFn: ({ signal }) => read<PinnedViews>('/api/v1/views/pinned', signal),
})

/** For the one place that keeps asking. Whoever is signed out is told nothing any more. */
export const pinnedPolling = queryOptions({
  ...pinnedOptions,
  refetchInterval: ({ state: { error } }) =>
    error instanceof ApiError && error.status === 401 ? false : COUNT_EVERY_MS,
})

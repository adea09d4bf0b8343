/** What is read of alerts in the browser. Keys go from general to particular. */
import { queryOptions } from '@tanstack/react-query'
import { ApiError, conditionalReader } from '@/components/jobs/conditional-fetch'
import type { AlertNews, AlertsView } from '@/lib/alerts/view'

const read = conditionalReader()

/** The rules are looked at every quarter of a minute; an unchanged answer costs the server no query. */
const NEWS_EVERY_MS = 15_000
const PAGE_EVERY_MS = 5_000

export const alertKeys = {
  all: ['alerts'] as const,
  news: (workflow?: string) => [...alertKeys.all, 'news', workflow ?? ''] as const,
  page: () => [...alertKeys.all, 'page'] as const,
}

/** Whoever is signed out, or may not see it any more, is told nothing however often the page asks. */
const unlessRefused =
  (everyMs: number) =>
  ({ state: { error } }: { state: { error: Error | null } }) =>
    error instanceof ApiError && (error.status === 401 || error.status === 403) ? false : everyMs

/** Open alerts in brief: of all, or of one workflow. */
export function alertNewsOptions(workflow?: string) {
  const query = workflow === undefined ? '' : `?${new URLSearchParams({ workflow })}`
  return queryOptions({
    queryKey: alertKeys.news(workflow),
    queryFn: ({ signal }) => read<AlertNews>(`/queues/alerts/news${query}`, signal),
    refetchInterval: unlessRefused(NEWS_EVERY_MS),
  })
}

/** The page of alerts as it is now. */
export const alertPageOptions = queryOptions({
  queryKey: alertKeys.page(),
  queryFn: ({ signal }) => read<AlertsView>('/queues/alerts/now', signal),
  refetchInterval: unlessRefused(PAGE_EVERY_MS),
})

/** What the desk reads from the API beside the jobs themselves. */
import { queryOptions } from '@tanstack/react-query'
import { conditionalReader } from '@/components/jobs/conditional-fetch'
import { type InboxQuery, inboxQueryParams } from '@/lib/review/inbox-query'
import type { Inbox } from '@/lib/review/view'

const read = conditionalReader()

/** The queue beside the desk is worked down, not leafed through: one page of it, as long as the API gives. */
export const QUEUE_LIMIT = 200
/** Others claim and decide meanwhile. An unchanged answer costs the server no query. */
export const QUEUE_MS = 5_000

/** The items that wait, in the order of the inbox. */
export function queueOptions(query: InboxQuery) {
  const params = inboxQueryParams({ ...query, limit: QUEUE_LIMIT, after: null }).toString()
  return queryOptions({
    queryKey: ['review', 'queue', params] as const,
    queryFn: ({ signal }) => read<Inbox>(`/api/v1/review?${params}`, signal),
  })
}

/**
 * Leaves an item to others for now. Nothing hangs on it: where it is not heard, the item only comes back sooner.
 * @param jobId the job's id
 */
export async function skipItem(jobId: string): Promise<void> {
  try {
    await fetch('/api/v1/review/skip', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ job: jobId }),
      keepalive: true,
    })
  } catch {
    // Not reached: the next item is on the screen all the same.
  }
}

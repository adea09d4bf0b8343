/** What the pages of the queues read, again and again. */
import { queryOptions } from '@tanstack/react-query'
import { conditionalReader } from '@/components/jobs/conditional-fetch'
import type { QueueDepth, QueueOverview } from '@/lib/queues/figures-view'
import type { Period } from '@/lib/queues/period'

const read = conditionalReader()

/** Figures are folded once a second; a person does not read faster than this. */
export const POLL_MS = 3_000

export function overviewOptions(period: Period) {
  return queryOptions({
    queryKey: ['queues', 'overview', period] as const,
    queryFn: ({ signal }) => read<QueueOverview>(`/queues/figures?period=${period}`, signal),
    refetchInterval: POLL_MS,
  })
}

export function depthOptions(workflow: string, period: Period) {
  const params = new URLSearchParams({ workflow, period })
  return queryOptions({
    queryKey: ['queues', 'depth', workflow, period] as const,
    queryFn: ({ signal }) => read<QueueDepth>(`/queues/figures?${params}`, signal),
    refetchInterval: POLL_MS,
  })
}

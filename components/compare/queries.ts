/** What the comparison of a job's sides reads from the API. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { conditionalReader } from '@/components/jobs/conditional-fetch'
import { jobKeys } from '@/components/jobs/queries'
import type { ComparisonView } from '@/lib/compare/view'

const read = conditionalReader()

/** Two sides of a job, by their names. What they are never changes, but who looks may wait for a result. */
export function comparisonOptions(jobId: string, left: string, right: string) {
  const params = new URLSearchParams({ left, right })
  return queryOptions({
    queryKey: [...jobKeys.all, 'compare', jobId, left, right] as const,
    queryFn: ({ signal }) => read<ComparisonView>(`/api/v1/jobs/${jobId}/compare?${params}`, signal),
    // Megabytes take long to compare, and an answer is a new object only when it was asked for anew.
    structuralSharing: false,
    placeholderData: keepPreviousData,
  })
}

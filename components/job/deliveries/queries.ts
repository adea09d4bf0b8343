/** What the deliveries of a job read from the API. */
import { queryOptions } from '@tanstack/react-query'
import { jobKeys } from '@/components/jobs/queries'
import type { SentBytes } from '@/lib/deliveries/sent-view'

/** Where the exact bytes are had as a file. */
export function bytesAddress(jobId: string, deliveryId: string): string {
  return `/api/v1/jobs/${jobId}/deliveries/${deliveryId}/bytes`
}

/** The bytes of a delivery, decoded. They never change. */
export function sentBytesOptions(jobId: string, deliveryId: string) {
  return queryOptions({
    queryKey: [...jobKeys.all, 'sent-bytes', jobId, deliveryId] as const,
    queryFn: async ({ signal }): Promise<SentBytes> => {
      const answer = await fetch(`${bytesAddress(jobId, deliveryId)}?readable=1`, { signal })
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
      return (await answer.json()) as SentBytes
    },
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
    retry: false,
  })
}

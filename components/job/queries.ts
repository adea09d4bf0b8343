/** What the page of one job reads from the API, and how often. */
import { queryOptions } from '@tanstack/react-query'
import { conditionalReader } from '@/components/jobs/conditional-fetch'
import { jobKeys, pollEvery } from '@/components/jobs/queries'
import type { DocumentText } from '@/lib/evidence/types'
import type { OldCall } from '@/lib/jobs/old-call'
import type { JobView } from '@/lib/jobs/view'
import { isSettled } from '@/lib/lifecycle/table'

const read = conditionalReader()

/** One job, whole. An unchanged answer is the same object. */
export function jobOptions(id: string) {
  return queryOptions({
    queryKey: [...jobKeys.all, 'one', id] as const,
    queryFn: ({ signal }) => read<JobView>(`/api/v1/jobs/${id}`, signal),
    // An answer is a new object only when it says something new, and a result of 10 MB takes long to compare.
    structuralSharing: false,
  })
}

/** The text of a document, page by page. It never changes. */
export function documentTextOptions(id: string) {
  return queryOptions({
    queryKey: ['documents', id, 'text'] as const,
    queryFn: ({ signal }) => read<Pick<DocumentText, 'name' | 'pages'>>(`/api/v1/documents/${id}/text`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  })
}

/** What became of a call whose end nobody saw, asked of its provider each time that somebody is about to pay again. */
export function oldCallOptions(jobId: string) {
  return queryOptions({
    queryKey: [...jobKeys.all, 'old-call', jobId] as const,
    queryFn: async ({ signal }): Promise<OldCall> => {
      const answer = await fetch(`/api/v1/jobs/${jobId}/old-call`, { signal })
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
      return (await answer.json()) as OldCall
    },
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  })
}

/** Nothing happens to a settled job by itself, but somebody else may reopen it while it is being read. */
const SETTLED_MS = 30_000

/** How long to wait before the job is asked for again, in milliseconds. */
export function pollJobEvery(job: Pick<JobView, 'state' | 'changedAt'>, now: number): number {
  return isSettled(job.state) ? SETTLED_MS : pollEvery([job], now)
}

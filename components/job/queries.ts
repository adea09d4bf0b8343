/** What the page of one job reads from the API, and how often. */
import { queryOptions } from '@tanstack/react-query'
import { conditionalReader } from '@/components/jobs/conditional-fetch'
import { jobKeys, pollEvery } from '@/components/jobs/queries'
import type { DocumentText } from '@/lib/evidence/types'
import type { RelatedView } from '@/lib/history/related-view'
import type { OldCall } from '@/lib/jobs/old-call'
import type { JobView } from '@/lib/jobs/view'
import { isSettled } from '@/lib/lifecycle/table'
import type { DeskView, LeavingView } from '@/lib/review/desk-view'
import { isLeaving, leavesAt } from './deliveries/delivery-facts'

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

/** What a job can be decided with: reasons, people to tell, the schema of its result. Changes rarely. */
export function deskOptions(jobId: string) {
  return queryOptions({
    queryKey: [...jobKeys.all, 'desk', jobId] as const,
    queryFn: ({ signal }) => read<DeskView>(`/api/v1/jobs/${jobId}/desk`, signal),
    staleTime: 5 * 60_000,
  })
}

/** Jobs beside this one. They change seldom, and nobody decides by them. */
export function relatedOptions(jobId: string) {
  return queryOptions({
    queryKey: [...jobKeys.all, 'related', jobId] as const,
    queryFn: ({ signal }) => read<RelatedView>(`/api/v1/jobs/${jobId}/related`, signal),
    staleTime: 60_000,
  })
}

/** The exact bytes that leave under a hash. They never change; whether a mail server is set up may. */
export function leavingOptions(jobId: string, hash: string) {
  return queryOptions({
    queryKey: [...jobKeys.all, 'leaving', jobId, hash] as const,
    queryFn: ({ signal }) => read<LeavingView>(`/api/v1/jobs/${jobId}/leaving?hash=${hash}`, signal),
    staleTime: 5 * 60_000,
    structuralSharing: false,
  })
}

/** Nothing happens to a settled job by itself, but somebody else may reopen it while it is being read. */
const SETTLED_MS = 30_000

/** A delivery that is due within this long, or was not longer ago, is watched closely: in milliseconds. */
const ABOUT_TO_LEAVE_MS = 60_000

/** How long to wait before the job is asked for again, in milliseconds. */
export function pollJobEvery(job: Pick<JobView, 'state' | 'changedAt' | 'deliveries'>, now: number): number {
  if (!isSettled(job.state)) return pollEvery([job], now)
  const leaving = job.deliveries.filter(isLeaving)
  const isDue = leaving.some((delivery) => {
    // One that is sent again was due long ago, and is due since somebody said so.
    const changedAt = Date.parse(delivery.changedAt)
    const dueAt = Math.max(Date.parse(leavesAt(delivery) ?? delivery.changedAt), changedAt)
    return Math.abs(dueAt - now) < ABOUT_TO_LEAVE_MS
  })
  if (isDue) return 1_500
  return leaving.length > 0 ? 15_000 : SETTLED_MS
}

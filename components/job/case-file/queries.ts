/** What is read of a case file before it is taken out. */
import { queryOptions } from '@tanstack/react-query'
import { jobKeys } from '@/components/jobs/queries'
import type { CaseView } from '@/lib/audit/case-view'
import type { Problem } from '@/lib/jobs/view'

/** Where the case file is had. */
export function caseFileAddress(jobId: string, format?: 'html' | 'zip'): string {
  return `/api/v1/jobs/${jobId}/case-file${format === undefined ? '' : `?format=${format}`}`
}

/** Why there is none now, in a sentence for people. */
export class NoCaseFile extends Error {
  override name = 'NoCaseFile'
}

export function caseFileOptions(jobId: string) {
  return queryOptions({
    queryKey: [...jobKeys.all, 'case-file', jobId] as const,
    queryFn: async ({ signal }): Promise<CaseView> => {
      const answer = await fetch(caseFileAddress(jobId), { signal })
      if (answer.ok) return (await answer.json()) as CaseView
      if (answer.status === 403) throw new NoCaseFile(((await answer.json()) as Problem).detail)
      throw new Error(`HTTP ${answer.status}`)
    },
    // It is asked anew each time that somebody looks: anchors come by the minute.
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
}

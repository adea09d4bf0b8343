import type { JobView } from '@/lib/jobs/view'

/** More than this in the page's own HTML delays the first drawing; it is fetched beside it instead. In characters. */
const MOST = 500_000

/**
 * What the server draws a job with. A very large result or trace is left out of it, and the browser reads the job anew
 * at once: `isWhole` says which. The hash, the checks and everything else are there from the start.
 */
export function firstSight(job: JobView): { job: JobView; isWhole: boolean } {
  const size = (job.result?.text.length ?? 0) * 2 + JSON.stringify([job.evidence, job.trace]).length
  if (size <= MOST) return { job, isWhole: true }
  const result = job.result === null ? null : { ...job.result, text: '', json: null }
  return { job: { ...job, result, evidence: [], trace: [] }, isWhole: false }
}

/** What leads the page of a job. Pure. */
import type { JobView } from '@/lib/jobs/view'

export type NextFacts = Pick<JobView, 'state' | 'calls' | 'events' | 'nextAction'>

/**
 * What must be done, or what happens by itself, as a sentence. While its calls are being made a job is queued, but it is
 * not its turn at the model that it waits for.
 */
export function whatIsNext(job: NextFacts): string {
  const left = callsToMake(job)
  if (left === 0 || job.nextAction.kind === 'wait_resume') return job.nextAction.what
  return left === 1
    ? 'The allowed call is being made. Then the model goes on.'
    : 'The allowed calls are being made. Then the model goes on.'
}

/** Calls that a person's retry left behind were allowed too, and are never made. */
function callsToMake({ state, calls, events }: NextFacts): number {
  const queuedBy = events.findLast(({ from, to }) => to === 'queued' && from !== 'queued')?.command
  if (state !== 'queued' || (queuedBy !== 'answer' && queuedBy !== 'proceed')) return 0
  const newest = Math.max(...calls.map((call) => call.attempt))
  return calls.filter(
    (call) =>
      call.attempt === newest && call.kind === 'function' && (call.state === 'permitted' || call.state === 'sending'),
  ).length
}

/** Observations: what each exchange with the provider told. Kept apart from the events; they change no version. */
import type { CreateOutcome, LookOutcome } from '@/lib/provider/types'
import type { EngineContext } from './context'

export type Observed = {
  jobId: string
  attemptId: string
  kind: 'create' | 'look' | 'cancel'
  outcome: CreateOutcome | LookOutcome
  /** It told something new. */
  changed: boolean
  /** When the answer came; now where absent. */
  at?: Date
}

/** Writes down one exchange. A note that cannot be written stops nothing: what it tells of was saved, or is looked at again. */
export async function observe(
  context: EngineContext,
  { jobId, attemptId, kind, outcome, changed, at = context.now() }: Observed,
): Promise<void> {
  const error = 'error' in outcome ? outcome.error : null
  const data = {
    jobId,
    attemptId,
    at,
    kind,
    httpStatus: outcome.httpStatus,
    providerStatus: 'seen' in outcome ? outcome.seen.status : null,
    requestId: outcome.requestId,
    errorCode:
      error === null ? null : (error.code ?? (error.httpStatus === null ? 'no_answer' : `http_${error.httpStatus}`)),
    milliseconds: Math.round(outcome.milliseconds),
    changed,
  }
  await context.db.observation.create({ data }).catch((error: unknown) => {
    context.log(`A look could not be written down: ${error instanceof Error ? error.message : String(error)}`)
  })
}

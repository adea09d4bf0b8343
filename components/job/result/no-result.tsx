import { EmptyState } from '@/components/ui/empty-state'
import type { AttemptView, JobView } from '@/lib/jobs/view'
import { isSettled } from '@/lib/lifecycle/table'
import { LongText } from '../long-text'
import { readTraceItem } from '../trace/trace-shapes'

/** Why there is nothing to decide on yet, and what the model said instead, where it said something. */
export function NoResult({ job }: { job: JobView }) {
  const attempt = job.attempts[0]
  const said = attempt === undefined ? [] : wordsOf(job, attempt)
  return (
    <>
      <EmptyState title={titleOf(job, attempt)} hint={hintOf(job, attempt)} className={said.length > 0 ? 'pb-4' : ''} />
      {said.map(({ refusal, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one answer, in its order
        <section key={index} className="mx-auto max-w-[72ch] rounded-md border border-line bg-surface px-4 py-3">
          <h2 className="text-sm font-medium text-muted">
            {refusal ? 'Why the model refused, in its own words' : 'What there is of the answer; it may not be used'}
          </h2>
          <LongText text={text} portion={3_000} className="mt-1 text-read" />
        </section>
      ))}
    </>
  )
}

function wordsOf(job: JobView, attempt: AttemptView): { refusal: boolean; text: string }[] {
  return job.trace
    .filter((item) => item.attempt === attempt.number)
    .flatMap((item) => {
      const entry = readTraceItem(item.type, item.data)
      return entry.kind === 'message' ? entry.parts : []
    })
    .filter((part) => part.text !== '')
}

function titleOf(job: JobView, attempt: AttemptView | undefined): string {
  if (attempt?.failureClass != null) return 'There is no whole result'
  return isSettled(job.state) ? 'There is no result' : 'There is no result yet'
}

function hintOf(job: JobView, attempt: AttemptView | undefined): string {
  if (attempt?.failureClass != null) {
    return `Attempt ${attempt.number} ended without one. ${attempt.sentence ?? ''}`
  }
  if (attempt?.providerStatus === 'unknown') {
    return `The answer to attempt ${attempt.number} was lost. If it still comes in, it is shown here.`
  }
  if (job.nextAction.kind === 'answer_permission') {
    return 'The model asked for calls first. When they are answered, it goes on, and its result is shown here.'
  }
  if (isSettled(job.state)) return 'The job ended before a whole answer was seen.'
  return 'It is shown here as soon as the model has finished. Its input and its history are there already.'
}

import { Scissors } from 'lucide-react'
import { Callout } from '@/components/ui/callout'
import { EmptyState } from '@/components/ui/empty-state'
import type { AttemptView, JobView } from '@/lib/jobs/view'
import { isSettled } from '@/lib/lifecycle/table'
import { CodeText } from '../code-text'
import { LongText } from '../long-text'
import { type MessagePart, readTraceItem } from '../trace/trace-shapes'
import { indentJson, looksLikeJson } from './broken-json'

/** Why there is nothing to decide on yet, and what the model said instead, where it said something. */
export function NoResult({ job }: { job: JobView }) {
  const attempt = job.attempts[0]
  const said = attempt === undefined ? [] : wordsOf(job, attempt)
  return (
    <>
      <EmptyState title={titleOf(job, attempt)} hint={hintOf(job, attempt)} className={said.length > 0 ? 'pb-4' : ''} />
      {said.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one answer, in its order
        <Said key={index} part={part} />
      ))}
    </>
  )
}

function Said({ part }: { part: MessagePart }) {
  if (part.refusal) {
    return (
      <section className="mx-auto mt-3 max-w-[72ch] rounded-md border border-line bg-surface px-4 py-3">
        <h2 className="text-sm font-medium text-muted">Why the model refused, in its own words</h2>
        <LongText text={part.text} portion={3_000} className="mt-1 text-read" />
      </section>
    )
  }
  return (
    <section aria-label="What there is of the answer" className="mx-auto mt-3 max-w-[72ch]">
      <Callout tone="attention" icon={Scissors} title="This is not a whole answer">
        It is what came before the model stopped. It may not be used, and nothing of it is sent anywhere.
      </Callout>
      {looksLikeJson(part.text) ? (
        <CodeText text={indentJson(part.text)} className="mt-2" />
      ) : (
        <LongText text={part.text} portion={3_000} className="mt-3 text-read" />
      )}
    </section>
  )
}

function wordsOf(job: JobView, attempt: AttemptView): MessagePart[] {
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

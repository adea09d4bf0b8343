/** A failure rule as people read it. Pure. */
import { failureSentence, retriesByItself } from '@/lib/lifecycle/failure'
import type { Rule, SignalKind, Telling } from './types'

export const SIGNAL_WORDS: Record<SignalKind, { label: string; hint: string }> = {
  code: { label: 'Code', hint: 'As the provider gives it, such as server_error. A * stands for any letters.' },
  http_status: { label: 'HTTP status', hint: 'Such as 429, a family such as 5xx, or none: nothing was sent.' },
  incomplete: { label: 'Why it is incomplete', hint: 'Such as max_output_tokens.' },
  check: { label: 'Check that fails', hint: 'Such as quotes, or * for any of them.' },
  stop: { label: 'Reason of Holdpoint', hint: 'Such as no_progress or refusal.' },
}

export const TELLING_WORDS: Record<Telling, string> = {
  nobody: 'Nobody',
  requester: 'Whoever asked for the job',
  leads: 'Leads',
}

/** What it looks at: "HTTP 429 when it is sent". */
export function whenWords(rule: Pick<Rule, 'signal' | 'where'>): string {
  return whenParts(rule)
    .map(({ text }) => text)
    .join(' ')
}

/** The same in parts: those that are the provider's own spelling can be set apart. */
export function whenParts({ signal: { kind, value }, where }: Pick<Rule, 'signal' | 'where'>): WhenPart[] {
  const place = where === null ? [] : [words(where === 'create' ? 'when it is sent' : 'when it is looked at')]
  switch (kind) {
    case 'code':
      return [words('Code'), theirs(value), ...place]
    case 'http_status':
      if (value === 'none') return [words('No connection, so that nothing was sent')]
      return [words('HTTP'), theirs(value), ...place]
    case 'incomplete':
      return [words('Incomplete:'), theirs(value)]
    case 'check':
      return value === '*' ? [words('Any check fails')] : [words('The check'), theirs(value), words('fails')]
    case 'stop':
      return [words('Holdpoint stopped it:'), theirs(value)]
  }
}

export type WhenPart = { text: string; isTheirs: boolean }
const words = (text: string): WhenPart => ({ text, isTheirs: false })
const theirs = (text: string): WhenPart => ({ text, isTheirs: true })

/** What becomes of it: "Tried again by itself, first after 2 s …". */
export function thenWords({ class: failureClass, retry, stopsQueue, countsTries, tell }: Rule): string {
  const sentences = [actionWords(failureClass, retry, stopsQueue)]
  if (!countsTries && !stopsQueue) sentences.push('It uses up no try.')
  if (tell !== 'nobody') sentences.push(tell === 'leads' ? 'Leads are told.' : 'Whoever asked for the job is told.')
  return sentences.join(' ')
}

function actionWords(failureClass: Rule['class'], retry: Rule['retry'], stopsQueue: boolean): string {
  if (stopsQueue) return 'Sending of its workflow stops until a lead resumes it; the job waits.'
  if (retry !== null) return `Tried again by itself${delayWords(retry)}.`
  if (failureClass === 'review_required' || failureClass === 'unclassified') return 'Held for a person.'
  return retriesByItself(failureClass) ? 'The job fails, and is not tried again by itself.' : 'The job fails.'
}

function delayWords({ firstSeconds, factor, capSeconds, maxAttempts }: NonNullable<Rule['retry']>): string {
  const parts = [
    firstSeconds === null ? null : firstSeconds === 0 ? 'at once' : `first after ${firstSeconds} s`,
    factor === null ? null : `times ${factor} each time`,
    capSeconds === null ? null : `at most ${capSeconds} s apart`,
    maxAttempts === null ? null : `at most ${maxAttempts} ${maxAttempts === 1 ? 'attempt' : 'attempts'}`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? ', as its workflow says' : `, ${parts.join(', ')}`
}

/** The sentence that people get. */
export function toldWords(rule: Pick<Rule, 'sentence' | 'class' | 'signal'>): string {
  return (
    rule.sentence ??
    failureSentence(rule.class, rule.signal.kind === 'http_status' ? `http_${rule.signal.value}` : rule.signal.value)
  )
}

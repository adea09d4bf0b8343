/** What is said of a queue: why a job waits, and what people changed of it. Pure. */
import { stopWords } from '@/lib/money/stop-words'

/** Of a reason that is kept in the history of a queue. */
export const LONGEST_NOTE = 2_000

export type QueueFigures = { live: number; mostLive: number | null; sendsPerMinute: number | null }

const count = new Intl.NumberFormat('en')

/** Why a queued job has not been sent, as a sentence. */
export function waitWords(
  why: 'place' | 'rate' | 'provider',
  { live, mostLive, sendsPerMinute }: QueueFigures,
): string {
  if (why === 'place' && mostLive !== null) {
    return live >= mostLive
      ? `Waits for a free place: ${count.format(live)} of ${count.format(mostLive)} run.`
      : 'Waits for a free place: those before it are sent first.'
  }
  if (why === 'rate' && sendsPerMinute !== null) {
    return `Waits for its turn: at most ${count.format(sendsPerMinute)} ${sendsPerMinute === 1 ? 'is' : 'are'} sent a minute.`
  }
  if (why === 'provider') return 'Waits until the provider takes another call: its limits are reached.'
  return 'It is sent when its turn comes.'
}

export type QueueLimits = { mostLive: number | null; sendsPerMinute: number | null }

/** "At most 4 calls at once, at most 60 sent a minute". */
export function limitWords({ mostLive, sendsPerMinute }: QueueLimits): string {
  const parts = [
    mostLive === null ? null : `at most ${count.format(mostLive)} ${mostLive === 1 ? 'call' : 'calls'} at once`,
    sendsPerMinute === null ? null : `at most ${count.format(sendsPerMinute)} sent a minute`,
  ].filter((part) => part !== null)
  if (parts.length === 0) return 'no limit but the provider’s'
  return parts.join(', ')
}

export type ChangeKind = 'stopped' | 'paused' | 'resumed' | 'drained' | 'opened' | 'limited' | 'retried'

/** One line of the history of a queue as a sentence; `who` is a name, or Holdpoint. */
export function changeSentence(
  kind: ChangeKind,
  who: string,
  { before, after }: { before: Record<string, unknown>; after: Record<string, unknown> },
): string {
  switch (kind) {
    case 'stopped':
      return `Sending stopped. ${stopWords(String(after.reason)).sentence}`
    case 'paused':
      return `${who} paused sending.`
    case 'resumed':
      return before.reason === 'paused'
        ? `${who} resumed sending.`
        : `${who} resumed sending. It stood still because: ${stopWords(String(before.reason)).sentence}`
    case 'drained':
      return `${who} drained it: it takes no new jobs, and finishes those that it has.`
    case 'opened':
      return `${who} let it take new jobs again.`
    case 'limited':
      return `${who} changed its limits from ${limitWords(limitsIn(before))} to ${limitWords(limitsIn(after))}.`
    case 'retried': {
      const jobs = Number(after.jobs)
      return `${who} had ${count.format(jobs)} failed ${jobs === 1 ? 'job' : 'jobs'} retried together.`
    }
  }
}

function limitsIn({ mostLive, sendsPerMinute }: Record<string, unknown>): QueueLimits {
  const number = (value: unknown) => (typeof value === 'number' ? value : null)
  return { mostLive: number(mostLive), sendsPerMinute: number(sendsPerMinute) }
}

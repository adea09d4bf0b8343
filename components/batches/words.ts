/** What is said of a retry of many. Pure. */
import type { BatchOutcome } from '@/lib/batches/view'
import type { BatchState } from '@/lib/failures/view'
import { dollars } from '@/lib/money/micros'

export const STATE_LABELS: Record<BatchState, string> = {
  draft: 'Not started',
  running: 'Under way',
  paused: 'Paused',
  cancelled: 'Cancelled',
  done: 'Done',
}

export const OUTCOME_LABELS: Record<BatchOutcome, string> = {
  ready: 'To do',
  retried: 'Retried',
  refused: 'Refused',
  moved_on: 'Moved on',
  left: 'Left as it was',
  excluded: 'Left out',
}

const ORDER: BatchOutcome[] = ['retried', 'refused', 'moved_on', 'left', 'ready']

/** "40 retried, 2 refused". What was left out from the beginning is not counted. */
export function outcomeWords(outcomes: Partial<Record<string, number>>): string {
  const parts = ORDER.flatMap((outcome) => {
    const jobs = outcomes[outcome] ?? 0
    return jobs === 0 ? [] : [`${jobs.toLocaleString('en')} ${OUTCOME_LABELS[outcome].toLowerCase()}`]
  })
  return parts.length === 0 ? 'none' : parts.join(', ')
}

/** "$1.20, and of 3 calls it is not known". */
export function amountWords({ usd, unknown }: { usd: number; unknown: number }, of: string): string {
  if (unknown === 0) return dollars(usd)
  return `${dollars(usd)}, and of ${unknown.toLocaleString('en')} ${of} it is not known`
}

/** What a reviewer finds of a claim, in words. */
import type { ReviewView } from '@/lib/jobs/view'

export type MarkView = ReviewView['marks'][number]
export type Verdict = MarkView['verdict']

export const verdicts = ['supported', 'contradicted', 'not_verifiable'] as const satisfies readonly Verdict[]

export const VERDICT_WORDS: Record<Verdict, string> = {
  supported: 'Supported',
  contradicted: 'Contradicted',
  not_verifiable: 'Not verifiable',
}

/** The newest word of each claim, of one person. @param pending what was pressed and is not kept yet; `none` takes it back. */
export function marksOf(
  marks: readonly MarkView[],
  personId: string,
  pending: ReadonlyMap<number, Verdict | 'none'>,
): Map<number, Verdict> {
  const mine = new Map(marks.filter(({ by }) => by.id === personId).map(({ claim, verdict }) => [claim, verdict]))
  for (const [claim, verdict] of pending) {
    if (verdict === 'none') mine.delete(claim)
    else mine.set(claim, verdict)
  }
  return mine
}

/** Which claims of two results are new, gone or changed, and what carries each. Pure. */
import type { Claim } from '@/lib/evidence/types'
import { matchLists } from './match'

export type ClaimChange = {
  /** `changed`: its words, its support or its quotes are others. */
  kind: 'same' | 'new' | 'gone' | 'changed'
  before: Claim | null
  after: Claim | null
}

/** Every claim of both, in the order of `after`; what is gone stands where it stood. Claims are matched by their words. */
export function compareClaims(before: readonly Claim[], after: readonly Claim[]): ClaimChange[] {
  const matches = matchLists(
    before.map(({ text }) => text),
    after.map(({ text }) => text),
  )
  return matches.map((match): ClaimChange => {
    const one = match.before === null ? null : (before[match.before] ?? null)
    const other = match.after === null ? null : (after[match.after] ?? null)
    if (one === null) return { kind: 'new', before: null, after: other }
    if (other === null) return { kind: 'gone', before: one, after: null }
    return { kind: isSame(one, other) ? 'same' : 'changed', before: one, after: other }
  })
}

function isSame(one: Claim, other: Claim): boolean {
  return one.text === other.text && one.support === other.support && carriers(one) === carriers(other)
}

/** The quotes of a claim and how each was found, whatever their order. */
function carriers({ citations }: Claim): string {
  return JSON.stringify(
    citations
      .map(({ documentId, documentName, quote, found, page, start }) =>
        JSON.stringify([documentId ?? documentName, quote, found, page, start]),
      )
      .toSorted(),
  )
}

/** Which claims rest on a passage. Pure. */
import type { JobView } from '@/lib/jobs/view'

export type ClaimView = JobView['evidence'][number]
export type CitationView = ClaimView['citations'][number]

/** The claims that cite words of the same place, in their order. Where the passage was found nowhere, those with its words. */
export function claimsUsing(passage: CitationView, claims: readonly ClaimView[]): ClaimView[] {
  return claims.filter(({ citations }) => citations.some((one) => isSamePlace(one, passage)))
}

function isSamePlace(one: CitationView, other: CitationView): boolean {
  if (one.documentId !== other.documentId || one.documentName !== other.documentName) return false
  if (one.start === null || one.end === null || other.start === null || other.end === null) {
    return one.quote === other.quote
  }
  return one.page === other.page && one.start < other.end && other.start < one.end
}

/** The citations of all other claims into one document: they are marked in it too. */
export function citationsBeside(claim: ClaimView, claims: readonly ClaimView[], documentId: string): CitationView[] {
  return claims
    .filter(({ index }) => index !== claim.index)
    .flatMap(({ citations }) => citations.filter((one) => one.documentId === documentId))
}

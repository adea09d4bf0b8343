import { expect, it } from 'vitest'
import { type CitationView, type ClaimView, citationsBeside, claimsUsing } from './passage-claims'

const cited = (start: number | null, end: number | null, change: Partial<CitationView> = {}): CitationView => ({
  documentId: 'd1',
  documentName: 'lease.md',
  quote: `from ${start}`,
  found: 'exact',
  page: 1,
  start,
  end,
  ...change,
})
const claim = (index: number, ...citations: CitationView[]): ClaimView => ({
  index,
  path: `/findings/${index}`,
  text: '',
  citations,
  support: 'exact',
})
const indexes = (claims: ClaimView[]) => claims.map(({ index }) => index)

it('finds the claims whose passages overlap, on the same page of the same document', () => {
  const claims = [
    claim(0, cited(0, 10)),
    claim(1, cited(9, 20)),
    claim(2, cited(10, 20)),
    claim(3, cited(0, 10, { page: 2 })),
    claim(4, cited(0, 10, { documentId: 'd2' })),
  ]
  expect(indexes(claimsUsing(cited(0, 10), claims))).toEqual([0, 1])
})

it('goes by the words where a passage was not found', () => {
  const lost = cited(null, null, { quote: 'nowhere', page: null, found: 'not_found' })
  expect(indexes(claimsUsing(lost, [claim(0, cited(0, 5)), claim(1, lost)]))).toEqual([1])
})

it('gives the passages of all other claims into a document', () => {
  const claims = [claim(0, cited(0, 5)), claim(1, cited(6, 9), cited(0, 3, { documentId: 'd2' }))]
  expect(citationsBeside(claims[0] as ClaimView, claims, 'd1')).toEqual([cited(6, 9)])
})

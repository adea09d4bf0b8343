import { expect, test } from 'vitest'
import type { Citation, Claim } from '@/lib/evidence/types'
import { compareClaims } from './claims'

const citation = (quote: string, over: Partial<Citation> = {}): Citation => ({
  documentId: 'd',
  documentName: 'lease.md',
  quote,
  found: 'exact',
  page: 1,
  start: 0,
  end: quote.length,
  ...over,
})
const claim = (index: number, text: string, over: Partial<Claim> = {}): Claim => ({
  index,
  path: `/findings/${index}`,
  text,
  citations: [citation('a quote')],
  support: 'exact',
  ...over,
})

test('claims are told as new, gone, changed or the same, wherever they stand', () => {
  const before = [claim(0, 'The rent is due on the third day.'), claim(1, 'No penalty is stated.'), claim(2, 'Keys.')]
  const after = [claim(0, 'Keys.'), claim(1, 'The rent is due on the third working day.'), claim(2, 'Pets may stay.')]
  expect(compareClaims(before, after).map(({ kind, after, before }) => [kind, (after ?? before)?.text])).toEqual([
    ['gone', 'No penalty is stated.'],
    ['same', 'Keys.'],
    ['changed', 'The rent is due on the third working day.'],
    ['new', 'Pets may stay.'],
  ])
})

test('a claim whose words stayed has changed where something else carries it', () => {
  const before = [claim(0, 'Keys.')]
  const changed = (over: Partial<Claim>) => compareClaims(before, [claim(0, 'Keys.', over)])[0]
  expect(changed({})?.kind).toBe('same')
  expect(changed({ support: 'none', citations: [] })).toMatchObject({
    kind: 'changed',
    before: { support: 'exact' },
    after: { support: 'none' },
  })
  expect(changed({ citations: [citation('another quote')] })?.kind).toBe('changed')
  expect(changed({ citations: [citation('a quote', { found: 'differs' })] })?.kind).toBe('changed')
})

test('the order of quotes says nothing', () => {
  const [one, other] = [citation('a quote'), citation('b quote')]
  const kinds = compareClaims(
    [claim(0, 'Keys.', { citations: [one, other] })],
    [claim(0, 'Keys.', { citations: [other, one] })],
  ).map(({ kind }) => kind)
  expect(kinds).toEqual(['same'])
})

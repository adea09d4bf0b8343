import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findQuote } from './find-quote'
import { fold } from './fold'
import type { DocumentText } from './types'

function documentOf(...pages: string[]): DocumentText {
  return { id: 'a', name: 'a.pdf', pages: pages.map((text, index) => ({ page: index + 1, text })) }
}

/** What the page has at the place that was found. */
function sliced(document: DocumentText, quote: string): string | undefined {
  const { page, start, end } = findQuote(document, quote)
  return document.pages.find((candidate) => candidate.page === page)?.text.slice(start ?? 0, end ?? 0)
}

test.each<[string, string, string, string]>([
  ['letter for letter', 'The rent is due.', 'rent is', 'exact'],
  ['with white space around the quote', 'The rent is due.', ' rent is\n', 'exact'],
  ['over a line break', 'The rent\n   is due.', 'The rent is due.', 'differs'],
  ['with a no-break space', 'at 1\u00a0480 euros', 'at 1 480 euros', 'differs'],
  ['with typographic quotes', '“It’s ours”', '"It\'s ours"', 'differs'],
  ['with plain quotes for typographic ones', '"It\'s ours"', '“It’s ours”', 'differs'],
  ['with another dash', 'pages 3–7 — all', 'pages 3-7 - all', 'differs'],
  ['with a ligature', 'the o\uFB03ce \uFB01le', 'the office file', 'differs'],
  ['with an ellipsis', 'and so on…', 'and so on...', 'differs'],
  ['with a soft hyphen', 'termi\u00adnation', 'termination', 'differs'],
  ['hyphenated at the end of a line', 'the termi-\nnation fee', 'the termination fee', 'differs'],
  ['hyphenated where the hyphen belongs', 'a well-\nknown fact', 'a well-known fact', 'differs'],
  ['decomposed where the quote is composed', 'cafe\u0301 noir', 'café noir', 'differs'],
  ['composed where the quote is decomposed', 'café noir', 'cafe\u0301 noir', 'differs'],
  ['decomposed Hangul', '\u1112\u1161\u11ab', '한', 'differs'],
  ['with emoji', 'fine 👍🏽 then', '👍🏽 then', 'exact'],
  ['with the escapes of the request', 'R&D < 5', 'R&amp;D &lt; 5', 'differs'],
  ['with a raw NUL of a sanitised document', 'a\u2400b', 'a\u0000b', 'differs'],
  ['in another case', 'The rent', 'the rent', 'not_found'],
  ['with another figure', '1,480 euros', '1,840 euros', 'not_found'],
  ['with words left out', 'The rent is due.', 'The rent … due.', 'not_found'],
  ['empty', 'The rent', '', 'not_found'],
  ['of white space only', 'The rent', ' \n', 'not_found'],
  ['of a letter whose accent is elsewhere', 'cafe\u0301', 'cafe', 'not_found'],
  ['of half a ligature', 'o\uFB03ce', 'of', 'not_found'],
  ['of half an emoji', 'x😀y', '\uD83D', 'not_found'],
])('a quote %s', (_name, text, quote, found) => {
  const document = documentOf(text)
  expect(findQuote(document, quote).found).toBe(found)
})

test('the place is that on the original page', () => {
  const document = documentOf('First page.', '  The “rent”\n is   due  today.')
  expect(findQuote(document, 'The "rent" is due')).toEqual({ found: 'differs', page: 2, start: 2, end: 22 })
  expect(sliced(document, 'The "rent" is due')).toBe('The “rent”\n is   due')
})

test('a quote that runs over onto the next page is placed on its first', () => {
  const document = documentOf('The tenant pays\nthe rent in ', '\n\nadvance each month.', 'More.')
  expect(findQuote(document, 'the rent in advance each')).toEqual({ found: 'differs', page: 1, start: 16, end: 27 })
  expect(sliced(document, 'the rent in advance each')).toBe('the rent in')
  expect(sliced(document, 'advance each month.')).toBe('advance each month.')
})

test('a letter-for-letter place on a later page comes before one that differs', () => {
  const document = documentOf('The  rent', 'The rent')
  expect(findQuote(document, 'The rent')).toMatchObject({ found: 'exact', page: 2 })
})

/** Text with everything that folding treats in some way. */
const piece = fc.constantFrom(
  ...[
    'rent',
    'a',
    'x',
    'due',
    ' ',
    '  ',
    '\n',
    '\u00a0',
    '-',
    '‐',
    '–',
    '—',
    '\u00ad',
    '\u200b',
    '“',
    '"',
    '’',
    "'",
    '…',
    '.',
    'ﬁ',
    'ﬃ',
  ],
  ...[
    'e\u0301',
    'é',
    'o\u0323\u0302',
    '\u0301',
    '한',
    '\u1112\u1161\u11ab',
    '😀',
    '👩‍👧',
    '👍🏽',
    '\uD83D',
    '\uDE00',
    '1',
    '9',
    '\u2400',
    '&amp;',
    'İ',
    'ß',
  ],
)
const anyText = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

test('the place of a quote folds like the quote, and is the quote where it is exact', () => {
  fc.assert(
    fc.property(anyText, fc.nat(), fc.nat(), (text, from, length) => {
      const quote = text.slice(from % (text.length + 1)).slice(0, 1 + (length % 30))
      const place = findQuote(documentOf(text), quote)
      if (place.found === 'not_found') return
      const there = text.slice(place.start ?? 0, place.end ?? 0)
      if (place.found === 'exact') expect(there).toBe(quote.trim())
      else
        expect([fold(quote.trim()).text.trim(), fold(unescaped(quote.trim())).text.trim()]).toContain(
          fold(there).text.trim(),
        )
    }),
    { numRuns: 2_000 },
  )
})

function unescaped(text: string): string {
  return text.replaceAll('&amp;', '&')
}

test('whole words of a page are always found, however the page is set', () => {
  const word = fc.constantFrom('rent', 'café', 'office', '“due”', 'it’s', '1,480', '한글', '😀', 'naïve')
  const gap = fc.constantFrom(' ', '\n', '  ', '\u00a0', ' \n ')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, gap), { minLength: 1, maxLength: 20 }),
      fc.nat(),
      fc.nat(),
      (words, from, length) => {
        const text = words.map(([each, space]) => each + space).join('')
        const start = from % words.length
        const quoted = words.slice(start, start + 1 + (length % words.length)).map(([each]) => each)
        const document = documentOf(text.normalize('NFD'))
        const place = findQuote(document, quoted.join(' '))
        expect(place.found).not.toBe('not_found')
        expect(fold(document.pages[0]?.text.slice(place.start ?? 0, place.end ?? 0) ?? '').text).toBe(
          fold(quoted.join(' ')).text,
        )
      },
    ),
  )
})

test('hostile documents of millions of letters and quotes of a hundred thousand take linear time', () => {
  const part = 300_000
  const documents = [
    'a'.repeat(10 * part),
    'a\u0301'.repeat(2 * part),
    `a${'\u0301'.repeat(2 * part)}`,
    'a-'.repeat(2 * part),
    `a-${' '.repeat(4 * part)}`,
  ]
  const long = 'a'.repeat(100_000)
  const quotes = [`b${long}`, `${long}b`, `${long}b${long}`, 'a- '.repeat(30_000)]
  // Some two seconds on a slow machine; comparing at each place would take an hour, and the test's limit strikes.
  for (const text of documents) {
    const document = documentOf(text)
    for (const quote of quotes) expect(['exact', 'differs', 'not_found']).toContain(findQuote(document, quote).found)
  }
})

test('a near miss costs its own length and not that of the document', () => {
  const document = { id: 'd', name: 'd', pages: [{ page: 1, text: 'а'.repeat(400_000) }] }
  const work = { left: 1_000_000 }
  expect(findQuote(document, `${'а'.repeat(40)}б`, work).found).toBe('not_found')
  expect(work.left).toBeGreaterThan(990_000)
})

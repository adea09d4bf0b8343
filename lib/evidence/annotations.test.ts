import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkAnnotations, countAnnotations, MOST_ANNOTATIONS } from './annotations'

const message = (text: string, ...annotations: unknown[]) => ({
  type: 'message',
  content: [{ type: 'output_text', text, annotations }],
})
const page = (over: Record<string, unknown> = {}) => ({
  type: 'url_citation',
  url: 'https://example.com/rent',
  title: 'Rent',
  start_index: 0,
  end_index: 4,
  ...over,
})
const search = (...urls: string[]) => ({
  type: 'web_search_call',
  action: { type: 'search', query: 'rent', sources: urls.map((url) => ({ type: 'url', url })) },
})

/** The fault of the only annotation. */
const fault = (...items: unknown[]) => checkAnnotations(items)[0]?.fault

describe('a citation of a page', () => {
  test('resolves where its marks lie in the text and a search lists its address', () => {
    const [found] = checkAnnotations([search('https://example.com/rent'), message('Rent is due.', page())])
    expect(found).toMatchObject({ fault: null, quote: 'Rent', start: 0, end: 4, host: 'example.com' })
  })

  test.each([
    ['ends past the text', { end_index: 99 }, 'out_of_range'],
    ['begins before it', { start_index: -1 }, 'out_of_range'],
    ['ends before it begins', { start_index: 3, end_index: 1 }, 'out_of_range'],
    ['has marks that are no numbers', { start_index: '0' }, 'out_of_range'],
    ['has marks between characters', { start_index: 0.5 }, 'out_of_range'],
    ['marks nothing', { start_index: 4, end_index: 4 }, 'marks_nothing'],
    ['has a script for an address', { url: 'javascript:alert(1)' }, 'no_address'],
    ['has no address', { url: null }, 'no_address'],
    ['names another page', { url: 'https://example.com/other' }, 'not_listed'],
  ])('does not where it %s', (_what, over, expected) => {
    expect(fault(search('https://example.com/rent'), message('Rent is due.', page(over)))).toBe(expected)
  })

  test('does not where what it marks is a link to another site', () => {
    const text = 'See [example.com](https://evil.test/a).'
    const marks = page({ start_index: 4, end_index: text.length - 1 })
    expect(fault(search('https://example.com/rent'), message(text, marks))).toBe('other_address')
    const own = 'See [rent](https://example.com/rent).'
    const right = page({ start_index: 4, end_index: own.length - 1 })
    expect(fault(search('https://example.com/rent'), message(own, right))).toBe(null)
  })

  test('cannot be told where searches do not say what they found, and does not where they found nothing', () => {
    const opened = { type: 'web_search_call', action: { type: 'open_page', url: 'https://example.com/other' } }
    expect(fault(opened, message('Rent is due.', page()))).toBe(null)
    expect(fault(search(), message('Rent is due.', page()))).toBe('not_listed')
  })

  test('resolves where a response that this one goes on from found it', () => {
    const [found] = checkAnnotations([message('Rent is due.', page())], [search('https://example.com/rent')])
    expect(found?.fault).toBe(null)
  })

  test('does not where the answer searched nothing', () => {
    expect(fault(message('Rent is due.', page()))).toBe('nothing_searched')
  })

  test('is the page that was found, whatever mark the provider adds to its address', () => {
    const url = 'https://example.com/rent/?utm_source=openai#due'
    expect(fault(search('https://example.com/rent'), message('Rent is due.', page({ url })))).toBe(null)
    const other = 'https://example.com/rent/?utm_source=evil'
    expect(fault(search('https://example.com/rent'), message('Rent is due.', page({ url: other })))).toBe('not_listed')
  })

  test('is counted in characters as the API counts them, emoji included', () => {
    const text = '🏠🏠 Rent 👩‍👩‍👧 is due.'
    const [found] = checkAnnotations([
      search('https://example.com/rent'),
      message(text, page({ start_index: 3, end_index: 7 })),
    ])
    expect(found).toMatchObject({ fault: null, quote: 'Rent', start: 5, end: 9 })
    const ends = page({ start_index: 0, end_index: [...text].length })
    expect(fault(search('https://example.com/rent'), message(text, ends))).toBe(null)
    const past = page({ start_index: 0, end_index: text.length })
    expect(fault(search('https://example.com/rent'), message(text, past))).toBe('out_of_range')
  })
})

describe('a citation of a file', () => {
  const results = { type: 'file_search_call', results: [{ file_id: 'file_1', filename: 'lease.pdf', text: '' }] }
  const file = { type: 'file_citation', file_id: 'file_1', filename: 'lease.pdf', index: 4 }

  test('resolves where a search of files found it', () => {
    expect(fault(results, message('Rent', file))).toBe(null)
    expect(fault(results, message('Rent', { ...file, file_id: 'file_2', filename: 'x' }))).toBe('not_listed')
    expect(fault(results, message('Rent', { ...file, file_id: 'file_2' }))).toBe('not_listed')
    expect(fault(results, message('Rent', { ...file, file_id: undefined }))).toBe(null)
    expect(fault(results, message('Rent', { ...file, index: 5 }))).toBe('out_of_range')
    expect(fault(message('Rent', file))).toBe('nothing_searched')
  })

  test('of a container resolves where code ran in it', () => {
    const run = { type: 'code_interpreter_call', container_id: 'cntr_1', outputs: [] }
    const made = { type: 'container_file_citation', container_id: 'cntr_1', file_id: 'f', filename: 'a.csv' }
    expect(fault(run, message('See a.csv', { ...made, start_index: 4, end_index: 9 }))).toBe(null)
    expect(fault(message('See a.csv', { ...made, start_index: 4, end_index: 9 }))).toBe('not_listed')
  })
})

test('a path of a file resolves only where code ran', () => {
  const path = { type: 'file_path', file_id: 'file_9', index: 0 }
  expect(fault(message('Rent', path))).toBe('nothing_searched')
  expect(fault({ type: 'code_interpreter_call', container_id: 'cntr_1' }, message('Rent', path))).toBe(null)
})

test('a kind that nobody knows does not resolve', () => {
  expect(fault(message('Rent', { type: 'moon_citation' }))).toBe('unknown_kind')
})

test('more than are looked at are counted', () => {
  const items = [message('Rent', ...Array.from({ length: MOST_ANNOTATIONS + 5 }, () => page()))]
  expect(checkAnnotations(items)).toHaveLength(MOST_ANNOTATIONS)
  expect(countAnnotations(items)).toBe(MOST_ANNOTATIONS + 5)
})

test('whatever a model sends, every mark that resolves lies in its text', () => {
  const index = fc.oneof(fc.integer({ min: -3, max: 40 }), fc.double(), fc.string(), fc.constant(null))
  const text = fc.string({ unit: 'grapheme', maxLength: 20 })
  fc.assert(
    fc.property(text, index, index, fc.anything(), (words, start_index, end_index, anything) => {
      const items = [
        search('https://example.com/rent'),
        message(words, page({ start_index, end_index }), anything),
        anything,
      ]
      for (const { start, end, quote } of checkAnnotations(items)) {
        if (start === null || end === null) continue
        expect(start).toBeGreaterThanOrEqual(0)
        expect(end).toBeLessThanOrEqual(words.length)
        expect(words.slice(start, end).toWellFormed()).toBe(quote)
      }
    }),
  )
})

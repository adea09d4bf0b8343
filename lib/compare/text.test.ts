import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareTexts, differs, type Segment, wordsOf } from './text'

const side = (segments: readonly Segment[], without: Segment['kind']) =>
  segments
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('')

function expectBoth(before: string, after: string) {
  const diff = compareTexts(before, after)
  expect(side(diff.segments, 'added')).toBe(before)
  expect(side(diff.segments, 'removed')).toBe(after)
  expect(differs(diff)).toBe(before !== after)
  return diff
}

test('of any two texts, both can be read out of what sets them apart', () => {
  const word = fc.constantFrom(
    'the',
    'rent',
    'due',
    '740',
    'is',
    ' ',
    '  ',
    '\n',
    '\r\n',
    '.',
    ',',
    '租',
    '金',
    '😀',
    '\ud83d',
    "tenant's",
  )
  const text = fc.oneof(
    fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(text, text, (before, after) => void expectBoth(before, after)),
    { numRuns: 500 },
  )
})

test('a text and an edit of it differ where it was edited', () => {
  const { grain, segments } = expectBoth(
    'The rent is due on the third day of each month.',
    'The rent of 740 euros is due on the third working day of each month.',
  )
  expect(grain).toBe('words')
  expect(segments).toEqual([
    { kind: 'same', text: 'The rent ' },
    { kind: 'added', text: 'of 740 euros ' },
    { kind: 'same', text: 'is due on the third ' },
    { kind: 'added', text: 'working ' },
    { kind: 'same', text: 'day of each month.' },
  ])
})

test('words that were replaced beside each other are one phrase', () => {
  expect(expectBoth('It ends in early March.', 'It ends on late May.').segments).toEqual([
    { kind: 'same', text: 'It ends ' },
    { kind: 'removed', text: 'in early March' },
    { kind: 'added', text: 'on late May' },
    { kind: 'same', text: '.' },
  ])
})

test('spaces are not what two texts have in common', () => {
  const { segments } = expectBoth(
    'When is the rent due, and how much is it?\nsummary: What was asked has an answer.',
    'When is the deposit returned?\nsummary: 2 of the 2 parts have an answer.',
  )
  expect(segments.filter(({ kind }) => kind === 'same').map(({ text }) => text)).toEqual([
    'When is the ',
    '?\nsummary: ',
    ' an answer.',
  ])
})

test('a number is one word, and of a script without spaces each letter is one', () => {
  expect(wordsOf('pays 2,220.50 €')).toEqual(['pays', ' ', '2,220.50', ' ', '€'])
  expect(expectBoth('租金每月七百', '租金每年七百').segments).toEqual([
    { kind: 'same', text: '租金每' },
    { kind: 'removed', text: '月' },
    { kind: 'added', text: '年' },
    { kind: 'same', text: '七百' },
  ])
})

test('a long text is compared by lines, and its changed lines by words', () => {
  const line = (index: number) => `Line ${index} says that ${index * 7} things were seen that day.\n`
  const lines = Array.from({ length: 30_000 }, (_, index) => line(index))
  const edited = lines.map((text, index) => (index % 5_000 === 77 ? text.replace('things', 'people') : text))
  const { grain, segments } = expectBoth(lines.join(''), edited.join(''))
  expect(grain).toBe('lines')
  expect(segments.filter(({ kind }) => kind !== 'same').map(({ text }) => text)).toEqual(
    Array(6).fill(['things', 'people']).flat(),
  )
})

test('ten megabytes that have nothing in common are told as a whole, soon', () => {
  const megabytes = (word: string, end: string) => `${word} ${end}`.repeat((10 * 1024 * 1024) / (word.length + 2))
  for (const end of ['\n', ' ', 'x']) {
    const started = performance.now()
    const { grain, segments } = expectBoth(megabytes('before', end), megabytes('after', end))
    expect(grain).toBe('whole')
    expect(segments.slice(0, 2).map(({ kind }) => kind)).toEqual(['removed', 'added'])
    // What is not bounded takes minutes here.
    expect(performance.now() - started).toBeLessThan(5_000)
  }
})

test('texts of which every word was moved cost no more than a moment', () => {
  const words = Array.from({ length: 15_000 }, (_, index) => `w${(index * 7_919) % 15_013}`)
  const started = performance.now()
  expectBoth(words.join(' '), words.toReversed().join(' '))
  expect(performance.now() - started).toBeLessThan(5_000)
})

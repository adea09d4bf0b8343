import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Block, segmentPage } from './segments'

const textOf = (blocks: Block[]) => blocks.flatMap((block) => block.segments.map((segment) => segment.text)).join('')
const markedBy = (blocks: Block[], id: number) =>
  blocks
    .flatMap((block) => block.segments)
    .filter((segment) => segment.marks.includes(id))
    .map((segment) => segment.text)
    .join('')

it('marks exactly the span', () => {
  const blocks = segmentPage('The rent is due on the third day.', [{ id: 1, start: 12, end: 32 }])
  expect(blocks).toEqual([
    {
      start: 0,
      segments: [
        { text: 'The rent is ', marks: [] },
        { text: 'due on the third day', marks: [1] },
        { text: '.', marks: [] },
      ],
    },
  ])
})

it('shows where two passages overlap', () => {
  const [block] = segmentPage('abcdef', [
    { id: 1, start: 0, end: 4 },
    { id: 2, start: 2, end: 6 },
  ])
  expect(block?.segments).toEqual([
    { text: 'ab', marks: [1] },
    { text: 'cd', marks: [1, 2] },
    { text: 'ef', marks: [2] },
  ])
})

it('cuts a long page between lines, and goes on marking in the next block', () => {
  const page = 'first line\nsecond line\nthird line\n'
  const blocks = segmentPage(page, [{ id: 7, start: 6, end: 22 }], 12)
  expect(blocks.map((block) => block.start)).toEqual([0, 11, 23])
  expect(markedBy(blocks, 7)).toBe('line\nsecond line')
})

it('loses nothing of any page, tears no character, and marks what lies on it', () => {
  const mark = fc.record({
    id: fc.nat(3),
    start: fc.integer({ min: -3, max: 70 }),
    end: fc.integer({ min: -3, max: 70 }),
  })
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.array(mark, { maxLength: 4 }), (text, marks) => {
      const blocks = segmentPage(text, marks, 5)
      expect(textOf(blocks)).toBe(text)
      if (marks.length === 0) expect(blocks.every((block) => textOf([block]).isWellFormed())).toBe(true)
      const one = marks[0]
      if (one !== undefined && marks.length === 1) {
        expect(markedBy(blocks, one.id)).toBe(text.slice(Math.max(0, one.start), Math.max(0, one.start, one.end)))
      }
    }),
  )
})

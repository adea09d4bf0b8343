import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldRows, rowsOf, sideOf } from './rows'
import { compareTexts } from './text'

test('the rows of a side are its text, folded or not', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c d', ' ', '\n'), { maxLength: 50 }).map((words) => words.join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const rows = rowsOf(compareTexts(before, after).segments)
      const blocks = foldRows(rows)
      const read = (side: 'left' | 'right') =>
        blocks
          .flatMap((block) => block.rows)
          .flatMap((row) => sideOf(row, side))
          .map((segment) => segment.text)
          .join('')
      expect(read('left')).toBe(before)
      expect(read('right')).toBe(after)
      for (const { rows, kind } of blocks) if (kind === 'fold') expect(rows.every(({ isSame }) => isSame)).toBe(true)
    }),
  )
})

test('what is the same and far from any change is folded, its neighbours are not', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`)
  const edited = lines.with(10, 'line ten\n')
  const blocks = foldRows(rowsOf(compareTexts(lines.join(''), edited.join('')).segments))
  expect(blocks.map(({ kind, rows }) => [kind, rows.length])).toEqual([
    ['fold', 8],
    ['rows', 5],
    ['fold', 7],
  ])
})

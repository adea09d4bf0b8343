import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchLists } from './match'

test('every element of both lists is matched or told once', () => {
  const list = fc.array(fc.constantFrom('a b c', 'a b d', 'x', 'y z', ''), { maxLength: 12 })
  fc.assert(
    fc.property(list, list, (before, after) => {
      const matches = matchLists(before, after)
      const places = (side: 'before' | 'after') => matches.map((match) => match[side]).filter((at) => at !== null)
      expect(places('before').toSorted((a, b) => a - b)).toEqual([...before.keys()])
      expect(places('after')).toEqual([...after.keys()])
    }),
  )
})

test('an element put in front changes none of the others', () => {
  expect(matchLists(['one', 'two'], ['zero', 'one', 'two'])).toEqual([
    { before: null, after: 0 },
    { before: 0, after: 1 },
    { before: 1, after: 2 },
  ])
})

test('an element that was reworded is the same element; one that says something else is not', () => {
  const before = ['The rent is due on the third day.', 'No penalty is stated.']
  const after = ['The deposit comes back within weeks.', 'The rent is due on the third working day.']
  expect(matchLists(before, after)).toEqual([
    { before: null, after: 0 },
    { before: 0, after: 1 },
    { before: 1, after: null },
  ])
})

test('thousands of elements that all differ are matched by their place, soon', () => {
  const list = (word: string) => Array.from({ length: 5_000 }, (_, index) => `${word} ${index}`)
  const started = performance.now()
  expect(matchLists(list('a'), list('b'))).toHaveLength(5_000)
  expect(performance.now() - started).toBeLessThan(3_000)
})

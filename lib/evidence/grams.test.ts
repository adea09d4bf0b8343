import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gramsOf, mayStand } from './grams'

test('whatever stands in a text may stand there', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.nat({ max: 300 }),
      fc.nat({ max: 300 }),
      (text, a, b) => {
        expect(mayStand(gramsOf(text), text.slice(Math.min(a, b), Math.max(a, b)))).toBe(true)
      },
    ),
    { numRuns: 500 },
  )
})

test('what misses a text by a letter surely does not stand there', () => {
  const text = Array.from({ length: 2_000 }, (_, index) => `Clause ${index}: the tenant pays.`).join('\n')
  const grams = gramsOf(text)
  const misses = Array.from({ length: 200 }, (_, index) => `Clause ${index}: the tenant pays?`)
  expect(misses.filter((miss) => mayStand(grams, miss))).toEqual([])
  expect(mayStand(gramsOf('а'.repeat(10_000)), `${'а'.repeat(20)}б`)).toBe(false)
  expect(mayStand(gramsOf(''), 'long enough')).toBe(false)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextLookInMs } from './polling'

const calm = { failedLooks: 0, retryAfterMs: null, random: 0.5 }

test('looks come further apart as a response grows older, and never further than half a minute', () => {
  expect([0, 10_000, 60_000, 600_000, 86_400_000].map((age) => nextLookInMs(age, 2_000, calm))).toEqual([
    2_000, 2_000, 6_000, 30_000, 30_000,
  ])
})

test('looks that fail come further apart, and come back to normal', () => {
  expect([1, 2, 3, 9].map((failedLooks) => nextLookInMs(0, 2_000, { ...calm, failedLooks }))).toEqual([
    4_000, 8_000, 16_000, 60_000,
  ])
})

test('a look never comes before the provider asked, nor earlier than the shortest gap less its jitter', () => {
  fc.assert(
    fc.property(
      fc.nat(1e9),
      fc.integer({ min: 1, max: 120_000 }),
      fc.nat(50),
      fc.option(fc.nat(600_000)),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (age, shortest, failedLooks, retryAfterMs, random) => {
        const gap = nextLookInMs(age, shortest, { failedLooks, retryAfterMs, random })
        expect(gap).toBeGreaterThanOrEqual(retryAfterMs ?? 0)
        expect(gap).toBeGreaterThanOrEqual(Math.floor(shortest * 0.8))
        expect(Number.isSafeInteger(gap)).toBe(true)
      },
    ),
  )
})

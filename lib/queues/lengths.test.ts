import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundOf, type Counted, lengthsOf, middleOf, NOT_KNOWN, RELATIVE_ERROR } from './lengths'

const length = fc.integer({ min: 1, max: 90 * 86_400_000 })

test('what is read back of a length is off by at most 4.9 %', () => {
  expect(RELATIVE_ERROR).toBeLessThan(0.0489)
  fc.assert(
    fc.property(length, (ms) => {
      const back = middleOf(boundOf(ms))
      expect(Math.abs(back - ms) / ms).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9)
    }),
  )
  expect([boundOf(0), middleOf(0)]).toEqual([0, 0])
})

test('percentiles of what was counted are those of the lengths, within that error', () => {
  fc.assert(
    fc.property(fc.array(length, { minLength: 1, maxLength: 200 }), (all) => {
      const counted = all.map((ms): Counted => ({ bound: boundOf(ms), times: 1, total: ms }))
      const sorted = all.toSorted((a, b) => a - b)
      const told = lengthsOf(counted)
      for (const [share, value] of [
        [0.5, told.p50],
        [0.95, told.p95],
      ] as const) {
        const exact = sorted[Math.ceil(all.length * share) - 1] ?? 0
        expect(Math.abs((value ?? Number.NaN) - exact) / exact).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9)
      }
      expect(told.mean).toBeCloseTo(all.reduce((sum, ms) => sum + ms, 0) / all.length)
    }),
  )
})

test('what is not known is counted as missing, and never as no time at all', () => {
  const counted = [
    { bound: NOT_KNOWN, times: 11, total: 0 },
    { bound: boundOf(1_000), times: 41, total: 41_000 },
  ]
  expect(lengthsOf(counted)).toMatchObject({ of: 52, known: 41, mean: 1_000 })
  expect(lengthsOf([{ bound: NOT_KNOWN, times: 3, total: 0 }])).toEqual({
    of: 3,
    known: 0,
    mean: null,
    p50: null,
    p95: null,
  })
  expect(lengthsOf([])).toEqual({ of: 0, known: 0, mean: null, p50: null, p95: null })
})

import { expect, test } from 'vitest'
import { knownWords, lengthWords, percent, rateWords, roughly, stepWords } from './words'

test('a length is told in as many digits as say something', () => {
  const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000]
  expect(
    [
      200,
      4_230,
      42_000,
      3 * minute + 19 * second,
      12.4 * minute,
      3 * hour + 21 * minute,
      30 * hour,
      2 * day + 4 * hour,
    ].map(lengthWords),
  ).toEqual(['under 1 s', '4.2 s', '42 s', '3 min 20 s', '12 min', '3 h 20 min', '30 h', '2 days 4 h'])
  expect([59.9 * second, 59.9 * minute, 10 * minute - 1, 12 * day].map(lengthWords)).toEqual([
    '60 s',
    '60 min',
    '10 min',
    '12 days',
  ])
})

test('what is missing is said to be missing', () => {
  const lengths = { mean: null, p50: null, p95: null }
  expect(knownWords({ ...lengths, of: 52, known: 41 })).toBe('known for 41 of 52')
  expect(knownWords({ ...lengths, of: 52, known: 52 })).toBeNull()
  expect(percent(0, 0)).toBeNull()
  expect(percent(1, 3)).toBe('33 %')
})

test('a rate is told by the hour, or by the day where that is less than one', () => {
  const day = { from: '2026-11-29T10:00:00.000Z', to: '2026-11-30T10:00:00.000Z' }
  expect([0, 3, 60, 2_400].map((times) => rateWords(times, day))).toEqual([
    'none',
    '3.0 a day',
    '2.5 an hour',
    '100 an hour',
  ])
})

test('tokens are told roughly', () => {
  expect([9_999, 12_345, 4_321_000].map(roughly)).toEqual(['9,999', '12.3K', '4.32M'])
})

test('a step is told as finely as it is wide', () => {
  const at = '2026-11-30T06:05:00.000Z'
  expect([stepWords(at, '1h', 'UTC'), stepWords(at, '7d', 'UTC'), stepWords(at, '30d', 'Asia/Tokyo')]).toEqual([
    '06:05',
    'Mon 06:05',
    '30 Nov',
  ])
})

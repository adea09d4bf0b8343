import { expect, test } from 'vitest'
import { dueAtSchema, giveCommandSchema } from './view'

const years = (count: number) => new Date(Date.now() + count * 365.25 * 24 * 3_600_000).toISOString()

test.each([
  years(6),
  // A day past the year 9999 once its offset is taken off: no list could be shown any more.
  '9999-12-31T23:59:59-23:59',
  '2126-01-01T00:00:00Z',
  'tomorrow',
])('a job cannot be due %s', (dueAt) => {
  expect(dueAtSchema.safeParse(dueAt).success).toBe(false)
})

test('a job can be due within five years, in any offset', () => {
  for (const dueAt of [years(4.9), years(0.01), years(1).replace('Z', '+02:00')]) {
    expect(dueAtSchema.safeParse(dueAt).success, dueAt).toBe(true)
  }
})

test('a command is given to a version that a job can have', () => {
  const given = (expectedVersion: number) =>
    giveCommandSchema.safeParse({ command: 'comment', expectedVersion }).success
  for (const version of [-1, -9_007_199_254_740_991, 2 ** 31, 1.5]) expect(given(version), String(version)).toBe(false)
  for (const version of [0, 1, 2 ** 31 - 1]) expect(given(version), String(version)).toBe(true)
})

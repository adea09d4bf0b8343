import { expect, test } from 'vitest'
import { standingOf, standingWords } from './audit-view'

const last = { number: 3, at: '2026-11-30T10:00:00.000Z', hash: 'a', jobs: 1 }
const asOf = '2026-11-30T11:00:00.000Z'

test('an old anchor is fine while nothing has changed since', () => {
  expect(standingOf({ last, waitingSince: null, asOf })).toBe('fresh')
  expect(standingOf({ last: null, waitingSince: null, asOf })).toBe('none')
})

test('a change that waits for five minutes is said to be late, whether there was an anchor before or not', () => {
  expect(standingOf({ last, waitingSince: '2026-11-30T10:59:30.000Z', asOf })).toBe('waits')
  expect(standingOf({ last, waitingSince: '2026-11-30T10:50:00.000Z', asOf })).toBe('late')
  expect(standingOf({ last: null, waitingSince: '2026-11-30T10:50:00.000Z', asOf })).toBe('late')
  expect(standingWords('late', 2).isTrouble).toBe(true)
})

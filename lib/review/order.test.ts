import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketOf, buckets, compareInInbox, type Placed, readCursor, writeCursor } from './order'

const NOW = Date.parse('2026-11-24T10:00:00Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE

test.each<[string, number | null, string]>([
  ['due a minute ago', NOW - MINUTE, 'overdue'],
  ['due this very moment', NOW, 'overdue'],
  ['due in a moment', NOW + 1, 'soon'],
  ['due in just four hours', NOW + 4 * HOUR, 'soon'],
  ['due in a moment more than four hours', NOW + 4 * HOUR + 1, 'today'],
  ['due in just a day', NOW + 24 * HOUR, 'today'],
  ['due in a moment more than a day', NOW + 24 * HOUR + 1, 'later'],
  ['without a due time', null, 'later'],
])('what is %s stands in its bucket', (_what, dueAt, key) => {
  expect(buckets[bucketOf(dueAt, NOW)]?.key).toBe(key)
})

const placed = (change: Partial<Placed>): Placed => ({ dueAt: null, risk: 0, since: NOW, number: 1, ...change })

test.each<[string, Partial<Placed>, Partial<Placed>]>([
  ['what is overdue, before high risk that is not', { dueAt: NOW - 1 }, { risk: 2 }],
  ['what is due soon, before what is due today', { dueAt: NOW + HOUR }, { dueAt: NOW + 5 * HOUR, risk: 2 }],
  ['what is due today, before what is due later', { dueAt: NOW + 5 * HOUR }, { dueAt: NOW + 48 * HOUR, risk: 2 }],
  ['high risk, though it came later', { risk: 2 }, { risk: 1, since: NOW - HOUR }],
  ['raised risk before none', { risk: 1 }, { risk: 0, since: NOW - HOUR }],
  ['what waits longer', { since: NOW - HOUR, number: 9 }, { since: NOW }],
  [
    'what waits longer, though it is due later in its bucket',
    { since: NOW - 1, dueAt: NOW + 3 * HOUR },
    { dueAt: NOW + 1 },
  ],
  ['the lower number', { number: 1 }, { number: 2 }],
])('first comes %s', (_what, first, second) => {
  expect(compareInInbox(placed(first), placed(second), NOW)).toBeLessThan(0)
  expect(compareInInbox(placed(second), placed(first), NOW)).toBeGreaterThan(0)
})

test('a cursor comes back as it went out', () => {
  const cursor = { asOf: NOW, bucket: 2, risk: 1, since: NOW - HOUR, number: 1042 }
  expect(readCursor(writeCursor(cursor), NOW + MINUTE)).toEqual(cursor)
})

test('a cursor that is too old, from the future, or no cursor begins anew', () => {
  const cursor = writeCursor({ asOf: NOW, bucket: 0, risk: 0, since: NOW, number: 1 })
  expect(readCursor(cursor, NOW + 2 * HOUR)).toBeNull()
  expect(readCursor(cursor, NOW - 1)).toBeNull()
  fc.assert(fc.property(fc.string(), (text) => readCursor(text, NOW) === null || text !== ''))
  for (const odd of [
    '',
    'x',
    '!!',
    Buffer.from('[1,2,3]').toString('base64url'),
    Buffer.from('[1,9,0,1,1]').toString('base64url'),
  ])
    expect(readCursor(odd, NOW)).toBeNull()
})

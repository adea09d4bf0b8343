import { expect, test } from 'vitest'
import { type BulkCommand, bulkAskSchema, MOST_IN_BULK, refusedBeforehand } from './inbox-bulk'
import type { InboxItem } from './view'

const DUE = '2026-11-24T16:00:00.000Z'

function item(
  change: Partial<Omit<InboxItem, 'round'>> = {},
  round: Partial<NonNullable<InboxItem['round']>> | null = {},
) {
  return {
    view: 'anyone',
    why: null,
    resultKind: 'report',
    claims: [],
    ...change,
    round: round === null ? null : { kind: 'result', individually: false, reason: null, dueAt: DUE, ...round },
  } as unknown as InboxItem
}
const other = { by: { id: 'b', name: 'Eva' }, until: DUE }

test.each<[string, InboxItem, BulkCommand, RegExp | null]>([
  ['a result that waits for anyone', item(), 'approve', null],
  ['a result of one’s own', item({ view: 'mine' }), 'approve', null],
  [
    'what is decided by itself',
    item({}, { individually: true, reason: 'It is large.' }),
    'approve',
    /by itself\. It is large/,
  ],
  ['what is decided by itself', item({}, { individually: true }), 'retry', /by itself/],
  ['what is decided by itself', item({}, { individually: true }), 'abandon', /by itself/],
  ['what is decided by itself', item({}, { individually: true }), 'assign', null],
  ['what is decided by itself', item({}, { individually: true }), 'snooze', null],
  ['tool calls that wait', item({}, { kind: 'permission' }), 'approve', /another answer/],
  ['trouble', item({}, { kind: 'trouble' }), 'approve', /another answer/],
  ['trouble', item({}, { kind: 'trouble' }), 'abandon', null],
  ['a lost answer', item({}, { kind: 'unknown' }), 'retry', /paid twice/],
  ['a recommendation without a choice', item({ resultKind: 'recommendation' }), 'approve', /option/],
  ['what one has approved', item({ view: 'others', why: 'You have approved it.' }), 'approve', /You have approved it/],
  ['what one has approved', item({ view: 'others', why: 'You have approved it.' }), 'snooze', null],
  [
    'what others hold',
    item({ view: 'others', why: 'Eva works on it.', claims: [other] }),
    'abandon',
    /Eva works on it/,
  ],
  ['what is assigned to others', item({ view: 'others', why: 'It is assigned to Eva.' }), 'abandon', null],
  ['a delivery', item({}, null), 'abandon', /delivery/],
  ['a delivery', item({}, null), 'assign', /delivery/],
])('%s: %#', (_what, row, command, refusal) => {
  const said = refusedBeforehand(row, command)
  if (refusal === null) expect(said).toBeNull()
  else expect(said).toMatch(refusal)
})

test('what is due before the end of a snooze is left out', () => {
  expect(refusedBeforehand(item(), 'snooze', Date.parse(DUE))).toBe('It is due before then.')
  expect(refusedBeforehand(item(), 'snooze', Date.parse(DUE) - 1)).toBeNull()
  expect(refusedBeforehand(item({}, { dueAt: null }), 'snooze', Date.parse(DUE))).toBeNull()
})

test('a selection names its rows, and is never "all" or more than can be looked at', () => {
  const row = { id: '01a20bcd-a4aa-77da-a937-f8358fd56664', version: 3, resultHash: null, deliveryHash: null }
  const rows = (count: number) => Array.from({ length: count }, () => row)
  expect(bulkAskSchema.safeParse({ command: 'abandon', rows: rows(MOST_IN_BULK) }).success).toBe(true)
  expect(bulkAskSchema.safeParse({ command: 'abandon', rows: rows(MOST_IN_BULK + 1) }).success).toBe(false)
  expect(bulkAskSchema.safeParse({ command: 'abandon', rows: [] }).success).toBe(false)
  expect(bulkAskSchema.safeParse({ command: 'abandon', all: true, rows: rows(1) }).success).toBe(false)
  expect(bulkAskSchema.safeParse({ command: 'undo', rows: rows(1) }).success).toBe(false)
})

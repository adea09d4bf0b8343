import { expect, test } from 'vitest'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { policyChanged, policyReason, type RoundPolicy } from './words'

type Review = WorkflowDefinition['review']

const review: Review = { approvals: 1, requesterMayApprove: true, dueHours: 24, undoSeconds: 0 }
const round: RoundPolicy = {
  approvals: 1,
  roles: [],
  blind: false,
  individually: false,
  requesterMayApprove: true,
  rule: null,
  isSample: false,
}
const large = { id: 'large', label: 'The amount is above 1,000' }

test.each<[Partial<RoundPolicy>, Partial<Review>, string | null]>([
  [{}, {}, null],
  [{ approvals: 2 }, { approvals: 2 }, null],
  [{ approvals: 2, rule: large }, {}, 'Asks for two different people because the amount is above 1,000.'],
  [
    { approvals: 2, roles: ['reviewer', 'lead'], requesterMayApprove: false, rule: large },
    {},
    'Asks for a reviewer, then a lead; not whoever asked for it. Why: the amount is above 1,000.',
  ],
  [{ individually: true, rule: large }, {}, 'It is decided by itself because the amount is above 1,000.'],
  [{ rule: large }, {}, 'Stands out because the amount is above 1,000.'],
  [{ rule: large }, { approvals: 0 }, 'Stands out because the amount is above 1,000.'],
  [{ isSample: true }, { approvals: 0, samplePercent: 5 }, 'Held as a sample: 5\u00a0% of what is accepted by itself.'],
  [
    { isSample: true, rule: large },
    { approvals: 0, samplePercent: 2.5 },
    'Held as a sample: 2.5\u00a0% of what is accepted by itself. It stands out because the amount is above 1,000.',
  ],
  [
    { approvals: 2, rule: { ...large, label: 'Nobody could tell whether this holds: The amount is above 1,000' } },
    {},
    'Asks for two different people because nobody could tell whether this holds: The amount is above 1,000.',
  ],
])('a round says why it asks for more: %j', (recorded, said, reason) => {
  expect(policyReason({ ...round, ...recorded }, { ...review, ...said })).toBe(reason)
})

const changed = (words: string) =>
  `The policy was changed since (version 4 asks for ${words}). What waits keeps what it was asked under.`
const byRisk: Review['byRisk'] = [{ ...large, when: { if: 'leaves' }, ask: { approvals: 2 } }]

test.each<[Partial<RoundPolicy>, Partial<Review>, string | null]>([
  [{}, {}, null],
  [{}, { dueHours: 4 }, null],
  [{}, { approvals: 2 }, changed('two different people')],
  [{}, { requesterMayApprove: false }, changed('one person; not whoever asked for it')],
  [{ approvals: 2 }, { approvals: 0 }, changed('nobody, once every check passes')],
  [{ isSample: true }, { approvals: 0, samplePercent: 5 }, null],
  [{ approvals: 2, rule: large }, { byRisk }, null],
  [{ approvals: 2, rule: large }, { byRisk: [] }, changed('one person')],
  [
    { approvals: 2, rule: large },
    { byRisk: byRisk?.map((rule) => ({ ...rule, ask: { approvals: 3 } })) },
    changed('three different people'),
  ],
  [{}, { byRisk }, null],
  [
    { approvals: 2, roles: ['reviewer', 'lead'] },
    { approvals: 2, roles: ['lead', 'reviewer'] },
    changed('a lead, then a reviewer'),
  ],
])('a round says what the workflow asks for by now: %j and %j', (recorded, said, words) => {
  expect(policyChanged({ ...round, ...recorded }, { version: 4, review: { ...review, ...said } })).toBe(words)
})

test('a round that came to ask for more than any rule does is not told that its policy was changed', () => {
  const stricter = { ...round, approvals: 3 }
  expect(policyChanged(stricter, { version: 4, review }, { ...review })).toBeNull()
  expect(policyChanged(stricter, { version: 4, review }, { ...review, approvals: 3 })).toBe(changed('one person'))
})

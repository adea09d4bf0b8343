import { expect, test } from 'vitest'
import type { DeliveryDefinition, RiskRule, WorkflowDefinition } from './definition'
import {
  conditionWords,
  deadlineWords,
  deliveryDetails,
  deliveryWords,
  insideWords,
  policyChanges,
  reviewWords,
  riskRuleWords,
  undoWords,
} from './policy-words'

type Review = WorkflowDefinition['review']

const base: Review = { approvals: 1, requesterMayApprove: true, dueHours: 24, undoSeconds: 0 }

test.each<[Partial<Review>, string]>([
  [{}, 'One person'],
  [{ approvals: 0 }, 'Nobody, once every check passes'],
  [{ approvals: 0, requesterMayApprove: false }, 'Nobody, once every check passes'],
  [{ approvals: 0, samplePercent: 5 }, 'Nobody, once every check passes; 5\u00a0% are held as a sample'],
  [{ approvals: 0, samplePercent: 0 }, 'Nobody, once every check passes'],
  [{ approvals: 2, requesterMayApprove: false }, 'Two different people; not whoever asked for it'],
  [
    { approvals: 2, roles: ['reviewer', 'lead'], requesterMayApprove: false, blind: true },
    'A reviewer, then a lead; not whoever asked for it; nobody sees what the others decided',
  ],
  [{ approvals: 3, roles: ['lead', 'support', 'lead'] }, 'A lead, then somebody from support, then another lead'],
  [{ blind: true }, 'One person'],
  [{ individually: true }, 'One person; each result by itself'],
])('%j is told as %s', (review, words) => {
  expect(reviewWords({ ...base, ...review })).toBe(words)
})

const rule = (ask: RiskRule['ask'], more: Partial<RiskRule> = {}): RiskRule => ({
  id: 'one',
  label: 'The amount is above 1,000.',
  when: { if: 'claims_unsupported' },
  ask,
  ...more,
})

test.each<[RiskRule, Partial<Review>, string]>([
  [rule({ approvals: 2 }), {}, 'If the amount is above 1,000: two different people; raised risk'],
  [rule({}, { risk: 'high' }), {}, 'If the amount is above 1,000: high risk'],
  [
    rule({ approvals: 2, requesterMayApprove: false, dueHours: 4 }, { risk: 'high' }),
    {},
    'If the amount is above 1,000: two different people; not whoever asked for it; due after 4 hours; high risk',
  ],
  [
    rule({ approvals: 1 }),
    { approvals: 0, requesterMayApprove: false },
    'If the amount is above 1,000: one person; not whoever asked for it; raised risk',
  ],
  [
    rule({ approvals: 2 }),
    { requesterMayApprove: false, blind: true },
    'If the amount is above 1,000: two different people; nobody sees what the others decided; raised risk',
  ],
  [rule({ roles: ['lead'] }, { label: 'EU customers are told' }), {}, 'If EU customers are told: a lead; raised risk'],
])('a rule tells what it adds', (one, review, words) => {
  expect(riskRuleWords(one, { ...base, ...review })).toBe(words)
})

test.each<[RiskRule['when'], string]>([
  [{ if: 'value', at: '/amount', is: { be: 'more_than', value: 1_000 } }, '/amount is more than 1,000'],
  [{ if: 'value', at: '/lines/*/sum', is: { be: 'less_than', value: 0 } }, 'any /lines/*/sum is less than 0'],
  [{ if: 'value', at: '', is: { be: 'present' } }, 'the whole answer is there and not empty'],
  [{ if: 'value', at: '/a', is: { be: 'one_of', values: ['x', 2] } }, '/a is "x" or 2'],
  [{ if: 'value', at: '/a', is: { be: 'equal', value: null } }, '/a is null'],
  [{ if: 'value', at: '/a', is: { be: 'matching', pattern: '^x' } }, '/a matches ^x'],
  [{ if: 'claims_unsupported' }, 'a claim stands in no document'],
  [{ if: 'checks_failed' }, 'a check fails'],
  [{ if: 'checks_failed', ids: ['cap', 'quotes'] }, '“cap” or “quotes” fails'],
  [{ if: 'leaves' }, 'something is delivered'],
  [{ if: 'leaves', outside: ['acme.example'] }, 'it goes to an e-mail address outside acme.example'],
])('a condition is told exactly: %j', (when, words) => {
  expect(conditionWords(when)).toBe(words)
})

test('a deadline is told with what happens then', () => {
  expect(deadlineWords(base)).toBe('Due after 24 hours, then it expires')
  expect(deadlineWords({ ...base, dueHours: 1.5, atDeadline: 'escalates', escalateHours: 12 })).toBe(
    'Due after 90 minutes, then the leads are told; 12 hours later it expires',
  )
  expect(deadlineWords({ ...base, atDeadline: 'escalates' })).toBe(
    'Due after 24 hours, then the leads are told; 24 hours later it expires',
  )
  expect(undoWords(base)).toBe('Never')
  expect(undoWords({ ...base, undoSeconds: 10 })).toBe('For 10 seconds, unless something has left by then')
})

const form = { type: 'object', properties: { email: { type: 'string', title: 'Customer e-mail' }, plain: {} } }

test.each<[DeliveryDefinition, string, [string, string][]]>([
  [{ kind: 'none' }, 'Nothing leaves', []],
  [
    { kind: 'http', url: 'https://api.example.org/refunds', body: '/action' },
    'Signed request to https://api.example.org/refunds',
    [
      ['What is sent', 'What stands at /action of the result'],
      ['Signed with', 'Holdpoint’s own secret'],
      ['An answer may take', '30 seconds'],
    ],
  ],
  [
    {
      kind: 'http',
      url: 'https://api.example.org',
      signingSecretEnv: 'REFUNDS_SECRET',
      secretHeader: { name: 'authorization', env: 'REFUNDS_TOKEN' },
      timeoutSeconds: 60,
    },
    'Signed request to https://api.example.org',
    [
      ['What is sent', 'The whole result, in an envelope'],
      ['Signed with', 'The secret in REFUNDS_SECRET'],
      ['Header', 'authorization, from REFUNDS_TOKEN'],
      ['An answer may take', '1 minute'],
    ],
  ],
  [
    { kind: 'email', to: { input: '/email' }, subject: { value: 'Your order' }, text: { result: '/body' } },
    'E-mail to the address in the input “Customer e-mail”',
    [
      ['Subject', '“Your order”'],
      ['Text', 'At /body of the result'],
    ],
  ],
  [
    { kind: 'email', to: { value: 'a@b.org' }, subject: { input: '/plain' }, text: { result: '' } },
    'E-mail to a@b.org',
    [
      ['Subject', 'In the input “plain”'],
      ['Text', 'Of the whole result'],
    ],
  ],
  [
    { kind: 'file', folder: 'approved/letters' },
    'File in approved/letters',
    [['What is written', 'The whole result, as JSON']],
  ],
  [{ kind: 'by_hand', instructions: 'Print it.' }, 'By hand: Print it.', []],
])('a delivery is told with where it goes: %j', (delivery, words, details) => {
  expect(deliveryWords(delivery, form)).toBe(words)
  expect(deliveryDetails(delivery, form)).toEqual(details)
})

test.each([
  ['The amount is high.', 'the amount is high'],
  ['EU only', 'EU only'],
  ['iPhone orders', 'iPhone orders'],
  ['', ''],
])('%j stands inside a sentence as %j', (statement, words) => {
  expect(insideWords(statement)).toBe(words)
})

test('two policies are told apart line by line, and rules in another order are another policy', () => {
  const one = { review: base, delivery: { kind: 'none' as const }, inputSchema: form }
  expect(policyChanges(one, structuredClone(one))).toEqual([])
  const delivery: DeliveryDefinition = { kind: 'file', folder: 'out' }
  expect(policyChanges(one, { ...one, review: { ...base, approvals: 2 }, delivery })).toEqual([
    { name: 'Must be approved by', before: ['One person'], after: ['Two different people'] },
    { name: 'When it is accepted', before: ['Nothing leaves'], after: ['File in out'] },
    { name: 'What is written', before: [], after: ['The whole result, as JSON'] },
  ])
  const rules = [rule({ approvals: 2 }), rule({ approvals: 3 }, { id: 'two', label: 'It is late' })]
  const ruled = { ...one, review: { ...base, byRisk: rules } }
  const [change, ...others] = policyChanges(ruled, { ...one, review: { ...base, byRisk: rules.toReversed() } })
  expect(others).toEqual([])
  expect(change?.after).toEqual(change?.before.toReversed())
})

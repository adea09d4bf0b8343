import { expect, test } from 'vitest'
import { placesIn } from '@/lib/workflows/answer-paths'
import { type RiskRule, type WorkflowDefinition, workflowDefinition } from '@/lib/workflows/definition'
import { candidateOf } from './candidate'
import { draftOf, movedRule, newRule, rolesFor } from './draft'
import { plainProblems, problemAt } from './plain-problems'

const answer = {
  type: 'object',
  properties: {
    amount: { type: ['number', 'null'] },
    code: { type: 'string' },
    mixed: { type: ['string', 'number'] },
    done: { type: 'boolean' },
    lines: { type: 'array', items: { type: 'object', properties: { sum: { type: 'number' } } } },
  },
}
const places = placesIn(answer)

const ALL = { missing: true }
const base: WorkflowDefinition['review'] = { approvals: 1, requesterMayApprove: true, dueHours: 24, undoSeconds: 0 }
const rule = (when: RiskRule['when'], more: Partial<RiskRule> = {}): RiskRule => ({
  id: 'one',
  label: 'It is one',
  when,
  ask: {},
  ...more,
})
const value = (at: string, is: Extract<RiskRule['when'], { if: 'value' }>['is']) => rule({ if: 'value', at, is })

test('the places of an answer are listed with what can stand there', () => {
  expect(places.map(({ pointer, types }) => [pointer, types.join()])).toEqual([
    ['/amount', 'number,null'],
    ['/code', 'string'],
    ['/mixed', 'string,number'],
    ['/done', 'boolean'],
    ['/lines', 'array'],
    ['/lines/*', 'object'],
    ['/lines/*/sum', 'number'],
  ])
})

test.each<[Partial<WorkflowDefinition['review']>, WorkflowDefinition['delivery']]>([
  [{}, { kind: 'none' }],
  [
    { approvals: 0, samplePercent: 2.5 },
    { kind: 'by_hand', instructions: 'Print it.' },
  ],
  [
    { approvals: 2, roles: ['reviewer', 'lead'], blind: true, individually: true, requesterMayApprove: false },
    { kind: 'file', folder: 'a/b', content: '/code' },
  ],
  [
    { atDeadline: 'escalates', escalateHours: 1.5, undoSeconds: 10 },
    {
      kind: 'http',
      url: 'https://api.example.org',
      body: '/lines',
      signingSecretEnv: 'ONE_SECRET',
      secretHeader: { name: 'authorization', env: 'TWO_SECRET' },
      timeoutSeconds: 5,
    },
  ],
  [
    {
      byRisk: [
        value('/amount', { be: 'more_than', value: 1_000 }),
        value('/amount', { be: 'equal', value: null }),
        value('/code', { be: 'equal', value: '12' }),
        value('/mixed', { be: 'one_of', values: ['12', 12, 'x', '"y"'] }),
        value('/done', { be: 'equal', value: false }),
        value('/code', { be: 'matching', pattern: '^x ' }),
        value('/lines/*/sum', { be: 'present' }),
        rule({ if: 'claims_unsupported' }, { risk: 'high' }),
        rule({ if: 'checks_failed', ids: ['a', 'quotes'] }, { risk: 'normal' }),
        rule({ if: 'checks_failed' }),
        rule(
          { if: 'leaves', outside: ['acme.example', 'other.example'] },
          {
            ask: {
              approvals: 3,
              roles: ['lead', 'lead', 'owner'],
              blind: true,
              individually: true,
              requesterMayApprove: false,
              dueHours: 2,
            },
          },
        ),
      ],
    },
    {
      kind: 'email',
      to: { input: '/email' },
      subject: { value: 'Your order' },
      text: { result: '/code' },
    },
  ],
])('a policy that nobody touched is the same afterwards', (review, delivery) => {
  const policy = { review: { ...base, ...review }, delivery }
  expect(candidateOf(draftOf(policy), places)).toEqual(policy)
  expect(plainProblems(draftOf(policy), ALL)).toEqual({})
})

const draft = draftOf({ review: base, delivery: { kind: 'none' } })

test('what is no number stays as it was typed, and is told', () => {
  const typed = { ...draft, dueHours: '1,5', undoSeconds: '0.5' }
  expect(candidateOf(typed, places).review).toMatchObject({ dueHours: '1,5', undoSeconds: 0.5 })
  expect(plainProblems(typed, ALL)).toEqual({
    'review.dueHours': 'Write a number from 0.01 to 8,760. Write it without commas and spaces.',
    'review.undoSeconds': 'Write a whole number from 0 to 86,400.',
  })
})

test('a rule that is not finished says what is missing', () => {
  const fresh = newRule([], '')
  expect(plainProblems({ ...draft, rules: [fresh] }, ALL)).toEqual({
    'review.byRisk.0.label': 'Write why more is asked, as its reviewer should read it.',
    'review.byRisk.0.when.at': 'Choose what of the answer it looks at.',
  })
  const compared = {
    ...fresh,
    label: 'Large',
    when: { ...fresh.when, at: '/amount', be: 'more_than' as const, value: '1,000' },
  }
  expect(plainProblems({ ...draft, rules: [compared] }, ALL)).toEqual({
    'review.byRisk.0.when.is': 'Write a plain number, such as 1000 or 0.5, without commas and spaces.',
  })
})

test('what is only not filled in yet is not told before somebody is done', () => {
  const unfinished = {
    ...draft,
    dueHours: '0',
    rules: [newRule([], '')],
    delivery: { ...draft.delivery, kind: 'email' as const },
  }
  expect(Object.keys(plainProblems(unfinished, { missing: false }))).toEqual(['review.dueHours'])
  expect(Object.keys(plainProblems(unfinished, ALL))).toHaveLength(6)
})

test('a value is what can stand in its place', () => {
  const typed = (at: string, text: string) => {
    const fresh = newRule([], at)
    const rules = [{ ...fresh, when: { ...fresh.when, be: 'equal' as const, value: text } }]
    const { review } = candidateOf({ ...draft, rules }, places)
    return (review as { byRisk: { when: { is: { value: unknown } } }[] }).byRisk[0]?.when.is.value
  }
  expect(['12', 'null', 'x'].map((text) => typed('/amount', text))).toEqual([12, null, 'x'])
  expect(['12', 'true', 'x'].map((text) => typed('/code', text))).toEqual(['12', 'true', 'x'])
  expect(['12', '"12"', 'x'].map((text) => typed('/mixed', text))).toEqual([12, '12', 'x'])
  expect(['true', 'no'].map((text) => typed('/done', text))).toEqual([true, 'no'])
})

test.each([
  ['http', ['delivery.url']],
  ['email', ['delivery.to', 'delivery.subject', 'delivery.text']],
  ['file', ['delivery.folder']],
  ['by_hand', ['delivery.instructions']],
  ['none', []],
] as const)('a delivery of the kind %s asks for what it needs', (kind, fields) => {
  expect(Object.keys(plainProblems({ ...draft, delivery: { ...draft.delivery, kind } }, ALL))).toEqual(fields)
})

test('what is not asked for is not told, and does not come along', () => {
  const typed = { ...draft, samplePercent: '500', escalateHours: 'x' }
  expect(plainProblems(typed, ALL)).toEqual({})
  expect(candidateOf(typed, places)).toEqual({ review: base, delivery: { kind: 'none' } })
})

test('a problem within a field is shown at it', () => {
  const problems = { 'review.byRisk.0.when.is.pattern': 'No pattern.', 'review.byRisk.1.label': 'Empty.' }
  expect(problemAt(problems, 'review.byRisk.0.when.is')).toBe('No pattern.')
  expect(problemAt(problems, 'review.byRisk.1')).toBe('Empty.')
  expect(problemAt(problems, 'review.byRisk.10')).toBeUndefined()
})

test('rules move, and roles follow the number of approvals', () => {
  const rules = ['a', 'b', 'c'].map((id) => ({ ...newRule([], '/code'), id }))
  const ids = (list: typeof rules) => list.map(({ id }) => id).join('')
  expect([ids(movedRule(rules, 0, 1)), ids(movedRule(rules, 2, -1)), ids(movedRule(rules, 0, -1))]).toEqual([
    'bac',
    'acb',
    'abc',
  ])
  expect(newRule(rules, '').id).toBe('rule-4')
  expect(rolesFor(['reviewer', 'lead'], 3)).toEqual(['reviewer', 'lead', 'lead'])
  expect(rolesFor(['reviewer', 'lead'], 1)).toEqual(['reviewer'])
  expect(rolesFor([], 2)).toEqual([])
})

test('the definition takes what the form makes', () => {
  const { review, delivery } = workflowDefinition.shape
  const made = candidateOf({ ...draft, rules: [{ ...newRule([], '/code'), label: 'x' }] }, places)
  expect([review.safeParse(made.review).success, delivery.safeParse(made.delivery).success]).toEqual([true, true])
})

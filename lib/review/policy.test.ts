import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Check, Claim } from '@/lib/evidence/types'
import { type RiskRule, riskRule, type StepRole, stepRoles, type WorkflowDefinition } from '@/lib/workflows/definition'
import { readWorkflowFile } from '@/lib/workflows/file'
import { VALID } from '@/lib/workflows/fixtures'
import { choosePolicy, type PolicyFacts } from './policy'
import { coversRoles, stricterOf } from './stricter'

type When = RiskRule['when']
type Review = WorkflowDefinition['review']

const valid = ((): WorkflowDefinition => {
  const read = readWorkflowFile(VALID)
  if (!read.ok) throw new Error('the fixture is wrong')
  return read.definition
})()

const workflow = (review: Partial<Review>): WorkflowDefinition => ({ ...valid, review: { ...valid.review, ...review } })

const rule = (when: When, ask: RiskRule['ask'] = { approvals: 2 }, more: Partial<RiskRule> = {}): RiskRule =>
  riskRule.parse({ id: 'one', label: 'It is one', when, ask, ...more })

const claim = (support: Claim['support']): Claim => ({
  index: 0,
  path: '/findings/0',
  text: 'x',
  citations: [],
  support,
})
const check = (key: string, outcome: Check['outcome']): Check => ({ key, label: key, outcome, detail: '' })

const nothing: PolicyFacts = { json: {}, claims: [], checks: [], delivery: null }
const choose = (when: When, facts: Partial<PolicyFacts>) =>
  choosePolicy(workflow({ byRisk: [rule(when)] }), { ...nothing, ...facts })

const answer = {
  amount: 1_200,
  written: '1,200.00',
  lines: [{ sum: 1 }, { sum: 2_000 }, {}],
  name: 'Dana',
  empty: '',
  none: null,
  list: [],
  yes: false,
  'a/b': 'slash',
}
const value = (at: string, is: Extract<When, { if: 'value' }>['is']): When => ({ if: 'value', at, is })

test.each<[string, When, boolean]>([
  ['what is there', value('/name', { be: 'present' }), true],
  ['false, which is there', value('/yes', { be: 'present' }), true],
  ['an empty list, which is there', value('/list', { be: 'present' }), true],
  ['an empty text', value('/empty', { be: 'present' }), false],
  ['null', value('/none', { be: 'present' }), false],
  ['what is missing', value('/nothing', { be: 'present' }), false],
  ['the very value', value('/name', { be: 'equal', value: 'Dana' }), true],
  ['another value', value('/name', { be: 'equal', value: 'dana' }), false],
  ['null where null is meant', value('/none', { be: 'equal', value: null }), true],
  ['what is missing where null is meant', value('/nothing', { be: 'equal', value: null }), false],
  ['the number in a text where a number is meant', value('/written', { be: 'equal', value: 1_200 }), false],
  ['one of several', value('/name', { be: 'one_of', values: ['Eva', 'Dana'] }), true],
  ['none of several', value('/name', { be: 'one_of', values: ['Eva'] }), false],
  ['a number above', value('/amount', { be: 'more_than', value: 1_199.99 }), true],
  ['the very number', value('/amount', { be: 'more_than', value: 1_200 }), false],
  ['the very number from the other side', value('/amount', { be: 'less_than', value: 1_200 }), false],
  ['a number below', value('/amount', { be: 'less_than', value: 1_201 }), true],
  ['a number written as text', value('/written', { be: 'more_than', value: 1_000 }), false],
  ['what is missing, compared', value('/nothing', { be: 'less_than', value: 1_000 }), false],
  ['null, compared', value('/none', { be: 'less_than', value: 1_000 }), false],
  ['any element', value('/lines/*/sum', { be: 'more_than', value: 1_000 }), true],
  ['no element', value('/lines/*/sum', { be: 'more_than', value: 2_000 }), false],
  ['one element by its number', value('/lines/0/sum', { be: 'more_than', value: 1_000 }), false],
  ['a list without elements', value('/list/*', { be: 'present' }), false],
  ['any property', value('/*', { be: 'equal', value: 'slash' }), true],
  ['a key with a slash', value('/a~1b', { be: 'equal', value: 'slash' }), true],
  ['the whole answer', value('', { be: 'present' }), true],
  ['a pattern', value('/name', { be: 'matching', pattern: '^D' }), true],
  ['a pattern that fits nowhere', value('/name', { be: 'matching', pattern: '^E' }), false],
  ['a pattern on any element', value('/*', { be: 'matching', pattern: '^slash$' }), true],
  ['a pattern on a number', value('/amount', { be: 'matching', pattern: '1200' }), false],
])('a rule over the answer sees %s', (_what, when, applies) => {
  const { rule, approvals, risk } = choose(when, { json: answer })
  expect({ rule, approvals, risk }).toEqual(
    applies
      ? { rule: { id: 'one', label: 'It is one' }, approvals: 2, risk: 1 }
      : { rule: null, approvals: 1, risk: 0 },
  )
})

test.each<[string, When, Partial<PolicyFacts>, boolean]>([
  ['a claim on nothing', { if: 'claims_unsupported' }, { claims: [claim('exact'), claim('none')] }, true],
  ['claims that differ only', { if: 'claims_unsupported' }, { claims: [claim('exact'), claim('differs')] }, false],
  ['no claims', { if: 'claims_unsupported' }, {}, false],
  ['a failed check', { if: 'checks_failed' }, { checks: [check('schema', 'fail')] }, true],
  ['checks that pass', { if: 'checks_failed' }, { checks: [check('schema', 'pass')] }, false],
  ['checks without an object', { if: 'checks_failed' }, { checks: [check('quotes', 'not_applicable')] }, false],
  ['the named check', { if: 'checks_failed', ids: ['quotes'] }, { checks: [check('quotes', 'fail')] }, true],
  ['an own check by its id', { if: 'checks_failed', ids: ['cap'] }, { checks: [check('own:cap', 'fail')] }, true],
  ['another check', { if: 'checks_failed', ids: ['quotes'] }, { checks: [check('schema', 'fail')] }, false],
  ['an e-mail', { if: 'leaves' }, { delivery: { kind: 'email', destination: 'a@b.org' } }, true],
  ['what is handed over', { if: 'leaves' }, { delivery: { kind: 'by_hand', destination: '' } }, true],
  ['a delivery of the kind none', { if: 'leaves' }, { delivery: { kind: 'none', destination: '' } }, false],
  ['no delivery', { if: 'leaves' }, {}, false],
  [
    'an address outside',
    { if: 'leaves', outside: ['acme.example'] },
    { delivery: { kind: 'email', destination: 'eva@other.example' } },
    true,
  ],
  [
    'an address inside, in other letters',
    { if: 'leaves', outside: ['acme.example'] },
    { delivery: { kind: 'email', destination: 'Eva <Eva@ACME.example>' } },
    false,
  ],
  [
    'an address at a part of the domain',
    { if: 'leaves', outside: ['acme.example'] },
    { delivery: { kind: 'email', destination: 'eva@mail.acme.example' } },
    true,
  ],
  [
    'a domain that only ends like it',
    { if: 'leaves', outside: ['acme.example'] },
    { delivery: { kind: 'email', destination: 'eva@notacme.example' } },
    true,
  ],
  [
    'one of two addresses outside',
    { if: 'leaves', outside: ['acme.example'] },
    { delivery: { kind: 'email', destination: 'eva@acme.example, dana@other.example' } },
    true,
  ],
  [
    'no address that can be read',
    { if: 'leaves', outside: ['acme.example'] },
    { delivery: { kind: 'email', destination: '' } },
    true,
  ],
  [
    'a request where only e-mail is meant',
    { if: 'leaves', outside: ['acme.example'] },
    { delivery: { kind: 'http', destination: 'https://other.example' } },
    false,
  ],
])('a rule sees %s', (_what, when, facts, applies) => {
  expect(choose(when, facts).rule?.id ?? null).toBe(applies ? 'one' : null)
})

test.each<[string, When, unknown]>([
  ['an answer that is no JSON', value('/amount', { be: 'more_than', value: 1 }), undefined],
  ['more places than anyone looks at', value('/*', { be: 'equal', value: 1 }), Array.from({ length: 10_001 }, () => 0)],
  ['a pattern that never ends', value('', { be: 'matching', pattern: '^(a+)+$' }), `${'a'.repeat(40)}!`],
  ['a pattern that is none', value('', { be: 'matching', pattern: '(' }), 'x'],
])('a rule applies where nobody can tell: %s', (_what, when, json) => {
  const chosen = choose(when, { json })
  expect(chosen.rule).toEqual({ id: 'one', label: 'Nobody could tell whether this holds: It is one' })
  expect(chosen.approvals).toBe(2)
})

test('a rule of which nobody can tell hides none that applies after it', () => {
  const names = rule(value('/name', { be: 'matching', pattern: 'Dana' }), { individually: true, dueHours: 8 })
  const broken = rule(
    { if: 'checks_failed' },
    { approvals: 2, roles: ['reviewer', 'lead'] },
    { id: 'broken', label: 'It is broken', risk: 'high' },
  )
  const last = rule({ if: 'checks_failed' }, { approvals: 9 }, { id: 'last' })
  const facts = { ...nothing, json: undefined, checks: [check('schema', 'fail')] }
  expect(choosePolicy(workflow({ approvals: 0, byRisk: [names, broken, last] }), facts)).toMatchObject({
    approvals: 2,
    roles: ['reviewer', 'lead'],
    individually: true,
    dueHours: 8,
    risk: 2,
    rule: { id: 'broken', label: 'It is broken. Nobody could tell whether this holds: It is one' },
  })
})

test('the first rule that applies chooses, and what it leaves out stays', () => {
  const base = workflow({
    approvals: 1,
    roles: ['reviewer'],
    individually: true,
    dueHours: 24,
    atDeadline: 'escalates',
    byRisk: [
      rule({ if: 'claims_unsupported' }, { approvals: 5 }, { id: 'never' }),
      rule({ if: 'leaves' }, { approvals: 2, roles: ['reviewer', 'lead'], dueHours: 4 }, { id: 'first', risk: 'high' }),
      rule({ if: 'leaves' }, { approvals: 3 }, { id: 'second' }),
    ],
  })
  const delivery = { kind: 'http', destination: 'https://acme.example' } as const
  expect(choosePolicy(base, { ...nothing, delivery })).toEqual({
    approvals: 2,
    roles: ['reviewer', 'lead'],
    blind: false,
    individually: true,
    requesterMayApprove: true,
    dueHours: 4,
    atDeadline: 'escalates',
    escalateHours: 24,
    risk: 2,
    rule: { id: 'first', label: 'It is one' },
  })
})

test('without a rule a policy is what its workflow says, without risk', () => {
  expect(choosePolicy(valid, nothing)).toEqual({
    approvals: 1,
    roles: [],
    blind: false,
    individually: false,
    requesterMayApprove: true,
    dueHours: 24,
    atDeadline: 'expires',
    escalateHours: 24,
    risk: 0,
    rule: null,
  })
})

test.each<[string, Partial<PolicyFacts>]>([
  ['a check fails', { checks: [check('schema', 'fail')] }],
  ['a claim rests on nothing', { claims: [claim('none')] }],
])('what stands out is at least raised where %s', (_what, facts) => {
  expect(choosePolicy(valid, { ...nothing, ...facts }).risk).toBe(1)
  const calm = rule({ if: 'value', at: '', is: { be: 'present' } }, {}, { risk: 'normal' })
  expect(choosePolicy(workflow({ byRisk: [calm] }), { ...nothing, ...facts }).risk).toBe(1)
  const high = { ...calm, risk: 'high' as const }
  expect(choosePolicy(workflow({ byRisk: [high] }), { ...nothing, ...facts }).risk).toBe(2)
})

const asks = fc.record(
  {
    approvals: fc.integer({ min: 0, max: 10 }),
    roles: fc.array(fc.constantFrom(...stepRoles), { maxLength: 10 }),
    blind: fc.boolean(),
    individually: fc.boolean(),
    requesterMayApprove: fc.constant<false>(false),
  },
  { requiredKeys: [] },
)
const bases = fc
  .record({
    roles: fc.array(fc.constantFrom(...stepRoles), { maxLength: 5 }),
    approvals: fc.integer({ min: 0, max: 10 }),
    blind: fc.boolean(),
    individually: fc.boolean(),
    requesterMayApprove: fc.boolean(),
  })
  .map((base) => (base.roles.length === 0 ? base : { ...base, approvals: base.roles.length }))

test('no rule ever makes a policy ask for less, whatever its file says', () => {
  fc.assert(
    fc.property(bases, asks, (base, ask) => {
      const byRisk = [rule({ if: 'value', at: '', is: { be: 'present' } }, ask)]
      const chosen = choosePolicy(workflow({ ...base, byRisk }), nothing)
      expect(chosen.rule?.id).toBe('one')
      expect(chosen.approvals).toBeGreaterThanOrEqual(Math.max(base.approvals, ask.approvals ?? 0))
      expect(coversRoles(chosen.roles, base.roles)).toBe(true)
      expect(coversRoles(chosen.roles, ask.roles ?? [])).toBe(true)
      expect([0, chosen.approvals]).toContain(chosen.roles.length)
      expect(chosen.blind).toBe(base.blind || ask.blind === true)
      expect(chosen.individually).toBe(base.individually || ask.individually === true)
      expect(chosen.requesterMayApprove).toBe(base.requesterMayApprove && ask.requesterMayApprove === undefined)
    }),
  )
})

test.each([
  [['lead'], ['reviewer'], true],
  [['owner'], ['lead'], true],
  [['reviewer'], ['lead'], false],
  [['support'], ['reviewer'], false],
  [['reviewer', 'lead'], ['reviewer'], true],
  [['lead', 'reviewer'], ['reviewer', 'lead'], false],
  [['reviewer', 'reviewer', 'owner'], ['reviewer', 'lead'], true],
  [[], ['reviewer'], false],
  [['reviewer'], [], true],
] as const)('%j covers %j: %s', (asked, base, covers) => {
  expect(coversRoles(asked, base)).toBe(covers)
})

test.each([
  [['reviewer', 'reviewer'], ['lead'], ['reviewer', 'lead']],
  [
    ['reviewer', 'lead'],
    ['reviewer', 'reviewer', 'reviewer'],
    ['reviewer', 'reviewer', 'lead'],
  ],
  [
    ['owner', 'reviewer'],
    ['lead', 'lead'],
    ['owner', 'lead'],
  ],
  [['reviewer'], ['support'], ['reviewer', 'support']],
  [
    ['reviewer', 'lead'],
    ['reviewer', 'reviewer', 'owner'],
    ['reviewer', 'reviewer', 'owner'],
  ],
  [[], ['lead'], ['lead']],
] as const)('%j and %j together ask for %j', (base, ask, both) => {
  const of = (roles: readonly StepRole[]) => ({ approvals: roles.length, roles: [...roles] })
  expect(stricterOf({ ...of(base), requesterMayApprove: true }, of(ask)).roles).toEqual(both)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureClasses, retriesByItself } from '@/lib/lifecycle/failure'
import { builtinRules } from '@/lib/rules/builtin'
import { ruleSchema, ruleSetSchema } from '@/lib/rules/rule'
import { AS_THE_WORKFLOW, freeId, moved, newRule, ontoNewer, withClass, withoutRule, withRule } from './draft'
import { readDraft } from './use-rules-draft'

const ruleOf = (code: string, id = code) => newRule({ kind: 'code', value: code }, id)
const ids = (rules: readonly { id: string }[]) => rules.map(({ id }) => id)
const [A, B, C] = [ruleOf('a'), ruleOf('b'), ruleOf('c')]

test('a rule made from a code holds the job until somebody says otherwise, and may be published as it is', () => {
  const rule = ruleOf('odd_code', freeId(builtinRules, { kind: 'code', value: 'odd_code' }))
  expect(rule).toMatchObject({ id: 'code-odd_code', class: 'unclassified', retry: null })
  expect(ruleSetSchema.safeParse(withRule(builtinRules, rule)).success).toBe(true)
})

test('an id is one that no rule has, whatever the code is', () => {
  const taken = [ruleOf('a', 'code-a'), ruleOf('a', 'code-a-2')]
  expect(freeId(taken, { kind: 'code', value: 'a' })).toBe('code-a-3')
  fc.assert(fc.property(fc.string(), (value) => /^[\w.:-]{1,80}$/.test(freeId(taken, { kind: 'incomplete', value }))))
})

test.each(failureClasses)(
  'whatever it was before, a rule of the class %s has nothing that the class does not allow',
  (to) => {
    const retried = { ...A, class: 'infrastructure' as const, retry: AS_THE_WORKFLOW }
    const stopping = { ...A, class: 'infrastructure' as const, stopsQueue: true, countsTries: false }
    for (const rule of [A, retried, stopping]) {
      const after = withClass(rule, to)
      expect(ruleSchema.safeParse(after).error?.issues ?? []).toEqual([])
      expect(after.retry === null).toBe(!retriesByItself(to) || rule.stopsQueue)
    }
  },
)

describe('the order', () => {
  test('a new rule stands before every other, and a changed one in its old place', () => {
    expect(ids(withRule([A, B], C))).toEqual(['c', 'a', 'b'])
    const changed = { ...A, tell: 'leads' as const }
    expect(withRule([B, A, C], changed)).toEqual([B, changed, C])
  })

  test('a rule moves one place, and not past the ends', () => {
    expect(ids(moved([A, B, C], 'b', -1))).toEqual(['b', 'a', 'c'])
    expect(ids(moved([A, B, C], 'b', 1))).toEqual(['a', 'c', 'b'])
    expect(ids(moved([A, B, C], 'a', -1))).toEqual(['a', 'b', 'c'])
    expect(ids(moved([A, B, C], 'c', 1))).toEqual(['a', 'b', 'c'])
    expect(ids(withoutRule([A, B, C], 'b'))).toEqual(['a', 'c'])
  })
})

describe('a draft put on top of a newer version', () => {
  const told = { ...B, tell: 'leads' as const }

  test('keeps what both added, changed and removed', () => {
    const mine = [C, told]
    const theirs = [ruleOf('d'), A, B]
    // Here: a removed, b changed, c added. There: d added.
    expect(ontoNewer([A, B], mine, theirs)).toEqual([C, ruleOf('d'), told])
  })

  test('brings back a rule that was changed here and removed there', () => {
    expect(ontoNewer([A, B], [A, told], [A])).toEqual([told, A])
  })

  test('keeps both rules that two people gave the same id', () => {
    const [theirs, mine] = [ruleOf('x', 'code-any'), ruleOf('y', 'code-any')]
    const both = ontoNewer([A], [mine, A], [theirs, A])
    expect(both.map(({ signal }) => signal.value)).toEqual(['y', 'x', 'a'])
    expect(new Set(ids(both)).size).toBe(3)
  })

  test('is what it was where nothing was published, but for its order', () => {
    expect(ids(ontoNewer([A, B], [C, A, B], [A, B]))).toEqual(['c', 'a', 'b'])
  })
})

test('a kept draft is read again, and what is none is left alone', () => {
  const draft = { basedOn: 2, rules: [A], note: 'Why.' }
  expect(readDraft(JSON.stringify(draft))).toEqual(draft)
  for (const odd of [null, '', '{', '[]', '{"rules":[]}', JSON.stringify({ ...draft, rules: [{ id: 'a' }] })]) {
    expect(readDraft(odd)).toBeNull()
  }
})

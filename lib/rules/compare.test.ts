import { expect, test } from 'vitest'
import { builtinRules } from './builtin'
import { changesWords, compareRules, isSame } from './compare'
import type { Rule } from './types'

const ruleOf = (id: string, change: Partial<Rule> = {}): Rule => ({
  id,
  signal: { kind: 'code', value: id },
  where: null,
  class: 'unclassified',
  retry: null,
  stopsQueue: false,
  countsTries: true,
  tell: 'nobody',
  sentence: null,
  ...change,
})
const [A, B, C] = [ruleOf('a'), ruleOf('b'), ruleOf('c')]

test('a version is the same as itself', () => {
  const changes = compareRules(builtinRules, [...builtinRules])
  expect(isSame(changes)).toBe(true)
  expect(changesWords(changes)).toBe('nothing changed')
})

test.each<[string, Rule[], Rule[]]>([
  ['1 added', [A, B], [C, A, B]],
  ['1 removed', [A, B, C], [A, C]],
  ['1 changed', [A, B], [A, ruleOf('b', { tell: 'leads' })]],
  ['1 changed', [A], [ruleOf('a', { signal: { kind: 'code', value: 'other' } })]],
  ['moved', [A, B, C], [B, A, C]],
  ['1 added, 1 changed, 1 removed, moved', [A, B, C], [ruleOf('d'), C, ruleOf('b', { class: 'policy' })]],
])('says "%s"', (words, before, after) => {
  const changes = compareRules(before, after)
  expect(changesWords(changes)).toBe(words)
  expect(isSame(changes)).toBe(false)
})

test('tells a changed rule before and after', () => {
  const after = ruleOf('b', { class: 'policy' })
  expect(compareRules([A, B], [A, after]).changed).toEqual([{ before: B, after }])
})

test('a rule is the same in whatever order a browser or a JSON column gives its fields', () => {
  const turned = Object.fromEntries(Object.entries(A).reverse()) as Rule
  expect(isSame(compareRules([A], [{ ...turned, signal: { value: 'a', kind: 'code' } }]))).toBe(true)
})

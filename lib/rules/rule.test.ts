import { describe, expect, test } from 'vitest'
import { builtinRules } from './builtin'
import { ruleSetSchema, WHY_NEVER } from './rule'
import type { Rule } from './types'

const plain: Rule = {
  id: 'ours',
  signal: { kind: 'code', value: 'odd_code' },
  where: null,
  class: 'infrastructure',
  retry: { firstSeconds: null, factor: null, capSeconds: null, maxAttempts: null },
  stopsQueue: false,
  countsTries: true,
  tell: 'nobody',
  sentence: null,
}
const retry = { firstSeconds: null, factor: null, capSeconds: null, maxAttempts: null }
const HELD = ['malformed_input', 'policy', 'review_required', 'unclassified'] as const

/** What is wrong with a set of the one rule, by the place of each issue. */
function issues(...rules: Partial<Rule>[]): Record<string, string> {
  const whole = rules.map((rule, index) => ({ ...plain, id: `ours-${index}`, ...rule }))
  const parsed = ruleSetSchema.safeParse(whole)
  if (parsed.success) return {}
  return Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path.join('.'), message]))
}

test('the built-in rules may be published', () => {
  expect(ruleSetSchema.safeParse(builtinRules).error?.issues).toBeUndefined()
})

describe.each(HELD)('a rule of the class %s', (failureClass) => {
  test('may not let it be tried again, and says why', () => {
    expect(issues({ class: failureClass })).toEqual({ '0.retry': WHY_NEVER[failureClass] })
    expect(issues({ class: failureClass, retry: null, stopsQueue: true })['0.stopsQueue']).toContain(
      WHY_NEVER[failureClass],
    )
    expect(issues({ class: failureClass, retry: null })).toEqual({})
  })
})

describe('a refusal that Holdpoint knows', () => {
  test.each<[Rule['signal'], string]>([
    [{ kind: 'code', value: 'invalid_prompt' }, WHY_NEVER.policy],
    [{ kind: 'code', value: 'bio_*' }, WHY_NEVER.policy],
    [{ kind: 'code', value: '*image*' }, WHY_NEVER.policy],
    [{ kind: 'code', value: 'context_length_exceeded' }, WHY_NEVER.malformed_input],
    [{ kind: 'http_status', value: '400' }, WHY_NEVER.malformed_input],
    [{ kind: 'http_status', value: '4xx' }, WHY_NEVER.malformed_input],
    [{ kind: 'incomplete', value: 'content_filter' }, WHY_NEVER.policy],
    [{ kind: 'incomplete', value: 'max_*' }, WHY_NEVER.review_required],
    [{ kind: 'check', value: 'quotes' }, WHY_NEVER.review_required],
    [{ kind: 'check', value: '*' }, WHY_NEVER.review_required],
    [{ kind: 'check', value: 'own:amount' }, WHY_NEVER.review_required],
    [{ kind: 'stop', value: 'refusal' }, WHY_NEVER.policy],
    [{ kind: 'stop', value: 'no_final_status' }, 'Nobody saw how that call ended'],
    [{ kind: 'stop', value: 'lost_answer' }, 'Nobody saw how that call ended'],
  ])('%j is not made one that may pass by itself', (signal, why) => {
    expect(issues({ signal })['0.class']).toContain(why)
  })

  test('is left alone where an earlier rule keeps it back', () => {
    const kept = { class: 'malformed_input' as const, retry: null }
    const wide: Partial<Rule> = { signal: { kind: 'http_status', value: '4xx' }, where: 'look' }
    expect(issues(wide)).toEqual({})
    const statuses = ['400', '413', '422'].map((value) => ({
      ...kept,
      signal: { kind: 'http_status' as const, value },
    }))
    expect(issues(...statuses, { signal: { kind: 'http_status', value: '4xx' } })).toEqual({})
  })
})

describe('what is written beside a field', () => {
  test.each<[string, Partial<Rule>, string]>([
    ['a code with a space', { signal: { kind: 'code', value: 'server error' } }, '0.signal.value'],
    ['any code at all', { signal: { kind: 'code', value: '*' } }, '0.signal.value'],
    ['no code', { signal: { kind: 'code', value: '' } }, '0.signal.value'],
    ['a status that is none', { signal: { kind: 'http_status', value: '42' } }, '0.signal.value'],
    ['the place of a check', { signal: { kind: 'stop', value: 'no_progress' }, where: 'look' }, '0.where'],
    ['a queue that stops and delays', { stopsQueue: true }, '0.retry'],
    [
      'a limit of tries that are not used up',
      { countsTries: false, retry: { ...retry, maxAttempts: 3 } },
      '0.retry.maxAttempts',
    ],
    ['a cap below the first delay', { retry: { ...retry, firstSeconds: 60, capSeconds: 5 } }, '0.retry.capSeconds'],
    ['a delay below nothing', { retry: { ...retry, firstSeconds: -1 } }, '0.retry.firstSeconds'],
    ['delays that shrink', { retry: { ...retry, factor: 0.5 } }, '0.retry.factor'],
    ['half a try', { retry: { ...retry, maxAttempts: 1.5 } }, '0.retry.maxAttempts'],
    ['an empty sentence', { sentence: ' ' }, '0.sentence'],
  ])('stands there for %s', (_, rule, place) => {
    expect(Object.keys(issues(rule))).toEqual([place])
  })

  test('stands at a rule that is never reached, by the number that people see', () => {
    const wide: Partial<Rule> = { signal: { kind: 'code', value: 'odd_*' } }
    expect(issues(wide, {})['1.signal.value']).toContain('rule 1 stands before it')
    expect(issues({}, wide)).toEqual({})
    expect(issues({ where: 'create' }, {})).toEqual({})
    expect(Object.keys(issues({}, { where: 'create' }))).toEqual(['1.signal.value'])
    const family = { signal: { kind: 'http_status' as const, value: '5xx' } }
    expect(Object.keys(issues(family, { signal: { kind: 'http_status', value: '503' } }))).toEqual(['1.signal.value'])
  })

  test('stands at the second of two rules with one id', () => {
    expect(Object.keys(issues({ id: 'a' }, { id: 'a', signal: { kind: 'code', value: 'else' } }))).toEqual(['1.id'])
  })
})

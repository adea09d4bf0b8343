import { expect, test } from 'vitest'
import { builtinRules } from '@/lib/rules/builtin'
import { ruleSetSchema } from '@/lib/rules/rule'
import type { Rule } from '@/lib/rules/types'
import type { RulesActions } from './actions'
import { checkRule } from './check-rule'
import { newRule } from './draft'

/** As the server answers. */
const check: RulesActions['check'] = async (rules) => {
  const { error } = ruleSetSchema.safeParse(rules)
  if (error === undefined) return { ok: true }
  const errors = error.issues.map(({ path, message }) => ({ pointer: `/rules/${path.join('/')}`, detail: message }))
  return { ok: false, message: 'These rules cannot be put in force.', errors }
}
const ruleOf = (value: string, change: Partial<Rule> = {}): Rule => ({
  ...newRule({ kind: 'code', value }, `own-${value.replaceAll(' ', '_')}`),
  ...change,
})

test('a rule that may stand has no errors', async () => {
  expect(await checkRule({ check }, [...builtinRules], ruleOf('odd_code'))).toEqual({})
})

test('what is wrong with a rule stands at its fields', async () => {
  const errors = await checkRule(
    { check },
    [...builtinRules],
    ruleOf('odd code', { class: 'policy', stopsQueue: true }),
  )
  expect(Object.keys(errors).sort()).toEqual(['signal.value', 'stopsQueue'])
})

test('what a rule brings upon another is said with the name of that other', async () => {
  const errors = await checkRule({ check }, [...builtinRules], ruleOf('server_error'))
  expect(errors['']).toMatch(/^Code server_error: It is never reached/)
})

test('what was wrong with other rules before does not stand in the way', async () => {
  const broken = [ruleOf('odd code'), ...builtinRules]
  expect(await checkRule({ check }, broken, ruleOf('other_code'))).toEqual({})
})

test('a refusal without a place is said as it is', async () => {
  const refuse: RulesActions['check'] = async () => ({ ok: false, message: 'The database is away.', errors: [] })
  expect(await checkRule({ check: refuse }, [...builtinRules], ruleOf('odd_code'))).toEqual({
    '': 'The database is away.',
  })
})

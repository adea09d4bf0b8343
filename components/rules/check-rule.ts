/** Whether a rule may go into the draft, with an error for each of its fields that is wrong. */
import type { Rule } from '@/lib/rules/types'
import { whenWords } from '@/lib/rules/words'
import type { RulesActions, RulesRefusal } from './actions'
import { withRule } from './draft'

/** Errors by the path of the field, "signal.value"; those that it brings upon other rules under "". */
export async function checkRule(
  { check }: Pick<RulesActions, 'check'>,
  rules: Rule[],
  rule: Rule,
): Promise<Record<string, string>> {
  const next = withRule(rules, rule)
  const refusal = await check(next)
  if (refusal.ok) return {}
  const index = next.findIndex(({ id }) => id === rule.id)
  const own = errorsOfRule(refusal, index)
  if (Object.keys(own).length > 0) return own
  // What was wrong without it, such as what an older release allowed, is mended rule by rule.
  const without = await check(rules)
  const known = without.ok ? [] : errorsOfOthers(without, rules)
  const brought = errorsOfOthers(refusal, next).filter((error) => !known.includes(error))
  if (refusal.errors.length === 0) return { '': refusal.message }
  return brought.length === 0 ? {} : { '': brought.join(' ') }
}

function errorsOfRule({ errors }: RulesRefusal, index: number): Record<string, string> {
  const prefix = `/rules/${index}/`
  return Object.fromEntries(
    errors
      .filter(({ pointer }) => pointer.startsWith(prefix))
      .map(({ pointer, detail }) => [pointer.slice(prefix.length).replaceAll('/', '.'), detail]),
  )
}

/** Each with the rule that it is of. Its number is left out: that changes with the draft. */
function errorsOfOthers({ errors }: RulesRefusal, rules: readonly Rule[]): string[] {
  return errors.map(({ pointer, detail }) => {
    const other = rules[Number(/^\/rules\/(\d+)/.exec(pointer)?.[1])]
    return other === undefined ? detail : `${whenWords(other)}: ${detail}`
  })
}

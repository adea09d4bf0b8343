/** Changing a list of rules before it is published. Pure. */
import { retriesByItself } from '@/lib/lifecycle/failure'
import { compareRules } from '@/lib/rules/compare'
import type { Rule } from '@/lib/rules/types'

/** Delays and tries as the workflow says. */
export const AS_THE_WORKFLOW = { firstSeconds: null, factor: null, capSeconds: null, maxAttempts: null } as const

/** A rule to begin with. It holds the job until somebody says otherwise. */
export function newRule(signal: Rule['signal'], id: string): Rule {
  return {
    id,
    signal,
    where: null,
    class: 'unclassified',
    retry: null,
    stopsQueue: false,
    countsTries: true,
    tell: 'nobody',
    sentence: null,
  }
}

/** An id that no rule has: made from what it looks at. */
export function freeId(rules: readonly Rule[], { kind, value }: Rule['signal']): string {
  const base = `${kind}-${value.replaceAll(/[^\w.:-]/g, '').slice(0, 60) || 'any'}`
  const taken = new Set(rules.map(({ id }) => id))
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base}-${count}`
    if (!taken.has(id)) return id
  }
}

/** With another class: what a class does not allow is dropped. */
export function withClass(rule: Rule, failureClass: Rule['class']): Rule {
  if (retriesByItself(failureClass)) {
    return { ...rule, class: failureClass, retry: rule.retry ?? (rule.stopsQueue ? null : AS_THE_WORKFLOW) }
  }
  return { ...rule, class: failureClass, retry: null, stopsQueue: false, countsTries: true }
}

/** With the rule in its old place, or, where it is new, before every other: the first that fits decides. */
export function withRule(rules: readonly Rule[], rule: Rule): Rule[] {
  return rules.some(({ id }) => id === rule.id)
    ? rules.map((other) => (other.id === rule.id ? rule : other))
    : [rule, ...rules]
}

export function withoutRule(rules: readonly Rule[], id: string): Rule[] {
  return rules.filter((rule) => rule.id !== id)
}

/** One place up (-1) or down (1). */
export function moved(rules: readonly Rule[], id: string, by: -1 | 1): Rule[] {
  const from = rules.findIndex((rule) => rule.id === id)
  const to = from + by
  const rule = rules[from]
  if (rule === undefined || to < 0 || to >= rules.length) return [...rules]
  const others = withoutRule(rules, id)
  return [...others.slice(0, to), rule, ...others.slice(to)]
}

/**
 * What a draft changed of `base`, done to `current` instead: added rules come first, changed ones keep their place, and
 * where rules were only moved they stand as in `current`. What was changed here and removed there comes back.
 */
export function ontoNewer(base: readonly Rule[], draft: readonly Rule[], current: readonly Rule[]): Rule[] {
  const { added, changed, removed } = compareRules(base, draft)
  const kept = removed.reduce<Rule[]>((rules, { id }) => withoutRule(rules, id), [...current])
  const mended = changed.map(({ after }) => after).reduce<Rule[]>(withRule, kept)
  return added.toReversed().reduce<Rule[]>((rules, rule) => {
    // Two people may have given two rules the same id: neither takes the place of the other.
    const isTaken = rules.some(({ id }) => id === rule.id)
    return withRule(rules, isTaken ? { ...rule, id: freeId(rules, rule.signal) } : rule)
  }, mended)
}

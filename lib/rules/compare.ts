/** What is different between two versions of the failure rules. Pure. */
import type { Rule } from './types'

export type RuleChanges = {
  added: Rule[]
  removed: Rule[]
  changed: { before: Rule; after: Rule }[]
  isReordered: boolean
}

/** Rules are the same rule where they have the same id. */
export function compareRules(before: readonly Rule[], after: readonly Rule[]): RuleChanges {
  const earlier = new Map(before.map((rule) => [rule.id, rule]))
  const later = new Map(after.map((rule) => [rule.id, rule]))
  const kept = before.filter(({ id }) => later.has(id)).map(({ id }) => id)
  const order = after.filter(({ id }) => earlier.has(id)).map(({ id }) => id)
  return {
    added: after.filter(({ id }) => !earlier.has(id)),
    removed: before.filter(({ id }) => !later.has(id)),
    changed: after.flatMap((rule) => {
      const was = earlier.get(rule.id)
      return was === undefined || sortedJson(was) === sortedJson(rule) ? [] : [{ before: was, after: rule }]
    }),
    isReordered: kept.join('\n') !== order.join('\n'),
  }
}

/** As JSON with the fields of each object by name: a browser and a JSON column give them in orders of their own. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  )
}

/** True where nothing is different. */
export function isSame({ added, removed, changed, isReordered }: RuleChanges): boolean {
  return added.length === 0 && removed.length === 0 && changed.length === 0 && !isReordered
}

/** "2 added, 1 changed". */
export function changesWords({ added, removed, changed, isReordered }: RuleChanges): string {
  const parts = [
    added.length > 0 ? `${added.length} added` : null,
    changed.length > 0 ? `${changed.length} changed` : null,
    removed.length > 0 ? `${removed.length} removed` : null,
    isReordered ? 'moved' : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? 'nothing changed' : parts.join(', ')
}

/** Why the model asked for a call, in its own words. Pure; nothing here throws, whatever the items are. */

/** More than this is no reason but an essay: the trace has it all. In UTF-16 units. */
const LONGEST_WHY = 4_000

type Item = { position: number; type: string; data: unknown }

/**
 * The reasoning summary or message that stands nearest before `position`, among items in their order; null where the
 * model gave none. Calls that were asked for together share it.
 */
export function whyOf(items: readonly Item[], position: number): string | null {
  const before = items.filter((item) => item.position < position).reverse()
  for (const { type, data } of before) {
    const text = type === 'reasoning' ? partsOf(data, 'summary') : partsOf(data, 'content')
    if (text !== '') return text.length > LONGEST_WHY ? `${text.slice(0, LONGEST_WHY).toWellFormed()}…` : text
  }
  return null
}

function partsOf(data: unknown, field: 'summary' | 'content'): string {
  const parts = recordOf(data)[field]
  if (!Array.isArray(parts)) return ''
  return parts
    .map((part) => recordOf(part).text)
    .filter((text) => typeof text === 'string')
    .join('\n')
    .trim()
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

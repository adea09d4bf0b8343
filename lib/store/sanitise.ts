/**
 * Derived copies that PostgreSQL's `jsonb` and `text` accept: they refuse NUL and lone surrogates, and models produce
 * both. The exact bytes are kept as blobs; these copies are for search and display only.
 */

/** Deeper than any real output. `JSON.stringify` and what draws the copy walk it by recursion. */
export const MAX_DEPTH = 200
const TOO_DEEP = `… nested deeper than ${MAX_DEPTH} levels`

/** NUL becomes U+2400 (␀), a lone surrogate U+FFFD. The length stays the same, so offsets stay right. */
export function sanitiseText(text: string): string {
  return text.replaceAll('\u0000', '\u2400').toWellFormed()
}

/** A JSON value whose strings and keys are sanitised and whose depth is bounded. */
export type SafeJson = string | number | boolean | null | SafeJson[] | { [key: string]: SafeJson }

/**
 * A copy of a JSON value that `jsonb` accepts: strings and keys by `sanitiseText`, levels below `MAX_DEPTH` replaced by
 * a marker, numbers that JSON cannot write replaced by null. Of two keys that become the same, the last one stays.
 */
export function sanitiseJson(value: unknown): SafeJson {
  return copy(value, 0)
}

function copy(value: unknown, depth: number): SafeJson {
  if (typeof value === 'string') return sanitiseText(value)
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object' || value === null) return null
  if (depth >= MAX_DEPTH) return TOO_DEEP
  if (Array.isArray(value)) return value.map((element) => copy(element, depth + 1))
  // `fromEntries` defines own properties, so that a key named __proto__ stays a key.
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [sanitiseText(key), copy(element, depth + 1)] as const),
  )
}

const encoder = new TextEncoder()
const bytesOf = (json: SafeJson) => encoder.encode(JSON.stringify(json)).byteLength

/**
 * A sanitised copy of at most `maxBytes` bytes of JSON (UTF-8; at least 64), with `cut: true` where something was left
 * out. Long strings are shortened first, so that the fields after a long one are still there.
 */
export function cutJson(value: unknown, maxBytes: number): { data: SafeJson; cut: boolean } {
  const whole = sanitiseJson(value)
  if (bytesOf(whole) <= maxBytes) return { data: whole, cut: false }
  // A quarter: a few long fields fit beside each other, and what they leave is for the rest.
  const budget = { left: maxBytes, longest: Math.floor(maxBytes / 4) }
  return { data: take(whole, budget) ?? null, cut: true }
}

type Budget = { left: number; longest: number }

/** As much of `value` as the budget allows; undefined where not even a piece of it fits. */
function take(value: SafeJson, budget: Budget): SafeJson | undefined {
  if (typeof value === 'string') return takeText(value, budget)
  if (typeof value !== 'object' || value === null) return spend(bytesOf(value), budget) ? value : undefined
  if (!spend(2, budget)) return undefined
  if (Array.isArray(value)) {
    const elements: SafeJson[] = []
    for (const element of value) {
      const taken = spend(1, budget) ? take(element, budget) : undefined
      if (taken === undefined) break
      elements.push(taken)
    }
    return elements
  }
  const entries: [string, SafeJson][] = []
  for (const [key, element] of Object.entries(value)) {
    const taken = spend(bytesOf(key) + 2, budget) ? take(element, budget) : undefined
    if (taken === undefined) break
    entries.push([key, taken])
  }
  return Object.fromEntries(entries)
}

function takeText(text: string, budget: Budget): string | undefined {
  const allowed = Math.min(budget.left, budget.longest)
  // Every UTF-16 unit takes at least one byte, so what is longer than `allowed` need not be measured.
  if (text.length <= allowed && bytesOf(text) <= allowed) {
    spend(bytesOf(text), budget)
    return text
  }
  let low = 0
  let high = Math.min(text.length, allowed)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (bytesOf(shortened(text, middle)) <= allowed) low = middle
    else high = middle - 1
  }
  const short = shortened(text, low)
  return spend(bytesOf(short), budget) ? short : undefined
}

/** The first `length` units and an ellipsis; a surrogate pair is not torn. */
function shortened(text: string, length: number): string {
  return `${text
    .slice(0, length)
    .toWellFormed()
    .replace(/\uFFFD$/u, '')}…`
}

function spend(bytes: number, budget: Budget): boolean {
  if (bytes > budget.left) return false
  budget.left -= bytes
  return true
}

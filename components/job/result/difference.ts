/** What sets a quote apart from the words that stand in the document, as stretches to show side by side. Pure. */

/** `same` stands in both; `quote` only in the quote; `document` only in the document. */
export type Stretch = { kind: 'same' | 'quote' | 'document'; text: string }

/** Beyond so many pairs of words the comparison would be felt; the two are then shown whole. */
const MOST_PAIRS = 1_000_000

/**
 * The quote and the passage that it was found in, as one run of stretches: in both, only in the quote, only in the
 * document. Null where they are too long to compare.
 */
export function differences(quote: string, passage: string): Stretch[] | null {
  const before = pieces(quote.trim())
  const after = pieces(passage.trim())
  if (before.length * after.length > MOST_PAIRS) return null
  const common = commonLengths(before, after)
  const stretches: Stretch[] = []
  const add = (kind: Stretch['kind'], text: string) => {
    const last = stretches.at(-1)
    if (last?.kind === kind) last.text += text
    else stretches.push({ kind, text })
  }
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    const one = before[i]
    const other = after[j]
    if (one !== undefined && one === other) {
      add('same', one)
      i += 1
      j += 1
    } else if (other === undefined || (one !== undefined && at(common, i + 1, j) >= at(common, i, j + 1))) {
      add('quote', one as string)
      i += 1
    } else {
      add('document', other)
      j += 1
    }
  }
  return stretches
}

/** Words, runs of white space, and single marks. */
function pieces(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+|\s+|[^\p{L}\p{N}\p{M}\s]/gu) ?? []
}

const at = (rows: Uint32Array[], i: number, j: number) => rows[i]?.[j] ?? 0

/** For each pair of places, how many pieces the rest of both has in common, in order. */
function commonLengths(before: string[], after: string[]): Uint32Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1))
  for (let i = before.length - 1; i >= 0; i--) {
    const row = rows[i] as Uint32Array
    for (let j = after.length - 1; j >= 0; j--) {
      row[j] = before[i] === after[j] ? at(rows, i + 1, j + 1) + 1 : Math.max(at(rows, i + 1, j), at(rows, i, j + 1))
    }
  }
  return rows
}

/** White space that only one side has is told in words and signs, or nobody would see it. */
export function visible(text: string): string {
  return text
    .replaceAll('\n', '↵')
    .replaceAll('\t', '⇥')
    .replaceAll('\u00a0', '⍽')
    .replaceAll(' ', '␣')
    .replaceAll('\u00ad', '[soft hyphen]')
    .replaceAll('\u200b', '[zero-width space]')
}

/**
 * Folding: a text with what typesetting changes taken out of it, and for each unit of the folded text the place in the
 * original that it came from. Two texts that fold alike have the same words, figures and marks.
 *
 * What is folded: runs of white space to one space; typographic quotes, dashes and ellipses to their plain forms; Latin
 * ligatures to letters; letters with combining marks to their composed form (NFC); hyphens inside words, with the line
 * break that may follow them, and soft hyphens and zero-width spaces to nothing. Not folded: letter case, other marks.
 */

export type Folded = {
  text: string
  /** For each UTF-16 unit of `text`, where its source starts in the original … */
  starts: Uint32Array
  /** … and where it ends. Units that came from one character together have the same start and end. */
  ends: Uint32Array
}

const PLAIN = new Map<string, string>()
const plainForms: [string, string][] = [
  ['"', '“”„‟«»″'],
  ["'", '‘’‚‛‹›′´`'],
  ['-', '‐‑‒–—―−'],
]
for (const [plain, variants] of plainForms) for (const variant of variants) PLAIN.set(variant, plain)
for (const [ligature, letters] of Object.entries({ ﬀ: 'ff', ﬁ: 'fi', ﬂ: 'fl', ﬃ: 'ffi', ﬄ: 'ffl', ﬅ: 'st', ﬆ: 'st' })) {
  PLAIN.set(ligature, letters)
}
PLAIN.set('…', '...')
// As `sanitiseText` writes it, so that a raw quote is found in a sanitised document.
PLAIN.set('\u0000', '\u2400')

const SPACE = /\s/u
const LETTER = /^\p{L}/u
/** What joins to the character before it: combining marks, and the vowels and finals of decomposed Hangul. */
const JOINS = /^[\p{M}\u1160-\u11FF]/u
/** Inside a word these may be there or not: hyphen-minus, hyphen, non-breaking hyphen, soft hyphen. */
const HYPHENS = '-\u2010\u2011\u00AD'
/** Soft hyphen, zero-width space, word joiner, byte-order mark. */
const IGNORED = '\u00AD\u200B\u2060\uFEFF'
/** No script stacks as many marks; ordering a million of them would take for ever. */
const LONGEST_CLUSTER = 64

/** Folds `text`. Linear in its length. */
export function fold(text: string): Folded {
  const pieces: string[] = []
  // Only an ellipsis or a ligature grows, to three units at most; both are one unit in the original.
  let starts = new Uint32Array(text.length + 16)
  let ends = new Uint32Array(text.length + 16)
  let length = 0
  let afterSpace = false
  let afterLetter = false

  const emit = (piece: string, start: number, end: number) => {
    if (length + piece.length > starts.length) {
      starts = grown(starts)
      ends = grown(ends)
    }
    starts.fill(start, length, length + piece.length)
    ends.fill(end, length, length + piece.length)
    length += piece.length
    pieces.push(piece)
  }

  let at = 0
  while (at < text.length) {
    const character = text[at] as string
    if (isSpace(character)) {
      if (!afterSpace) emit(' ', at, at + 1)
      else ends[length - 1] = at + 1
      afterSpace = true
      afterLetter = false
      at += 1
      continue
    }
    if (afterLetter && HYPHENS.includes(character)) {
      const next = skipSpace(text, at + 1)
      if (isLetter(text, next)) {
        at = next
        continue
      }
    }
    if (IGNORED.includes(character)) {
      at += 1
      continue
    }
    const end = clusterEnd(text, at)
    emit(foldCluster(text.slice(at, end)), at, end)
    afterSpace = false
    afterLetter = isLetter(text, at)
    at = end
  }
  return { text: pieces.join(''), starts: starts.subarray(0, length), ends: ends.subarray(0, length) }
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || SPACE.test(character)
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && isSpace(text[at] as string)) at += 1
  return at
}

function isLetter(text: string, at: number): boolean {
  const point = text.codePointAt(at)
  return point !== undefined && LETTER.test(String.fromCodePoint(point))
}

/** Where the character at `at` ends, with the marks that join it. */
function clusterEnd(text: string, at: number): number {
  let end = at + widthAt(text, at)
  // Below U+0300 nothing joins: nearly every character of nearly every document.
  while (end < text.length && text.charCodeAt(end) >= 0x300 && end - at < LONGEST_CLUSTER) {
    const width = widthAt(text, end)
    if (!JOINS.test(text.slice(end, end + width))) break
    end += width
  }
  return end
}

/** True where the character at `at` belongs to the one before it. */
export function joinsBefore(text: string, at: number): boolean {
  return at < text.length && text.charCodeAt(at) >= 0x300 && JOINS.test(text.slice(at, at + widthAt(text, at)))
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

function foldCluster(cluster: string): string {
  return PLAIN.get(cluster) ?? cluster.toWellFormed().normalize('NFC')
}

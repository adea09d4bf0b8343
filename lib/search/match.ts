/** Where what was looked for stands in a text, and a passage around it. Pure. */
import type { Term } from './terms'
import { fold, groupedNumbers, type Token, tokensOf } from './tokens'
import type { Piece } from './view'

export type Hit = { start: number; end: number; term: number }

/** More words of one text are not looked through for a passage. */
const MOST_WORDS = 60_000

/** Where `terms` stand in `text`, in their order. */
export function hitsIn(text: string, terms: readonly Term[], most = 400): Hit[] {
  const tokens = tokensOf(text, MOST_WORDS)
  const hits: Hit[] = []
  for (let at = 0; at < tokens.length && hits.length < most; at += 1) {
    for (const [index, term] of terms.entries()) {
      const end = endOf(tokens, at, term)
      if (end !== null) hits.push({ start: tokens[at]?.start ?? 0, end, term: index })
    }
  }
  const numbers = terms.map(({ words, number }) => number ?? (words.length === 1 ? words[0] : undefined))
  if (!numbers.some((number) => /^\d{4,}$/.test(number ?? ''))) return hits
  for (const { word, start, end } of groupedNumbers(text)) {
    const term = numbers.indexOf(word)
    if (term >= 0 && !hits.some((hit) => hit.start === start && hit.term === term)) hits.push({ start, end, term })
  }
  return hits.toSorted((one, other) => one.start - other.start)
}

function endOf(tokens: readonly Token[], at: number, { words, open }: Term): number | null {
  for (const [offset, word] of words.entries()) {
    const token = tokens[at + offset]
    if (token === undefined) return null
    const isLast = offset === words.length - 1
    if (open && isLast ? !token.word.startsWith(word) : token.word !== word) return null
  }
  return tokens[at + words.length - 1]?.end ?? null
}

/** As `hitsIn`; where no word fits, pieces of words: they are found in titles and references. */
export function hitsInLabel(text: string, terms: readonly Term[]): Hit[] {
  const hits = hitsIn(text, terms)
  const folded = fold(text)
  // Letters may become more or fewer by folding: then nothing can be pointed at.
  if (folded.length !== text.length) return hits
  const missing = [...terms.entries()].filter(([index]) => !hits.some(({ term }) => term === index))
  const pieces = missing.flatMap(([index, { piece }]): Hit[] => {
    const start = piece === null ? -1 : folded.indexOf(piece)
    return start < 0 || piece === null ? [] : [{ start, end: start + piece.length, term: index }]
  })
  return [...hits, ...pieces].toSorted((one, other) => one.start - other.start)
}

/** `text` from `from` to `to`, with its hits. */
export function piecesOf(text: string, hits: readonly Hit[], from = 0, to = text.length): Piece[] {
  const pieces: Piece[] = []
  let at = from
  for (const { start, end } of hits) {
    if (end <= at || start >= to) continue
    if (start > at) pieces.push({ text: text.slice(at, start), hit: false })
    const begin = Math.max(start, at)
    pieces.push({ text: text.slice(begin, Math.min(end, to)), hit: true })
    at = Math.min(end, to)
  }
  if (at < to) pieces.push({ text: text.slice(at, to), hit: false })
  return pieces
}

/** How much of a text is shown around what was found, in UTF-16 units. */
const BEFORE = 60
const PASSAGE = 180

export type Passage = {
  pieces: Piece[]
  /** The terms that stand in it. */
  terms: ReadonlySet<number>
  /** Where what was found begins in the text. */
  start: number
}

/** The passage of `text` with the most of `terms` in it; null where none of them stands there. */
export function passageOf(text: string, terms: readonly Term[]): Passage | null {
  const hits = hitsIn(text, terms)
  let best: { from: number; terms: ReadonlySet<number> } | null = null
  for (const [index, { start }] of hits.entries()) {
    const within = new Set<number>()
    for (let next = index; next < hits.length; next += 1) {
      const hit = hits[next]
      if (hit === undefined || hit.end > start + PASSAGE - BEFORE) break
      within.add(hit.term)
    }
    if (best === null || within.size > best.terms.size) best = { from: start, terms: within }
  }
  if (best === null) return null
  const from = wordStart(text, Math.max(0, best.from - BEFORE), best.from)
  const to = Math.min(text.length, from + PASSAGE)
  const pieces = piecesOf(text, hits, from, to).map(({ text: part, hit }) => ({
    text: part.replaceAll(/\s+/g, ' '),
    hit,
  }))
  const shown = [
    ...(from > 0 ? [{ text: '… ', hit: false }] : []),
    ...pieces,
    ...(to < text.length ? [{ text: ' …', hit: false }] : []),
  ]
  return {
    pieces: shown.map(({ text: part, hit }) => ({ text: part.toWellFormed(), hit })),
    terms: best.terms,
    start: best.from,
  }
}

/** A passage begins with a whole word, where one begins near. */
function wordStart(text: string, from: number, before: number): number {
  if (from === 0) return 0
  const space = text.slice(from, before).search(/\s/)
  return space < 0 ? from : from + space + 1
}

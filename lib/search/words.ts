/** What a text is found by, as PostgreSQL keeps it: words with their places and the weight of where they stand. Pure. */
import { groupedNumbers, tokensOf } from './tokens'

/** Where a word stands: A title and reference, B input, C results, D notes, codes and names of documents. */
export type Weight = 'A' | 'B' | 'C' | 'D'

export type Source = {
  text: string
  weight: Weight
}

/** Places of words go up to here in PostgreSQL; beyond it all are the same place. */
export const LAST_PLACE = 16_383

/** How many words of each weight are kept of one job. Together less than there are places. */
export const MOST_WORDS: Record<Weight, number> = { A: 400, B: 4_000, C: 7_500, D: 4_000 }
/** Of one part of a document, and how many parts there are at most: some 600 pages. */
export const PART_WORDS = 15_000
export const MOST_PARTS = 20
/** A phrase that goes over the end of a part is found in the next one. */
const OVERLAP = 10

/** Things, not words: no text has such a character. */
const THING = '\u0001'
export type Thing = `b${string}` | `u${string}` | `r${string}` | `m${string}`

/** How many characters of a hash name its bytes. */
export const HASH_LENGTH = 32
/** The bytes under this hash (lower-case hex). */
export const bytesThing = (sha256: string): Thing => `b${sha256.slice(0, HASH_LENGTH)}`
/** The person who asked for the job. */
export const requesterThing = (userId: string): Thing => `u${userId}`
/** A person who decided. */
export const deciderThing = (userId: string): Thing => `r${userId}`
export const modelThing = (model: string): Thing => `m${model}`

/** `word` as it is written in a tsvector or a tsquery. */
export function quoted(word: string): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

export const quotedThing = (thing: Thing): string => quoted(THING + thing)

/** The text of a `tsvector`, and whether something was left out because it was too long. */
export type Vector = { vector: string; cut: boolean }

/** The words of `sources` and the names of `things`. Each source has its own places: no phrase goes from one to the next. */
export function vectorOf(sources: readonly Source[], things: readonly Thing[] = []): Vector {
  const places = new Places()
  const left = { ...MOST_WORDS }
  let cut = false
  for (const { text, weight } of sources) {
    const tokens = tokensOf(text, left[weight] + 1)
    if (tokens.length > left[weight]) cut = true
    const taken = tokens.slice(0, left[weight])
    left[weight] -= taken.length
    places.add(text, taken, weight)
  }
  return { vector: places.written(things), cut: cut || places.isFull }
}

/** The words of a document's text, in parts. */
export function documentVectors(text: string): { vectors: string[]; cut: boolean } {
  const tokens = tokensOf(text, PART_WORDS * MOST_PARTS + 1)
  let cut = tokens.length > PART_WORDS * MOST_PARTS
  const vectors: string[] = []
  for (let from = 0; from < Math.min(tokens.length, PART_WORDS * MOST_PARTS); from += PART_WORDS - OVERLAP) {
    const places = new Places()
    places.add(text, tokens.slice(from, from + PART_WORDS), 'D')
    vectors.push(places.written([]))
    cut ||= places.isFull
  }
  return { vectors, cut }
}

/** PostgreSQL keeps so many places of one word. */
const MOST_PLACES = 255
/** And a vector of at most 1 MiB: random letters reach that sooner than people's words do. */
const MOST_BYTES = 800_000
/** What PostgreSQL needs for a word beside its letters and places. */
const BYTES_A_WORD = 12

class Places {
  readonly #words = new Map<string, string[]>()
  #next = 1
  #bytes = 0
  isFull = false

  add(text: string, tokens: readonly { word: string; start: number }[], weight: Weight) {
    const first = tokens[0]
    const last = tokens.at(-1)
    if (first === undefined || last === undefined) return
    const at = new Map<number, number>()
    for (const token of tokens) {
      at.set(token.start, this.#next)
      this.#put(token.word, this.#next, weight)
      this.#next += 1
    }
    for (const { word, start } of groupedNumbers(text)) {
      const place = at.get(start)
      if (place !== undefined) this.#put(word, place, weight)
    }
    // Between two sources: neither "before" nor "after".
    this.#next += 2
  }

  #put(word: string, place: number, weight: Weight) {
    const kept = this.#words.get(word)
    const written = `${Math.min(place, LAST_PLACE)}${weight}`
    if (kept === undefined) {
      this.#bytes += Buffer.byteLength(word) + BYTES_A_WORD
      if (this.#bytes > MOST_BYTES) this.isFull = true
      else this.#words.set(word, [written])
    } else if (kept.length < MOST_PLACES) {
      kept.push(written)
      this.#bytes += 2
    }
  }

  written(things: readonly Thing[]): string {
    const words = [...this.#words].map(([word, places]) => `${quoted(word)}:${places.join(',')}`)
    return [...words, ...new Set(things.map(quotedThing))].join(' ')
  }
}

/** Shortens documents to the sentences that carry the most of what they speak about. Pure. */
import { type Library, type QuotedSentence, termsOf } from './ranking'
import { type Cited, joinNames, oneLine } from './report'

export type Digest = { summary: string; points: { text: string; citations: Cited[] }[] }

const fewest = 3
const most = 7
/** So many of the documents' weightiest terms stand for what they are about. */
const themes = 24
/** Two sentences that share more of their terms than this say the same. */
const sameTerms = 0.6

/**
 * Ranks every sentence by BM25 against the documents' own weightiest terms, and takes the best that do not repeat each
 * other, in the order of the documents.
 * @param focus what the request or a reviewer asks to look at: up to half of the points are chosen by it, and first.
 */
export function writeDigest(library: Library, focus: string): Digest {
  const stated = new Set(library.sentences.filter(({ text, kind }) => kind === 'sentence' && termsOf(text).length >= 3))
  const wanted = Math.min(most, Math.max(fewest, Math.round(stated.size / 6)))
  const rank = (terms: readonly string[], limit: number) =>
    library
      .findSentences(terms, limit)
      .map(({ sentence }) => sentence)
      .filter((sentence) => stated.has(sentence))
  const first = rank(termsOf(focus), 100).slice(0, Math.ceil(wanted / 2))
  const chosen = pick([...new Set([...first, ...rank(weightiest([...stated]), 400)])], wanted).sort(
    (a, b) => library.sentences.indexOf(a) - library.sentences.indexOf(b),
  )
  return {
    summary: summarise(library, chosen),
    points: chosen.map(({ passage, text }) => ({
      text: `${passage.document}: ${oneLine(text)}`,
      citations: [{ document: passage.documentId, quote: text }],
    })),
  }
}

/** Terms that come up again and again, but not everywhere. */
function weightiest(sentences: readonly QuotedSentence[]): string[] {
  const counts = new Map<string, number>()
  for (const { text } of sentences) {
    for (const term of new Set(termsOf(text))) counts.set(term, (counts.get(term) ?? 0) + 1)
  }
  const weight = (count: number) => count * Math.log(1 + sentences.length / count)
  return [...counts]
    .filter(([term]) => !/^\p{N}+$/u.test(term))
    .sort(([, a], [, b]) => weight(b) - weight(a))
    .slice(0, themes)
    .map(([term]) => term)
}

/** The best first, skipping repetitions; every document gets a word before any gets its third. */
function pick(ranked: readonly QuotedSentence[], wanted: number): QuotedSentence[] {
  const chosen: QuotedSentence[] = []
  const perDocument = new Map<string, number>()
  const documents = new Set(ranked.map(({ passage }) => passage.document)).size
  const share = Math.max(2, Math.ceil(wanted / Math.max(1, documents)))
  for (const sentence of ranked) {
    if (chosen.length === wanted) break
    const taken = perDocument.get(sentence.passage.document) ?? 0
    if (taken >= share || chosen.some((other) => overlap(other.text, sentence.text) > sameTerms)) continue
    chosen.push(sentence)
    perDocument.set(sentence.passage.document, taken + 1)
  }
  return chosen
}

function overlap(a: string, b: string): number {
  const first = new Set(termsOf(a))
  const second = new Set(termsOf(b))
  const shared = [...first].filter((term) => second.has(term)).length
  return shared / Math.max(1, Math.min(first.size, second.size))
}

function summarise(library: Library, chosen: readonly QuotedSentence[]): string {
  const names = [...new Set(library.passages.map(({ document }) => document))]
  if (chosen.length === 0) return 'The documents hold no sentence to quote. The sandbox asked no model.'
  return `The ${chosen.length} most central of ${library.sentences.length} sentences in ${joinNames(names)}, chosen by their terms and quoted by the sandbox; no model was asked.`
}

/** Finds the passages and sentences that speak of a question, by BM25+ (MiniSearch). Pure. */
import MiniSearch from 'minisearch'
import type { Passage } from './reading'
import { cutSentences, type Sentence } from './sentences'

export type QuotedSentence = Sentence & { passage: Passage }
export type FoundPassage = { passage: Passage; score: number }
export type FoundSentence = {
  sentence: QuotedSentence
  score: number /** Terms of the query that it has. */
  terms: string[]
}

/** Words that say nothing of what is asked. */
const stopWords = new Set(
  `a about above after all also am an and any are as at be because been being both but by can could did do does doing
  document documents down each either every few find for from further give had happen happened happens has have having he her here hers him his
  how i if in into is it its itself just list many may me might more most much must my no nor not now of off on once
  only or other our out over own please same say says shall she should so some state states such summarise summarize
  tell than that the their them then there these they this those through to too under until up upon us very was we were
  what when where whether which while who whom whose why will with would you your`.split(/\s+/),
)

/** Terms in the order they stand, folded so that `Payments` finds `payment`. */
export function termsOf(text: string): string[] {
  return splitWords(text)
    .map(foldTerm)
    .filter((term): term is string => term !== null)
}

const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

function splitWords(text: string): string[] {
  const words = text.normalize('NFKC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  return words.flatMap((word) => (cjk.test(word) ? pairs(word) : [word]))
}

/** Scripts without spaces are searched by pairs of characters. */
function pairs(word: string): string[] {
  const letters = [...word]
  return letters.length < 2 ? letters : letters.slice(1).map((letter, index) => `${letters[index]}${letter}`)
}

function foldTerm(word: string): string | null {
  const term = word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  if (stopWords.has(term) || (term.length < 2 && !/[\p{N}]/u.test(term) && !cjk.test(term))) return null
  return stem(term)
}

/** A light English stemmer: endings only, so that it never joins words of different meaning far apart. */
function stem(term: string): string {
  if (term.endsWith('ically')) return term.slice(0, -4)
  if (term.length > 5 && term.endsWith('ly')) return dropE(term.slice(0, -2))
  if (term.length > 4 && /ie[sd]$/.test(term)) return `${term.slice(0, -3)}y`
  if (term.length > 6 && term.endsWith('ment')) return dropE(term.slice(0, -4))
  if (term.length > 6 && term.endsWith('al')) return dropE(term.slice(0, -2))
  if (term.length > 5 && term.endsWith('ing')) return undouble(term.slice(0, -3))
  if (term.length > 4 && term.endsWith('ed')) return undouble(term.slice(0, -2))
  if (term.length > 4 && /(?:s|x|z|ch|sh)es$/.test(term)) return term.slice(0, -2)
  if (term.length > 3 && term.endsWith('s') && !/(?:ss|us|is)$/.test(term)) return dropE(term.slice(0, -1))
  return dropE(term)
}

function undouble(term: string): string {
  return /([^aeiouls])\1$/.test(term) ? term.slice(0, -1) : dropE(term)
}

function dropE(term: string): string {
  return term.length > 4 && term.endsWith('e') ? term.slice(0, -1) : term
}

/** Terms that were folded already: folding twice could make another word of them. */
const asFolded = {
  fields: ['text'],
  tokenize: (terms: string) => terms.split(' '),
  processTerm: (term: string) => term,
}
const tokenizing = { tokenize: splitWords, processTerm: foldTerm }

/** The documents of one request, made searchable. */
export type Library = {
  passages: readonly Passage[]
  sentences: readonly QuotedSentence[]
  /** Best first. */
  findPassages(query: string, limit: number): FoundPassage[]
  /** Best first, over all documents; headings come only as context of what follows them. A list holds folded terms, to be found in the sentences alone. */
  findSentences(query: string | readonly string[], limit: number): FoundSentence[]
  /** Whether any document has this (folded) term. */
  has(term: string): boolean
}

export function openLibrary(passages: readonly Passage[]): Library {
  const sentences: QuotedSentence[] = []
  const rows: { id: number; text: string; context: string }[] = []
  const known = new Set<string>()
  let context = ''
  for (const passage of passages) {
    // A heading speaks for what follows it, also on the next page, but never for another document.
    if (sentences.at(-1)?.passage.documentId !== passage.documentId) context = ''
    for (const { text, kind } of cutSentences(passage.text)) {
      if (kind === 'heading') context = text
      else rows.push({ id: sentences.length, text, context })
      sentences.push({ passage, text, kind })
      for (const term of termsOf(text)) known.add(term)
    }
  }
  const byPassage = new MiniSearch<{ id: number; text: string }>({ fields: ['text'], ...tokenizing })
  byPassage.addAll(passages.map(({ text }, id) => ({ id, text })))
  const bySentence = new MiniSearch<{ id: number; text: string; context: string }>({
    fields: ['text', 'context'],
    ...tokenizing,
    searchOptions: { boost: { context: 0.5 } },
  })
  bySentence.addAll(rows)

  return {
    passages,
    sentences,
    findPassages: (query, limit) =>
      byPassage
        .search(query)
        .slice(0, limit)
        .flatMap(({ id, score }) => {
          const passage = passages[id as number]
          return passage ? [{ passage, score }] : []
        }),
    findSentences: (query, limit) =>
      bySentence
        .search(typeof query === 'string' ? query : query.join(' '), typeof query === 'string' ? {} : asFolded)
        .slice(0, limit)
        .flatMap(({ id, score, queryTerms }) => {
          const sentence = sentences[id as number]
          return sentence ? [{ sentence, score, terms: queryTerms }] : []
        }),
    has: (term) => known.has(term),
  }
}

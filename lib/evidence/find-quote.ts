/** Looks a quote up in a document. Pure. */
import { type Folded, fold, joinsBefore } from './fold'
import { type Grams, gramsOf, mayStand } from './grams'
import { places, type Work } from './search'
import type { DocumentPage, DocumentText, Found } from './types'

export type Place = { found: Found; page: number | null; start: number | null; end: number | null }

const NOWHERE: Place = { found: 'not_found', page: null, start: null, end: null }

/** What folding a character of a quote costs, in characters of `Work`. */
const FOLD_UNIT = 60
/** What it costs to see that a page need not be searched. */
const SKIP_UNITS = 50

/** True where there is work left to look up `quote`: folding it alone must fit. */
export function canLookUp(quote: string, work: Work): boolean {
  return work.left > 0 && quote.length * FOLD_UNIT <= work.left
}

/**
 * Where `quote` stands in `document`: letter for letter on a page (`exact`), else as texts that fold alike (`differs`,
 * see fold.ts), else nowhere. White space around the quote does not count. Of several places it is the first.
 * `page.text.slice(start, end)` is the quote; where it runs over onto the next page, the part on its first page. What it
 * takes is taken off `work`; folding the document, once, is not.
 */
export function findQuote(document: DocumentText, quote: string, work: Work = { left: Infinity }): Place {
  const wanted = quote.trim()
  if (wanted === '') return NOWHERE
  return (
    findExact(document, wanted, work) ??
    findFolded(document, wanted, work) ??
    findUnescaped(document, wanted, work) ??
    NOWHERE
  )
}

function findExact(document: DocumentText, wanted: string, work: Work): Place | null {
  for (const onePage of document.pages) {
    const { page, text } = onePage
    work.left -= SKIP_UNITS
    if (!mayStand(gramsOfPage(onePage), wanted)) continue
    for (const start of places(text, wanted, work)) {
      const end = start + wanted.length
      // "cafe" does not stand in "café" written with a combining accent, nor half an emoji in a whole one.
      if (joinsBefore(text, end) || tearsPair(text, start) || tearsPair(text, end)) continue
      return { found: 'exact', page, start, end }
    }
  }
  return null
}

const pageGrams = new WeakMap<DocumentPage, Grams>()

/** Once a page. */
function gramsOfPage(page: DocumentPage): Grams {
  const grams = pageGrams.get(page) ?? gramsOf(page.text)
  pageGrams.set(page, grams)
  return grams
}

function tearsPair(text: string, at: number): boolean {
  return at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at))
}
const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff

function findFolded(document: DocumentText, wanted: string, work: Work): Place | null {
  work.left -= wanted.length * FOLD_UNIT
  const needle = fold(wanted).text.trim()
  const { folded, pageStarts, grams } = foldedDocument(document)
  if (!mayStand(grams, needle)) return null
  for (const start of places(folded.text, needle, work)) {
    const end = start + needle.length
    if (tearsCharacter(folded, start) || tearsCharacter(folded, end)) continue
    return placeOf(document, pageStarts, folded.starts[start] as number, folded.ends[end - 1] as number)
  }
  return null
}

/** True where `at` lies inside what came from one character, such as between the letters of a ligature. */
function tearsCharacter({ starts, ends }: Folded, at: number): boolean {
  return at > 0 && at < starts.length && starts[at] === starts[at - 1] && ends[at] === ends[at - 1]
}

/** Models sometimes copy the escapes of the request. */
function findUnescaped(document: DocumentText, wanted: string, work: Work): Place | null {
  if (!/&(amp|lt|gt|quot);/.test(wanted)) return null
  const plain = wanted
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
  return findFolded(document, plain, work)
}

/** `start` and `end` count from the start of the first page, with one unit between two pages. */
function placeOf(document: DocumentText, pageStarts: number[], start: number, end: number): Place {
  const index = pageStarts.findLastIndex((pageStart) => pageStart <= start)
  const { page, text } = document.pages[index] as DocumentPage
  const from = start - (pageStarts[index] as number)
  const to = end - (pageStarts[index] as number)
  // Onto the next page: the words that stand on this one.
  const onThisPage = to <= text.length ? to : from + text.slice(from).trimEnd().length
  return { found: 'differs', page, start: from, end: onThisPage }
}

type FoldedDocument = { folded: Folded; pageStarts: number[]; grams: Grams }
const foldedDocuments = new WeakMap<DocumentText, FoldedDocument>()

/** The pages as one folded text, so that a quote is found across them too. Once a document. */
function foldedDocument(document: DocumentText): FoldedDocument {
  const known = foldedDocuments.get(document)
  if (known !== undefined) return known
  const pageStarts: number[] = []
  let offset = 0
  for (const { text } of document.pages) {
    pageStarts.push(offset)
    offset += text.length + 1
  }
  const folded = fold(document.pages.map(({ text }) => text).join('\n'))
  const made = { folded, pageStarts, grams: gramsOf(folded.text) }
  foldedDocuments.set(document, made)
  return made
}

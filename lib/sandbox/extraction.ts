/** Reads fields out of documents: by their labels, else from the sentence that speaks of them. Pure. */
import { type Library, type QuotedSentence, termsOf } from './ranking'
import type { Passage } from './reading'
import { type Cited, oneLine } from './report'

export type Extraction = {
  fields: { name: string; value: string | null; citations: Cited[]; note: string | null }[]
}

type Read = { value: string; quote: string; passage: Passage; note: string | null }

/** What a person listed: one a line, or separated by commas or semicolons (by `separator`), or a list. */
export function listFields(fields: unknown, separator = /[\n,;]+/): string[] {
  const listed = Array.isArray(fields) ? fields : typeof fields === 'string' ? fields.split(separator) : []
  const names = listed
    .filter((name): name is string => typeof name === 'string')
    .map((name) => oneLine(name.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '')))
    .filter((name) => name !== '')
  return [...new Set(names)]
}

/** @param guidance a reviewer's words: they bring more terms to every search. */
export function extractFields(library: Library, fields: readonly string[], guidance: string): Extraction {
  return {
    fields: fields.map((name) => {
      const read = readLabel(library, name) ?? readSentence(library, name, guidance)
      if (!read) return { name, value: null, citations: [], note: 'not found in the documents' }
      const citations = [{ document: read.passage.documentId, quote: read.quote }]
      return { name, value: oneLine(read.value), citations, note: read.note }
    }),
  }
}

/** A longer line is no label with its value, and would be slow to try. */
const longestLabelled = 500

/** `Label: value`, `"label": "value"` or `| label | value |`, on a line of its own. */
const labelled =
  /^[\s>*\-•|"'_]*(?<label>[\p{L}\p{N}][^:=|\t\n]{0,60}?)["'_*\s]*(?:[:=|\t])["'_*\s]*(?<value>\S[^|\n]*?)["',_*\s|]*$/u

function readLabel(library: Library, name: string): Read | null {
  const wanted = termsOf(name).sort().join(' ')
  if (wanted === '') return null
  let close: Read | null = null
  for (const passage of library.passages) {
    for (const line of passage.text.split('\n')) {
      if (line.length > longestLabelled) continue
      const match = labelled.exec(line)
      const value = match?.groups?.value?.trim()
      if (!match || !value) continue
      const label = termsOf(match.groups?.label ?? '')
      const read = { value, quote: line.trim(), passage, note: null }
      if ([...label].sort().join(' ') === wanted) return read
      const isClose = label.length > 0 && wanted.split(' ').every((term) => label.includes(term))
      if (isClose) close ??= { ...read, note: `read from the label “${oneLine(match.groups?.label ?? '')}”` }
    }
  }
  return close
}

/** What kind of value a field's name asks for, and how such a value is written. The first match in the sentence wins. */
const kinds: { name: RegExp; value: RegExp }[] = [
  { name: /\be-?mail\b/i, value: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/u },
  {
    name: /\b(date|day|due|deadline|start|end|expir\w*|effective|commenc\w*|signed)\b/i,
    value:
      /\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:January|February|March|April|May|June|July|August|September|October|November|December)(?:,?\s+\d{4})?|(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{1,2}(?:,?\s+\d{4})?)\b/u,
  },
  {
    name: /\b(amount|total|price|cost|rent|fee|deposit|sum|charge|payment|tax|vat|balance)\b/i,
    value:
      /(?:[$€£¥]\s?\d[\d.,' ]*\d|[$€£¥]\s?\d|\b(?:USD|EUR|GBP|CHF)\s?\d[\d.,']*\d?|\b\d[\d.,']*\d?\s?(?:USD|EUR|GBP|CHF|€|dollars|euros|pounds|percent|%))/u,
  },
  {
    name: /\b(term|period|notice|duration|length|time|window|hours|days|months|years)\b/i,
    value:
      /\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|thirty|sixty|ninety)(?:\s*\(\d+\))?\s+(?:calendar |business |working )?(?:minute|hour|day|week|month|quarter|year)s?\b/iu,
  },
  { name: /\b(number|no|id|reference|code|order|account)\b/i, value: /\b(?=[\w-]*\d)[A-Z0-9][\w/-]{2,}\b/u },
]

const kindWords = /\b(date|day|period|term|duration|length|amount|sum|number|no|id|code)\b/gi

function readSentence(library: Library, name: string, guidance: string): Read | null {
  const kind = kinds.find((one) => one.name.test(name))
  // `Notice period` looks for a sentence on notice that has a period in it: the word itself need not be there.
  const particular = termsOf(kind ? name.replace(kindWords, ' ') : name)
  const terms = [...new Set(particular.length > 0 ? particular : termsOf(name))]
  if (terms.length === 0) return null
  const candidates = library
    .findSentences(guidance ? `${name} ${guidance}` : name, 40)
    .map((found) => ({ ...found, share: terms.filter((term) => found.terms.includes(term)).length / terms.length }))
    .filter(({ share }) => share > 0.5)
    .map((found) => ({ ...found, value: kind?.value.exec(found.sentence.text)?.[0] }))
    .sort(
      (a, b) => b.share - a.share || Number(b.value !== undefined) - Number(a.value !== undefined) || b.score - a.score,
    )
  // A row of a table is no value by itself.
  const best = candidates.find(({ value, sentence }) => value !== undefined || sentence.kind === 'sentence')
  if (!best) return null
  return asRead(best.sentence, best.value)
}

function asRead({ passage, text }: QuotedSentence, value: string | undefined): Read {
  if (value) return { value, quote: text, passage, note: 'read from a sentence that speaks of it' }
  return { value: text, quote: text, passage, note: 'the sentence that speaks of it, whole' }
}

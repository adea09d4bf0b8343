/** Alters quotes so that they stand in no document, for rehearsing what the checks do about it. Pure. */
import type { Passage } from './reading'

const words = ['not', 'hardly', 'allegedly', 'zyx']

/** `value` with each `quote` in it altered by a word. */
export function misquote(value: unknown, passages: readonly Passage[]): unknown {
  const documents = passages.map(({ text }) => fold(text)).join('\n')
  return alter(value, documents)
}

function alter(value: unknown, documents: string): unknown {
  if (Array.isArray(value)) return value.map((one) => alter(one, documents))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === 'quote' && typeof one === 'string' ? alterQuote(one, documents) : alter(one, documents),
    ]),
  )
}

function alterQuote(quote: string, documents: string): string {
  const [first = '', ...rest] = quote.split(' ')
  const altered = words.map((word) => [first, word, ...rest].join(' '))
  return altered.find((one) => !documents.includes(fold(one))) ?? `${quote} (zyx ${quote.length})`
}

/** White space and case do not make a quote wrong, so they must not be the only difference. */
function fold(text: string): string {
  return text.replace(/\s+/g, ' ').toLowerCase().trim()
}

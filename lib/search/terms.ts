/** What is looked for: the words of a search as PostgreSQL is asked for them. Pure. */
import type { WordsPart } from './filter'
import { fold, groupedNumbers, tokensOf } from './tokens'
import { bytesThing, quoted, quotedThing, type Thing, type Weight } from './words'

/** One word, or words in a row: an e-mail address is some, and so is `KC-90377`. */
export type Term = {
  words: string[]
  /** Where all of it is one number in groups: that number without what parts them. */
  number: string | null
  /** The last word may go on: it may not be typed to its end yet. */
  open: boolean
  negated: boolean
  /** As a piece of a title or reference, folded; null where it is too short to look for, or stands in a row. */
  piece: string | null
}

/** PostgreSQL looks up pieces by threes of letters. */
const SHORTEST_PIECE = 3

/** The terms of a search. Words without a letter, a digit or `§` are none. */
export function termsOf(parts: readonly WordsPart[]): Term[] {
  const last = parts.findLast(({ negated }) => !negated)
  return parts.flatMap((part): Term[] => {
    const words = tokensOf(part.text, 40).map(({ word }) => word)
    if (words.length === 0) return []
    const [grouped] = groupedNumbers(part.text)
    const piece = fold(part.text.trim())
    return [
      {
        words,
        number: grouped !== undefined && grouped.end - grouped.start === part.text.trim().length ? grouped.word : null,
        open: part === last && !part.exact,
        negated: part.negated,
        piece: !part.exact && piece.length >= SHORTEST_PIECE ? piece : null,
      },
    ]
  })
}

/** The text of a `tsquery`: `term` where it stands with one of `weights`, or any of `things`. */
export function tsqueryOf(term: Term, weights: readonly Weight[], things: readonly Thing[] = []): string {
  const all = weights.length === 4 ? '' : weights.join('')
  const word = (one: string, open: boolean) => {
    const mark = `${open ? '*' : ''}${all}`
    return `${quoted(one)}${mark === '' ? '' : `:${mark}`}`
  }
  const row = term.words.map((one, index) => word(one, term.open && index === term.words.length - 1)).join(' <-> ')
  const ways = [
    ...(weights.length === 0 ? [] : [`(${row})`]),
    ...(weights.length === 0 || term.number === null ? [] : [word(term.number, false)]),
  ]
  return [...ways, ...things.map(quotedThing)].join(' | ')
}

/** The text of a `tsquery` for any of `things`. */
export const anyThing = (things: readonly Thing[]): string => things.map(quotedThing).join(' | ')

/** For LIKE: `piece` anywhere. */
export function anywhere(piece: string): string {
  return `%${piece.replaceAll(/[\\%_]/g, '\\$&')}%`
}

export const documentThings = (hashes: readonly string[]): Thing[] => hashes.map(bytesThing)

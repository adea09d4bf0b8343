/**
 * The language of the search box: words, "words in a row", and filters such as `state:failed,expired` or `-workflow:report`.
 * Reading tells what is wrong, where, and what to do. Pure.
 */
import { didYouMean } from '@/lib/workflows/did-you-mean'
import { readDay } from './days'
import { type Choice, type FieldName, fieldNamed, fieldNames, fieldOf, otherNames } from './fields'

export const comparisons = ['<=', '>=', '<', '>', '='] as const
export type Comparison = (typeof comparisons)[number]

export type WordsPart = { kind: 'words'; text: string; exact: boolean; negated: boolean }
export type FilterPart = {
  kind: 'filter'
  field: FieldName
  values: string[]
  negated: boolean
  /** Of an amount; null where nothing but the value stands there. */
  compare: Comparison | null
}
export type Part = WordsPart | FilterPart

/** From where to where in the text, in UTF-16 units. */
export type Span = { start: number; end: number }
export type Problem = Span & { message: string }

export type Reading = {
  /** In their order. What is wrong is not among them. */
  parts: (Part & { at: Span })[]
  problems: Problem[]
}

/** Longer searches are cut here: nobody types them. In UTF-16 units. */
export const LONGEST_SEARCH = 1_000
/** A reference is no longer, and a word of the index has at most 2,046 bytes. In UTF-16 units. */
const LONGEST_VALUE = 200
/** More are more than anybody means. */
const MOST_PARTS = 40

/** Reads a search. `now` is what "7d" is counted back from. */
export function readSearch(text: string, now = new Date()): Reading {
  const reading: Reading = { parts: [], problems: [] }
  if (text.length > LONGEST_SEARCH) {
    const message = `A search has at most ${LONGEST_SEARCH.toLocaleString('en')} characters. The rest was left out.`
    reading.problems.push({ start: LONGEST_SEARCH, end: text.length, message })
  }
  for (const piece of piecesOf(text.slice(0, LONGEST_SEARCH).toWellFormed())) {
    const { start, end } = piece
    if (reading.parts.length >= MOST_PARTS) {
      const message = `A search has at most ${MOST_PARTS} parts. What comes after them was left out.`
      reading.problems.push({ start, end: text.length, message })
      break
    }
    const read = readPiece(piece, now)
    if ('message' in read) reading.problems.push({ start, end, message: read.message })
    else reading.parts.push({ ...read, at: { start, end } })
  }
  return reading
}

type Piece = Span & { text: string }

/** What is parted by spaces; between quotes a space parts nothing. */
function piecesOf(text: string): Piece[] {
  return [...text.matchAll(/(?:"(?:\\.|[^"\\])*(?:"|$)|[^\s"])+/gsu)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))
}

const FILTER = /^(-?)([\p{L}][\p{L}\p{N}_-]*):(.*)$/su

function readPiece({ text }: Piece, now: Date): Part | { message: string } {
  const [, minus, name, rest] = FILTER.exec(text) ?? []
  if (name === undefined || rest === undefined) return wordsOf(text)
  const field = fieldNamed(name)
  if (field !== null) return filterOf(field, rest, minus === '-', now)
  // An address or a time of day is no filter. A name that is nearly one is more likely a slip.
  const meant = didYouMean(name, [...fieldNames, ...Object.keys(otherNames)])
  if (meant === null || rest.startsWith('//')) return wordsOf(text)
  return {
    message: `There is no filter “${name}”: did you mean ${meant}? Put it between quotes to look for it as a word.`,
  }
}

function wordsOf(text: string): Part | { message: string } {
  const negated = text.length > 1 && text.startsWith('-') && !/^-\d/.test(text)
  const rest = negated ? text.slice(1) : text
  // With quotes within it is in a row too: it could not be written otherwise.
  if (!rest.includes('"')) return { kind: 'words', text: rest, exact: false, negated }
  const words = unquoted(rest)
  if (words.trim() === '')
    return { message: 'There is nothing between the quotes. Write the words that must stand in a row.' }
  return { kind: 'words', text: words, exact: true, negated }
}

function filterOf(field: FieldName, rest: string, negated: boolean, now: Date): Part | { message: string } {
  const spec = fieldOf(field)
  const found = spec.kind === 'amount' ? comparisons.find((one) => rest.startsWith(one)) : undefined
  const values = valuesOf(rest.slice(found?.length ?? 0))
  if (values.length === 0) return { message: `Say what “${field}:” is to be, such as ${spec.example}.` }
  if (values.length > 1 && (spec.kind === 'day' || (spec.kind === 'amount' && (found ?? '=') !== '='))) {
    return { message: `“${field}:” takes one value, such as ${spec.example}.` }
  }
  const read: string[] = []
  for (const value of values) {
    const one = readValue(field, value, now)
    if (typeof one !== 'string') return one
    if (!read.includes(one)) read.push(one)
  }
  return { kind: 'filter', field, values: read, negated, compare: found === undefined || found === '=' ? null : found }
}

/** The value as it is kept, or what is wrong with it. */
function readValue(field: FieldName, value: string, now: Date): string | { message: string } {
  const spec = fieldOf(field)
  switch (spec.kind) {
    case 'choice':
      return readChoice(field, value, spec.choices)
    case 'amount': {
      const amount = Number(value.replace(/^\$/, '').replaceAll(',', ''))
      const fits = /^\$?-?[\d,]*\.?\d+$/.test(value) && Math.abs(amount) <= spec.most
      if (fits && (spec.unit === 'dollars' || Number.isInteger(amount))) return plainNumber(amount)
      const wanted = spec.unit === 'dollars' ? 'an amount in US dollars' : 'a whole number'
      return { message: `“${value}” is not ${wanted}. Write it like ${spec.example}.` }
    }
    case 'day':
      if (readDay(value, now) !== null) return value.toLowerCase()
      return {
        message: `“${value}” is not a day. Write it like 2026-03-01, 2026-03, today, yesterday, 7d (days ago) or 12h.`,
      }
    default:
      if (value.length <= LONGEST_VALUE) return value
      return { message: `What “${field}:” is to be has at most ${LONGEST_VALUE} characters, such as ${spec.example}.` }
  }
}

/** Without an exponent, however small. */
function plainNumber(value: number): string {
  return value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 9 })
}

function readChoice(field: FieldName, value: string, choices: readonly Choice[]): string | { message: string } {
  const small = value.toLowerCase()
  const exact = choices.find((one) => one.value === small || one.label.toLowerCase() === small)
  if (exact !== undefined) return exact.value
  const names = choices.map((one) => one.value)
  const meant = didYouMean(value, names)
  const advice = meant === null ? `Choose one of ${names.join(', ')}.` : `Did you mean ${meant}?`
  return { message: `There is no ${NAMES[field] ?? field} “${value}”. ${advice}` }
}

const NAMES: Partial<Record<FieldName, string>> = {
  class: 'failure class',
  'provider-status': 'status at OpenAI',
  round: 'kind of round',
  is: 'condition',
  has: 'thing that a job has',
  in: 'place to look in',
}

/** Parted by commas, which between quotes part nothing. Empty ones are left out. */
function valuesOf(text: string): string[] {
  return [...text.matchAll(/(?:"(?:\\.|[^"\\])*(?:"|$)|[^,"])+/gsu)]
    .map(([value]) => unquoted(value).trim())
    .filter((value) => value !== '')
}

function unquoted(text: string): string {
  return text.replace(/"((?:\\.|[^"\\])*)(?:"|$)/gsu, (_whole, inner: string) => inner.replaceAll(/\\(.)/gsu, '$1'))
}

/** Writes parts as they are read: `readSearch` of it gives the same parts. */
export function writeSearch(parts: readonly Part[]): string {
  return parts.map(writePart).join(' ')
}

export function writePart(part: Part): string {
  const minus = part.negated ? '-' : ''
  if (part.kind === 'words') return `${minus}${part.exact ? quotedText(part.text) : part.text}`
  return `${minus}${part.field}:${part.compare ?? ''}${part.values.map(valueText).join(',')}`
}

function valueText(value: string): string {
  return /[\s",\\]/u.test(value) || comparisons.some((one) => value.startsWith(one)) ? quotedText(value) : value
}

function quotedText(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, '\\$&')}"`
}

/** The words of a search without its filters, and its filters without the words. */
export function partsByKind(parts: readonly Part[]): { words: WordsPart[]; filters: FilterPart[] } {
  return {
    words: parts.filter((part): part is WordsPart => part.kind === 'words'),
    filters: parts.filter((part): part is FilterPart => part.kind === 'filter'),
  }
}

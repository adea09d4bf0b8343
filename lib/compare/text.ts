/** What sets two texts apart, word by word where that can be afforded. Pure; its work is bounded, whatever the texts. */
import { diffArrays } from 'diff'

/** `same` stands in both, `removed` only in the one before, `added` only in the one after. */
export type Segment = { kind: 'same' | 'removed' | 'added'; text: string }

/** `words`: word by word. `lines`: by whole lines in places. `whole`: too different, the two stand one after the other. */
export type Grain = 'words' | 'lines' | 'whole'

export type TextDiff = { grain: Grain; segments: Segment[] }

/**
 * So many words and signs, of both texts together, are compared word by word at once. With `MOST_EDITS` it bounds the
 * work of one comparison to some 100 ms.
 */
const MOST_WORDS = 40_000
/** Lines of both texts together, beyond what is the same at their start and end. */
const MOST_LINES = 100_000
/** Words or lines that differ. The work grows with its square, so more than this would be felt. */
const MOST_EDITS = 1_200
/** Runs of changed lines that are compared word by word, and the characters of all of them. */
const MOST_REFINED = { runs: 300, characters: 200_000 }

/**
 * From `before` to `after`. Without what was added the segments are `before`, without what was removed they are `after`,
 * to the letter; what was removed stands before what was added in its place.
 */
export function compareTexts(before: string, after: string): TextDiff {
  if (before === after) return { grain: 'words', segments: tidy([{ kind: 'same', text: before }]) }
  const { head, tail } = commonEnds(before, after)
  const one = before.slice(head, before.length - tail)
  const other = after.slice(head, after.length - tail)
  const inner = byWords(one, other) ??
    byLines(one, other) ?? { grain: 'whole' as const, segments: replaced(one, other) }
  const ends = { first: before.slice(0, head), last: before.slice(before.length - tail) }
  const segments = tidy([{ kind: 'same', text: ends.first }, ...inner.segments, { kind: 'same', text: ends.last }])
  return { grain: inner.grain, segments: tidy(shiftSpace(segments)) }
}

/** Whether a comparison found anything that differs. */
export function differs({ segments }: TextDiff): boolean {
  return segments.some(({ kind }) => kind !== 'same')
}

function byWords(before: string, after: string): TextDiff | null {
  // A word has a character at least: what is much longer need not be taken apart to be refused.
  if (before.length + after.length > MOST_WORDS * 12) return null
  const one = spacedWords(before)
  const other = spacedWords(after)
  if (one.length + other.length > MOST_WORDS) return null
  const runs = compareUnits(
    one.map(({ word }) => word),
    other.map(({ word }) => word),
  )
  return runs === null ? null : { grain: 'words', segments: segmentsOf(runs, one, other) }
}

/** Words with the space behind each. Spaces do not count in the comparison: they would be what texts have in common. */
type SpacedWord = { word: string; space: string }

function spacedWords(text: string): SpacedWord[] {
  // What stands before the first word belongs to an empty one.
  const words: SpacedWord[] = [{ word: '', space: '' }]
  for (const word of wordsOf(text)) {
    const last = words.at(-1)
    if (BLANK.test(word) && last !== undefined) last.space += word
    else words.push({ word, space: '' })
  }
  return words
}

const BLANK = /^[^\S\n\r]+$/

function segmentsOf(runs: readonly Run[], before: readonly SpacedWord[], after: readonly SpacedWord[]): Segment[] {
  const segments: Segment[] = []
  let one = 0
  let other = 0
  for (const { kind, count } of runs) {
    for (let step = 0; step < count; step++) {
      const left = kind === 'added' ? undefined : before[one++]
      const right = kind === 'removed' ? undefined : after[other++]
      if (left !== undefined && right !== undefined) {
        segments.push({ kind: 'same', text: left.word })
        if (left.space === right.space) segments.push({ kind: 'same', text: left.space })
        else segments.push({ kind: 'removed', text: left.space }, { kind: 'added', text: right.space })
      } else {
        const { word, space } = left ?? right ?? { word: '', space: '' }
        segments.push({ kind, text: word + space })
      }
    }
  }
  return segments
}

/** The space behind what was replaced is the same on both sides: it is no part of the change. */
function shiftSpace(segments: Segment[]): Segment[] {
  for (const [index, segment] of segments.entries()) {
    const [added, same] = [segments[index + 1], segments[index + 2]]
    if (segment.kind !== 'removed' || added?.kind !== 'added' || same?.kind !== 'same') continue
    const space = segment.text.slice(endOfWords(segment.text))
    if (space === '' || !added.text.endsWith(space)) continue
    segment.text = segment.text.slice(0, -space.length)
    added.text = added.text.slice(0, -space.length)
    same.text = space + same.text
  }
  return segments
}

function byLines(before: string, after: string): TextDiff | null {
  const one = linesOf(before)
  const other = linesOf(after)
  if (one.length + other.length > MOST_LINES) return null
  const runs = compareUnits(one, other)
  if (runs === null || runs.every(({ kind }) => kind !== 'same')) return null
  return { grain: 'lines', segments: refined(textsOf(runs, one, other)) }
}

/** Lines that were replaced, word by word, as far as that can be afforded. */
function refined(lines: readonly Segment[]): Segment[] {
  const left = { ...MOST_REFINED }
  const segments: Segment[] = []
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as Segment
    const next = lines[index + 1]
    if (line.kind !== 'removed' || next?.kind !== 'added') {
      segments.push(line)
      continue
    }
    index += 1
    const size = line.text.length + next.text.length
    const words = left.runs > 0 && size <= left.characters ? byWords(line.text, next.text) : null
    left.runs -= 1
    left.characters -= size
    segments.push(...(words?.segments ?? [line, next]))
  }
  return segments
}

/** So many units in a row that are the same, gone or new. */
type Run = { kind: Segment['kind']; count: number }

/** How the one becomes the other, unit by unit; null where they differ in too many. */
function compareUnits(before: readonly string[], after: readonly string[]): Run[] | null {
  // By number: each unit is then compared in no time, however long it is.
  const numbers = new Map<string, number>()
  const numberOf = (unit: string) => {
    const number = numbers.get(unit) ?? numbers.size
    numbers.set(unit, number)
    return number
  }
  const changes = diffArrays(before.map(numberOf), after.map(numberOf), { maxEditLength: MOST_EDITS })
  if (changes === undefined) return null
  return changes.map(({ added, removed, count }) => ({ kind: added ? 'added' : removed ? 'removed' : 'same', count }))
}

function textsOf(runs: readonly Run[], before: readonly string[], after: readonly string[]): Segment[] {
  let one = 0
  let other = 0
  return runs.map(({ kind, count }) => {
    const units = kind === 'added' ? after.slice(other, other + count) : before.slice(one, one + count)
    if (kind !== 'added') one += count
    if (kind !== 'removed') other += count
    return { kind, text: units.join('') }
  })
}

/** Words, runs of white space, and single signs; of scripts without spaces each letter. Joined they are the text. */
export function wordsOf(text: string): string[] {
  return text.match(WORD) ?? []
}

const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}'
const WORD = new RegExp(
  `[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}])+(?:[.,'’_-](?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}])+)*|\\r?\\n|[^\\S\\n]+|[^]`,
  'gu',
)

const linesOf = (text: string) => text.match(/[^\n]*\n|[^\n]+/g) ?? []

function replaced(before: string, after: string): Segment[] {
  return [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ]
}

/** How many characters the two have in common at their start and at their end, never tearing a word. */
function commonEnds(before: string, after: string): { head: number; tail: number } {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before.charCodeAt(head) === after.charCodeAt(head)) head += 1
  while (head > 0 && !(isSeam(before, head) && isSeam(after, head))) head -= 1
  const most = shorter - head
  let tail = 0
  while (tail < most && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) {
    tail += 1
  }
  while (tail > 0 && !(isSeam(before, before.length - tail) && isSeam(after, after.length - tail))) tail -= 1
  return { head, tail }
}

/** Before a word and behind white space, or at an end of the text. */
function isSeam(text: string, at: number): boolean {
  return at === 0 || at === text.length || isBlank(text.charCodeAt(at - 1))
}

const isBlank = (unit: number) => unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)

/** Where the spaces and tabs at the end of a text begin. */
function endOfWords(text: string): number {
  let end = text.length
  // Not by a regular expression: over a text of many spaces that takes the square of its length.
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1
  return end
}

/** Without empty segments, neighbours of a kind as one, and what was removed before what was added. */
function tidy(segments: readonly Segment[]): Segment[] {
  const tidied: Segment[] = []
  let removed = ''
  let added = ''
  const flush = () => {
    if (removed !== '') tidied.push({ kind: 'removed', text: removed })
    if (added !== '') tidied.push({ kind: 'added', text: added })
    removed = ''
    added = ''
  }
  for (const { kind, text } of segments) {
    if (text === '') continue
    if (kind === 'removed') removed += text
    else if (kind === 'added') added += text
    else {
      flush()
      const last = tidied.at(-1)
      if (last?.kind === 'same') last.text += text
      else tidied.push({ kind, text })
    }
  }
  flush()
  return tidied
}

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
  return { grain: inner.grain, segments }
}

/** Whether a comparison found anything that differs. */
export function differs({ segments }: TextDiff): boolean {
  return segments.some(({ kind }) => kind !== 'same')
}

function byWords(before: string, after: string): TextDiff | null {
  // A word has a character at least: what is much longer need not be taken apart to be refused.
  if (before.length + after.length > MOST_WORDS * 12) return null
  const one = wordsOf(before)
  const other = wordsOf(after)
  if (one.length + other.length > MOST_WORDS) return null
  const segments = compareUnits(one, other)
  return segments === null ? null : { grain: 'words', segments: mergeIslands(segments) }
}

function byLines(before: string, after: string): TextDiff | null {
  const one = linesOf(before)
  const other = linesOf(after)
  if (one.length + other.length > MOST_LINES) return null
  const lines = compareUnits(one, other)
  if (lines === null || lines.every(({ kind }) => kind !== 'same')) return null
  return { grain: 'lines', segments: refined(lines) }
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

/** The two as segments of the units that they are made of; null where they differ in too many. */
function compareUnits(before: readonly string[], after: readonly string[]): Segment[] | null {
  // By number: each unit is then compared in no time, however long it is.
  const numbers = new Map<string, number>()
  const texts: string[] = []
  const numberOf = (unit: string) => {
    const known = numbers.get(unit)
    if (known !== undefined) return known
    numbers.set(unit, texts.length)
    return texts.push(unit) - 1
  }
  const changes = diffArrays(before.map(numberOf), after.map(numberOf), { maxEditLength: MOST_EDITS })
  if (changes === undefined) return null
  return changes.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value.map((number) => texts[number]).join(''),
  }))
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

/** Between two words: at an end of the text, or beside white space. */
function isSeam(text: string, at: number): boolean {
  return at === 0 || at === text.length || isBlank(text.charCodeAt(at)) || isBlank(text.charCodeAt(at - 1))
}

const isBlank = (unit: number) => unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)

/** A space that two replaced words have in common would cut one replaced phrase into pieces: it goes to both. */
function mergeIslands(segments: readonly Segment[]): Segment[] {
  const merged: Segment[] = []
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index] as Segment
    const isIsland = segment.kind === 'same' && BLANK.test(segment.text)
    if (isIsland && isReplaced(merged.at(-2), merged.at(-1)) && isReplaced(segments[index + 1], segments[index + 2])) {
      const [removed, added] = merged.splice(-2) as [Segment, Segment]
      merged.push(
        { kind: 'removed', text: removed.text + segment.text + segments[index + 1]?.text },
        { kind: 'added', text: added.text + segment.text + segments[index + 2]?.text },
      )
      index += 2
    } else merged.push(segment)
  }
  return merged
}

/** Lines are kept apart: only what stands in one line is one phrase. */
const BLANK = /^[^\S\n]+$/

const isReplaced = (one: Segment | undefined, other: Segment | undefined) =>
  one?.kind === 'removed' && other?.kind === 'added'

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

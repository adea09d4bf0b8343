/** What sets two JSON values apart, field by field. Pure. */
import { type Match, matchLists } from './match'

/** A step on the way to a field: its name, or its place in a list, from 0. */
export type Step = string | number

export type FieldChange = {
  /** `moved`: the same element of a list, at another place. */
  kind: 'added' | 'removed' | 'changed' | 'moved'
  /** Where it stands: after, and before for what was removed. */
  path: Step[]
  /** Where it stood, where that is another place. */
  pathBefore: Step[]
  before?: unknown
  after?: unknown
}

export type JsonDiff = {
  changes: FieldChange[]
  /** False where there are more than are listed. */
  isWhole: boolean
}

/** More changes than anybody reads one by one. */
const MOST_CHANGES = 2_000
/** Deeper than stored JSON is: what is nested further is compared as a whole. */
const MOST_DEPTH = 200
/** Elements of lists are written out to be matched, at each level anew. Beyond so many characters they are by place. */
const MOST_WRITTEN = 20_000_000

/**
 * The fields in which `before` and `after` differ, in the order of `after`. Elements of lists are matched by what they
 * say, so that one that was put in front does not change all that follow. The order of an object's fields says nothing.
 */
export function compareJson(before: unknown, after: unknown): JsonDiff {
  const found: Found = { changes: [], written: 0 }
  walk({ value: before, path: [] }, { value: after, path: [] }, found)
  const { changes } = found
  return { changes: changes.slice(0, MOST_CHANGES), isWhole: changes.length <= MOST_CHANGES }
}

/** `/findings/2/claim`: the path as a JSON pointer (RFC 6901). */
export function pointerOf(path: readonly Step[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** Whether two JSON values say the same, whatever the order of their fields. */
export function sameJson(one: unknown, other: unknown): boolean {
  return compareJson(one, other).changes.length === 0
}

type Place = { value: unknown; path: Step[] }
/** What was found so far, and how many characters were written out for it. */
type Found = { changes: FieldChange[]; written: number }

function walk(one: Place, other: Place, found: Found): void {
  const { changes } = found
  if (changes.length > MOST_CHANGES || Object.is(one.value, other.value)) return
  const isShallow = other.path.length < MOST_DEPTH
  if (isShallow && Array.isArray(one.value) && Array.isArray(other.value)) {
    walkLists({ ...one, value: one.value }, { ...other, value: other.value }, found)
  } else if (isShallow && isRecord(one.value) && isRecord(other.value)) {
    walkRecords({ ...one, value: one.value }, { ...other, value: other.value }, found)
  } else if (isShallow || canonical(one.value) !== canonical(other.value)) {
    changes.push({
      kind: 'changed',
      path: other.path,
      pathBefore: one.path,
      before: one.value,
      after: other.value,
    })
  }
}

type Fields = Record<string, unknown>

function walkRecords(one: Place & { value: Fields }, other: Place & { value: Fields }, found: Found): void {
  for (const name of new Set([...Object.keys(other.value), ...Object.keys(one.value)])) {
    const wasThere = Object.hasOwn(one.value, name)
    const isThere = Object.hasOwn(other.value, name)
    const before = { value: one.value[name], path: [...one.path, name] }
    const after = { value: other.value[name], path: [...other.path, name] }
    if (wasThere && isThere) walk(before, after, found)
    else if (isThere) found.changes.push(added(after))
    else found.changes.push(removed(before))
  }
}

function walkLists(one: Place & { value: unknown[] }, other: Place & { value: unknown[] }, found: Found): void {
  const matches = matchElements(one.value, other.value, found)
  const moved = movedOf(matches)
  for (const match of matches) {
    const before = match.before === null ? null : { value: one.value[match.before], path: [...one.path, match.before] }
    const after = match.after === null ? null : { value: other.value[match.after], path: [...other.path, match.after] }
    if (before === null && after !== null) found.changes.push(added(after))
    else if (before !== null && after === null) found.changes.push(removed(before))
    else if (before !== null && after !== null) {
      if (moved.has(match.after as number)) {
        found.changes.push({ kind: 'moved', path: after.path, pathBefore: before.path, after: after.value })
      }
      walk(before, after, found)
    }
  }
}

function matchElements(before: readonly unknown[], after: readonly unknown[], found: Found): Match[] {
  if (found.written > MOST_WRITTEN) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => ({
      before: index < before.length ? index : null,
      after: index < after.length ? index : null,
    }))
  }
  const [one, other] = [before.map(canonical), after.map(canonical)]
  for (const text of [...one, ...other]) found.written += text.length
  return matchLists(one, other)
}

/** The places, after, of elements that changed their order: those outside the longest run that kept it. */
function movedOf(matches: readonly { before: number | null; after: number | null }[]): Set<number> {
  const pairs = matches.filter((match): match is { before: number; after: number } => {
    return match.before !== null && match.after !== null
  })
  const kept = longestRise(pairs.map(({ before }) => before))
  return new Set(pairs.flatMap(({ after }, index) => (kept.has(index) ? [] : [after])))
}

/** The indexes of a longest rising subsequence (patience sorting: takes n log n). */
function longestRise(numbers: readonly number[]): Set<number> {
  const ends: number[] = []
  const before: (number | undefined)[] = []
  for (const [index, number] of numbers.entries()) {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((numbers[ends[middle] as number] as number) < number) low = middle + 1
      else high = middle
    }
    before[index] = low === 0 ? undefined : ends[low - 1]
    ends[low] = index
  }
  const kept = new Set<number>()
  for (let at = ends.at(-1); at !== undefined; at = before[at]) kept.add(at)
  return kept
}

const added = ({ value, path }: Place): FieldChange => ({ kind: 'added', path, pathBefore: path, after: value })
const removed = ({ value, path }: Place): FieldChange => ({ kind: 'removed', path, pathBefore: path, before: value })

/** The same text for values that say the same. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      isRecord(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
    ) ?? 'null'
  )
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Which element of one list is which of another, where some were changed, moved, added or left out. Pure. */
import { diffArrays } from 'diff'
import { wordsOf } from './text'

/** The places of one element in both lists; null where it is not in that one. */
export type Match = { before: number | null; after: number | null }

/** So many of either list are matched by what they say; more that differ are matched by their place. */
const MOST_COMPARED = 80
/** Of a text, so much is looked at to see how alike two are. In UTF-16 units. */
const MOST_TEXT = 1_000
/** Less alike than this, two elements are two. Of their words, from 0 to 1. */
const ALIKE = 0.4
const MOST_EDITS = 1_000

/**
 * Matches the elements of two lists, each given as the text of what it says: first those that are the same, in order,
 * then the rest by how alike they are, the nearest place first. In the order of `after`, with what is gone where it
 * stood.
 */
export function matchLists(before: readonly string[], after: readonly string[]): Match[] {
  const partner = new Map<number, number>()
  for (const [one, other] of equals(before, after)) partner.set(other, one)
  const taken = new Set(partner.values())
  const restBefore = before.flatMap((_, index) => (taken.has(index) ? [] : [index]))
  const restAfter = after.flatMap((_, index) => (partner.has(index) ? [] : [index]))
  const few = restBefore.length <= MOST_COMPARED && restAfter.length <= MOST_COMPARED
  const pairs = few ? alike(before, after, restBefore, restAfter) : byPlace(restBefore, restAfter)
  for (const [one, other] of pairs) partner.set(other, one)
  return inOrder(before.length, after.length, partner)
}

type Pair = readonly [before: number, after: number]

/** Equal elements, in the same order in both lists. */
function equals(before: readonly string[], after: readonly string[]): Pair[] {
  const changes = diffArrays([...before], [...after], { maxEditLength: MOST_EDITS })
  if (changes === undefined) return before.flatMap((text, index) => (text === after[index] ? [[index, index]] : []))
  const pairs: Pair[] = []
  let one = 0
  let other = 0
  for (const { added, removed, count } of changes) {
    if (!added && !removed) for (let step = 0; step < count; step++) pairs.push([one + step, other + step])
    if (!added) one += count
    if (!removed) other += count
  }
  return pairs
}

/** The most alike first; of those that are equally alike the nearest, then the earlier. */
function alike(
  before: readonly string[],
  after: readonly string[],
  restBefore: readonly number[],
  restAfter: readonly number[],
): Pair[] {
  const bags = (texts: readonly string[], rest: readonly number[]) =>
    new Map(rest.map((index) => [index, bagOf(texts[index] ?? '')]))
  const one = bags(before, restBefore)
  const other = bags(after, restAfter)
  const candidates = restBefore
    .flatMap((left) => restAfter.map((right) => ({ left, right, score: likeness(one.get(left), other.get(right)) })))
    .filter(({ score }) => score >= ALIKE)
    .toSorted((a, b) => b.score - a.score || Math.abs(a.left - a.right) - Math.abs(b.left - b.right) || a.left - b.left)
  const taken = { left: new Set<number>(), right: new Set<number>() }
  const pairs: Pair[] = []
  for (const { left, right } of candidates) {
    if (taken.left.has(left) || taken.right.has(right)) continue
    taken.left.add(left)
    taken.right.add(right)
    pairs.push([left, right])
  }
  return pairs
}

function byPlace(restBefore: readonly number[], restAfter: readonly number[]): Pair[] {
  const places = new Set(restBefore)
  return restAfter.flatMap((index): Pair[] => (places.has(index) ? [[index, index]] : []))
}

/** How often each word stands in a text. */
function bagOf(text: string): Map<string, number> {
  const bag = new Map<string, number>()
  for (const word of wordsOf(text.slice(0, MOST_TEXT).toLowerCase())) {
    if (/[\p{L}\p{N}]/u.test(word)) bag.set(word, (bag.get(word) ?? 0) + 1)
  }
  return bag
}

/** The share of words that two have in common, from 0 to 1 (Sørensen and Dice, counting how often). */
function likeness(one: Map<string, number> = new Map(), other: Map<string, number> = new Map()): number {
  let common = 0
  for (const [word, count] of one) common += Math.min(count, other.get(word) ?? 0)
  const total = sum(one) + sum(other)
  return total === 0 ? 0 : (2 * common) / total
}

const sum = (bag: Map<string, number>) => [...bag.values()].reduce((total, count) => total + count, 0)

function inOrder(before: number, after: number, partner: ReadonlyMap<number, number>): Match[] {
  const kept = new Set(partner.values())
  const matches: Match[] = []
  let told = 0
  /** What is gone, up to the element of `before` at `until`. */
  const tellGone = (until: number) => {
    for (; told < until; told++) if (!kept.has(told)) matches.push({ before: told, after: null })
  }
  for (let index = 0; index < after; index++) {
    const from = partner.get(index) ?? null
    if (from !== null) tellGone(from)
    matches.push({ before: from, after: index })
  }
  tellGone(before)
  return matches
}

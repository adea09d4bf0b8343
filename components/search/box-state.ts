/** The search box as parts: filters that stand as chips, and what is still text. Pure. */
import { type FilterPart, type Part, readSearch, writeSearch } from '@/lib/search/filter'

export type BoxState = { chips: FilterPart[]; draft: string }

/** The box for a search as it stands in the address. What cannot be read stays text, so that it can be mended. */
export function boxOf(q: string): BoxState {
  const { parts } = readSearch(q)
  const chips = parts.filter((part) => part.kind === 'filter')
  // Cut out from the end on, so that the places before stay right.
  const draft = chips.toReversed().reduce((text, { at }) => `${text.slice(0, at.start)}${text.slice(at.end)}`, q)
  return { chips: chips.map(bare), draft: draft.replaceAll(/\s+/g, ' ').trim() }
}

/** The search that the box stands for. */
export function searchOf({ chips, draft }: BoxState): string {
  return [writeSearch(chips), draft.trim()].filter((text) => text !== '').join(' ')
}

/** `draft` after a key: filters that are whole, and have something behind them, become chips. */
export function settle({ chips, draft }: BoxState, isDone = false): BoxState {
  const whole = readSearch(draft).parts.filter(
    (part) => part.kind === 'filter' && (isDone || part.at.end < draft.length),
  ) as (FilterPart & { at: { start: number; end: number } })[]
  if (whole.length === 0) return { chips, draft }
  const rest = whole
    .toReversed()
    .reduce((text, { at }) => `${text.slice(0, at.start)}${text.slice(at.end).trimStart()}`, draft)
  return { chips: [...chips, ...whole.map(bare)], draft: rest }
}

/** What is searched for while somebody types: a filter that may go on is left out until it is whole. */
export function searchWhileTyping(state: BoxState): string {
  const piece = /\S*$/.exec(state.draft)?.[0] ?? ''
  const isFilter = /^-?[\p{L}-]+:/u.test(piece) && !piece.includes('//')
  return searchOf(isFilter ? { ...state, draft: state.draft.slice(0, state.draft.length - piece.length) } : state)
}

function bare({ kind, field, values, negated, compare }: FilterPart): FilterPart {
  return { kind, field, values, negated, compare }
}

export type { Part }

/** Lengths of time that were counted in bounds which grow by a tenth. Pure. */

/** Each bound is so many times the one before it. As `figure_bound` in the database has it. */
export const GROWTH = 1.1

/** What is read back is off by at most this much: the middle of a bound, in proportion, stands for all of it. */
export const RELATIVE_ERROR = Math.sqrt(GROWTH) - 1

/** The bound of what was not known. */
export const NOT_KNOWN = -1

/** The bound that a length falls into. */
export function boundOf(ms: number): number {
  return ms < 1 ? 0 : 1 + Math.floor(Math.log(ms) / Math.log(GROWTH))
}

/** The length that stands for all in a bound, in milliseconds. */
export function middleOf(bound: number): number {
  return bound <= 0 ? 0 : GROWTH ** (bound - 0.5)
}

/** How many lengths fell into a bound. */
export type Counted = { bound: number; times: number; total: number }

export type Lengths = {
  /** How many there are, and of how many the length is known. */
  of: number
  known: number
  /** In milliseconds; null where none is known. */
  mean: number | null
  p50: number | null
  p95: number | null
}

/** What is told of lengths that were counted. */
export function lengthsOf(counted: readonly Counted[]): Lengths {
  const of = sumOf(counted.map(({ times }) => times))
  const bounds = counted
    .filter(({ bound, times }) => bound !== NOT_KNOWN && times > 0)
    .toSorted((one, other) => one.bound - other.bound)
  const known = sumOf(bounds.map(({ times }) => times))
  const total = sumOf(bounds.map((one) => one.total))
  return {
    of,
    known,
    mean: known === 0 ? null : total / known,
    p50: percentile(bounds, known, 0.5),
    p95: percentile(bounds, known, 0.95),
  }
}

/** The nearest rank: the least length that so large a share is not longer than. */
function percentile(bounds: readonly Counted[], known: number, share: number): number | null {
  let left = Math.ceil(known * share)
  for (const { bound, times } of bounds) {
    left -= times
    if (left <= 0) return middleOf(bound)
  }
  return null
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

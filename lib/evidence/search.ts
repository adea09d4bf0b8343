/** Finding one text in another, in linear time whatever the two are: what a model wrote may be hostile. */

/** Longer needles are looked for by their beginning first, which V8 does fast. */
const PREFIX = 32
/** So many beginnings that turn out not to be the needle are compared whole; after them the slow but sure way. */
const TRIES = 64

/**
 * How much searching may still be done, in characters that V8 runs over: some 10 ns each in the worst of texts. Counted
 * rather than timed, so that the same texts always give the same answer. What is under way is finished below zero.
 */
export type Work = { left: number }

/** What the slower ways cost, in characters that V8 runs over. */
const COST = {
  /** Too short for V8 to skip ahead. */
  shortUnit: 3,
  /** A character by the table. */
  tableUnit: 5,
  /** A beginning that is compared, or a place that is handed out. */
  place: 15,
}
const SHORT = 8

/**
 * Each place from which `needle` stands in `text`, in order (places may overlap). O(text + needle) for all of them
 * together, taken off `work`. An empty needle stands nowhere.
 */
export function* places(text: string, needle: string, work: Work): Generator<number> {
  if (needle === '' || needle.length > text.length) return
  const prefix = needle.slice(0, PREFIX)
  const unit = prefix.length < SHORT ? COST.shortUnit : 1
  const next = (from: number) => {
    const at = text.indexOf(prefix, from)
    work.left -= (at < 0 ? text.length - from : at - from + prefix.length) * unit + COST.place
    return at
  }
  let at = next(0)
  for (let tries = 0; at >= 0; tries++) {
    if (tries === TRIES) return yield* placesByTable(text, needle, at, work)
    work.left -= needle.length
    if (text.startsWith(needle, at)) yield at
    at = next(at + 1)
  }
}

/** Knuth, Morris and Pratt. `from` is where to begin. */
function* placesByTable(text: string, needle: string, from: number, work: Work): Generator<number> {
  const table = borders(needle)
  work.left -= needle.length * COST.tableUnit
  let matched = 0
  let at = from
  try {
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      while (matched > 0 && needle.charCodeAt(matched) !== unit) matched = table[matched - 1] as number
      if (needle.charCodeAt(matched) === unit) matched += 1
      if (matched === needle.length) {
        work.left -= COST.place
        yield at - needle.length + 1
        matched = table[matched - 1] as number
      }
    }
  } finally {
    // Also where the first place was enough and nobody asks for the next.
    work.left -= (at - from) * COST.tableUnit
  }
}

/** For each beginning of `needle`, how long its longest end is that is also its beginning. */
function borders(needle: string): Uint32Array {
  const table = new Uint32Array(needle.length)
  let length = 0
  for (let at = 1; at < needle.length; at++) {
    const unit = needle.charCodeAt(at)
    while (length > 0 && needle.charCodeAt(length) !== unit) length = table[length - 1] as number
    if (needle.charCodeAt(length) === unit) length += 1
    table[at] = length
  }
  return table
}

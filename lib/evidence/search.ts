/** Finding one text in another, in linear time whatever the two are: what a model wrote may be hostile. */

/** Longer needles are looked for by their beginning first, which V8 does fast. */
const PREFIX = 32
/** So many beginnings that turn out not to be the needle are compared whole; after them the slow but sure way. */
const TRIES = 64

/**
 * Each place from which `needle` stands in `text`, in order (places may overlap). O(text + needle) for all of them
 * together. An empty needle stands nowhere.
 */
export function* places(text: string, needle: string): Generator<number> {
  if (needle === '' || needle.length > text.length) return
  const prefix = needle.slice(0, PREFIX)
  let at = text.indexOf(prefix)
  for (let tries = 0; at >= 0; tries++) {
    if (tries === TRIES) return yield* placesByTable(text, needle, at)
    if (text.startsWith(needle, at)) yield at
    at = text.indexOf(prefix, at + 1)
  }
}

/** Knuth, Morris and Pratt. `from` is where to begin. */
function* placesByTable(text: string, needle: string, from: number): Generator<number> {
  const table = borders(needle)
  let matched = 0
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    while (matched > 0 && needle.charCodeAt(matched) !== unit) matched = table[matched - 1] as number
    if (needle.charCodeAt(matched) === unit) matched += 1
    if (matched === needle.length) {
      yield at - needle.length + 1
      matched = table[matched - 1] as number
    }
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

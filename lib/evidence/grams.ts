/**
 * Which short runs of characters a text has at all: most quotes that stand nowhere have one that it does not, and then
 * the text need not be searched. Pure.
 */

/** Runs of so many UTF-16 units. */
const LENGTH = 8
const BASE = 0x01000193
/** What the unit that leaves a run has been multiplied with. */
const LEAVING = Array.from({ length: LENGTH }).reduce((power: number) => Math.imul(power, BASE), 1)

export type Grams = { bits: Uint8Array; shift: number }

/** The runs of `text`, hashed into some eight bits each. */
export function gramsOf(text: string): Grams {
  const order = Math.min(27, Math.max(6, Math.ceil(Math.log2(text.length * 8 + 1))))
  const grams = { bits: new Uint8Array(2 ** order / 8), shift: 32 - order }
  eachGram(text, (hash) => {
    const at = placeOf(hash, grams.shift)
    grams.bits[at >>> 3] = (grams.bits[at >>> 3] as number) | (1 << (at & 7))
    return true
  })
  return grams
}

/** False where `needle` surely does not stand in the text. O(needle). */
export function mayStand(grams: Grams, needle: string): boolean {
  return eachGram(needle, (hash) => {
    const at = placeOf(hash, grams.shift)
    return ((grams.bits[at >>> 3] as number) & (1 << (at & 7))) !== 0
  })
}

const placeOf = (hash: number, shift: number) => Math.imul(hash, 0x9e3779b1) >>> shift

/** Calls `visit` with the hash of each run, until it says false. @returns whether it never did. */
function eachGram(text: string, visit: (hash: number) => boolean): boolean {
  let hash = 0
  for (let at = 0; at < text.length; at++) {
    hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0
    if (at >= LENGTH) hash = (hash - Math.imul(text.charCodeAt(at - LENGTH), LEAVING)) | 0
    if (at >= LENGTH - 1 && !visit(hash)) return false
  }
  return true
}

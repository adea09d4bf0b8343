/** The word that somebody may have meant. Pure. */

/**
 * The one of `known` that `written` is most like: but for capitals and hyphens, else but for a few letters, relative to
 * its length. Null where none is.
 */
export function didYouMean(written: string, known: readonly string[]): string | null {
  const plain = (word: string) => word.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const same = known.find((word) => plain(word) === plain(written))
  if (same !== undefined) return same
  const [best] = known
    .map((word) => ({ word, distance: distance(plain(written), plain(word)) }))
    .toSorted((one, other) => one.distance - other.distance)
  if (best === undefined || best.distance > Math.max(1, Math.floor(best.word.length / 4))) return null
  return best.word
}

/** How many letters must be added, removed, exchanged or swapped with their neighbour. */
function distance(one: string, other: string): number {
  // A very long word is like no known one: nothing is gained by filling the table.
  if (Math.abs(one.length - other.length) > 8) return Number.POSITIVE_INFINITY
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let row = 1; row <= one.length; row++) {
    const line = [row]
    rows.push(line)
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      line.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
  }
  return at(one.length, other.length)
}

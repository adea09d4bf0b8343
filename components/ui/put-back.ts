/** Undoing a removal from a list in which other things were changed since. Pure. */

/**
 * What was removed, put back into `now`: before the one that followed it in `was`, as far as that is still there.
 * @param item what stood at `place` in `was`
 */
export function putBack<Item extends { id: string }>(
  now: readonly Item[],
  was: readonly Item[],
  place: number,
  item: Item,
): Item[] {
  const followed = was.slice(place + 1).map(({ id }) => now.findIndex((other) => other.id === id))
  const index = followed.find((at) => at >= 0) ?? now.length
  return [...now.slice(0, index), item, ...now.slice(index)]
}

/** One read for all who ask within a moment: what many watch costs no more than what one does. */

type Kept<T> = { at: number; value: Promise<T> }

/**
 * Makes a reader that asks again only when its last answer is older than `keepMs`. Of many who ask at once one asks
 * for all. A read that failed is not kept.
 * @param now in milliseconds, by any clock that does not go back.
 */
export function sharedRead<T>(
  read: (key: string) => Promise<T>,
  keepMs: number,
  now: () => number = () => performance.now(),
): (key?: string) => Promise<T> {
  const kept = new Map<string, Kept<T>>()
  return (key = '') => {
    const known = kept.get(key)
    if (known !== undefined && now() - known.at < keepMs) return known.value
    // Whoever asks for something else in every request must not fill the memory.
    if (kept.size > 50) kept.clear()
    const value = read(key)
    const mine = { at: now(), value }
    kept.set(key, mine)
    value.catch(() => {
      if (kept.get(key) === mine) kept.delete(key)
    })
    return value
  }
}

/** How often a response is looked at. Pure. */

/** A look never waits longer than this while a job runs. */
const LONGEST_GAP_MS = 30_000

/**
 * Milliseconds until the next look: the shortest gap at first, then a tenth of the response's age, at most 30 s,
 * spread by ±20 % so that many jobs do not look at the same moment.
 * @param shortestMs HOLDPOINT_POLL_MS.
 * @param failedLooks looks that failed one after another: each doubles the gap, up to a minute.
 * @param retryAfterMs what the provider asked for, or null.
 */
export function nextLookInMs(
  ageMs: number,
  shortestMs: number,
  { failedLooks, retryAfterMs, random }: { failedLooks: number; retryAfterMs: number | null; random: number },
): number {
  const calm = Math.min(Math.max(shortestMs, ageMs / 10), Math.max(LONGEST_GAP_MS, shortestMs))
  const gap = failedLooks === 0 ? calm : Math.min(calm * 2 ** Math.min(failedLooks, 6), Math.max(60_000, shortestMs))
  return Math.max(Math.round(gap * (0.8 + 0.4 * random)), retryAfterMs ?? 0)
}

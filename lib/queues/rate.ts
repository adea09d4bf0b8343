/**
 * So many in a minute, never more in any minute: a leaky bucket whose state is one moment, the one at which it will be
 * full again. Pure.
 */

const MINUTE_MS = 60_000

type Bucket = { gapMs: number; allowance: number }

/**
 * A tenth of a minute's worth may go at once, so that a late wake-up loses nothing; the gap is stretched by as much, so
 * that no minute ever has more than `perMinute`.
 */
export function bucketOf(perMinute: number): Bucket {
  const allowance = Math.max(1, Math.floor(perMinute / 10))
  return { allowance, gapMs: MINUTE_MS / (perMinute - allowance + 1) }
}

/** When the next one may go, at `now` or later. @param fullAt the state; null: nothing went yet. */
export function nextAllowed(perMinute: number, fullAt: Date | null, now: Date): Date {
  if (fullAt === null) return now
  const { allowance, gapMs } = bucketOf(perMinute)
  return new Date(Math.max(now.getTime(), Math.ceil(fullAt.getTime() - (allowance - 1) * gapMs)))
}

/** The state after one went at `now`. */
export function afterOne(perMinute: number, fullAt: Date | null, now: Date): Date {
  const from = Math.max(fullAt?.getTime() ?? 0, now.getTime())
  return new Date(Math.ceil(from + bucketOf(perMinute).gapMs))
}

/** How many may go at `now`. */
export function allowedNow(perMinute: number, fullAt: Date | null, now: Date): number {
  const { allowance, gapMs } = bucketOf(perMinute)
  const ahead = Math.max(0, (fullAt?.getTime() ?? 0) - now.getTime())
  return Math.max(0, Math.floor(allowance - ahead / gapMs))
}

/** The sandbox's rate limit, as the API tells and keeps it. */

export type Limits = {
  /** Creates in any minute. */
  requests: number
  /** Tokens in any minute. */
  tokens: number
}

/** Generous: the sandbox is there to be used. */
export const generousLimits: Limits = { requests: 100_000, tokens: 1_000_000_000 }

const MINUTE_MS = 60_000

export type LimitKeeper = {
  /** Takes one create from what is left. @returns milliseconds to wait where nothing is left, else null. */
  take(now: number): number | null
  /** What was used by a create that was taken. */
  use(tokens: number, now: number): void
  /** The `x-ratelimit-*` headers; `isTight` says that nothing is left for five seconds. */
  headers(now: number, isTight?: boolean): Record<string, string>
}

/** Two buckets that fill again evenly within a minute. */
export function keepLimits({ requests, tokens }: Limits): LimitKeeper {
  const asked = bucket(requests)
  const used = bucket(tokens)
  return {
    take(now) {
      const wait = Math.max(asked.waitFor(1, now), used.waitFor(1, now))
      if (wait > 0) return wait
      asked.take(1, now)
      return null
    },
    use: (count, now) => used.take(count, now),
    headers: (now, isTight = false) => ({
      'x-ratelimit-limit-requests': String(requests),
      'x-ratelimit-remaining-requests': isTight ? '0' : String(asked.left(now)),
      'x-ratelimit-reset-requests': isTight ? '5s' : duration(asked.fullIn(now)),
      'x-ratelimit-limit-tokens': String(tokens),
      'x-ratelimit-remaining-tokens': isTight ? '0' : String(used.left(now)),
      'x-ratelimit-reset-tokens': isTight ? '5s' : duration(used.fullIn(now)),
    }),
  }
}

function bucket(size: number) {
  let missing = 0
  let at = 0
  const refill = (now: number) => {
    missing = Math.max(0, missing - (Math.max(0, now - at) / MINUTE_MS) * size)
    at = now
  }
  return {
    left: (now: number) => {
      refill(now)
      return Math.max(0, Math.floor(size - missing))
    },
    waitFor: (count: number, now: number) => {
      refill(now)
      return Math.max(0, Math.ceil(((missing + count - size) / size) * MINUTE_MS))
    },
    fullIn: (now: number) => {
      refill(now)
      return Math.ceil((missing / size) * MINUTE_MS)
    },
    take: (count: number, now: number) => {
      refill(now)
      missing += count
    },
  }
}

/** As the API writes durations: `120ms`, `1s`, `6m0s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds}ms`
  const seconds = Math.ceil(milliseconds / 1_000)
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}

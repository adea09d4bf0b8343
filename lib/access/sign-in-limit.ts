/** Slows the guessing of passwords: counts failures in this process, by e-mail and by address. */

const WINDOW_MS = 5 * 60_000
/** A person who mistypes gets ten tries; an office behind one address gets a hundred. */
const MOST = { email: 10, address: 100 } as const
/** Bounds the memory that a flood of made-up e-mails can take. */
const MOST_KEYS = 10_000

export type SignInLimit = {
  /** How long to wait before another try, in milliseconds; 0: now. */
  waitMs(email: string, address: string | null): number
  failed(email: string, address: string | null): void
  succeeded(email: string): void
}

/** A limit that reads the time from `now`. Many hosts count each for itself. */
export function createSignInLimit(now: () => number = Date.now): SignInLimit {
  const failures = new Map<string, number[]>()

  function recent(key: string): number[] {
    const since = now() - WINDOW_MS
    return (failures.get(key) ?? []).filter((at) => at > since)
  }
  function wait(key: string, most: number): number {
    const times = recent(key)
    const oldest = times[times.length - most]
    return oldest === undefined ? 0 : oldest + WINDOW_MS - now()
  }
  function add(key: string, most: number): void {
    const times = [...recent(key), now()].slice(-most)
    failures.delete(key)
    failures.set(key, times)
    const eldest = failures.size > MOST_KEYS ? failures.keys().next().value : undefined
    if (eldest !== undefined) failures.delete(eldest)
  }

  return {
    waitMs: (email, address) =>
      Math.max(
        wait(`email:${email.toLowerCase()}`, MOST.email),
        address === null ? 0 : wait(`address:${address}`, MOST.address),
      ),
    failed(email, address) {
      add(`email:${email.toLowerCase()}`, MOST.email)
      if (address !== null) add(`address:${address}`, MOST.address)
    },
    succeeded(email) {
      failures.delete(`email:${email.toLowerCase()}`)
    },
  }
}

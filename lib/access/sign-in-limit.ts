/**
 * Slows the guessing of passwords: counts failures in this process, by e-mail and by address. A try counts as failed from
 * its beginning, so that many at once pass no more often than one after another.
 */

const WINDOW_MS = 5 * 60_000
/** A person who mistypes gets ten tries; an office behind one address gets a hundred. */
const MOST = { email: 10, address: 100 } as const
/** Bounds the memory that a flood of made-up e-mails can take. */
const MOST_KEYS = 10_000

export type SignInLimit = {
  /** Begins a try, or says how long to wait before one, in milliseconds. */
  begin(email: string, address: string | null): { waitMs: number } | Try
}

/** A try that counts as failed, unless something else is said of it. */
export type Try = {
  /** Forgets the failures of its e-mail that began before it. */
  succeeded(): void
  /** It was answered neither yes nor no. */
  tookNoPlace(): void
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
  function add(key: string, at: number): void {
    const times = [...recent(key), at]
    failures.delete(key)
    failures.set(key, times)
    const eldest = failures.size > MOST_KEYS ? failures.keys().next().value : undefined
    if (eldest !== undefined) failures.delete(eldest)
  }
  function keep(key: string, times: readonly number[]): void {
    if (times.length === 0) failures.delete(key)
    else failures.set(key, [...times])
  }
  function takeBack(key: string, at: number): void {
    const times = failures.get(key) ?? []
    const index = times.indexOf(at)
    if (index !== -1) keep(key, times.toSpliced(index, 1))
  }

  return {
    begin(email, address) {
      const byEmail = `email:${email.toLowerCase()}`
      const byAddress = address === null ? null : `address:${address}`
      const waitMs = Math.max(wait(byEmail, MOST.email), byAddress === null ? 0 : wait(byAddress, MOST.address))
      if (waitMs > 0) return { waitMs }
      const at = now()
      add(byEmail, at)
      if (byAddress !== null) add(byAddress, at)
      return {
        succeeded() {
          keep(
            byEmail,
            (failures.get(byEmail) ?? []).filter((other) => other > at),
          )
          if (byAddress !== null) takeBack(byAddress, at)
        },
        tookNoPlace() {
          takeBack(byEmail, at)
          if (byAddress !== null) takeBack(byAddress, at)
        },
      }
    },
  }
}

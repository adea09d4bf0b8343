/**
 * Slows the guessing of passwords: counts failures in this process, by e-mail and by address. While a try is looked at it
 * takes a place as a failure does, so that many at once pass no more often than one after another.
 */

const WINDOW_MS = 5 * 60_000
/** A person who mistypes gets ten tries; an office behind one address gets a hundred. */
const MOST = { email: 10, address: 100 } as const
/** Bounds the memory that a flood of made-up e-mails can take. */
const MOST_KEYS = 10_000
/** Longer than a password takes to be looked at: then those in the way are answered, and their places free or counted. */
const SOON_MS = 1_000

export type SignInLimit = {
  /** Begins a try, or says how long to wait before one, in milliseconds. Every try that began must be given its end. */
  begin(email: string, address: string | null): { waitMs: number } | Try
}

/** A try under way. */
export type Try = {
  /** Gives its place back, and forgets the failures of its e-mail from before it began. */
  succeeded(): void
  /** Keeps its place, for as long as failures count. */
  failed(): void
  /** It was answered neither yes nor no: gives its place back. */
  tookNoPlace(): void
}

/** A limit that reads the time from `now`. Many hosts count each for itself. */
export function createSignInLimit(now: () => number = Date.now): SignInLimit {
  const failures = new Map<string, number[]>()
  const underWay = new Map<string, number>()

  function recent(key: string): number[] {
    const since = now() - WINDOW_MS
    return (failures.get(key) ?? []).filter((at) => at > since)
  }
  function wait(key: string, most: number): number {
    const times = recent(key)
    const oldest = times[times.length - most]
    if (oldest !== undefined) return oldest + WINDOW_MS - now()
    return times.length + (underWay.get(key) ?? 0) < most ? 0 : SOON_MS
  }
  function fail(key: string): void {
    const times = [...recent(key), now()]
    failures.delete(key)
    failures.set(key, times)
    const eldest = failures.size > MOST_KEYS ? failures.keys().next().value : undefined
    if (eldest !== undefined) failures.delete(eldest)
  }
  function forget(key: string, before: number): void {
    const times = (failures.get(key) ?? []).filter((at) => at > before)
    if (times.length === 0) failures.delete(key)
    else failures.set(key, times)
  }
  function enter(key: string, by: 1 | -1): void {
    const count = (underWay.get(key) ?? 0) + by
    if (count === 0) underWay.delete(key)
    else underWay.set(key, count)
  }

  return {
    begin(email, address) {
      const byEmail = `email:${email.toLowerCase()}`
      const byAddress = address === null ? null : `address:${address}`
      const waitMs = Math.max(wait(byEmail, MOST.email), byAddress === null ? 0 : wait(byAddress, MOST.address))
      if (waitMs > 0) return { waitMs }
      const began = now()
      const keys = byAddress === null ? [byEmail] : [byEmail, byAddress]
      for (const key of keys) enter(key, 1)
      const leave = () => {
        for (const key of keys) enter(key, -1)
      }
      return {
        succeeded() {
          leave()
          forget(byEmail, began)
        },
        failed() {
          leave()
          for (const key of keys) fail(key)
        },
        tookNoPlace: leave,
      }
    },
  }
}

import type { Provider } from '@/lib/provider/types'
import type { Db } from '@/lib/store/db.server'

/** What the engine works with. Time and chance come from outside, so that tests can set them. */
export type EngineContext = {
  db: Db
  provider: Provider
  /** The row of this worker in the registry. */
  workerId: string
  now: () => Date
  /** In [0, 1): for jitter. */
  random: () => number
  /** Shortest gap between two looks at one response, in milliseconds. */
  pollMs: number
  /** First backoff of an automatic retry, in milliseconds. */
  retryMs: number
  /** One line for the operator. */
  log: (line: string) => void
}

/**
 * After this long without word of its sender, an attempt that is still `sending` counts as unknown: longer than the
 * provider border waits for an answer to a create (30 s), with room to save it.
 */
export const SENDING_LIMIT_MS = 45_000

/**
 * A worker that is told to stop waits for as long for what it has in hand: longer than for the answer to a create, which
 * is paid. Whoever stops it gives it more than that.
 */
export const WORKER_STOPS_WITHIN_MS = 40_000

/** A worker that has not beaten for this long is taken for dead: four missed beats. */
export const WORKER_DEAD_AFTER_MS = 8_000
export const WORKER_BEAT_MS = 2_000

/** How long somebody really worked in a tab: in sight, and with a sign of them within the last half minute. Pure. */

/** Without a sign of a person for this long, the tab is open, but nobody works in it. */
export const IDLE_MS = 30_000
/** More at once is a clock that was set, or a computer that slept. */
const MOST_MS = 60_000

export type HandsOnMeter = {
  /** A pointer moved, a key was pressed, something scrolled. */
  touch: (now: number) => void
  show: (visible: boolean, now: number) => void
  /** The milliseconds since they were last taken, whole and at most a minute. */
  take: (now: number) => number
  /** They could not be told: they are taken again with the next. */
  giveBack: (milliseconds: number) => void
}

/** Begins to measure at `now`, in milliseconds since 1970: whoever opened it is there. */
export function handsOnMeter(now: number, visible: boolean): HandsOnMeter {
  let counted = 0
  let upTo = now
  let lastSign = now
  let isVisible = visible

  function count(at: number) {
    // A clock that went back: begin anew from there.
    if (isVisible && at > upTo) counted += Math.max(0, Math.min(at, lastSign + IDLE_MS) - upTo)
    upTo = at
  }

  return {
    touch(at) {
      count(at)
      lastSign = at
    },
    show(next, at) {
      count(at)
      isVisible = next
      if (next) lastSign = at
    },
    take(at) {
      count(at)
      const taken = Math.min(Math.round(counted), MOST_MS)
      counted = 0
      return taken
    },
    giveBack(milliseconds) {
      counted += milliseconds
    },
  }
}

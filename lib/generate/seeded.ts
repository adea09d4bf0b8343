/** Chance that comes out the same for the same seed, and the ids that are made of it. Pure. */

export type Chance = {
  /** In [0, 1). */
  next: () => number
  /** A whole number in [0, below). */
  below: (below: number) => number
  pick: <T>(from: readonly [T, ...T[]] | readonly T[]) => T
  /** A UUIDv7 of that moment (milliseconds since 1970). */
  uuid: (at: number) => string
  /** So many lower-case hexadecimal digits. */
  hex: (digits: number) => string
}

/** Mulberry32: 32 bits of state are plenty for what only has to look plausible. */
export function seeded(seed: number): Chance {
  let state = seed >>> 0
  const bits = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const next = () => bits() / 2 ** 32
  const below = (limit: number) => Math.floor(next() * limit)
  const eight = () => bits().toString(16).padStart(8, '0')
  const hex = (digits: number) => {
    let made = ''
    while (made.length < digits) made += eight()
    return made.slice(0, digits)
  }
  return {
    next,
    below,
    pick: (from) => {
      const chosen = from[below(from.length)]
      if (chosen === undefined) throw new Error('there is nothing to pick from')
      return chosen
    },
    uuid: (at) => {
      const time = Math.floor(at).toString(16).padStart(12, '0')
      const rest = hex(24)
      const variant = '89ab'[bits() & 3]
      return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-${variant}${rest.slice(3, 6)}-${rest.slice(6, 18)}`
    },
    hex,
  }
}

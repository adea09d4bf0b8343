/** The oldest of several queues. Pure. */
import type { Oldest } from './figures-view'

/** ISO moments compare as texts do. */
export function oldestOf(all: readonly Oldest[]): Oldest {
  const least = (name: keyof Oldest) =>
    all
      .map((one) => one[name])
      .filter((at) => at !== null)
      .toSorted()[0] ?? null
  return { waiting: least('waiting'), running: least('running'), review: least('review') }
}

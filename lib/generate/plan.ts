/** Which stories are repeated, and in what order. Pure. */
import type { Chance } from './seeded'
import type { Ending, Story } from './stories'

export type Amounts = Record<Ending, number>

/**
 * How many histories end how.
 * @param waiting absent: an eighth.
 * @param unfinished whether some are left that would go on by themselves: a fiftieth, and each kind of them once.
 */
export function amountsOf(jobs: number, waiting: number | undefined, unfinished: boolean): Amounts {
  const open = Math.min(jobs, waiting ?? Math.round(jobs / 8))
  const going = unfinished
    ? Math.min(jobs - open, Math.max(Math.round(jobs / 50), Math.min(15, Math.floor(jobs / 10))))
    : 0
  return { waiting: open, unfinished: going, settled: jobs - open - going }
}

/** `count` of `stories`: each once, as far as there is room, and the others by their weight. */
export function* castStories<T extends { story: Pick<Story, 'weight'> }>(
  stories: readonly T[],
  count: number,
  chance: Chance,
): Generator<T> {
  const total = stories.reduce((sum, { story }) => sum + story.weight, 0)
  const byWeight = () => {
    let left = chance.next() * total
    for (const one of stories) {
      left -= one.story.weight
      if (left < 0) return one
    }
    return stories.at(-1) as T
  }
  const once = shuffled(stories, chance)
  // Spread over the whole, so that the rare ones are not all the oldest.
  const gap = Math.max(Math.floor(count / stories.length), 1)
  for (let made = 0; made < count; made += 1) {
    const rare = made % gap === 0 ? once.pop() : undefined
    yield rare ?? byWeight()
  }
}

function shuffled<T>(from: readonly T[], chance: Chance): T[] {
  const rest = [...from]
  for (let last = rest.length - 1; last > 0; last -= 1) {
    const other = chance.below(last + 1)
    const kept = rest[last] as T
    rest[last] = rest[other] as T
    rest[other] = kept
  }
  return rest
}

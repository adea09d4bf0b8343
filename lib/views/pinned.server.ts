/** The views in somebody's side bar, with how many jobs each has. */
import type { Actor } from '@/lib/access/actor'
import { readsEverything } from '@/lib/access/can'
import { COUNT_UP_TO, countUp } from '@/lib/search/find.server'
import { conditionsOf, problemsOf } from '@/lib/search/search.server'
import type { Db } from '@/lib/store/db.server'
import { MOST_PINNED, type PinnedViews } from './view'

/** A count may take so long; the side bar waits for none of them. In milliseconds. */
const COUNT_MS = 120
/** A count is good for so long, however often it is asked for: what is in sight of a thousand people is counted once. */
const GOOD_FOR_MS = 5_000
/** Counts that are remembered. */
const MOST_REMEMBERED = 500

type Counted = { at: number; count: Promise<number | null> }

const remembered = new Map<string, Counted>()

/** The views that `actor` has pinned, in the order in which they did. Service keys have none. */
export async function pinnedViews(db: Db, actor: Actor, now = new Date()): Promise<PinnedViews> {
  if (actor.userId === null) return { items: [], asOf: now.toISOString() }
  const pins = await db.savedViewPin.findMany({
    where: { userId: actor.userId, view: { OR: [{ ownerId: actor.userId }, { shared: true }] } },
    include: { view: true },
    orderBy: [{ pinnedAt: 'asc' }, { viewId: 'asc' }],
    take: MOST_PINNED,
  })
  const items: PinnedViews['items'] = []
  for (const { view } of pins) {
    const { id, name, filter, shared } = view
    const count = await countOf(db, actor, filter, now)
    items.push({
      id,
      name,
      filter,
      sort: view.sort === 'oldest' ? 'oldest' : 'newest',
      shared,
      problem: await problemsOf(db, actor, filter, now),
      count: count === null ? null : Math.min(count, COUNT_UP_TO),
      countIsExact: count !== null && count <= COUNT_UP_TO,
    })
  }
  return { items, asOf: now.toISOString() }
}

/** How many jobs of `filter` this person may see: counted once for all who would be given the same number. */
async function countOf(db: Db, actor: Actor, filter: string, now: Date): Promise<number | null> {
  const isPersonal = /\b(?:mine|me)\b/i.test(filter) || !readsEverything(actor)
  const key = `${isPersonal ? actor.userId : ''}\n${filter}`
  const known = remembered.get(key)
  if (known !== undefined && now.getTime() - known.at < GOOD_FOR_MS) return known.count
  const count = conditionsOf(db, actor, filter, now).then(({ conditions }) =>
    countUp(db, { ...conditions, without: [] }, COUNT_MS),
  )
  remembered.delete(key)
  remembered.set(key, { at: now.getTime(), count })
  const oldest = remembered.keys().next().value
  if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
  try {
    return await count
  } catch (error) {
    // Not remembered: the next one asks again.
    remembered.delete(key)
    throw error
  }
}

/** Forgets every count, for tests. */
export function forgetCounts(): void {
  remembered.clear()
}

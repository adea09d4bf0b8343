/** Which item comes next. Pure. */
import type { InboxItem } from '@/lib/review/view'

export type QueueItem = Pick<InboxItem, 'id' | 'number'>

/**
 * What was decided at this desk. An item that came back since, with a new attempt, is there to do again.
 * @param decidedAt the version of each job after its decision, by its id
 */
export function doneAmong(
  items: readonly Pick<InboxItem, 'id' | 'version'>[],
  decidedAt: ReadonlyMap<string, number>,
): Set<string> {
  const done = new Set(decidedAt.keys())
  for (const { id, version } of items) {
    if (version > (decidedAt.get(id) ?? Number.POSITIVE_INFINITY)) done.delete(id)
  }
  return done
}

/**
 * The item `step` places after the current one. What was decided at this desk is passed over even while the list still
 * has it; where the current one has left the list, its place counts. Null where there is no other.
 * @param place the index at which the current item stood last
 */
export function itemAt<Item extends QueueItem>(
  items: readonly Item[],
  { id, place, done }: { id: string; place: number; done: ReadonlySet<string> },
  step: 1 | -1,
): Item | null {
  const at = items.findIndex((item) => item.id === id)
  const isThere = at >= 0
  // What stood after an item that is gone has moved up into its place.
  const from = isThere ? at + step : step === 1 ? place : place - 1
  const ahead = step === 1 ? items.slice(Math.max(from, 0)) : items.slice(0, Math.max(from + 1, 0)).reverse()
  const behind = step === 1 ? items.slice(0, Math.max(from, 0)) : []
  return [...ahead, ...behind].find((item) => item.id !== id && !done.has(item.id)) ?? null
}

/** Those that come next, nearest first: what is read ahead. */
export function itemsAhead<Item extends QueueItem>(
  items: readonly Item[],
  current: { id: string; place: number; done: ReadonlySet<string> },
  count: number,
): Item[] {
  const ahead: Item[] = []
  const done = new Set(current.done)
  for (let left = count; left > 0; left--) {
    const next = itemAt(items, { ...current, done }, 1)
    if (next === null) break
    ahead.push(next)
    done.add(next.id)
  }
  return ahead
}

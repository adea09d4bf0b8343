/** What is selected in the inbox: rows as they stood when they were chosen. Pure. */
import { MOST_IN_BULK } from '@/lib/review/inbox-bulk'
import type { InboxItem } from '@/lib/review/view'

/** By id. A row is frozen as it was selected: what is decided on is what was on the screen then. */
export type Selection = ReadonlyMap<string, InboxItem>

export const NOTHING: Selection = new Map()

/** With `items` added, or taken away; never more than can be decided on together. */
export function withItems(selection: Selection, items: readonly InboxItem[], on: boolean): Selection {
  const next = new Map(selection)
  for (const item of items) {
    if (!on) next.delete(item.id)
    else if (!next.has(item.id) && next.size < MOST_IN_BULK) next.set(item.id, item)
  }
  return next
}

/** The rows between two of them, both included, in the order on the screen; only the second where the first is away. */
export function between(rows: readonly InboxItem[], from: string | null, to: string): InboxItem[] {
  const end = rows.findIndex(({ id }) => id === to)
  const start = rows.findIndex(({ id }) => id === from)
  if (end < 0) return []
  return start < 0 ? rows.slice(end, end + 1) : rows.slice(Math.min(start, end), Math.max(start, end) + 1)
}

/** How many there are of each, the most first: "12 Report, 3 Reply". */
export function countBy(items: readonly InboxItem[], nameOf: (item: InboxItem) => string): [string, number][] {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], 'en'))
}

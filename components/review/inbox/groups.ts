import type { Inbox, InboxItem } from '@/lib/review/view'

export type Group = {
  key: string
  name: string /** In the whole view, not only on this page. */
  count: number
  items: InboxItem[]
}

/**
 * The rows of a page by workflow. A workflow stands where its most urgent row stands, and within it the order stays that
 * of the inbox. Pure.
 */
export function groupsOf(items: readonly InboxItem[], workflows: Inbox['workflows']): Group[] {
  const groups = new Map<string, Group>()
  for (const item of items) {
    const { key, name } = item.workflow
    const known = workflows.find((workflow) => workflow.key === key)
    const group = groups.get(key) ?? { key, name: known?.name ?? name, count: known?.count ?? 0, items: [] }
    group.items.push(item)
    groups.set(key, group)
  }
  return [...groups.values()]
}

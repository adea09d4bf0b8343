/** The pages under /queues, in the order of their tabs: one line each. */
export type QueueTab = { href: string; label: string /** Shown to leads and owners alone. */; leadsOnly: boolean }

export const queueTabs: readonly QueueTab[] = [
  { href: '/queues', label: 'Overview', leadsOnly: false },
  { href: '/queues/failures', label: 'Failures', leadsOnly: false },
  { href: '/queues/alerts', label: 'Alerts', leadsOnly: false },
  { href: '/queues/workers', label: 'Workers', leadsOnly: false },
]

/** The tab that `pathname` belongs to. A workflow's own page, /queues/{key}, belongs to the overview. */
export function currentTab(pathname: string): QueueTab | undefined {
  return queueTabs
    .filter(({ href }) => pathname === href || pathname.startsWith(`${href}/`))
    .toSorted((a, b) => b.href.length - a.href.length)[0]
}

'use client'
import { cn } from '@/components/ui/cn'
import { type Inbox, type InboxViewName, inboxViews } from '@/lib/review/view'
import { VIEW_WORDS } from './words'

const count = new Intl.NumberFormat('en')

/** Whose it is to do. Each is an address of its own, so these are links of a kind and no tabs. */
export function InboxTabs(props: {
  view: InboxViewName
  counts: Inbox['counts'] | undefined
  onView: (view: InboxViewName) => void
}) {
  const { view: current, counts, onView } = props
  return (
    <nav aria-label="Views" className="overflow-x-auto border-b border-line [scrollbar-width:none]">
      <ul className="flex w-max gap-4">
        {inboxViews.map((view) => (
          <li key={view}>
            <button
              type="button"
              aria-current={view === current ? 'page' : undefined}
              onClick={() => onView(view)}
              className={cn(
                'flex h-9 items-center gap-1.5 border-b-2 px-0.5 font-medium whitespace-nowrap -outline-offset-2 pointer-coarse:h-11',
                view === current ? 'border-ink text-ink' : 'border-transparent text-muted hover:text-ink',
              )}
            >
              {VIEW_WORDS[view]}
              <span className="min-w-4 text-left text-xs text-muted tabular-nums">
                {counts === undefined ? '' : count.format(counts[view])}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

'use client'
import { Eye, UserRound } from 'lucide-react'
import { memo, type Ref, useCallback, useEffect, useRef } from 'react'
import { JobTitle } from '@/components/jobs/job-title'
import { failureWords } from '@/components/jobs/list/refresh-words'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { Time } from '@/components/ui/time'
import { type Inbox, type InboxItem, type InboxViewName, inboxViews } from '@/lib/review/view'

const VIEWS: Record<InboxViewName, string> = {
  mine: 'Mine',
  anyone: 'Anyone’s',
  others: 'Waiting for others',
  snoozed: 'Snoozed',
}

export type QueueListProps = {
  /** Undefined before it was read. */
  inbox: Inbox | undefined
  /** Why it could not be read. */
  error: Error | null
  onRetry: () => void
  items: readonly InboxItem[]
  view: InboxViewName
  onView: (view: InboxViewName) => void
  search: string
  onSearch: (search: string) => void
  searchRef?: Ref<HTMLInputElement>
  currentId: string
  /** Decided here; the list may still have them. */
  done: ReadonlySet<string>
  onOpen: (item: InboxItem) => void
}

/** What else waits, in the order of the inbox. */
export function QueueList(props: QueueListProps) {
  const { inbox, error, onRetry, items, view, onView, search, onSearch, searchRef, currentId, done, onOpen } = props
  const current = useRef<HTMLButtonElement>(null)
  const latest = useRef(onOpen)
  useEffect(() => {
    latest.current = onOpen
  })
  // The same for as long as the list is there: a step draws the two rows that change, of some hundred.
  const open = useCallback((item: InboxItem) => latest.current(item), [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the item that is on the desk
  useEffect(() => {
    if (current.current !== null) showInList(current.current)
  }, [currentId])

  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2">
      <div className="flex gap-2">
        <Select
          aria-label="Which items"
          className="min-w-0 flex-1"
          items={inboxViews.map((name) => ({
            value: name,
            label: inbox === undefined ? VIEWS[name] : `${VIEWS[name]} (${inbox.counts[name].toLocaleString('en')})`,
          }))}
          value={view}
          onValueChange={onView}
        />
      </div>
      <Input
        ref={searchRef}
        type="search"
        aria-label="Search these items"
        placeholder="Search these items"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        onKeyDown={(event) => {
          const [first] = items
          if (event.key === 'Enter' && !event.nativeEvent.isComposing && first !== undefined) onOpen(first)
        }}
      />
      {inbox === undefined ? (
        <NotRead error={error} onRetry={onRetry} />
      ) : items.length === 0 ? (
        <p className="px-2 py-3 text-muted">{search === '' ? 'Nothing waits here.' : 'No item fits.'}</p>
      ) : (
        <ol className="-mx-1 min-h-0 flex-1 overflow-y-auto overscroll-contain px-1">
          {items.map((item) => (
            <li key={item.id} className="[contain-intrinsic-size:auto_3.25rem] [content-visibility:auto]">
              <QueueRow
                item={item}
                isCurrent={item.id === currentId}
                isDone={done.has(item.id)}
                buttonRef={item.id === currentId ? current : undefined}
                onOpen={open}
              />
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

/** Nobody knows yet what waits. */
function NotRead({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  const failure = failureWords(error)
  return (
    <div className="flex flex-col items-start gap-2 px-2 py-3">
      <p role="status" className={failure === null ? 'text-muted' : 'text-danger-ink'}>
        {failure === null ? 'Reading…' : `${failure}. What waits here is not known.`}
      </p>
      {failure !== null && (
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}

/** Scrolls the list alone: `scrollIntoView` would move the page with it. */
function showInList(row: HTMLElement) {
  const list = row.closest('ol')
  if (list === null) return
  const [{ top, bottom }, box] = [row.getBoundingClientRect(), list.getBoundingClientRect()]
  if (top < box.top) list.scrollTop -= box.top - top
  else if (bottom > box.bottom) list.scrollTop += bottom - box.bottom
}

type QueueRowProps = {
  item: InboxItem
  isCurrent: boolean
  isDone: boolean
  buttonRef?: Ref<HTMLButtonElement>
  onOpen: (item: InboxItem) => void
}

const QueueRow = memo(function QueueRow({ item, isCurrent, isDone, buttonRef, onOpen }: QueueRowProps) {
  const holders = item.claims.map(({ by }) => by.name)
  const lookers = item.lookers.map(({ name }) => name)
  return (
    <button
      ref={buttonRef}
      type="button"
      aria-current={isCurrent || undefined}
      onClick={() => onOpen(item)}
      className={cn(
        'flex w-full flex-col gap-0.5 rounded-md border border-transparent px-2 py-1.5 text-left outline-offset-[-2px] hover:bg-hover',
        isCurrent && 'border-line bg-surface hover:bg-surface',
        isDone && 'opacity-60',
      )}
    >
      <span className="flex w-full items-baseline gap-2">
        <span className="shrink-0 text-sm text-faint tabular-nums">#{item.number}</span>
        <bdi className={cn('min-w-0 flex-1 truncate', isCurrent && 'font-medium')}>
          <JobTitle title={item.title} />
        </bdi>
      </span>
      <span className="flex w-full items-center gap-2 text-xs text-muted">
        <span className="min-w-0 flex-1 truncate">{isDone ? 'Decided' : item.workflow.name}</span>
        {lookers.length > 0 && (
          <span className="inline-flex items-center gap-0.5" title={`Looking: ${lookers.join(', ')}`}>
            <Eye aria-hidden className="size-3" />
            <span className="sr-only">Looking at it: </span>
            <span className="max-w-20 truncate">{lookers.length === 1 ? lookers[0] : lookers.length}</span>
          </span>
        )}
        {holders.length > 0 && (
          <span className="inline-flex items-center gap-0.5" title={`Held by ${holders.join(', ')}`}>
            <UserRound aria-hidden className="size-3" />
            <span className="sr-only">Held by </span>
            <span className="max-w-20 truncate">{holders.join(', ')}</span>
          </span>
        )}
        {item.nextAction.dueAt !== null && (
          <span className="shrink-0 tabular-nums">
            <span className="sr-only">due </span>
            <Time value={item.nextAction.dueAt} format="clock" />
          </span>
        )}
      </span>
    </button>
  )
})

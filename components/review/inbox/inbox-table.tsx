'use client'
import { useRouter } from 'next/navigation'
import { type MouseEvent, memo, type ReactNode, useCallback } from 'react'
import { DueTime } from '@/components/jobs/list/due-time'
import { RowCheckbox } from '@/components/jobs/list/row-checkbox'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import type { InboxItem } from '@/lib/review/view'
import type { Group } from './groups'
import { JobCell, Leaves, Risk, ToDo, Waits } from './inbox-cells'
import { PeopleHere } from './people-here'

export type InboxTableProps = {
  groups: readonly Group[]
  /** Whether the workflows stand apart, each under its own heading. */
  grouped: boolean
  /** Items that the newest answer no longer has on this page. */
  left: ReadonlySet<string>
  stale: boolean
  selected: ReadonlySet<string>
  me: string
  /** @param range true where everything from the last one on is meant as well */
  onSelect: (item: InboxItem, range: boolean) => void
  onSelectAll: (items: readonly InboxItem[], on: boolean) => void
  onClaim: (item: InboxItem) => void
  onOnlyWorkflow: (key: string) => void
}

/** Widths are reserved, so nothing moves. Below 896 px a row is a card, and the entry says where the cell stands in it. */
const cellClass = {
  select: '@4xl:w-9 @4xl:pl-3 @4xl:pr-0 @max-4xl:order-1',
  todo: '@4xl:w-58 @max-4xl:order-2 @max-4xl:min-w-0 @max-4xl:flex-1 @max-4xl:basis-[calc(100%-9rem)] @max-4xl:pl-1',
  job: '@max-4xl:order-4 @max-4xl:flex-1 @max-4xl:basis-3/5',
  due: '@4xl:w-26 @4xl:text-right @max-4xl:order-3 @max-4xl:self-start @max-4xl:text-right @max-4xl:text-sm',
  risk: '@4xl:w-36 @max-4xl:order-6 @max-4xl:basis-full @max-4xl:has-[>.sr-only:only-child]:hidden',
  who: '@4xl:w-32 @max-4xl:order-5 @max-4xl:self-start',
  leaves: '@4xl:w-32 @4xl:@max-5xl:hidden @max-4xl:order-7 @max-4xl:max-w-full',
} as const

const COLUMNS = [
  ['todo', 'To do'],
  ['job', 'Job'],
  ['risk', 'Risk'],
  ['who', 'Who'],
  ['leaves', 'When approved'],
  ['due', 'Due'],
] as const

/** The inbox as a table, each workflow under its heading; where it is narrow each row is a card. */
export function InboxTable(props: InboxTableProps) {
  const { groups, grouped, left, stale, selected, me, onSelect, onSelectAll, onClaim, onOnlyWorkflow } = props
  const router = useRouter()
  const open = useCallback((number: number) => router.push(`/review/${number}`), [router])
  const all = groups.flatMap(({ items }) => items)
  const selectedHere = all.filter(({ id }) => selected.has(id)).length
  return (
    <table
      className={cn(
        'w-full border-separate border-spacing-0 text-left @4xl:table-fixed @max-4xl:block',
        stale && 'bg-sunken',
      )}
    >
      <caption className="sr-only">What waits for a person, the most urgent first{grouped && ', by workflow'}.</caption>
      <thead className="text-sm text-muted @max-4xl:sr-only">
        <tr>
          <th scope="col" className={cn(headClass, cellClass.select)}>
            <RowCheckbox
              label="Select all on this page"
              checked={selectedHere === all.length && all.length > 0}
              indeterminate={selectedHere > 0}
              onChange={() => onSelectAll(all, selectedHere < all.length)}
            />
          </th>
          {COLUMNS.map(([key, label]) => (
            <th key={key} scope="col" className={cn(headClass, cellClass[key])}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.key} className="group/workflow @max-4xl:block">
          {grouped && (
            <tr className="@max-4xl:block">
              <th
                scope="rowgroup"
                colSpan={7}
                className="border-b border-line bg-sunken px-3 py-1 font-normal @max-4xl:block"
              >
                <GroupHeading group={group} onOnly={() => onOnlyWorkflow(group.key)} />
              </th>
            </tr>
          )}
          {group.items.map((item) => (
            <InboxRow
              key={item.id}
              item={item}
              me={me}
              showWorkflow={!grouped}
              selected={selected.has(item.id)}
              gone={left.has(item.id)}
              open={open}
              onSelect={onSelect}
              onClaim={onClaim}
            />
          ))}
        </tbody>
      ))}
    </table>
  )
}

const headClass = 'sticky top-0 z-10 h-8 border-b border-line bg-surface px-2 font-medium whitespace-nowrap'
const count = new Intl.NumberFormat('en')

function GroupHeading({ group: { name, count: total, items }, onOnly }: { group: Group; onOnly: () => void }) {
  return (
    <span className="flex min-h-6 items-center gap-2 text-sm">
      <span className="min-w-0 truncate font-semibold">{name}</span>
      <span className="text-muted tabular-nums">
        {count.format(total)}
        {items.length < total && <span className="text-faint"> · {count.format(items.length)} on this page</span>}
      </span>
      <Button size="sm" variant="ghost" onClick={onOnly} className="ml-auto">
        Only these<span className="sr-only"> of {name}</span>
      </Button>
    </span>
  )
}

type InboxRowProps = {
  item: InboxItem
  me: string
  showWorkflow: boolean
  selected: boolean
  gone: boolean
  open: (number: number) => void
  onSelect: InboxTableProps['onSelect']
  onClaim: InboxTableProps['onClaim']
}

const InboxRow = memo(function InboxRow(props: InboxRowProps) {
  const { item, me, showWorkflow, selected, gone, open, onSelect, onClaim } = props
  const holds = item.claims.some(({ by }) => by.id === me)
  return (
    <tr
      onClick={(event) => {
        if (!isPlainClick(event)) return
        if (event.shiftKey) onSelect(item, true)
        else open(item.number)
      }}
      data-selected={selected || undefined}
      className={cn(
        'group/row cursor-pointer hover:bg-hover data-selected:bg-accent-soft -outline-offset-2 outline-accent has-[[data-row-link]:focus-visible]:outline-2',
        '@max-4xl:flex @max-4xl:flex-wrap @max-4xl:items-center @max-4xl:gap-x-2 @max-4xl:gap-y-1.5 @max-4xl:border-b @max-4xl:border-line @max-4xl:px-3 @max-4xl:py-3',
        'group-last/workflow:[&:last-child>td]:border-b-0',
      )}
    >
      <Cell at="select">
        <RowCheckbox
          label={`Select #${item.number}`}
          checked={selected}
          onChange={(event) => onSelect(item, hasShift(event))}
        />
      </Cell>
      <Cell at="todo">
        <ToDo item={item} />
        {gone && <span className="block text-xs text-attention-ink">no longer on this page</span>}
      </Cell>
      <Cell at="job">
        <JobCell item={item} showWorkflow={showWorkflow} />
      </Cell>
      <Cell at="risk">
        <Risk round={item.round} />
      </Cell>
      <Cell at="who">
        <span className="relative flex flex-wrap items-center gap-x-1">
          <PeopleHere item={item} me={me} />
          {item.round !== null && (holds || item.view === 'anyone' || item.view === 'mine') && (
            <Button
              size="sm"
              variant="ghost"
              onClick={() => onClaim(item)}
              className={cn(
                // Over what stands there, so that no row grows by a button that nobody sees yet.
                hasPeople(item) && '@4xl:absolute @4xl:right-0 @4xl:bg-raised',
                '@4xl:opacity-0 @4xl:group-hover/row:opacity-100 @4xl:focus-visible:opacity-100 @4xl:group-has-[:focus-visible]/row:opacity-100',
              )}
            >
              {holds ? 'Release' : 'Claim'}
              <span className="sr-only"> #{item.number}</span>
            </Button>
          )}
        </span>
      </Cell>
      <Cell at="leaves">
        <Leaves item={item} />
      </Cell>
      <Cell at="due">
        <DueTime value={item.round?.dueAt ?? item.nextAction.dueAt} />
        <Waits item={item} />
      </Cell>
    </tr>
  )
})

function Cell({ at, children }: { at: keyof typeof cellClass; children: ReactNode }) {
  return (
    <td
      className={cn(
        'min-w-0 align-middle @4xl:h-13 @4xl:border-b @4xl:border-line @4xl:px-2 @4xl:py-1.5',
        cellClass[at],
      )}
    >
      {children}
    </td>
  )
}

function hasShift(event: unknown): boolean {
  const native = (event as { nativeEvent?: unknown } | null)?.nativeEvent
  return native instanceof globalThis.MouseEvent && native.shiftKey
}

/** A click on the row itself: not on a control, not with a key that browsers use, not at the end of marking text. */
function isPlainClick(event: MouseEvent): boolean {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.altKey) return false
  if (event.target instanceof Element && event.target.closest('a, button, input, label') !== null) return false
  return event.shiftKey || window.getSelection()?.isCollapsed !== false
}

function hasPeople({ claims, assignee, lookers }: InboxItem): boolean {
  return claims.length > 0 || assignee !== null || lookers.length > 0
}

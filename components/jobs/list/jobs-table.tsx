'use client'
import { FlexRender, type Row, type RowSelectionState, useTable } from '@tanstack/react-table'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, type MouseEvent, memo, useCallback } from 'react'
import { cn } from '@/components/ui/cn'
import type { JobRow } from '@/lib/jobs/view'
import { columns, features } from './columns'

export type JobsTableProps = {
  rows: JobRow[]
  /** Rows that the newest answer no longer has on this page. */
  left: ReadonlySet<string>
  /** True where a refresh failed: what is shown may be old. */
  stale: boolean
  selection: RowSelectionState
  onSelectionChange: (selection: RowSelectionState) => void
}

/**
 * Widths are reserved, so nothing moves when a number grows. Each entry: width and look from 768 px on; below it a row
 * is a card, and the entry says where in the card the cell stands.
 */
const cellClass: Record<string, string> = {
  select: 'md:w-9 md:pl-3 md:pr-0 max-md:order-1',
  state: 'md:w-37 max-md:order-2 max-md:flex-1',
  title: 'max-md:order-4 max-md:basis-full',
  nextAction: 'max-md:order-5 max-md:basis-full',
  providerStatus: 'md:w-41 max-md:order-6',
  createdAt: 'md:w-18 md:text-right max-md:order-3 max-md:text-sm max-md:text-muted md:max-lg:hidden',
  dueAt:
    'md:w-25 md:text-right max-md:order-7 max-md:text-sm max-md:before:mr-1 max-md:before:text-faint max-md:before:content-["due"] max-md:has-[>.sr-only]:hidden',
  tokens: 'tabular-nums md:w-23 md:text-right max-md:hidden md:max-xl:hidden',
}

/** The list. On a phone each row is a card. Arrow keys, or J and K, go from row to row while one has focus. */
export function JobsTable({ rows, left, stale, selection, onSelectionChange }: JobsTableProps) {
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: (row) => row.id,
    state: { rowSelection: selection },
    onRowSelectionChange: (next) => onSelectionChange(typeof next === 'function' ? next(selection) : next),
  })
  const router = useRouter()
  const open = useCallback((number: number) => router.push(`/jobs/${number}`), [router])
  return (
    <table
      className={cn(
        'w-full border-separate border-spacing-0 text-left md:table-fixed max-md:block',
        stale && 'bg-sunken',
      )}
    >
      <caption className="sr-only">Jobs. Two columns tell where each stands: our state, and what OpenAI says.</caption>
      <thead className="text-sm text-muted max-md:sr-only">
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => (
              <th
                key={header.id}
                scope="col"
                className={cn(
                  'sticky top-0 z-10 h-8 border-b border-line bg-surface px-2 font-medium whitespace-nowrap',
                  cellClass[header.column.id],
                )}
              >
                <FlexRender header={header} />
              </th>
            ))}
          </tr>
        ))}
      </thead>
      <tbody onKeyDown={stepThroughRows} className="max-md:block">
        {table.getRowModel().rows.map((row) => (
          <TableRow
            key={row.id}
            row={row}
            job={row.original}
            selected={row.getIsSelected()}
            gone={left.has(row.id)}
            open={open}
          />
        ))}
      </tbody>
    </table>
  )
}

type TableRowProps = {
  row: Row<typeof features, JobRow>
  job: JobRow
  selected: boolean
  gone: boolean
  open: (number: number) => void
}

/** Drawn again only when its job, its selection or its place in the list changed: `row` itself is new every time. */
const TableRow = memo(
  function TableRow({ row, job, selected, gone, open }: TableRowProps) {
    return (
      <tr
        onClick={(event) => isPlainClick(event) && open(job.number)}
        data-selected={selected || undefined}
        className={cn(
          'hover:bg-hover data-selected:bg-accent-soft -outline-offset-2 outline-accent has-[[data-row-link]:focus-visible]:outline-2',
          'max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-2 max-md:gap-y-1 max-md:border-b max-md:border-line max-md:px-3 max-md:py-3',
          '[&:last-child>td]:border-b-0 max-md:last:border-b-0',
        )}
      >
        {row.getAllCells().map((cell) => (
          <td
            key={cell.id}
            className={cn('min-w-0 align-middle md:h-11 md:border-b md:border-line md:px-2', cellClass[cell.column.id])}
          >
            <FlexRender cell={cell} />
            {gone && cell.column.id === 'title' && (
              <span className="block text-xs text-attention-ink">no longer on this page</span>
            )}
          </td>
        ))}
      </tr>
    )
  },
  (before, after) => before.job === after.job && before.selected === after.selected && before.gone === after.gone,
)

/** Single keys act only while a row has focus, so they never get in the way of typing or of a reader's own keys. */
function stepThroughRows(event: KeyboardEvent<HTMLTableSectionElement>) {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return
  if (!event.target.hasAttribute('data-row-link')) return
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  if (step === undefined) return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-link]')]
  const next = links[links.indexOf(event.target) + step]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}

/** A click that means "open this", not one on a control, with a modifier, or at the end of marking some text. */
function isPlainClick(event: MouseEvent): boolean {
  if (event.defaultPrevented || event.button !== 0) return false
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false
  if (event.target instanceof Element && event.target.closest('a, button, input, label') !== null) return false
  return window.getSelection()?.isCollapsed !== false
}

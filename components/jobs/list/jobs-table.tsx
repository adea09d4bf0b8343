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
 * Widths are reserved, so nothing moves when a number grows. Each entry: width and look where the list itself
 * (not the window: the side bar may be folded) is 896 px or wider; below that a row is a card, and the entry says where in
 * the card the cell stands.
 */
const cellClass: Record<string, string> = {
  select: '@4xl:w-9 @4xl:pl-3 @4xl:pr-0 @max-4xl:order-1',
  state: '@4xl:w-37 @max-4xl:order-2 @max-4xl:flex-1 @max-4xl:pl-1',
  title: '@max-4xl:order-4 @max-4xl:basis-full',
  nextAction: '@max-4xl:order-5 @max-4xl:basis-full',
  providerStatus: '@4xl:w-41 @max-4xl:order-6',
  createdAt: '@4xl:w-18 @4xl:text-right @max-4xl:order-3 @max-4xl:text-sm @max-4xl:text-muted @4xl:@max-5xl:hidden',
  dueAt:
    '@4xl:w-25 @4xl:text-right @max-4xl:order-7 @max-4xl:text-sm @max-4xl:before:mr-1 @max-4xl:before:text-faint @max-4xl:before:content-["due"] @max-4xl:has-[>.sr-only]:hidden',
  tokens: 'tabular-nums @4xl:w-23 @4xl:text-right @max-4xl:hidden @4xl:@max-[67rem]:hidden',
}

/** The list. Where it is narrow each row is a card. Arrow keys, or J and K, go from row to row while one has focus. */
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
        'w-full border-separate border-spacing-0 text-left @4xl:table-fixed @max-4xl:block',
        stale && 'bg-sunken',
      )}
    >
      <caption className="sr-only">Jobs. Two columns tell where each stands: our state, and what OpenAI says.</caption>
      <thead className="text-sm text-muted @max-4xl:sr-only">
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
      <tbody onKeyDown={stepThroughRows} className="@max-4xl:block">
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
          '@max-4xl:flex @max-4xl:flex-wrap @max-4xl:items-center @max-4xl:gap-x-2 @max-4xl:gap-y-1 @max-4xl:border-b @max-4xl:border-line @max-4xl:px-3 @max-4xl:py-3',
          '[&:last-child>td]:border-b-0 @max-4xl:last:border-b-0',
        )}
      >
        {row.getAllCells().map((cell) => (
          <td
            key={cell.id}
            className={cn(
              'min-w-0 align-middle @4xl:h-11 @4xl:border-b @4xl:border-line @4xl:px-2',
              cellClass[cell.column.id],
            )}
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

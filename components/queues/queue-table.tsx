import { CirclePause } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { Panel } from '@/components/ui/panel'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { Oldest, QueueOverview, QueueRow } from '@/lib/queues/figures-view'
import type { Period } from '@/lib/queues/period'
import { type Standing, standingHref, standingInfo, standings } from '@/lib/queues/standing'
import { Sparkline } from './sparkline'
import { standingLook } from './standing-icons'
import { count, periodWords } from './words'

type QueueTableProps = Pick<QueueOverview, 'rows' | 'asOf' | 'period'> & {
  /** What can be done to each queue, by its workflow. */
  controls: Readonly<Record<string, ReactNode>>
}

/** One row a workflow: what needs someone first. On a phone each is a block of its own. */
export function QueueTable({ rows, asOf, period, controls }: QueueTableProps) {
  if (rows.length === 0) {
    return (
      <Panel>
        <EmptyState
          title="There is no workflow yet"
          hint="Each workflow has a queue. A lead imports one from a file."
        />
      </Panel>
    )
  }
  const sorted = rows.toSorted(
    (one, other) => trouble(other) - trouble(one) || one.name.localeCompare(other.name, 'en'),
  )
  return (
    <>
      <div className="max-lg:hidden">
        <Table label="Queues by workflow">
          <THead>
            <Tr>
              <Th>Workflow</Th>
              {standings.map((standing) => (
                <Th key={standing} className="px-2 text-right" title={standingInfo[standing].help}>
                  {standingInfo[standing].label}
                </Th>
              ))}
              <Th>In and out, {periodWords(period)}</Th>
            </Tr>
          </THead>
          <TBody>
            {sorted.map((row) => (
              <Row key={row.key} row={row} asOf={asOf} period={period} controls={controls[row.key]} />
            ))}
          </TBody>
        </Table>
      </div>
      <ul
        aria-label="Queues by workflow"
        className="divide-y divide-line rounded-md border border-line bg-surface lg:hidden"
      >
        {sorted.map((row) => (
          <Block key={row.key} row={row} asOf={asOf} period={period} controls={controls[row.key]} />
        ))}
      </ul>
    </>
  )
}

/** How much of a queue needs a person because something is wrong with it. */
function trouble({ counts }: QueueRow): number {
  return counts.stuck * 4 + counts.failed + counts.expiring * 2 + counts.unclassified * 2
}

type RowProps = { row: QueueRow; asOf: string; period: Period; controls: ReactNode }

function Row({ row, asOf, period, controls }: RowProps) {
  return (
    <Tr>
      <Td className="max-w-56 min-w-40">
        <Name row={row} period={period} />
        {controls}
      </Td>
      {standings.map((standing) => (
        <Td key={standing} numeric className="px-2 whitespace-nowrap tabular-nums">
          <Figure row={row} standing={standing} asOf={asOf} />
        </Td>
      ))}
      <Td>
        <InAndOut row={row} />
      </Td>
    </Tr>
  )
}

function Block({ row, asOf, period, controls }: RowProps) {
  const shown = standings.filter((standing) => row.counts[standing] > 0)
  return (
    <li className="flex flex-col gap-1.5 px-4 py-3">
      <Name row={row} period={period} />
      {controls}
      {shown.length === 0 ? (
        <p className="text-sm text-muted">Nothing is under way, and nothing needs anybody.</p>
      ) : (
        <dl className="grid grid-cols-2 gap-x-4 gap-y-1">
          {shown.map((standing) => (
            <div key={standing} className="flex min-h-6 items-baseline justify-between gap-2">
              <dt className="text-sm text-muted">{standingInfo[standing].label}</dt>
              <dd className="tabular-nums">
                <Figure row={row} standing={standing} asOf={asOf} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <InAndOut row={row} />
    </li>
  )
}

function Name({ row, period }: Pick<RowProps, 'row' | 'period'>) {
  const { key, name, stoppedSince } = row
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <Link
        href={`/queues/${encodeURIComponent(key)}?period=${period}`}
        prefetch={false}
        className="inline-flex min-h-6 items-center font-medium wrap-anywhere hover:underline"
      >
        {name}
      </Link>
      {stoppedSince !== null && (
        <Badge tone="attention">
          <CirclePause aria-hidden />
          Stands still
        </Badge>
      )}
    </span>
  )
}

const loud: Partial<Record<Standing, string>> = {
  stuck: 'text-danger-ink font-semibold',
  failed: 'text-danger-ink font-semibold',
  expiring: 'text-attention-ink font-semibold',
  unclassified: 'text-attention-ink font-semibold',
  review: 'text-attention-ink font-semibold',
}

function Figure({ row, standing, asOf }: { row: QueueRow; standing: Standing; asOf: string }) {
  const jobs = row.counts[standing]
  const since = standing in row.oldest ? row.oldest[standing as keyof Oldest] : null
  if (jobs === 0) return <span className="text-faint">0</span>
  const { icon: Icon } = standingLook[standing]
  return (
    <>
      <Link
        href={standingHref(standing, row.key, asOf)}
        prefetch={false}
        aria-label={`${standingInfo[standing].label} of ${row.name}: ${count(jobs)}`}
        className={cn('inline-flex min-h-6 items-center gap-1 underline-offset-2 hover:underline', loud[standing])}
      >
        {loud[standing] !== undefined && <Icon aria-hidden className="size-3.5 shrink-0" />}
        {count(jobs)}
      </Link>
      {since !== null && (
        <span className="block text-xs text-muted max-lg:ml-1.5 max-lg:inline">
          oldest <Time value={since} format="age" />
        </span>
      )}
    </>
  )
}

function InAndOut({ row }: { row: QueueRow }) {
  const { arrived, completed } = row.flow.now
  return (
    <span className="flex items-center gap-3 whitespace-nowrap">
      <Sparkline {...row.steps} className="shrink-0" />
      <span className="text-xs text-muted tabular-nums">
        <span className="block">
          <span aria-hidden className="mr-1 inline-block size-2 bg-line-strong/50" />
          {count(arrived)} arrived
        </span>
        <span className="block">
          <span aria-hidden className="mr-1 inline-block h-0.5 w-2 bg-ink align-middle" />
          {count(completed)} completed
        </span>
      </span>
    </span>
  )
}

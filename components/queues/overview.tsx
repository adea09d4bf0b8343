'use client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { PageHeader } from '@/components/ui/page-header'
import { useRedrawn } from '@/components/ui/use-redrawn'
import { oldestOf } from '@/lib/queues/oldest'
import type { Period } from '@/lib/queues/period'
import { AsOf } from './as-of'
import { FlowPanel } from './flow-panel'
import { LengthsTable } from './lengths-table'
import { PeriodPicker } from './period-picker'
import { QualityTable } from './quality-table'
import { overviewOptions } from './queries'
import { QueueTable } from './queue-table'
import { QueuesSkeleton } from './queues-skeleton'
import { SpendingPanel } from './spending-panel'
import { StandingFigures } from './standing-figures'

type QueueOverviewPageProps = {
  period: Period
  /** What can be done to each queue, by its workflow. */
  controls: Readonly<Record<string, ReactNode>>
  /** Since when each of these stood still when they were drawn; null: it did not. */
  drawnStops: Readonly<Record<string, string | null>>
}

/** All queues at a glance: what needs someone first, then how it goes. */
export function QueueOverviewPage({ period, controls, drawnStops }: QueueOverviewPageProps) {
  const { data, error, dataUpdatedAt } = useQuery(overviewOptions(period))
  const moved = data?.rows.some(({ key, stoppedSince }) => key in drawnStops && drawnStops[key] !== stoppedSince)
  useRedrawn(moved === true, dataUpdatedAt)
  if (data === undefined) return <QueuesSkeleton />
  const { asOf, isLate, counts, rows, flow, steps, stretch, lengths, quality, spent, today, days } = data
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <PageHeader
        className="pb-0"
        title="Queues"
        hint="What needs someone, and how the work goes."
        actions={<AsOf asOf={asOf} isLate={isLate} error={error} />}
      />
      <StandingFigures
        counts={counts}
        oldest={oldestOf(rows.map(({ oldest }) => oldest))}
        workflow={null}
        asOf={asOf}
      />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-base font-semibold">By workflow</h2>
        <PeriodPicker period={period} path="/queues" />
      </div>
      <QueueTable rows={rows} asOf={asOf} period={period} controls={controls} />
      <div className="grid min-w-0 gap-4 2xl:grid-cols-2">
        <FlowPanel flow={flow} steps={steps} stretch={stretch} period={period} workflow={null} />
        <SpendingPanel spent={spent} today={today} days={days} workflow={null} rows={rows} />
      </div>
      <LengthsTable lengths={lengths} />
      <QualityTable quality={quality} named />
    </div>
  )
}

'use client'
import { useQuery } from '@tanstack/react-query'
import { CirclePause } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'
import { PageHeader } from '@/components/ui/page-header'
import { Time } from '@/components/ui/time'
import { useRedrawn } from '@/components/ui/use-redrawn'
import type { Period } from '@/lib/queues/period'
import { AsOf } from './as-of'
import { FlowPanel } from './flow-panel'
import { LengthPanel } from './length-panel'
import { LengthsTable } from './lengths-table'
import { PeriodPicker } from './period-picker'
import { QualityTable } from './quality-table'
import { depthOptions } from './queries'
import { QueuesSkeleton } from './queues-skeleton'
import { SpendingPanel } from './spending-panel'
import { StandingFigures } from './standing-figures'

type QueueDepthPageProps = {
  workflow: string
  period: Period
  /** What can be done to the queue: it stands first. */
  controls: ReactNode
  /** Since when it stood still when these were drawn; null: it did not. */
  drawnStop: string | null
}

/** One queue in depth. */
export function QueueDepthPage({ workflow, period, controls, drawnStop }: QueueDepthPageProps) {
  const { data, error, dataUpdatedAt } = useQuery(depthOptions(workflow, period))
  useRedrawn(data !== undefined && data.stoppedSince !== drawnStop, dataUpdatedAt)
  if (data === undefined) return <QueuesSkeleton />
  const {
    name,
    asOf,
    isLate,
    counts,
    oldest,
    flow,
    steps,
    stretch,
    lengths,
    lengthSteps,
    quality,
    spent,
    today,
    days,
  } = data
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <PageHeader
        className="pb-0"
        title={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            {name}
            {data.stoppedSince !== null && (
              <Badge tone="attention">
                <CirclePause aria-hidden />
                Stands still, since <Time value={data.stoppedSince} format="clock" />
              </Badge>
            )}
          </span>
        }
        hint={
          <>
            <Link href={`/jobs?workflow=${encodeURIComponent(workflow)}`} prefetch={false} className="link">
              Its jobs
            </Link>
            ,{' '}
            <Link href={`/workflows/${encodeURIComponent(workflow)}`} prefetch={false} className="link">
              how it works
            </Link>
            , and{' '}
            <Link href={`/queues/failures?workflow=${encodeURIComponent(workflow)}`} prefetch={false} className="link">
              what fails in it
            </Link>
            .
          </>
        }
        actions={<AsOf asOf={asOf} isLate={isLate} error={error} />}
      />
      {controls}
      <StandingFigures counts={counts} oldest={oldest} workflow={workflow} asOf={asOf} />
      <PeriodPicker period={period} path={`/queues/${encodeURIComponent(workflow)}`} />
      <div className="grid min-w-0 gap-4 2xl:grid-cols-2">
        <FlowPanel flow={flow} steps={steps} stretch={stretch} period={period} workflow={workflow} />
        <LengthPanel steps={lengthSteps} period={period} workflow={workflow} />
      </div>
      <LengthsTable lengths={lengths} />
      <QualityTable quality={quality} named={false} />
      <SpendingPanel spent={spent} today={today} days={days} workflow={workflow} />
    </div>
  )
}

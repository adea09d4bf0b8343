'use client'
import { X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Time } from '@/components/ui/time'
import type { Happened, JobQuery } from '@/lib/jobs/query'
import type { JobList } from '@/lib/jobs/view'
import { standingInfo } from '@/lib/queues/standing'
import type { ChangeQuery } from './use-list-query'

type StandingLineProps = {
  query: JobQuery
  /** What the list has; undefined while it is read. */
  list: JobList | undefined
  workflows: readonly { key: string; name: string }[]
  change: ChangeQuery
}

/** Which standing the list is of, how many it had when they were counted, and how many it has now. */
export function StandingLine({ query, list, workflows, change }: StandingLineProps) {
  const { standing, workflow } = query
  if (standing === null) return null
  const { label, help } = standingInfo[standing]
  const names = workflow.map((key) => workflows.find((one) => one.key === key)?.name ?? key)
  const told = list?.standing ?? null
  return (
    <Callout
      className="mt-3"
      title={`${label}${names.length > 0 ? `, of ${names.join(', ')}` : ''}`}
      actions={
        <>
          {query.asOf !== null && (
            <Button size="sm" onClick={() => change({ asOf: null })}>
              Show those of now
            </Button>
          )}
          <Button size="sm" variant="ghost" onClick={() => change({ standing: null, asOf: null })}>
            <X aria-hidden />
            Show all jobs
          </Button>
        </>
      }
    >
      <p className="text-muted">{help}</p>
      <p className="tabular-nums">
        {list === undefined || told === null ? (
          'Counting …'
        ) : told.isTooLate ? (
          <>
            Which jobs were counted then can no longer be told: it is more than an hour ago, or too much has changed
            since. These are the {many(told.now, told.nowIsExact)} of now.
          </>
        ) : told.countedAt === null ? (
          <>{many(told.now, told.nowIsExact)} now.</>
        ) : (
          <>
            {many(list.total, list.totalIsExact)} as of <Time value={told.countedAt} format="exact" />,{' '}
            {many(told.now, told.nowIsExact)} now.
            {told.left.length > 0 && (
              <> No longer among them, of this page: {told.left.map((number) => `#${number}`).join(', ')}.</>
            )}
          </>
        )}
      </p>
    </Callout>
  )
}

const happenedWords: Record<Happened, string> = {
  created: 'Asked for',
  settled: 'Settled, and not changed since,',
  sent: 'With a call sent',
}

/** Which stretch of time the list is of. */
export function StretchLine({ query, change }: { query: JobQuery; change: ChangeQuery }) {
  const { happened, from, to } = query
  if (happened === null) return null
  return (
    <p className="mt-3 flex flex-wrap items-center gap-x-2 gap-y-1">
      <span>
        {happenedWords[happened]} from <Time value={from} format="exact" /> until <Time value={to} format="exact" />
      </span>
      <Button size="sm" variant="ghost" onClick={() => change({ happened: null, from: null, to: null })}>
        <X aria-hidden />
        Any time
      </Button>
    </p>
  )
}

function many(count: number, isExact: boolean): string {
  return `${isExact ? '' : 'more than '}${count.toLocaleString('en')}`
}

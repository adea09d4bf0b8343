'use client'
import { createColumnHelper, rowSelectionFeature, tableFeatures } from '@tanstack/react-table'
import Link from 'next/link'
import { Time } from '@/components/ui/time'
import type { JobRow } from '@/lib/jobs/view'
import { isSettled } from '@/lib/lifecycle/table'
import { JobTitle } from '../job-title'
import { ProviderMark } from '../provider-mark'
import { JobStateMark } from '../state-mark'
import { DueTime } from './due-time'
import { NextAction } from './next-action'
import { RowCheckbox } from './row-checkbox'

export const features = tableFeatures({ rowSelectionFeature })
const helper = createColumnHelper<typeof features, JobRow>()

/** Sets digits in groups of three: 12,480. */
const count = new Intl.NumberFormat('en')

export const columns = helper.columns([
  helper.display({
    id: 'select',
    header: ({ table }) => (
      <RowCheckbox
        label="Select all jobs on this page"
        checked={table.getIsAllRowsSelected()}
        indeterminate={table.getIsSomeRowsSelected()}
        onChange={table.getToggleAllRowsSelectedHandler()}
      />
    ),
    cell: ({ row }) => (
      <RowCheckbox
        label={`Select job ${row.original.number}`}
        checked={row.getIsSelected()}
        onChange={row.getToggleSelectedHandler()}
      />
    ),
  }),
  helper.accessor('state', {
    header: 'State',
    cell: ({ row }) => <JobStateMark state={row.original.state} />,
  }),
  helper.accessor('title', {
    header: 'Job',
    cell: ({ row }) => <JobCell job={row.original} />,
  }),
  helper.accessor('nextAction', {
    header: 'Next required action',
    cell: ({ row }) => <NextAction job={row.original} />,
  }),
  helper.accessor('providerStatus', {
    header: 'At OpenAI',
    cell: ({ row }) => (
      <>
        <ProviderMark status={row.original.providerStatus} />
        {row.original.attemptCount > 1 && (
          <span className="block text-xs text-muted @max-4xl:ml-2 @max-4xl:inline">
            attempt {row.original.attemptCount}
          </span>
        )}
      </>
    ),
  }),
  helper.accessor('createdAt', {
    header: 'Age',
    cell: ({ row }) => <Time value={row.original.createdAt} format="age" />,
  }),
  helper.accessor('dueAt', {
    header: 'Deadline',
    cell: ({ row }) => <Deadline job={row.original} />,
  }),
  helper.accessor('tokens', {
    header: 'Tokens',
    cell: ({ row }) =>
      row.original.tokens === null ? <span className="text-faint">not known</span> : count.format(row.original.tokens),
  }),
])

/** Title first, since people know their jobs by it; the number, workflow and requester beneath. */
function JobCell({ job }: { job: JobRow }) {
  return (
    <>
      <Link
        href={`/jobs/${job.number}`}
        prefetch={false}
        dir="auto"
        data-row-link
        title={job.title}
        className="block truncate text-left font-medium outline-none @4xl:truncate"
      >
        <JobTitle title={job.title} />
      </Link>
      <span className="block truncate text-xs text-muted">
        <span className="font-mono">#{job.number}</span> · {job.workflow.name} · {job.requester?.name ?? 'a service'}
        {job.reference !== null && <> · {job.reference}</>}
      </span>
    </>
  )
}

/** When a review is due, else when the run is. A settled job has none: what is over cannot be late. */
function Deadline({ job }: { job: JobRow }) {
  if (isSettled(job.state)) return <span className="sr-only">none, it is settled</span>
  // Its clock stands still with its queue.
  if (job.nextAction.kind === 'wait_resume') return <span className="text-faint">waits</span>
  return <DueTime value={job.state === 'awaiting_review' ? job.nextAction.dueAt : job.dueAt} />
}

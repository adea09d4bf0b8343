'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { JobTitle } from '@/components/jobs/job-title'
import { JobStateMark } from '@/components/jobs/state-mark'
import { Button } from '@/components/ui/button'
import { Time } from '@/components/ui/time'
import type { RelatedJob } from '@/lib/history/related-view'
import type { JobView } from '@/lib/jobs/view'
import { relatedOptions } from '../queries'

/** Jobs that may belong to this one: under the same reference, or asked for by the same person at about the same time. */
export function RelatedJobs({ job }: { job: JobView }) {
  const { data, isError, isFetching, refetch } = useQuery(relatedOptions(job.id))
  return (
    <section aria-labelledby="related-jobs" className="mb-6 max-w-[75ch]">
      <h2 id="related-jobs" className="text-base font-semibold">
        Related jobs
      </h2>
      {isError && (
        <p role="alert" className="text-muted">
          They could not be read.{' '}
          <Button size="sm" variant="ghost" pending={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        </p>
      )}
      {data === undefined && !isError && (
        <p role="status" className="text-muted">
          Looking for them…
        </p>
      )}
      {data !== undefined && (
        <>
          <Reopened job={job} />
          {data.sameReference.items.length === 0 && data.sameRequester.items.length === 0 && (
            <p className="text-muted">
              {job.reference === null
                ? 'It has no reference, and the same person asked for nothing else around that time that you may see.'
                : 'None that you may see: no other under its reference, and none by the same person around that time.'}
            </p>
          )}
          <Group title={`Under the same reference, ${job.reference ?? ''}`} {...data.sameReference} />
          <Group
            title={`Asked for by ${job.requester?.name ?? 'the same service'} within a week`}
            {...data.sameRequester}
          />
        </>
      )}
    </section>
  )
}

/** A job is reopened itself: what it was reopened from is its own earlier end. */
function Reopened({ job }: { job: JobView }) {
  const reopenings = job.events.filter(({ command }) => command === 'reopen')
  if (reopenings.length === 0) return null
  return (
    <ul className="mt-1">
      {reopenings.map(({ seq, at, by }) => (
        <li key={seq}>
          Reopened from{' '}
          <Link href={`/jobs/${job.number}/at/${seq - 1}`} className="link">
            its own end after event {seq - 1}
          </Link>
          , by <bdi>{by.name}</bdi>, <Time value={at} format="exact" />.
        </li>
      ))}
    </ul>
  )
}

function Group({ title, items, hasMore }: { title: string; items: RelatedJob[]; hasMore: boolean }) {
  if (items.length === 0) return null
  return (
    <>
      <h3 className="mt-2 text-sm font-medium text-muted">
        <bdi>{title}</bdi>
      </h3>
      <ul className="divide-y divide-line">
        {items.map(({ number, title: name, state, workflow, createdAt }) => (
          <li key={number} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 py-1.5">
            <Link href={`/jobs/${number}`} className="min-w-0 flex-1 basis-60 wrap-anywhere hover:underline">
              <span className="text-faint">#{number}</span>{' '}
              <bdi>
                <JobTitle title={name} />
              </bdi>
            </Link>
            <span className="text-sm text-muted">{workflow}</span>
            <JobStateMark state={state} />
            <Time value={createdAt} className="text-sm text-muted" />
          </li>
        ))}
      </ul>
      {hasMore && <p className="text-sm text-muted">There are more.</p>}
    </>
  )
}

'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { RowSelectionState } from '@tanstack/react-table'
import { ArrowUp, Plus, SearchX } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { LinkButton } from '@/components/ui/link-button'
import { PageHeader } from '@/components/ui/page-header'
import type { JobList } from '@/lib/jobs/view'
import { jobListOptions, pollEvery } from '../queries'
import { arrivalWords } from './arrivals'
import { Filters } from './filters'
import { Freshness } from './freshness'
import { HeartbeatProvider } from './heartbeats'
import { TableSkeleton } from './jobs-list-skeleton'
import { JobsTable } from './jobs-table'
import { failureWords } from './refresh-words'
import { type SampleCard, SampleJobs, type StartSample } from './sample-jobs'
import { SelectionBar } from './selection-bar'
import { StandingLine, StretchLine } from './standing-line'
import { isFiltered, UNFILTERED, useListQuery } from './use-list-query'
import { useShownRows } from './use-shown-rows'

export type JobsListProps = {
  workflows: readonly { key: string; name: string }[]
  samples: readonly SampleCard[]
  startSample: StartSample
  /** May start jobs: then the list offers it. */
  mayCreate: boolean
}

const none: JobList['items'] = []
const nothingSelected: RowSelectionState = {}

/** The list of jobs: polls, changes rows in place, and moves nothing unless somebody asks. */
export function JobsList({ workflows, samples, startSample, mayCreate }: JobsListProps) {
  const { query, change } = useListQuery()
  const [selection, setSelection] = useState(nothingSelected)
  const [openMenus, setOpenMenus] = useState(0)
  const selecting = Object.keys(selection).length > 0
  const paused = selecting ? 'selection' : openMenus > 0 ? 'menu' : null

  const { data, error, isPlaceholderData } = useQuery({
    ...jobListOptions(query),
    placeholderData: keepPreviousData,
    // In a hidden tab it rests by itself, and asks as soon as it is seen again.
    refetchInterval: ({ state }) => paused === null && pollEvery(state.data?.items ?? none, Date.now()),
    refetchOnWindowFocus: paused === null,
  })
  const question = JSON.stringify(query)
  const { rows, update, ...news } = useShownRows(isPlaceholderData ? 'waiting' : question, data?.items ?? none)
  const waiting =
    paused === null && !isPlaceholderData ? arrivalWords(news, query.sort === 'newest' && query.after === null) : null
  const filtered = isFiltered(query)
  const empty = data !== undefined && !isPlaceholderData && rows.length === 0
  const untouched = empty && !filtered && query.after === null
  const selected = rows.filter((row) => selection[row.id])

  const header = (
    <PageHeader
      className="pb-3"
      title="Jobs"
      actions={
        <>
          <Freshness query={query} paused={paused} />
          {mayCreate && (
            <LinkButton href="/jobs/new" variant="primary" className="max-sm:hidden">
              <Plus aria-hidden />
              New job
            </LinkButton>
          )}
        </>
      }
    />
  )
  if (untouched && error === null) {
    return (
      <>
        {header}
        <SampleJobs samples={samples} startSample={startSample} mayCreate={mayCreate} />
      </>
    )
  }

  function ask(next: Parameters<typeof change>[0]) {
    setSelection(nothingSelected)
    change(next)
  }

  return (
    <HeartbeatProvider rows={rows} held={paused !== null}>
      {header}
      <Filters
        query={query}
        change={ask}
        workflows={workflows}
        onMenu={(open) => setOpenMenus((count) => Math.max(0, count + (open ? 1 : -1)))}
      />
      <StandingLine query={query} list={isPlaceholderData ? undefined : data} workflows={workflows} change={ask} />
      <StretchLine query={query} change={ask} />
      <div className="flex min-h-11 items-center gap-3 py-1.5 text-sm text-muted">
        <p>{data === undefined ? ' ' : totalWords(data, filtered)}</p>
        <div role="status" className="ml-auto">
          {waiting !== null && (
            <Button size="sm" onClick={update} className="border-accent text-accent-ink">
              <ArrowUp aria-hidden />
              {waiting}
            </Button>
          )}
        </div>
      </div>
      <div
        aria-busy={isPlaceholderData || data === undefined}
        className={cn(
          '@container overflow-clip rounded-md border border-line bg-surface',
          isPlaceholderData && 'opacity-70',
        )}
      >
        {data === undefined && error === null && <TableSkeleton />}
        {data === undefined && error !== null && (
          <Callout tone="danger" title={`${failureWords(error)}.`} className="m-4">
            The list is asked for again by itself. Nothing that was stored is lost.
          </Callout>
        )}
        {empty && (
          <EmptyState
            icon={SearchX}
            title={filtered ? 'No job matches these filters' : 'There are no more jobs'}
            hint={filtered ? 'Without them the list has every job that you may see.' : undefined}
            actions={
              <Button onClick={() => ask(UNFILTERED)}>{filtered ? 'Clear filters' : 'Back to the first page'}</Button>
            }
          />
        )}
        {rows.length > 0 && (
          <JobsTable
            rows={rows}
            left={news.left}
            stale={error !== null}
            selection={selection}
            onSelectionChange={setSelection}
          />
        )}
      </div>
      {rows.length > 0 && (
        <Pages
          first={query.after === null}
          next={data?.nextCursor ?? null}
          onFirst={() => ask({ after: null })}
          onNext={(after) => ask({ after })}
        />
      )}
      <SelectionBar jobs={selected} onClear={() => setSelection(nothingSelected)} />
    </HeartbeatProvider>
  )
}

const count = new Intl.NumberFormat('en')

function totalWords({ total, totalIsExact }: JobList, filtered: boolean): string {
  if (total === 1 && totalIsExact) return filtered ? '1 job matches' : '1 job'
  return `${totalIsExact ? '' : 'More than '}${count.format(total)} jobs${filtered ? ' match' : ''}`
}

type PagesProps = { first: boolean; next: string | null; onFirst: () => void; onNext: (cursor: string) => void }

/** Pages follow keys, not numbers: what is on the next one does not shift when a job arrives. */
function Pages({ first, next, onFirst, onNext }: PagesProps) {
  if (first && next === null) return null
  return (
    <nav aria-label="Pages" className="flex justify-end gap-2 pt-3">
      {!first && <Button onClick={onFirst}>Back to the first page</Button>}
      <Button disabled={next === null} onClick={() => next !== null && onNext(next)}>
        Next page
      </Button>
    </nav>
  )
}

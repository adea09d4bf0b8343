'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ArrowDownUp, SearchX } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import type { SearchResult } from '@/lib/search/view'
import type { SavedView } from '@/lib/views/view'
import { failureWords } from '../jobs/list/refresh-words'
import { settle } from './box-state'
import { FilterHelp } from './filter-help'
import { searchOptions } from './queries'
import { ResultList } from './result-list'
import { ResultSkeleton } from './result-skeleton'
import { SaveView } from './save-view'
import { SearchBox } from './search-box'
import { useSearch } from './use-search'
import type { ViewActions } from './view-actions'
import { ViewList } from './view-list'
import { totalWords } from './words'

export type SearchPageProps = { views: readonly SavedView[]; actions: ViewActions }

/** Finds any job: by what names it, by its words, by filters. Without a search, what was kept under a name. */
export function SearchPage({ views, actions }: SearchPageProps) {
  const { query, view, box, setBox, submit, setSort, goTo, setView } = useSearch()
  const isEmpty = query.q === ''
  const { data, error, isPlaceholderData } = useQuery({
    ...searchOptions(query),
    enabled: !isEmpty,
    placeholderData: keepPreviousData,
  })
  const opened = views.find(({ id }) => id === view) ?? null
  const problems = isEmpty ? [] : (data?.problems ?? [])
  return (
    <>
      <PageHeader
        className="pb-3"
        title={opened === null ? 'Search' : opened.name}
        hint={opened === null ? undefined : openedWords(opened)}
        actions={
          !isEmpty && (
            <SaveView key={opened?.id ?? 'new'} query={query} opened={opened} actions={actions} onSaved={setView} />
          )
        }
      />
      <div className="flex flex-wrap items-start gap-2">
        <SearchBox
          state={box}
          onChange={setBox}
          onSubmit={(next) => void submit(next)}
          invalid={problems.length > 0}
          describedBy={problems.length > 0 ? 'search-problems' : undefined}
        />
        <Button size="lg" onClick={() => setSort(query.sort === 'newest' ? 'oldest' : 'newest')}>
          <ArrowDownUp aria-hidden />
          <span className="sr-only">Order: </span>
          {query.sort === 'newest' ? 'Newest first' : 'Oldest first'}
        </Button>
      </div>
      {problems.length > 0 && (
        <ul id="search-problems" role="status" className="pt-1.5 text-sm text-danger-ink">
          {problems.map(({ start, message }) => (
            <li key={`${start} ${message}`}>{message}</li>
          ))}
        </ul>
      )}
      {isEmpty ? (
        <div className="grid items-start gap-8 pt-6 lg:grid-cols-2">
          <ViewList views={views} actions={actions} />
          <FilterHelp onTake={(text) => setBox(settle({ ...box, draft: `${box.draft} ${text}`.trimStart() }))} />
        </div>
      ) : (
        <>
          <p role="status" className="flex min-h-11 items-center text-sm text-muted">
            {data === undefined ? ' ' : totalWords(data)}
          </p>
          {error !== null && (
            <Callout tone="danger" role="alert" title={`${failureWords(error)}.`} className="mb-3">
              {data === undefined ? 'Try the search again.' : 'What is shown may be old. Try the search again.'}
            </Callout>
          )}
          {data === undefined && error === null && <ResultSkeleton />}
          {data !== undefined && (
            <div aria-busy={isPlaceholderData} className={cn('flex flex-col gap-3', isPlaceholderData && 'opacity-70')}>
              <Results data={data} isFirst={query.after === null} onGo={goTo} />
            </div>
          )}
        </>
      )}
    </>
  )
}

function openedWords({ shared, owner, problem }: SavedView): string {
  const whose = shared ? `A view that ${owner.name} shares` : 'A view of yours'
  return problem === null ? whose : `${whose}. ${problem}`
}

type ResultsProps = { data: SearchResult; isFirst: boolean; onGo: (after: number | null) => void }

function Results({ data, isFirst, onGo }: ResultsProps) {
  const { exact, items, nextCursor, reached } = data
  if (exact.length + items.length === 0 && reached === null) {
    return (
      <div className="rounded-md border border-line bg-surface">
        <EmptyState
          icon={SearchX}
          title={isFirst ? 'Nothing was found' : 'There is no more'}
          hint={
            isFirst
              ? 'Every word must stand somewhere in the job. Try fewer words, or their beginnings; what was written in the last second or two may not be found yet.'
              : undefined
          }
          actions={!isFirst && <Button onClick={() => onGo(null)}>Back to the first page</Button>}
        />
      </div>
    )
  }
  return (
    <>
      {exact.length > 0 && (
        <section aria-label="Exactly this">
          <h2 className="pb-1.5 text-sm font-medium text-muted">Exactly this</h2>
          <ResultList items={exact} label="Jobs with exactly this number, id or reference" />
        </section>
      )}
      {items.length > 0 && (
        <section aria-label="Results">
          {exact.length > 0 && <h2 className="pb-1.5 text-sm font-medium text-muted">Also found</h2>}
          <ResultList items={items} label="Jobs that match" />
        </section>
      )}
      {reached !== null && (
        <Callout
          tone="neutral"
          title={items.length === 0 ? 'Nothing so far' : 'There may be more'}
          actions={
            <Button onClick={() => onGo(reached)}>
              {items.length === 0 ? 'Look further' : 'Look further from here'}
            </Button>
          }
        >
          These words are in many jobs, so the search stopped at #{reached} rather than make you wait. Another word or a
          filter finds it sooner.
        </Callout>
      )}
      {(!isFirst || (nextCursor !== null && reached === null)) && (
        <nav aria-label="Pages" className="flex justify-end gap-2">
          {!isFirst && <Button onClick={() => onGo(null)}>Back to the first page</Button>}
          {reached === null && (
            <Button disabled={nextCursor === null} onClick={() => nextCursor !== null && onGo(Number(nextCursor))}>
              Next page
            </Button>
          )}
        </nav>
      )}
    </>
  )
}

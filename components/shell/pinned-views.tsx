'use client'
import { useQuery } from '@tanstack/react-query'
import { Bookmark, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { usePathname, useSearchParams } from 'next/navigation'
import { pinnedOptions, pinnedPolling } from '@/components/search/queries'
import { viewHref } from '@/components/search/view-href'
import { countWords } from '@/components/search/words'
import { cn } from '@/components/ui/cn'
import type { PinnedView } from '@/lib/views/view'

/** What this person has pinned, and which of it is open. Read from what the shell keeps; nothing is asked for. */
export function usePinned(): { items: readonly PinnedView[]; open: PinnedView | undefined } {
  const { data } = useQuery({ ...pinnedOptions, enabled: false })
  const isSearch = usePathname() === '/search'
  const id = useSearchParams().get('view')
  const items = data?.items ?? []
  return { items, open: isSearch ? items.find((view) => view.id === id) : undefined }
}

/** The views that this person has pinned, each with how many jobs it has. Nothing while there are none. */
export function PinnedViews({ rowClass, wordClass }: { rowClass: string; wordClass: string }) {
  const { items, open } = usePinned()
  if (items.length === 0) return null
  return (
    <div>
      <h2 className="mb-1 px-2 text-xs font-medium text-faint max-xl:sr-only group-data-folded/bar:sr-only">Views</h2>
      <ul className="flex flex-col gap-0.5">
        {items.map((view) => {
          const here = open === view
          return (
            <li key={view.id}>
              <Link
                href={viewHref(view)}
                prefetch={false}
                title={view.problem === null ? view.name : `${view.name}. ${view.problem}`}
                aria-current={here ? 'page' : undefined}
                className={cn(
                  rowClass,
                  'max-xl:justify-center group-data-folded/bar:justify-center',
                  here ? 'bg-hover font-medium text-ink' : 'text-muted hover:bg-hover hover:text-ink',
                )}
              >
                {view.problem === null ? (
                  <Bookmark aria-hidden />
                ) : (
                  <TriangleAlert aria-hidden className="text-attention-ink" />
                )}
                <span className={cn(wordClass, 'flex-1')}>{view.name}</span>
                <Count view={view} className={wordClass} />
              </Link>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Count({ view: { count, countIsExact, problem }, className }: { view: PinnedView; className: string }) {
  if (problem !== null) return <span className="sr-only">: {problem}</span>
  if (count === null) return <span className="sr-only">: not counted, that would take too long</span>
  const words = countWords({ count, isExact: countIsExact })
  return (
    <span className={cn('shrink-0 text-xs tabular-nums', className)}>
      <span aria-hidden>{words}</span>
      <span className="sr-only">
        ({words} {count === 1 ? 'job' : 'jobs'})
      </span>
    </span>
  )
}

/** Keeps counting what is pinned. Once in the shell. */
export function PinnedNews() {
  useQuery(pinnedPolling)
  return null
}

'use client'
import { useQuery } from '@tanstack/react-query'
import { RotateCw, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { useClock } from '@/components/ui/clock'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { timeOfDay } from '@/components/ui/relative-time'
import type { JobQuery } from '@/lib/jobs/query'
import { ApiError } from '../conditional-fetch'
import { jobListOptions } from '../queries'
import { failureWords, freshWords, type RefreshState } from './refresh-words'

/**
 * How old the list is, and since when it could not be refreshed. By itself, because it changes every second and the
 * table must not. Its line is always there, so that bad news moves nothing.
 */
export function Freshness({ query, paused }: { query: JobQuery; paused: RefreshState['paused'] }) {
  const { dataUpdatedAt, error, refetch, isFetching } = useQuery({ ...jobListOptions(query), enabled: false })
  const words = useClock((now) => freshWords({ readAt: dataUpdatedAt, error, paused }, now))
  const since = useClock((_now, local) =>
    dataUpdatedAt === 0 ? '' : timeOfDay(dataUpdatedAt, local ? undefined : 'UTC'),
  )
  const failure = failureWords(error)
  return (
    <div className="flex min-h-8 items-center gap-1 text-sm">
      <p className={cn('flex items-center gap-1.5 tabular-nums', failure === null ? 'text-muted' : 'text-danger-ink')}>
        {failure !== null && <TriangleAlert aria-hidden className="size-3.5 shrink-0" />}
        {/* Only the failure is read out: a clock that speaks every second would be unbearable. */}
        <span role="status">
          {failure !== null && (
            <>
              <span className="max-sm:sr-only">{failure}. </span>
              {since === '' ? 'Not read yet. ' : `Not refreshed since ${since}. `}
              {error instanceof ApiError && error.status === 401 ? (
                <Link href="/sign-in" className="link">
                  Sign in again
                </Link>
              ) : (
                <span className="max-sm:sr-only">{paused === null && 'Trying again.'}</span>
              )}
            </>
          )}
        </span>
        {failure === null && <span>{words}</span>}
      </p>
      <IconButton label="Check now" size="sm" onClick={() => void refetch()} aria-busy={isFetching || undefined}>
        <RotateCw aria-hidden className="size-3.5!" />
      </IconButton>
    </div>
  )
}

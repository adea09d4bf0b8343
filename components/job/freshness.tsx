'use client'
import { useQuery } from '@tanstack/react-query'
import { RotateCw, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { ApiError } from '@/components/jobs/conditional-fetch'
import { failureWords, freshWords } from '@/components/jobs/list/refresh-words'
import { useClock } from '@/components/ui/clock'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { exact } from '@/components/ui/relative-time'
import { jobOptions } from './queries'

/** How old the page is, and since when it could not be refreshed. Its line is always there: bad news moves nothing. */
export function Freshness({ id }: { id: string }) {
  const { dataUpdatedAt, error, refetch, isFetching } = useQuery({ ...jobOptions(id), enabled: false })
  const words = useClock((now) => freshWords({ readAt: dataUpdatedAt, error, paused: null }, now))
  const since = useClock((_now, local) => (dataUpdatedAt === 0 ? '' : exact(dataUpdatedAt, local ? undefined : 'UTC')))
  const failure = failureWords(error)
  const signedOut = error instanceof ApiError && error.status === 401
  return (
    <div className="flex min-h-7 items-center gap-1 text-sm">
      <p className={cn('flex items-center gap-1.5', failure === null ? 'text-muted' : 'text-danger-ink')}>
        {failure !== null && <TriangleAlert aria-hidden className="size-3.5 shrink-0" />}
        {/* Only the failure is read out: a clock that speaks every second would be unbearable. */}
        <span role="status">
          {failure !== null && `${failure}. ${since === '' ? '' : `Not refreshed since ${since}. `}`}
          {failure !== null && !signedOut && 'Trying again.'}
          {signedOut && (
            <Link href="/sign-in" className="link">
              Sign in again
            </Link>
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

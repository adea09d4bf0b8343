'use client'
import { RotateCw, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { ApiError } from '@/components/jobs/conditional-fetch'
import { failureWords, freshWords, type RefreshState } from '@/components/jobs/list/refresh-words'
import { useClock } from '@/components/ui/clock'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { timeOfDay } from '@/components/ui/relative-time'

export type FreshnessProps = RefreshState & { onCheck: () => Promise<unknown> }

/** How old the inbox is, and since when it could not be refreshed. Its line is always there. */
export function Freshness({ readAt, error, paused, onCheck }: FreshnessProps) {
  // Of a check that was asked for: that it checks by itself all the time is no news.
  const [isChecking, setIsChecking] = useState(false)
  const words = useClock((now) => freshWords({ readAt, error, paused }, now))
  const since = useClock((_now, local) => (readAt === 0 ? '' : timeOfDay(readAt, local ? undefined : 'UTC')))
  const failure = failureWords(error)

  async function check() {
    setIsChecking(true)
    await onCheck()
    setIsChecking(false)
  }

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
              {error instanceof ApiError && error.status === 401 && (
                <Link href="/sign-in" className="link">
                  Sign in again
                </Link>
              )}
            </>
          )}
        </span>
        {failure === null && <span>{words}</span>}
      </p>
      <IconButton label="Check now" size="sm" onClick={() => void check()} aria-busy={isChecking || undefined}>
        <RotateCw aria-hidden className="size-3.5!" />
      </IconButton>
    </div>
  )
}

'use client'
import { TriangleAlert } from 'lucide-react'
import { failureWords } from '@/components/jobs/list/refresh-words'
import { timeOfDay } from '@/components/ui/relative-time'
import { useZone } from './use-zone'

type AsOfProps = { asOf: string; isLate: boolean; error: Error | null }

/** As of when the figures stand, and since when they could not be counted or read. Its line is always there. */
export function AsOf({ asOf, isLate, error }: AsOfProps) {
  const at = timeOfDay(Date.parse(asOf), useZone())
  const failure = failureWords(error)
  return (
    <p className="flex min-h-8 items-center gap-1.5 text-sm tabular-nums">
      <span
        role="status"
        className={failure !== null || isLate ? 'flex items-center gap-1.5 text-danger-ink' : 'sr-only'}
      >
        {failure !== null && (
          <>
            <TriangleAlert aria-hidden className="size-3.5 shrink-0" /> {failure}. Trying again.
          </>
        )}
        {failure === null && isLate && (
          <>
            <TriangleAlert aria-hidden className="size-3.5 shrink-0" /> No worker counts at present.
          </>
        )}
      </span>
      <span className="text-muted">
        as of <time dateTime={asOf}>{at}</time>
      </span>
    </p>
  )
}

'use client'
import { useMemo } from 'react'
import { useClock } from './clock'
import { clock, exact, relative, span } from './relative-time'

export type TimeProps = {
  /** ISO 8601, or null where it is not known. */
  value: string | null
  /** `relative` "4 s ago"; `age` "12 min"; `clock` "16:00"; `exact` to the second. */
  format?: 'relative' | 'age' | 'clock' | 'exact'
  /** What is said where it is not known. */
  unknown?: string
  className?: string
}

/** A moment in a few words, with the exact one on hover. Says the same on the server and in the browser's first drawing. */
export function Time({ value, format = 'relative', unknown = 'not known', className }: TimeProps) {
  const at = value === null ? Number.NaN : Date.parse(value)
  const known = !Number.isNaN(at)
  const words = useClock((now, local) => {
    if (!known) return unknown
    const zone = local ? undefined : 'UTC'
    if (format === 'age') return span(Math.max(0, now - at))
    if (format === 'clock') return clock(at, now, zone)
    if (format === 'exact') return exact(at, zone)
    return relative(at, now, zone)
  })
  // It stays as it is: not told again every second.
  const titles = useMemo(
    () => (Number.isNaN(at) ? { local: '', utc: '' } : { local: exact(at), utc: exact(at, 'UTC') }),
    [at],
  )
  const title = useClock((_now, local) => (local ? titles.local : titles.utc))
  if (!known || value === null) return <span className={className}>{unknown}</span>
  return (
    <time dateTime={value} title={title} className={className}>
      {words}
    </time>
  )
}

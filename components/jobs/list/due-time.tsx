'use client'
import { useClock } from '@/components/ui/clock'
import { cn } from '@/components/ui/cn'
import { clock, exact, span } from '@/components/ui/relative-time'

export type DueTimeProps = {
  /** ISO 8601, or null where there is no deadline. */
  value: string | null
  className?: string
}

/** A deadline. Whether it is overdue is worked out here, when it is read: nothing stored says so. */
export function DueTime({ value, className }: DueTimeProps) {
  const at = value === null ? Number.NaN : Date.parse(value)
  const known = !Number.isNaN(at)
  const words = useClock((now, local) => (known ? clock(at, now, local ? undefined : 'UTC') : ''))
  const title = useClock((_now, local) => (known ? exact(at, local ? undefined : 'UTC') : ''))
  const overdue = useClock((now) => (known && now > at ? span(now - at) : ''))
  if (!known || value === null) return <span className={cn('text-faint', className)}>none</span>
  return (
    <time dateTime={value} title={title} className={cn(overdue !== '' && 'font-medium text-danger-ink', className)}>
      {words}
      {overdue !== '' && <span className="block text-xs">{overdue} overdue</span>}
    </time>
  )
}

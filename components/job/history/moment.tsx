'use client'
import { useClock } from '@/components/ui/clock'
import { exact } from '@/components/ui/relative-time'
import { dayOf, secondOf } from './moment-words'

/** A time of day to the second, the whole moment on hover. */
export function Moment({ at, className }: { at: string; className?: string }) {
  const words = useClock((_now, local) => secondOf(Date.parse(at), local ? undefined : 'UTC'))
  const title = useClock((_now, local) => exact(Date.parse(at), local ? undefined : 'UTC'))
  return (
    <time dateTime={at} title={title} className={className}>
      {words}
    </time>
  )
}

/** The day of an entry, where it is another one than that of the entry before; else nothing. */
export function DayBreak({ at, before }: { at: string; before: string | null }) {
  const words = useClock((_now, local) => {
    const zone = local ? undefined : 'UTC'
    const day = dayOf(Date.parse(at), zone)
    return before !== null && dayOf(Date.parse(before), zone) === day ? '' : day
  })
  if (words === '') return null
  return <p className="py-2 text-sm font-medium text-muted md:text-center">{words}</p>
}

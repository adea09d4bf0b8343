'use client'
import { useClock } from '@/components/ui/clock'
import { exact, span } from '@/components/ui/relative-time'

/** What is left until a moment, in words that count down. `over`: what is said afterwards. */
export function Countdown({ until, over }: { until: string; over: string }) {
  const at = Date.parse(until)
  const words = useClock((now) => (at > now ? span(Math.max(1_000, at - now)) : over))
  const title = useClock((_now, local) => exact(at, local ? undefined : 'UTC'))
  return (
    <time dateTime={until} title={title}>
      {words}
    </time>
  )
}

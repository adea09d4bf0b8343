'use client'
import { useQuery } from '@tanstack/react-query'
import { cn } from '@/components/ui/cn'
import { alertNewsOptions } from './queries'

/** How many alerts are open, for leads: strong while nobody has acknowledged one. Nothing while there are none. */
export function AlertCount({ className }: { className: string }) {
  const { data } = useQuery(alertNewsOptions())
  if (data === undefined || data.open === 0) return null
  const { open, unacknowledged } = data
  const isLoud = unacknowledged > 0
  return (
    <span
      className={cn(
        'rounded-full px-1.5 text-xs font-semibold tabular-nums',
        isLoud ? 'bg-attention-soft text-attention-ink' : 'bg-sunken text-muted',
        className,
      )}
    >
      {isLoud ? unacknowledged : open}
      <span className="sr-only">
        {open === 1 ? ' open alert' : ' open alerts'}
        {!isLoud && ', acknowledged'}
      </span>
    </span>
  )
}

'use client'
import { useQuery } from '@tanstack/react-query'
import { countOptions, countPolling } from '@/components/review/inbox/queries'
import { cn } from '@/components/ui/cn'

const number = new Intl.NumberFormat('en')
/** Wider than this the bar has no room. */
const MOST = 999

/** How much waits for this person: what is theirs, and what is anyone's. Nothing while nothing does, or nobody knows. */
export function ReviewCount({ className }: { className: string }) {
  const { data } = useQuery(countOptions)
  const waiting = data === undefined ? 0 : data.counts.mine + data.counts.anyone
  if (waiting === 0) return null
  return (
    <span
      className={cn(
        'rounded-full bg-attention-soft px-1.5 text-xs font-semibold text-attention-ink tabular-nums',
        className,
      )}
    >
      {waiting > MOST ? `${number.format(MOST)}+` : number.format(waiting)}
      <span className="sr-only"> waiting</span>
    </span>
  )
}

/** Keeps asking how much waits. Once in the shell of whoever reviews. */
export function ReviewCountNews() {
  useQuery(countPolling)
  return null
}

'use client'
import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { type HeartbeatWords, heartbeatWords } from '@/components/jobs/list/heartbeat-words'
import { heartbeatOptions } from '@/components/jobs/queries'
import { useClock } from '@/components/ui/clock'
import { cn } from '@/components/ui/cn'

/** Somebody is watching this one job: often enough that "checked 8 s ago" is news. */
const EVERY_MS = 3_000

type Told = Pick<HeartbeatWords, 'verdict' | 'tone' | 'text'> & { isStuck: boolean }

const tones = { faint: 'text-muted', attention: 'text-attention-ink', danger: 'text-danger-ink' }

/** How the watch over a running job goes. Holds its line while nothing is known yet. */
export function HeartbeatLine({ jobId }: { jobId: string }) {
  const ids = useMemo(() => [jobId], [jobId])
  const { data, dataUpdatedAt } = useQuery({ ...heartbeatOptions(ids), refetchInterval: EVERY_MS })
  const told = useClock((now) => {
    const heartbeat = data?.items.find((item) => item.jobId === jobId)
    if (data === undefined || heartbeat === undefined) return ''
    // By the server's clock, carried on by ours since the answer came.
    const serverNow = Date.parse(data.now) + Math.max(0, now - dataUpdatedAt)
    const { verdict, tone, text } = heartbeatWords(heartbeat, data.workersAlive, serverNow)
    return JSON.stringify({ verdict, tone, text, isStuck: heartbeat.verdict === 'stuck' })
  })
  if (told === '') return <p className="mt-1 min-h-5" />
  const { verdict, tone, text, isStuck } = JSON.parse(told) as Told
  return (
    <p className="mt-1 min-h-5 text-muted first-letter:uppercase">
      {/* The verdict is read out when it changes; the seconds are not. */}
      <span role="status">
        {verdict !== null && (
          <span className={cn('mr-1.5 inline-flex items-center gap-1 font-medium', tones[tone])}>
            <TriangleAlert aria-hidden className="size-3.5" />
            {verdict}:
          </span>
        )}
      </span>
      <span>{text}</span>
      {isStuck && '. If nothing changes soon, the call is cancelled, and what became of it is looked up.'}
    </p>
  )
}

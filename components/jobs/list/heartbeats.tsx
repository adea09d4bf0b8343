'use client'
import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useClock } from '@/components/ui/clock'
import { cn } from '@/components/ui/cn'
import type { Heartbeats, JobRow } from '@/lib/jobs/view'
import { heartbeatOptions } from '../queries'
import { heartbeatWords } from './heartbeat-words'

/** A running job on the screen is looked at often; one request covers all of them. */
const EVERY_MS = 5_000
/** As many as one request may name. */
const MOST = 100

const Watched = createContext<readonly string[]>([])

/** Watches the running ones of `rows`, for the `HeartbeatLine`s inside. `held`: while nothing may move. */
export function HeartbeatProvider({
  rows,
  held,
  children,
}: {
  rows: readonly JobRow[]
  held: boolean
  children: ReactNode
}) {
  const running = rows
    .filter((row) => row.state === 'running')
    .slice(0, MOST)
    .map((row) => row.id)
    .sort()
    .join(',')
  const ids = useMemo(() => (running === '' ? [] : running.split(',')), [running])
  // The one that polls; the lines only read, each its own part.
  useQuery({ ...heartbeatOptions(ids), refetchInterval: held ? false : EVERY_MS, notifyOnChangeProps: [] })
  return <Watched value={ids}>{children}</Watched>
}

const tones = { faint: 'text-muted', attention: 'text-attention-ink', danger: 'text-danger-ink' }

/** How the watch over one running job goes. Holds its line while nothing is known yet. */
export function HeartbeatLine({ jobId, className }: { jobId: string; className?: string }) {
  const ids = useContext(Watched)
  const { data, dataUpdatedAt } = useQuery({
    ...heartbeatOptions(ids),
    select: (all: Heartbeats) => {
      const heartbeat = all.items.find((item) => item.jobId === jobId)
      return heartbeat === undefined ? null : { heartbeat, now: Date.parse(all.now), workersAlive: all.workersAlive }
    },
    placeholderData: (before) => before,
  })
  const words = useClock((now) => {
    if (!data) return ''
    // By the server's clock, carried on by ours since the answer came.
    return JSON.stringify(
      heartbeatWords(data.heartbeat, data.workersAlive, data.now + Math.max(0, now - dataUpdatedAt)),
    )
  })
  if (words === '') return <span className={cn('block h-4', className)} />
  const { verdict, tone, text } = JSON.parse(words) as ReturnType<typeof heartbeatWords>
  return (
    <span title={verdict === null ? text : `${verdict}: ${text}`} className={cn('block text-xs text-muted', className)}>
      {verdict !== null && (
        <span className={cn('mr-1 inline-flex items-center gap-1 font-medium', tones[tone])}>
          <TriangleAlert aria-hidden className="size-3" />
          {verdict}:
        </span>
      )}
      {text}
    </span>
  )
}

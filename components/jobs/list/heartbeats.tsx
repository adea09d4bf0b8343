'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useClock } from '@/components/ui/clock'
import { cn } from '@/components/ui/cn'
import type { Heartbeats, JobRow } from '@/lib/jobs/view'
import { heartbeatOptions } from '../queries'
import { type HeartbeatWords, heartbeatWords } from './heartbeat-words'

/** A running job on the screen is looked at often; one request covers all of them. */
const EVERY_MS = 5_000
/** As many as one request may name. */
const MOST = 100

const Watched = createContext<readonly string[]>([])

/** Watches the running ones of `rows`, for the `HeartbeatLines` inside. `held`: while nothing may move. */
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

/**
 * How the watch over one running job goes, in two lines: what is the matter, or how long these usually take, or else
 * `otherwise`; and when we looked. The second line keeps its place while nothing is known yet.
 */
export function HeartbeatLines({ jobId, otherwise }: { jobId: string; otherwise: string }) {
  const words = useHeartbeatWords(jobId)
  const verdict = words?.verdict ?? null
  return (
    <>
      {words !== null && verdict !== null ? (
        <span className={cn('flex items-center gap-1 font-medium', tones[words.tone])}>
          <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
          <span className="min-w-0 @4xl:truncate">
            {verdict}
            {words.usually !== null && `: ${words.usually}`}
          </span>
        </span>
      ) : (
        <span className="block text-muted @4xl:truncate">{words?.usually ?? otherwise}</span>
      )}
      <span title={words?.text} className="block min-h-4 text-xs text-muted tabular-nums @4xl:truncate">
        {words?.looks}
      </span>
    </>
  )
}

function useHeartbeatWords(jobId: string): HeartbeatWords | null {
  const ids = useContext(Watched)
  const { data, dataUpdatedAt } = useQuery({
    ...heartbeatOptions(ids),
    select: (all: Heartbeats) => {
      const heartbeat = all.items.find((item) => item.jobId === jobId)
      return heartbeat === undefined ? null : { heartbeat, now: Date.parse(all.now), workersAlive: all.workersAlive }
    },
    placeholderData: keepPreviousData,
  })
  const words = useClock((now) => {
    if (!data) return ''
    // By the server's clock, carried on by ours since the answer came.
    const serverNow = data.now + Math.max(0, now - dataUpdatedAt)
    return JSON.stringify(heartbeatWords(data.heartbeat, data.workersAlive, serverNow))
  })
  return words === '' ? null : (JSON.parse(words) as HeartbeatWords)
}

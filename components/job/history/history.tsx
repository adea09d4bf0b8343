'use client'
import { type ReactNode, useMemo } from 'react'
import { cn } from '@/components/ui/cn'
import { Time } from '@/components/ui/time'
import type { JobView } from '@/lib/jobs/view'
import { EventEntry } from './event-entry'
import { type Entry, historyOf } from './lanes'
import { ProviderEntry } from './provider-entry'

/** So many observations come with a job; older ones stay stored. */
const SHOWN = 200

/** What OpenAI did and when we saw it, beside what we did, on one axis of time. */
export function History({ job }: { job: JobView }) {
  const entries = useMemo(() => historyOf(job), [job])
  return (
    <section aria-label="History" className="max-w-5xl">
      <p className="max-w-[75ch] text-muted">
        Left, what OpenAI did and each look that we took; right, what people and Holdpoint did. The right side is a
        chain: each line carries the hash of all before it.
        {job.observations.length >= SHOWN && ` Of the looks, only the newest ${SHOWN} are shown.`}
      </p>
      <div
        aria-hidden
        className="mt-4 hidden grid-cols-[minmax(0,1fr)_7.5rem_minmax(0,1fr)] text-sm font-medium text-muted md:grid"
      >
        <span className="text-right">OpenAI</span>
        <span />
        <span>Holdpoint</span>
      </div>
      <ol className="mt-2 flex flex-col">
        {entries.map((entry) => (
          <Row key={entry.key} entry={entry}>
            {entry.kind === 'event' ? <EventEntry event={entry.event} /> : <ProviderEntry entry={entry} />}
          </Row>
        ))}
      </ol>
    </section>
  )
}

function Row({ entry, children }: { entry: Entry; children: ReactNode }) {
  const ours = entry.lane === 'ours'
  const loud = entry.kind === 'event' && entry.event.from !== entry.event.to
  return (
    <li
      className={cn(
        'grid grid-cols-[1rem_minmax(0,1fr)] gap-x-3 md:grid-cols-[minmax(0,1fr)_7.5rem_minmax(0,1fr)] md:gap-x-0',
        '[grid-template-areas:"axis_meta"_"axis_what"] md:[grid-template-areas:"left_axis_right"]',
      )}
    >
      <div className="relative flex justify-center [grid-area:axis]">
        <span aria-hidden className="absolute inset-y-0 w-px bg-line" />
        <span
          aria-hidden
          className={cn(
            'relative mt-2 size-2 shrink-0 rounded-full ring-4 ring-canvas md:absolute md:mt-0 md:hidden',
            loud ? 'bg-ink' : ours ? 'bg-line-strong' : 'border border-line-strong bg-canvas',
          )}
        />
        <Time
          value={entry.at}
          format="exact"
          className="relative z-10 hidden h-fit bg-canvas py-2 text-center text-xs text-faint md:block"
        />
      </div>
      <p className="pt-1 text-xs text-faint [grid-area:meta] md:hidden">
        {ours ? 'Holdpoint' : 'OpenAI'} · <Time value={entry.at} format="exact" />
      </p>
      <div
        className={cn(
          'min-w-0 pb-3 [grid-area:what] md:py-1.5',
          ours ? 'md:pl-1 md:[grid-area:right]' : 'md:pr-1 md:text-right md:[grid-area:left]',
        )}
      >
        <span className="sr-only">{ours ? 'Holdpoint: ' : 'OpenAI: '}</span>
        {children}
      </div>
    </li>
  )
}

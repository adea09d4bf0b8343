'use client'
import { type ReactNode, useMemo } from 'react'
import { cn } from '@/components/ui/cn'
import type { JobView } from '@/lib/jobs/view'
import { EventEntry } from './event-entry'
import { type Entry, historyOf } from './lanes'
import { DayBreak, Moment } from './moment'
import { ProviderEntry } from './provider-entry'

/** So many observations come with a job; older ones stay stored. */
const SHOWN = 200

/** What OpenAI did and when we saw it, beside what we did, on one axis of time. */
export function History({ job, children }: { job: JobView; children?: ReactNode }) {
  const entries = useMemo(() => historyOf(job), [job])
  return (
    <section aria-label="History" className="max-w-5xl">
      {children}
      <p className="max-w-[75ch] text-muted">
        Beside each other: what OpenAI did, with each look that we took and each webhook that came, and what people and
        Holdpoint did. The latter is a chain: each line carries the hash of all before it, and leads to the job as it
        stood then.
        {job.observations.length >= SHOWN && ` Of looks and webhooks, only the newest ${SHOWN} are shown.`}
      </p>
      <div
        aria-hidden
        className="mt-4 hidden grid-cols-[minmax(0,1fr)_5.5rem_minmax(0,1fr)] text-sm font-medium text-muted md:grid md:gap-x-4"
      >
        <span className="text-right">OpenAI</span>
        <span />
        <span>Holdpoint</span>
      </div>
      <ol className="mt-2 flex flex-col">
        {entries.map((entry, index) => (
          <Row key={entry.key} entry={entry} before={entries[index - 1]?.at ?? null}>
            {entry.kind === 'event' ? (
              <EventEntry event={entry.event} number={job.number} />
            ) : (
              <ProviderEntry entry={entry} />
            )}
          </Row>
        ))}
      </ol>
    </section>
  )
}

type RowProps = { entry: Entry; before: string | null; children: ReactNode }

function Row({ entry, before, children }: RowProps) {
  const ours = entry.lane === 'ours'
  const loud = entry.kind === 'event' && entry.event.from !== entry.event.to
  return (
    <li>
      <DayBreak at={entry.at} before={before} />
      <div
        className={cn(
          'grid grid-cols-[1rem_minmax(0,1fr)] gap-x-3 md:grid-cols-[minmax(0,1fr)_5.5rem_minmax(0,1fr)] md:gap-x-4',
          '[grid-template-areas:"axis_meta"_"axis_what"] md:[grid-template-areas:"left_axis_right"]',
        )}
      >
        <div className="relative flex justify-center [grid-area:axis]">
          <span aria-hidden className="absolute inset-y-0 w-px bg-line" />
          <span
            aria-hidden
            className={cn(
              'relative mt-2 size-2 shrink-0 rounded-full ring-4 ring-canvas md:hidden',
              loud ? 'bg-ink' : ours ? 'bg-line-strong' : 'border border-line-strong bg-canvas',
            )}
          />
          <Moment
            at={entry.at}
            className={cn(
              'relative mt-1.5 hidden h-5 bg-canvas text-center text-xs/5 md:block',
              loud ? 'text-ink' : 'text-faint',
            )}
          />
        </div>
        <p className="pt-1 text-xs text-faint [grid-area:meta] md:hidden">
          {ours ? 'Holdpoint' : 'OpenAI'} · <Moment at={entry.at} />
        </p>
        <div
          className={cn(
            'min-w-0 pb-3 [grid-area:what] md:py-1.5',
            ours ? 'md:[grid-area:right]' : 'md:text-right md:[grid-area:left]',
          )}
        >
          <span className="sr-only">{ours ? 'Holdpoint: ' : 'OpenAI: '}</span>
          {children}
        </div>
      </div>
    </li>
  )
}

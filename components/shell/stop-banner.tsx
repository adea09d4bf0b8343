'use client'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { OctagonPause } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import type { ResumeSending } from '@/components/money/outcome'
import { ResumeButton, ResumeQuestion } from '@/components/money/resume-dialog'
import { Time } from '@/components/ui/time'
import type { ShownStop } from '@/lib/money/view'

/** Nobody waits long to hear of a stop, and the answer costs one small query. */
const ASK_EVERY_MS = 10_000

export const stopsOptions = queryOptions({
  queryKey: ['queue-stops'],
  queryFn: async ({ signal }): Promise<ShownStop[]> => {
    const answer = await fetch('/settings/money/stops', { signal })
    if (!answer.ok) throw new Error(`the stops could not be read (${answer.status})`)
    return ((await answer.json()) as { items: ShownStop[] }).items
  },
})

/** More than these stand in one line that opens: what waits for people must not be pushed off the page. */
const MOST_OPEN = 2

/** Tells leads, on every page, whose sending stands still, why, and what to mend before it goes on. */
export function StopBanner({ initial, resume }: { initial: ShownStop[]; resume: ResumeSending }) {
  const { data: stops } = useQuery({ ...stopsOptions, initialData: initial, refetchInterval: ASK_EVERY_MS })
  // Held here: what is asked stays while its line goes, or is folded with others.
  const [asked, setAsked] = useState<{ stop: ShownStop; open: boolean } | null>(null)
  const lines = stops.map((stop) => (
    <Stop key={stop.workflow.key} stop={stop} ask={() => setAsked({ stop, open: true })} />
  ))
  return (
    <>
      <section aria-label="Sending that stands still" aria-live="polite" className="empty:hidden">
        {stops.length > MOST_OPEN ? (
          <details className="group bg-attention-soft text-attention-ink">
            <summary className="flex cursor-pointer flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2 text-sm sm:px-6">
              <OctagonPause aria-hidden className="size-4 shrink-0 max-sm:hidden" />
              <span className="min-w-0 flex-1 basis-60">
                <strong className="font-semibold">Sending of {stops.length} workflows stands still.</strong>{' '}
                {waitingWords(stops.reduce((sum, { waiting }) => sum + waiting, 0))}
              </span>
              <span className="font-medium underline underline-offset-2 group-open:hidden">See why, and resume</span>
              <span className="hidden font-medium underline underline-offset-2 group-open:inline">Fold them</span>
            </summary>
            {lines}
          </details>
        ) : (
          lines
        )}
      </section>
      {asked !== null && (
        <ResumeQuestion
          key={keyOf(asked.stop)}
          stop={asked.stop}
          resume={resume}
          open={asked.open}
          setOpen={(open) =>
            setAsked((now) => (now !== null && keyOf(now.stop) === keyOf(asked.stop) ? { ...now, open } : now))
          }
          isOver={!stops.some((stop) => keyOf(stop) === keyOf(asked.stop))}
        />
      )}
    </>
  )
}

/** One stop of one workflow: the next one is another. */
const keyOf = ({ workflow, since }: ShownStop) => `${workflow.key} ${since}`

function Stop({ stop, ask }: { stop: ShownStop; ask: () => void }) {
  const { workflow, sentence, mend, since, waiting, metBy, by, note } = stop
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-attention-soft px-4 py-2 text-sm text-attention-ink sm:px-6">
      <OctagonPause aria-hidden className="size-4 shrink-0 self-start max-sm:hidden" />
      <div className="min-w-0 flex-1 basis-72">
        <p>
          <strong className="font-semibold">
            Sending of {workflow.name} {by === null ? 'stands still' : 'is paused'}
          </strong>{' '}
          since <Time value={since} format="clock" />
          {by === null ? `: ${sentence}` : `, by ${by}.`} {waitingWords(waiting)}
        </p>
        <p>
          {note === null ? mend : <bdi className="wrap-anywhere">{note}</bdi>}
          {metBy !== null && (
            <>
              {' '}
              <Link href={`/jobs/${metBy}`} className="underline underline-offset-2">
                Job {metBy}
              </Link>{' '}
              met it.
            </>
          )}
        </p>
      </div>
      <ResumeButton stop={stop} onClick={ask} />
    </div>
  )
}

/** "3 jobs wait." */
export function waitingWords(waiting: number): string {
  if (waiting === 0) return 'No job waits.'
  return waiting === 1 ? '1 job waits.' : `${waiting.toLocaleString('en')} jobs wait.`
}

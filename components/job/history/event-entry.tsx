import Link from 'next/link'
import { Hash } from '@/components/ui/hash'
import type { EventView } from '@/lib/jobs/view'
import { states } from '@/lib/lifecycle/table'
import { LongText } from '../long-text'

const TRANSPORTS: Record<EventView['transport'], string> = {
  browser: 'in the browser',
  api: 'over the API',
  poll: 'after a look',
  webhook: 'after a webhook',
  timer: 'by a timer',
}

/** One line of the chain: what happened, by whom, over which way, with its note and hash. It leads to the job as it stood then. */
export function EventEntry({ event, number }: { event: EventView; number: number }) {
  const { seq, sentence, by, transport, from, to, note, isNoteErased, hash } = event
  const moved = from !== null && from !== to
  return (
    <>
      <p dir="auto" className="wrap-anywhere">
        {sentence}
        {moved && (
          <span className="ml-1.5 text-sm text-muted">
            {states[from].label} → {states[to].label}
          </span>
        )}
      </p>
      {note !== null && (
        <LongText text={note} portion={1_000} className="my-1 border-l-2 border-line-strong/60 pl-3 text-muted" />
      )}
      {isNoteErased && <p className="text-sm text-muted">The words that came with it have been erased.</p>}
      <p className="flex flex-wrap items-center gap-x-2 text-xs text-faint">
        <span>
          <Link
            href={`/jobs/${number}/at/${seq}`}
            className="link"
            aria-label={`Event ${seq}: the job as it stood then`}
          >
            Event {seq}
          </Link>
          . <bdi>{by.name}</bdi>, {TRANSPORTS[transport]}
        </span>
        {hash !== null && <Hash value={hash} label={`hash of line ${seq}`} length={8} className="[&_code]:text-xs" />}
      </p>
    </>
  )
}

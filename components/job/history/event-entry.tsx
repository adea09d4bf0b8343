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

/** One line of the chain: what happened, by whom, over which way, with its note and hash. */
export function EventEntry({ event }: { event: EventView }) {
  const { seq, sentence, by, transport, from, to, note, hash } = event
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
      <p className="flex flex-wrap items-center gap-x-2 text-xs text-faint">
        <span>
          {seq}. <bdi>{by.name}</bdi>, {TRANSPORTS[transport]}
        </span>
        {hash !== null && <Hash value={hash} label={`hash of line ${seq}`} length={8} className="[&_code]:text-xs" />}
      </p>
    </>
  )
}

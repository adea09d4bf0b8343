'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { span } from '@/components/ui/relative-time'
import { Time } from '@/components/ui/time'
import type { ObservationView } from '@/lib/jobs/view'
import type { Entry } from './lanes'
import { Moment } from './moment'

/** One entry of OpenAI's lane: a moment that it names itself, a look of ours, or a run of looks that brought nothing. */
export function ProviderEntry({ entry }: { entry: Exclude<Entry, { kind: 'event' }> }) {
  switch (entry.kind) {
    case 'accepted':
      return <p>OpenAI took attempt {entry.attempt.number}.</p>
    case 'finished':
      return (
        <p>
          OpenAI finished attempt {entry.attempt.number}, by its own clock.
          {entry.attempt.seenFinalAt !== null && (
            <span className="block text-sm text-muted">
              Seen by us {seenAfter(entry.at, entry.attempt.seenFinalAt)}.
            </span>
          )}
        </p>
      )
    case 'unchanged':
      return <Unchanged entry={entry} />
    case 'seen':
      return entry.look.kind === 'webhook' ? <Webhook look={entry.look} /> : <Look look={entry.look} />
  }
}

function seenAfter(finished: string, seen: string): string {
  const ms = Date.parse(seen) - Date.parse(finished)
  return ms < 1_000 ? 'within a second' : `${span(ms)} later`
}

function Unchanged({ entry }: { entry: Entry & { kind: 'unchanged' } }) {
  const [open, setOpen] = useState(false)
  const count = entry.looks.length
  const first = entry.looks[0]
  if (count === 1 && first !== undefined) return <Look look={first} />
  return (
    <div className="text-muted">
      <p>
        {count} looks, nothing new
        {first?.providerStatus != null && (
          <>
            {' '}
            (<code className="text-xs">{first.providerStatus}</code>)
          </>
        )}
        , until <Time value={entry.until} format="clock" />.{' '}
        <Button size="sm" variant="ghost" aria-expanded={open} onClick={() => setOpen(!open)} className="h-6 px-1.5">
          {open ? 'Fold' : 'Show each'}
        </Button>
      </p>
      {open && (
        <ol>
          {entry.looks.map((look) => (
            <li key={look.id} className="text-sm">
              <Time value={look.at} format="exact" className="mr-2 text-xs text-faint" />
              <Details look={look} />
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

/** A webhook, at the moment when it came first: when what it tells of happened, and how often it came. */
function Webhook({ look }: { look: ObservationView }) {
  const { webhook } = look
  return (
    <>
      <p className={cn(!look.changed && 'text-muted')}>
        Webhook came{look.attempt !== null && ` (attempt ${look.attempt})`}
        {look.providerStatus !== null && (
          <>
            : <code className="text-xs">{look.providerStatus}</code>
          </>
        )}
        {!look.changed && ', nothing new'}
      </p>
      <p className="text-sm text-muted">
        {webhook === null || webhook.eventAt === null ? (
          'When it happened is not said.'
        ) : (
          <>
            It happened at <Moment at={webhook.eventAt} />, by OpenAI’s clock.
          </>
        )}
        {webhook !== null && webhook.times > 1 && (
          <span className="block">
            It came {webhook.times.toLocaleString('en')} times, last at <Moment at={webhook.lastReceivedAt} />; the
            others changed nothing.
          </span>
        )}
      </p>
      <p className="text-xs text-faint">
        <Details look={look} />
      </p>
    </>
  )
}

const KINDS: Record<Exclude<ObservationView['kind'], 'webhook'>, string> = {
  create: 'Sent',
  look: 'Looked',
  cancel: 'Asked to cancel',
}

function Look({ look }: { look: ObservationView }) {
  const failed = look.errorCode !== null || look.httpStatus === null || look.httpStatus >= 400
  const nothingNew = look.kind === 'look' && !failed && !look.changed
  return (
    <>
      <p className={cn(failed ? 'text-danger-ink' : nothingNew && 'text-muted')}>
        {look.kind !== 'webhook' && KINDS[look.kind]}
        {look.attempt !== null && ` (attempt ${look.attempt})`}
        {look.providerStatus !== null && (
          <>
            : <code className="text-xs">{look.providerStatus}</code>
          </>
        )}
        {nothingNew && ', nothing new'}
        {failed && ', and it failed'}
      </p>
      <p className="text-xs text-faint">
        <Details look={look} />
      </p>
    </>
  )
}

function Details({ look }: { look: ObservationView }) {
  const parts = [
    look.httpStatus === null ? (look.kind === 'webhook' ? null : 'no answer') : `HTTP ${look.httpStatus}`,
    look.errorCode,
    look.milliseconds === null ? null : `${look.milliseconds.toLocaleString('en')} ms`,
    look.requestId,
  ]
  return <span className="font-mono text-xs wrap-anywhere">{parts.filter((part) => part !== null).join(' · ')}</span>
}

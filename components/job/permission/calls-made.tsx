'use client'
import { useState } from 'react'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Hash } from '@/components/ui/hash'
import { Time } from '@/components/ui/time'
import type { Tone } from '@/components/ui/tone'
import type { ToolCallView } from '@/lib/jobs/view'
import { LongText } from '../long-text'
import { ArgumentsView } from './arguments-view'
import { CallName, CallPurpose, CallWhy, MadeBefore } from './call-facts'
import { STATE_WORDS } from './call-words'

const TONES: Record<ToolCallView['state'], Tone> = {
  waiting: 'attention',
  permitted: 'neutral',
  denied: 'neutral',
  refused: 'neutral',
  sending: 'informative',
  answered: 'success',
  failed: 'danger',
}

/** The calls that one attempt asked for: who allowed what, what left, and what came back. */
export function CallsMade({ calls, attempt }: { calls: readonly ToolCallView[]; attempt: number }) {
  if (calls.length === 0) return null
  const id = `calls-of-${attempt}`
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="text-sm font-medium">
        Calls that it asked for <span className="font-normal text-faint">{calls.length}</span>
      </h3>
      <ol className="mt-1 divide-y divide-line rounded-md border border-line">
        {calls.map((call) => (
          <li key={call.id} className="px-3 py-2">
            <Call call={call} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Call({ call }: { call: ToolCallView }) {
  const [open, setOpen] = useState(false)
  const id = `call-record-${call.id}`
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h4 className="flex min-w-0 flex-1 basis-60 flex-wrap items-center gap-2 font-semibold">
          <CallName call={call} />
        </h4>
        <Badge tone={TONES[call.state]}>{STATE_WORDS[call.state]}</Badge>
        <Button
          size="sm"
          variant="ghost"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          aria-label={`${open ? 'Hide' : 'Show'} the details of ${call.name}`}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Hide' : 'Details'}
        </Button>
      </div>
      <p className="text-muted">
        {call.sentence}
        {call.by !== null && (
          <>
            {' '}
            Decided <Time value={call.by.at} format="exact" />.
          </>
        )}
      </p>
      {call.reason !== null && (
        <LongText text={call.reason} portion={500} className="mt-1 border-l-2 border-line pl-3 text-muted" />
      )}
      {open && (
        <div id={id} className="mt-2 flex flex-col gap-3">
          <CallPurpose call={call} />
          <MadeBefore call={call} />
          <CallWhy call={call} />
          <div>
            <h5 className="mb-1 text-sm text-muted">
              {call.editedArguments === null ? 'Arguments' : 'Arguments, as they were allowed'}
            </h5>
            <ArgumentsView
              value={call.editedArguments ?? call.arguments}
              schema={call.parameters}
              before={call.editedArguments === null ? undefined : call.arguments}
            />
            <p className="mt-1 flex flex-wrap items-center gap-x-2 text-sm text-muted">
              As the model wrote them <Hash value={call.argumentsHash} label="hash of the arguments" />
            </p>
          </div>
          <Answer call={call} />
        </div>
      )}
    </>
  )
}

function Answer({ call }: { call: ToolCallView }) {
  if (call.sentAt === null) return null
  return (
    <div>
      <h5 className="mb-1 text-sm text-muted">What came back</h5>
      <p className="text-sm text-muted">
        Sent <Time value={call.sentAt} format="exact" />
        {call.tries > 1 && `, in ${call.tries} tries with one id`}
        {call.answeredAt !== null && (
          <>
            ; answered <Time value={call.answeredAt} format="exact" />
          </>
        )}
        {call.httpStatus !== null && `; HTTP ${call.httpStatus}`}.
      </p>
      {call.answer !== null && (
        <LongText
          text={call.answer === '' ? 'An answer without words.' : call.answer}
          portion={2_000}
          className="mt-1 rounded-md bg-sunken px-3 py-2 font-mono text-sm"
        />
      )}
    </div>
  )
}

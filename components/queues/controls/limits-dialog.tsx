'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { QueueState } from '@/lib/queues/view'
import type { QueueActions } from './actions'
import { SayWhy } from './say-why'

/** Sets how many calls run at once and how many are sent in a minute. */
export function LimitsDialog({
  queue,
  name,
  limit,
}: {
  queue: QueueState
  name: string
  limit: QueueActions['limit']
}) {
  const [mostLive, setMostLive] = useState(typed(queue.mostLive))
  const [sendsPerMinute, setSendsPerMinute] = useState(typed(queue.sendsPerMinute))
  return (
    <SayWhy
      trigger={
        <Button size="sm">
          Change limits…<span className="sr-only"> of {name}</span>
        </Button>
      }
      title={`Change the limits of ${name}`}
      description="They count beside those of the provider, over all workers together. What runs already goes on."
      label="Change limits"
      pendingLabel="Changing…"
      give={(note) =>
        limit(queue.workflowKey, { mostLive: read(mostLive), sendsPerMinute: read(sendsPerMinute) }, note)
      }
    >
      {(errors) => (
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Calls at once" name="mostLive" optional hint="Empty: no limit." error={errors.mostLive}>
            <Input inputMode="numeric" value={mostLive} onChange={(event) => setMostLive(event.target.value)} />
          </Field>
          <Field
            label="Sent in a minute"
            name="sendsPerMinute"
            optional
            hint="Spread over the minute. Empty: no limit."
            error={errors.sendsPerMinute}
          >
            <Input
              inputMode="numeric"
              value={sendsPerMinute}
              onChange={(event) => setSendsPerMinute(event.target.value)}
            />
          </Field>
        </div>
      )}
    </SayWhy>
  )
}

const typed = (limit: number | null) => (limit === null ? '' : String(limit))

/** Null where nothing was typed; NaN where it is no number: the server says what is wrong with it. */
function read(text: string): number | null {
  const trimmed = text.trim().replaceAll(',', '')
  if (trimmed === '') return null
  return /^\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN
}

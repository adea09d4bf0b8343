'use client'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { Button } from '@/components/ui/button'
import { Time } from '@/components/ui/time'
import type { CostView } from '@/lib/jobs/view'
import { oldCallOptions } from '../queries'
import type { Draft } from './command-ask'

export type OldCallFieldsProps = {
  jobId: string
  choice: Draft['oldCall']
  onChoice: (choice: Draft['oldCall']) => void
}

/** Before anybody pays again: what became of the call that was made before, asked of its provider now, and what to do with it. */
export function OldCallFields({ jobId, choice, onChoice }: OldCallFieldsProps) {
  const { data, isPending, isError, refetch, isFetching } = useQuery(oldCallOptions(jobId))
  if (isPending) {
    return (
      <p role="status" className="rounded-md border border-line bg-canvas p-3 text-sm text-muted">
        Asking what became of the older call…
      </p>
    )
  }
  if (isError) {
    return (
      <div role="alert" className="rounded-md border border-attention/60 bg-canvas p-3 text-sm">
        <p>What became of the older call could not be looked up. It may still be running, and be paid.</p>
        <Button size="sm" className="mt-2" pending={isFetching} onClick={() => refetch()}>
          Ask again
        </Button>
        <Choices choice={choice} onChoice={onChoice} />
      </div>
    )
  }
  const { call } = data
  if (call === null) return null
  return (
    <section aria-label="The older call" className="rounded-md border border-attention/60 bg-canvas p-3 text-sm">
      <p className="font-medium">{call.sentence}</p>
      <dl className="mt-2 grid gap-x-4 gap-y-1 sm:grid-cols-[max-content_1fr]">
        <dt className="text-faint">Older call</dt>
        <dd>
          Attempt {call.attempt}, sent <Time value={call.sentAt} />
        </dd>
        {call.responseId !== null && (
          <>
            <dt className="text-faint">Response id</dt>
            <dd className="break-all">
              <code className="text-xs">{call.responseId}</code>
            </dd>
          </>
        )}
        {call.error !== null && (
          <>
            <dt className="text-faint">Why not</dt>
            <dd>
              <code className="text-xs">{call.error}</code>
            </dd>
          </>
        )}
        <dt className="text-faint">Cost so far</dt>
        <dd>{costWords(call.cost)}</dd>
      </dl>
      {call.canCancel && <Choices choice={choice} onChoice={onChoice} />}
    </section>
  )
}

function costWords({ usd, isRehearsed, why }: CostView): string {
  if (usd === null) return `Not known. ${why ?? ''}`.trim()
  const dollars = `$${usd.toFixed(usd < 0.01 ? 4 : 2)}`
  return isRehearsed ? `${dollars} at the prices on record; at the sandbox nothing is paid.` : dollars
}

const CHOICES: { value: Draft['oldCall']; label: string; says: string }[] = [
  {
    value: 'cancel',
    label: 'Stop the older call first',
    says: 'It is cancelled, its end is waited for and recorded, and only then the next one is sent.',
  },
  {
    value: 'pay',
    label: 'Send at once',
    says: 'Nothing is waited for. If the older call runs to its end, both are paid.',
  },
]

function Choices({ choice, onChoice }: Pick<OldCallFieldsProps, 'choice' | 'onChoice'>) {
  const name = useId()
  return (
    <fieldset className="mt-3 border-t border-line pt-3">
      <legend className="sr-only">What to do with the older call</legend>
      <div className="flex flex-col gap-2">
        {CHOICES.map(({ value, label, says }) => (
          <label key={value} className="flex cursor-pointer items-start gap-2">
            <input
              type="radio"
              name={name}
              value={value}
              checked={choice === value}
              onChange={() => onChoice(value)}
              className="mt-1 accent-[var(--accent-ink)]"
            />
            <span>
              <span className="block font-medium">{label}</span>
              <span className="block text-muted">{says}</span>
            </span>
          </label>
        ))}
      </div>
      <p className="mt-2 text-muted">To go on waiting for it, close this instead.</p>
    </fieldset>
  )
}

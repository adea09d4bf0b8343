'use client'
import { ArrowLeftRight } from 'lucide-react'
import { ProviderMark } from '@/components/jobs/provider-mark'
import { Field } from '@/components/ui/field'
import { Hash } from '@/components/ui/hash'
import { IconButton } from '@/components/ui/icon-button'
import { Select } from '@/components/ui/select'
import { Time } from '@/components/ui/time'
import { sideName } from '@/lib/compare/side-id'
import type { SideChoice, SideView } from '@/lib/compare/view'

export type SidePickerProps = {
  choices: readonly SideChoice[]
  left: { id: string; view: SideView | null }
  right: { id: string; view: SideView | null }
  onChange: (left: string, right: string) => void
}

/** Which two are compared, and what each of them is. */
export function SidePicker({ choices, left, right, onChange }: SidePickerProps) {
  return (
    <div className="grid items-start gap-x-3 gap-y-3 sm:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)]">
      <Side label="Before" choices={choices} side={left} onChange={(id) => onChange(id, right.id)} />
      <IconButton
        label="Swap the two sides"
        variant="secondary"
        onClick={() => onChange(right.id, left.id)}
        className="justify-self-center sm:mt-6"
      >
        <ArrowLeftRight aria-hidden className="max-sm:rotate-90" />
      </IconButton>
      <Side label="After" choices={choices} side={right} onChange={(id) => onChange(left.id, id)} />
    </div>
  )
}

function Side(props: {
  label: string
  choices: readonly SideChoice[]
  side: SidePickerProps['left']
  onChange: (id: string) => void
}) {
  const { label, choices, side, onChange } = props
  const newest = choices.at(-1)?.id
  const items = choices.toReversed().map((choice) => ({
    value: choice.id,
    label: sideName(choice),
    hint: [
      choice.id === newest && 'the newest',
      choice.by !== null && `by ${choice.by}`,
      choice.hash === null && 'gave no result',
    ]
      .filter(Boolean)
      .join(', '),
  }))
  const isKnown = choices.some(({ id }) => id === side.id)
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Field label={label}>
        <Select items={items} value={isKnown ? side.id : null} onValueChange={onChange} />
      </Field>
      {side.view === null ? (
        <p className="text-sm text-muted">
          {isKnown ? 'It is being read.' : 'There is no such attempt or revision of this job. Choose one.'}
        </p>
      ) : (
        <About side={side.view} />
      )}
    </div>
  )
}

/** What a side is: who made it, when, what OpenAI said of it, and the hash that a decision binds. */
function About({ side }: { side: SideView }) {
  return (
    <dl className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-sm text-muted">
      <div className="flex items-center gap-1">
        <dt className="text-faint">{side.revision > 0 ? 'Revised' : 'Sent'}</dt>
        <dd>
          <Time value={side.at} />
          {side.revision > 0 && (
            <>
              {' by '}
              <bdi>{side.by ?? 'somebody who is not named'}</bdi>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt className="sr-only">What OpenAI says</dt>
        <dd className="flex items-center">
          <ProviderMark status={side.call.providerStatus} />
        </dd>
      </div>
      <div className="flex min-w-0 items-center gap-1">
        <dt className="text-faint">Hash</dt>
        <dd className="min-w-0">
          {side.hash === null ? 'no result' : <Hash value={side.hash} label={`hash of ${sideName(side)}`} />}
        </dd>
      </div>
    </dl>
  )
}

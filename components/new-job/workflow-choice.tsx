'use client'
import { Check, DoorClosed, Hand, OctagonPause } from 'lucide-react'
import { useId } from 'react'
import { pointerAttribute } from '@/components/schema-form/focus-field'
import type { WorkflowItem } from '@/lib/jobs/view'
import type { QueueNotes } from '@/lib/queues/view'

/** The workflows as cards; the browser's own radio buttons beneath them, so that the arrow keys choose. */
export function WorkflowChoice(props: {
  workflows: readonly WorkflowItem[]
  chosen: string | null
  onChoose: (key: string) => void
  error: string | null
  disabled: boolean
  /** What is not as usual with their queues, by key. */
  queues: QueueNotes
}) {
  const { workflows, chosen, onChoose, error, disabled, queues } = props
  const id = useId()
  return (
    <div
      {...{ [pointerAttribute]: '/workflow' }}
      role="radiogroup"
      aria-labelledby={`${id}-label`}
      aria-describedby={error ? `${id}-error` : undefined}
      aria-invalid={error ? true : undefined}
      aria-required
    >
      <h2 id={`${id}-label`} className="pb-2 text-base font-semibold">
        Workflow
      </h2>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-2">
        {workflows.map(({ key, name, description, review }) => (
          <label
            key={key}
            className="relative flex flex-col gap-1 rounded-md border border-line bg-surface p-3 pl-9 transition-colors hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft has-checked:ring-1 has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={id}
              value={key}
              checked={chosen === key}
              disabled={disabled || queues[key]?.drained != null}
              onChange={() => onChoose(key)}
              aria-labelledby={`${id}-${key}`}
              aria-describedby={`${id}-${key}-about`}
              className="absolute top-3.5 left-3 size-4 accent-accent focus-visible:outline-none"
            />
            <span id={`${id}-${key}`} className="font-semibold wrap-anywhere">
              {name}
            </span>
            <span id={`${id}-${key}-about`} className="flex flex-1 flex-col gap-2 text-sm text-muted">
              <span className="flex-1">{description}</span>
              <QueueNote note={queues[key]} />
              <span className="flex gap-1.5 text-xs">
                {review.approvals === 0 ? (
                  <Check aria-hidden className="size-3.5 shrink-0 translate-y-px text-faint" />
                ) : (
                  <Hand aria-hidden className="size-3.5 shrink-0 translate-y-px text-faint" />
                )}
                {review.asks}
              </span>
            </span>
          </label>
        ))}
      </div>
      {error && (
        <p id={`${id}-error`} className="pt-1 text-sm text-danger-ink">
          {error}
        </p>
      )}
    </div>
  )
}

/** Before anything is typed: that it takes no new jobs, or that they will wait. */
function QueueNote({ note }: { note: QueueNotes[string] | undefined }) {
  if (note === undefined) return null
  const isDrained = note.drained !== null
  const Icon = isDrained ? DoorClosed : OctagonPause
  return (
    <span className="flex gap-1.5 text-attention-ink">
      <Icon aria-hidden className="size-3.5 shrink-0 translate-y-0.5" />
      <span className="min-w-0 wrap-anywhere">
        {isDrained ? 'It takes no new jobs for now.' : 'Sending stands still: a new job waits until a lead resumes it.'}
        {isDrained && note.drained !== '' && (
          <>
            {' '}
            <bdi>{note.drained}</bdi>
          </>
        )}
      </span>
    </span>
  )
}

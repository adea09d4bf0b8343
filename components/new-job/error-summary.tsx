'use client'
import Link from 'next/link'
import { useEffect, useRef } from 'react'
import type { FieldError } from '@/components/schema-form/values'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { countWords, type Refusal } from './use-submission'

type ErrorSummaryProps = {
  refusal: Refusal
  /** What stands at the fields now. */
  errors: readonly FieldError[]
  /** Leads to a field. */
  onChoose: (pointer: string) => void
  /** Starts a job with what stands here, whatever became of the earlier sending. */
  onStartAnother: () => void
}

/** What stands in the way, in one place. Takes focus when it comes, one for each refusal; each line leads to its field. */
export function ErrorSummary({ refusal, errors, onChoose, onStartAnother }: ErrorSummaryProps) {
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    box.current?.focus({ preventScroll: true })
    box.current?.scrollIntoView({ block: 'center' })
  }, [])

  return (
    <div ref={box} tabIndex={-1}>
      <Callout tone="danger" role="alert" title={titleOf(refusal, errors)}>
        {refusal.kind === 'problem' && refusal.detail !== null && <p>{refusal.detail}</p>}
        {refusal.kind === 'offline' && <p>Nothing was sent. Start the job when the connection is back.</p>}
        {refusal.kind === 'no_answer' && (
          <p>
            The connection was lost or the server failed, so nobody here knows whether the job was started. Starting it
            again from here is safe: unchanged, it makes one job, not two.
          </p>
        )}
        {refusal.kind === 'sent_before' && (
          <>
            <p>
              It was changed since. A job was started with what stood here then: you find it{' '}
              <Link href="/jobs?mine=true" className="link">
                among your jobs
              </Link>
              .
            </p>
            <Button size="sm" className="mt-2" onClick={onStartAnother}>
              Start another with what stands here
            </Button>
          </>
        )}
        {errors.length > 0 && (
          <ul className="flex flex-col items-start">
            {errors.map(({ pointer, detail }) => (
              <li key={`${pointer} ${detail}`}>
                <button
                  type="button"
                  className="link min-h-6 py-0.5 text-left text-danger-ink"
                  onClick={() => onChoose(pointer)}
                >
                  {detail}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Callout>
    </div>
  )
}

function titleOf(refusal: Refusal, errors: readonly FieldError[]): string {
  switch (refusal.kind) {
    case 'incomplete':
      return countWords(errors.length)
    case 'problem':
      return refusal.title
    case 'offline':
      return 'The job was not started: you are offline'
    case 'no_answer':
      return 'No answer came'
    case 'sent_before':
      return 'This form was sent before'
  }
}

'use client'
import { useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import type { JobView, ToolCallView } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import type { GiveJobCommand } from '../commands/use-give'
import {
  type AnswerErrors,
  type Answers,
  answerErrors,
  type CallDraft,
  draftOf,
  madeOtherwise,
  NO_ANSWERS,
  refusedAnswers,
  waitingCalls,
} from './answer-drafts'
import { ArgumentsView } from './arguments-view'
import { CallAnswer } from './call-answer'
import { CallName, CallPurpose, CallWhy, MadeBefore, MadeOtherwise } from './call-facts'
import { ConfirmAnswers } from './confirm-answers'

export type PermissionProps = {
  job: JobView
  commands: readonly Command[]
  /** What is filled in so far. Whoever holds it keeps it while something else is on the screen. */
  answers: Answers
  onAnswers: (answers: Answers) => void
  giveJobCommand: GiveJobCommand
  /** The answers took effect. */
  onDone: () => void
}

/**
 * The calls that wait for a yes: what each does, with what, where, and why; and the answer to all of them at once. It
 * stays mounted when nothing waits any more, so that a lost race can still be told.
 */
export function Permission({ job, commands, answers, onAnswers, giveJobCommand, onDone }: PermissionProps) {
  const { drafts } = answers
  const [errors, setErrors] = useState<Record<string, AnswerErrors>>({})
  /** The job as it stood when the answers were finished; null while they are being filled in. */
  const [seen, setSeen] = useState<JobView | null>(null)
  const root = useRef<HTMLDivElement>(null)
  const calls = waitingCalls(job)
  const mayAnswer = commands.includes('answer')

  function review() {
    const found = answerErrors(calls, drafts)
    setErrors(found)
    if (Object.keys(found).length === 0) setSeen(job)
    else focusFirstError(root.current)
  }

  function change(call: ToolCallView, draft: CallDraft) {
    onAnswers({ ...answers, drafts: { ...drafts, [call.id]: draft } })
    setErrors((before) => ({ ...before, [call.id]: {} }))
  }

  const left = calls.filter((call) => draftOf(drafts, call).choice === null).length
  return (
    <>
      {calls.length > 0 && (
        <div ref={root} className="border-t border-line px-4 py-3">
          <ol className="flex flex-col gap-4">
            {calls.map((call, index) => (
              <WaitingCall
                key={call.id}
                call={call}
                isWhyAsAbove={index > 0 && calls[index - 1]?.why === call.why}
                madeOtherwise={madeOtherwise(job.calls, call)}
                place={calls.length > 1 ? `${index + 1} of ${calls.length}` : null}
                draft={draftOf(drafts, call)}
                errors={errors[call.id] ?? {}}
                onDraft={mayAnswer ? (draft) => change(call, draft) : null}
              />
            ))}
          </ol>
          {mayAnswer && (
            <div className="mt-4 flex flex-wrap items-center gap-3">
              <Button variant="primary" onClick={review}>
                Answer…
              </Button>
              <p className="text-muted" aria-live="polite">
                {left === 0
                  ? 'You see once more what leaves before anything does.'
                  : calls.length === 1
                    ? 'Choose an answer first.'
                    : `${left} of ${calls.length} calls still need an answer.`}
              </p>
            </div>
          )}
        </div>
      )}
      {seen !== null && (
        <ConfirmAnswers
          seen={seen}
          job={job}
          calls={waitingCalls(seen)}
          drafts={drafts}
          note={answers.note}
          onNote={(note) => onAnswers({ ...answers, note })}
          giveJobCommand={giveJobCommand}
          onRefused={({ problem }) => setErrors(refusedAnswers(problem, waitingCalls(seen)))}
          onClose={(done) => {
            setSeen(null)
            if (!done) return focusFirstError(root.current)
            onAnswers(NO_ANSWERS)
            onDone()
          }}
        />
      )}
    </>
  )
}

type WaitingCallProps = {
  call: ToolCallView
  /** "1 of 3"; null where it is the only one. */
  place: string | null
  isWhyAsAbove: boolean
  /** Earlier calls of the same tool, with other arguments. */
  madeOtherwise: readonly ToolCallView[]
  draft: CallDraft
  errors: AnswerErrors
  /** Null for somebody who may only look. */
  onDraft: ((draft: CallDraft) => void) | null
}

function WaitingCall({ call, place, isWhyAsAbove, madeOtherwise, draft, errors, onDraft }: WaitingCallProps) {
  const title = `call-${call.id}`
  return (
    <li>
      <section
        aria-labelledby={title}
        className="flex flex-col gap-3 rounded-md border border-line bg-canvas px-3 py-3 sm:px-4"
      >
        <h3 id={title} className="flex flex-wrap items-center gap-2 font-semibold">
          <CallName call={call} />
          {place !== null && <span className="ml-auto text-sm font-normal text-faint">{place}</span>}
        </h3>
        <CallPurpose call={call} />
        <MadeBefore call={call} />
        <MadeOtherwise calls={madeOtherwise} />
        <CallWhy call={call} isAsAbove={isWhyAsAbove} />
        <div>
          <h4 className="mb-1 text-sm text-muted">With these arguments</h4>
          <ArgumentsView value={call.arguments} schema={call.parameters} />
        </div>
        {onDraft !== null && <CallAnswer call={call} draft={draft} errors={errors} onDraft={onDraft} />}
      </section>
    </li>
  )
}

/** Once the errors are drawn: to the first control that has one. */
function focusFirstError(root: HTMLElement | null) {
  requestAnimationFrame(() => {
    root?.querySelector<HTMLElement>('[aria-invalid="true"] input, [data-invalid]:is(input, textarea, button)')?.focus()
  })
}

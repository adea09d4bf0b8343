'use client'
import { JobStateMark } from '@/components/jobs/state-mark'
import { Callout } from '@/components/ui/callout'
import { CopyButton } from '@/components/ui/copy-button'
import { Time } from '@/components/ui/time'
import type { JobView } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import { newsSince, whoDidWhat } from './command-words'
import type { Outcome } from './use-give'

/** Why nothing was done. After a lost race: who decided what and when, where it stands now, and what was typed. */
export function Refusal({
  outcome,
  job,
  note,
}: {
  outcome: Exclude<Outcome, { kind: 'done' }>
  job: JobView
  note: string
}) {
  if (outcome.kind === 'no answer') {
    return (
      <Callout role="alert" tone="danger" title="No answer came">
        <p>
          It may or may not have been recorded. Look at where the job stands before you try again: {job.nextAction.what}
        </p>
      </Callout>
    )
  }
  const { conflict, title, detail } = outcome.problem
  if (conflict === undefined) {
    return (
      <Callout role="alert" tone="danger" title={title}>
        <p>{detail}</p>
      </Callout>
    )
  }
  return (
    <Callout role="alert" tone="danger" title={detail}>
      <p className="mt-1">
        {whoDidWhat(conflict)}
        {conflict.at !== null && (
          <>
            {' '}
            at <Time value={conflict.at} format="clock" /> (<Time value={conflict.at} />)
          </>
        )}
        .
      </p>
      <p className="mt-1 flex items-center gap-2">
        It is now <JobStateMark state={job.state} className="ml-0" />
      </p>
      {note.trim() !== '' && (
        <div className="mt-2 border-t border-danger/25 pt-2">
          <p className="flex items-center gap-1 font-medium">
            What you wrote is kept here
            <CopyButton value={note} label="Copy what you wrote" className="-my-1" />
          </p>
          <p dir="auto" className="whitespace-pre-wrap">
            {note}
          </p>
        </div>
      )}
    </Callout>
  )
}

/** Says that the job moved on while the dialog was open: better before the press than after it. */
export function MovedOn(props: { seen: JobView; job: JobView; stillOffered: boolean; command: Command }) {
  const { seen, job, stillOffered, command } = props
  const last = newsSince(job.events, seen.version).at(-1)
  if (last === undefined) {
    if (stillOffered) return null
    return (
      <Callout role="status" tone="attention" title="This is no longer possible">
        {command === 'undo' && <p>The time in which an approval can be taken back is over.</p>}
      </Callout>
    )
  }
  return (
    <Callout role="status" tone="attention" title="This changed while you read">
      <p>
        <bdi>{last.sentence}</bdi> <Time value={last.at} />
      </p>
    </Callout>
  )
}

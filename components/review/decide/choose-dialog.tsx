'use client'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { openRound } from '@/components/job/commands/command-ask'
import { ReasonField } from '@/components/job/commands/reason-field'
import { Refusal } from '@/components/job/commands/refusal'
import { type GiveJobCommand, type Outcome, useGive } from '@/components/job/commands/use-give'
import { jobOptions } from '@/components/job/queries'
import { textWithChoice } from '@/components/job/result/choice'
import { readRecommendation } from '@/components/job/result/result-shapes'
import { sliceText } from '@/components/job/slice-text'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import type { JobView } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import { lostApprovals } from './lost-approvals'

export type ChooseDialogProps = {
  /** What was on the screen when it opened. */
  shown: JobView
  /** The job as it is now. */
  job: JobView
  /** The option that is chosen. */
  option: string
  giveJobCommand: GiveJobCommand
  onLook: () => void
  /** `approve`: the choice is kept, and what leaves with it must be read before it is approved. */
  onClose: (done: false | 'kept' | 'approve' | { command: Command }) => void
}

/** A choice among the options of a recommendation: kept as a revision, then approved. */
export function ChooseDialog({ shown, job, option, giveJobCommand, onLook, onClose }: ChooseDialogProps) {
  const client = useQueryClient()
  const form = useId()
  const [note, setNote] = useState('')
  const [reason, setReason] = useState('')
  const [error, setError] = useState<string | undefined>(undefined)
  const [outcome, setOutcome] = useState<Exclude<Outcome, { kind: 'done' }> | null>(null)
  /** The choice is kept already: what failed was to approve it. */
  const [isKept, setKept] = useState(false)
  const { give, pending } = useGive(shown.id, giveJobCommand)
  const title = readRecommendation(shown.result?.json)?.options.find(({ id }) => id === option)?.title ?? option
  const words = sliceText(title, 60)
  const round = openRound(shown)
  const doubtful = round?.doubtful.length ?? 0
  const lost = lostApprovals(round)
  const mayApprove = shown.allowedCommands.includes('approve')
  const isStale = outcome?.kind === 'refused' && outcome.problem.conflict !== undefined

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (pending || shown.result === null) return
    if (mayApprove && doubtful > 0 && note.trim() === '' && reason === '') {
      setError('Give a reason: you approve over a claim that is not supported.')
      return
    }
    setError(undefined)
    setOutcome(null)
    const text = textWithChoice(shown.result.text, option)
    if (text === null) return
    if (!isKept) {
      const kept = await give({ command: 'revise', resultHash: shown.result.hash, params: { text } })
      if (kept.kind !== 'done') return setOutcome(kept)
      setKept(true)
    }
    const now = client.getQueryData(jobOptions(shown.id).queryKey)
    if (!mayApprove || now === undefined) return onClose('kept')
    if (openRound(now)?.delivery != null) return onClose('approve')
    const approved = await give({
      command: 'approve',
      resultHash: now.result?.hash,
      expectedVersion: now.version,
      ...(note.trim() === '' ? {} : { note: note.trim() }),
      ...(reason === '' ? {} : { params: { reason } }),
    })
    if (approved.kind === 'done') return onClose({ command: approved.command })
    setOutcome(approved)
  }

  return (
    <Dialog
      open
      onOpenChange={() => !pending && onClose(isKept ? 'kept' : false)}
      initialFocus={() => document.querySelector<HTMLElement>(`button[type="submit"][form="${form}"]`)}
      title={`Choose for #${shown.number}`}
      description="Your choice is kept as a revision of the recommendation, with your name."
      footer={
        <>
          <Button disabled={pending} onClick={() => onClose(isKept ? 'kept' : false)}>
            {isStale ? 'Close' : 'Cancel'}
          </Button>
          {isStale ? (
            <Button
              variant="primary"
              onClick={() => {
                onLook()
                onClose(isKept ? 'kept' : false)
              }}
            >
              Look at the new one
            </Button>
          ) : (
            <Button type="submit" form={form} variant="primary" pending={pending} pendingLabel="Keeping…">
              {mayApprove ? `Choose “${words}” and approve` : `Choose “${words}”`}
            </Button>
          )}
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        {outcome !== null && <Refusal outcome={outcome} job={job} note={note} />}
        {isKept && outcome !== null && <p role="status">Your choice is kept. It is not approved yet.</p>}
        <p dir="auto" className="rounded-md border border-line bg-canvas px-3 py-2 text-read font-medium wrap-anywhere">
          {sliceText(title, 1_000)}
        </p>
        {lost !== null && (
          <Callout tone="attention" title="This takes approvals back">
            <p>{lost}</p>
          </Callout>
        )}
        {mayApprove && (
          <>
            <ReasonField
              jobId={shown.id}
              command="approve"
              value={reason}
              isNeeded={doubtful > 0}
              onChange={setReason}
            />
            <Field
              label="Note"
              name="note"
              optional={doubtful === 0}
              hint="Kept in the history for everybody who sees this job."
              error={error}
            >
              <Textarea value={note} rows={2} maxLength={10_000} onChange={(event) => setNote(event.target.value)} />
            </Field>
          </>
        )}
      </form>
    </Dialog>
  )
}

'use client'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useToast } from '@/components/ui/toast'
import type { JobView } from '@/lib/jobs/view'
import { type Command, commandInfo } from '@/lib/lifecycle/table'
import { askOf, type Draft, type DraftErrors, draftErrors, errorsOf, openRound, parametersOf } from './command-ask'
import { CommandFields } from './command-fields'
import { DONE, offered, PENDING } from './command-words'
import { MovedOn, Refusal } from './refusal'
import { type GiveJobCommand, type Outcome, useGive } from './use-give'
import { WhatIsDecided } from './what-is-decided'

export type CommandDialogProps = {
  job: JobView
  command: Command
  draft: Draft
  onDraft: (draft: Draft) => void
  giveJobCommand: GiveJobCommand
  /** `done`: it took effect. */
  onClose: (done: boolean) => void
}

/** Says what a command does, takes what it needs, and gives it, bound to the job as it stood when this opened. */
export function CommandDialog({ job, command, draft, onDraft, giveJobCommand, onClose }: CommandDialogProps) {
  const [seen, setSeen] = useState(job)
  const [errors, setErrors] = useState<DraftErrors>({})
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const { give, pending } = useGive(job.id, giveJobCommand)
  const toast = useToast()
  const form = useId()
  const parameters = parametersOf(command, seen, draft)
  const label = labelOf(command, seen)
  const refused = outcome?.kind === 'refused' ? outcome.problem : null
  const stillOffered = offered(job.allowedCommands).includes(command)
  const over = refused?.conflict !== undefined || !stillOffered

  async function submit(event: FormEvent) {
    event.preventDefault()
    const found = draftErrors(command, draft, parameters, seen.inputSchema, Date.now())
    setErrors(found)
    if (Object.keys(found).length > 0) focusFirstError(form)
    if (Object.keys(found).length > 0 || pending) return
    setOutcome(null)
    const deliveryHash = openRound(seen)?.delivery?.hash ?? null
    const seenHash = { version: seen.version, resultHash: seen.result?.hash ?? null, deliveryHash }
    const answer = await give(askOf(command, draft, parameters, seenHash))
    if (answer.kind === 'done') {
      toast({ title: DONE[answer.command] ?? `${label}: done.`, tone: 'success' })
      onClose(true)
      return
    }
    setOutcome(answer)
    if (answer.kind !== 'refused') return
    const pointed = errorsOf(answer.problem)
    setErrors(pointed)
    if (Object.keys(pointed).length > 0) focusFirstError(form)
  }

  function lookAgain() {
    setSeen(job)
    setOutcome(null)
    setErrors({})
  }

  return (
    <Dialog
      open
      onOpenChange={() => onClose(false)}
      className={
        command === 'approve' || command === 'retry' || command === 'reopen'
          ? 'sm:w-[min(38rem,calc(100vw-2rem))]'
          : undefined
      }
      title={`${label} #${seen.number}`}
      description={over ? undefined : consequenceOf(command, seen)}
      footer={
        <>
          <Button onClick={() => onClose(false)}>{over ? 'Close' : 'Cancel'}</Button>
          {over && stillOffered && (
            <Button variant="primary" onClick={lookAgain}>
              Decide on the new state
            </Button>
          )}
          {!over && (
            <Button
              type="submit"
              form={form}
              variant={command === 'abandon' ? 'danger' : 'primary'}
              pending={pending}
              pendingLabel={PENDING[command] ?? 'Sending…'}
            >
              {label}
            </Button>
          )}
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        {outcome !== null && outcome.kind !== 'done' && <Refusal outcome={outcome} job={job} note={draft.note} />}
        {outcome === null && <MovedOn seen={seen} job={job} stillOffered={stillOffered} command={command} />}
        {!over && (
          <>
            <WhatIsDecided command={command} job={seen} />
            <CommandFields
              command={command}
              job={seen}
              parameters={parameters}
              draft={draft}
              errors={errors}
              onChange={onDraft}
            />
          </>
        )}
      </form>
    </Dialog>
  )
}

/** Once the errors are drawn: to the first control that has one. */
function focusFirstError(form: string) {
  requestAnimationFrame(() => {
    document
      .getElementById(form)
      ?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]:is(input, textarea, button)')
      ?.focus()
  })
}

/** "Resend" where the answer to a paid call was lost: it is not the same errand. */
function labelOf(command: Command, job: JobView): string {
  if (command === 'retry' && openRound(job)?.kind === 'unknown') return 'Resend'
  return commandInfo(command).label ?? command
}

function consequenceOf(command: Command, job: JobView): string {
  const round = openRound(job)
  if (command === 'retry' && round?.kind === 'unknown') {
    return `${commandInfo(command).consequence} If the lost call was taken too, both are paid.`
  }
  const oneOfSeveral = round !== undefined && (round.approvalsGiven ?? 0) + 1 < round.approvalsNeeded
  return commandInfo(command === 'approve' && oneOfSeveral ? 'endorse' : command).consequence
}

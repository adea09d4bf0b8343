'use client'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useToast } from '@/components/ui/toast'
import type { JobView } from '@/lib/jobs/view'
import { type Command, commandInfo } from '@/lib/lifecycle/table'
import { deskOptions, leavingOptions } from '../queries'
import { askOf, type Draft, type DraftErrors, draftErrors, errorsOf, openRound, parametersOf } from './command-ask'
import { CommandFields } from './command-fields'
import { DONE, PENDING } from './command-words'
import { MovedOn, Refusal } from './refusal'
import { type GiveJobCommand, type Outcome, useGive } from './use-give'
import { WhatIsDecided } from './what-is-decided'
import { WhatLeaves } from './what-leaves'

export type CommandDialogProps = {
  job: JobView
  command: Command
  draft: Draft
  onDraft: (draft: Draft) => void
  giveJobCommand: GiveJobCommand
  /** What was on the screen when it opened, where that is older than `job`; the command is bound to it. */
  shown?: JobView
  /** A retry that says what should be different. */
  asksForChanges?: boolean
  /** Once it took effect the page goes on to another item, unless this person stays. It says what was done itself. */
  goesOn?: boolean
  /** The person looks at the job as it is now. */
  onLook?: () => void
  /** `done`: it took effect. */
  onClose: (done: boolean, given?: { command: Command; goesOn: boolean }) => void
}

/** Says what a command does, takes what it needs, and gives it, bound to the job as it stood when this opened. */
export function CommandDialog(props: CommandDialogProps) {
  const { job, command, draft, onDraft, giveJobCommand, onClose, onLook } = props
  const { shown = job, asksForChanges = false, goesOn } = props
  const [seen, setSeen] = useState(shown)
  const [errors, setErrors] = useState<DraftErrors>({})
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const { give, pending } = useGive(job.id, giveJobCommand)
  const toast = useToast()
  const form = useId()
  const stays = useRef(false)
  const parameters = parametersOf(command, seen, draft, asksForChanges)
  const label = asksForChanges ? 'Request changes' : labelOf(command, seen)
  const leavingHash = command === 'approve' ? (openRound(seen)?.delivery?.hash ?? null) : null
  const leaving = useQuery({ ...leavingOptions(seen.id, leavingHash ?? ''), enabled: leavingHash !== null })
  const people = useQuery({ ...deskOptions(seen.id), enabled: parameters.assignee })
  // Nobody approves what they could not read, nor assigns before it is known to whom.
  const isRead =
    (leavingHash === null || leaving.data !== undefined) && (!parameters.assignee || people.data !== undefined)
  const refused = outcome?.kind === 'refused' ? outcome.problem : null
  const stillOffered = job.allowedCommands.includes(command)
  const over = refused?.conflict !== undefined || !stillOffered

  async function submit(event: FormEvent) {
    event.preventDefault()
    const found = draftErrors(command, draft, parameters, seen.inputSchema, Date.now())
    setErrors(found)
    if (Object.keys(found).length > 0) focusFirstError(form)
    if (Object.keys(found).length > 0 || pending || !isRead) return
    setOutcome(null)
    const seenHash = { version: seen.version, resultHash: seen.result?.hash ?? null, deliveryHash: leavingHash }
    const answer = await give(askOf(command, draft, parameters, seenHash), goesOn === true && !stays.current)
    if (answer.kind === 'done') {
      if (goesOn === undefined) toast({ title: DONE[answer.command] ?? `${label}: done.`, tone: 'success' })
      onClose(true, { command: answer.command, goesOn: goesOn === true && !stays.current })
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
    onLook?.()
    setOutcome(null)
    setErrors({})
  }

  /** A field that must be filled in, else the button: whoever works by keyboard confirms with Enter. */
  function firstToDo(): HTMLElement | null {
    const asks = commandInfo(command).note === 'required' || parameters.doubtful > 0 || parameters.guidance
    const field = asks || parameters.until || parameters.assignee ? FIELD : null
    const inside = field === null ? null : document.getElementById(form)?.querySelector<HTMLElement>(field)
    return inside ?? document.querySelector<HTMLElement>(`button[type="submit"][form="${form}"]`)
  }

  return (
    <Dialog
      open
      // What is on its way cannot be called back: the dialog stays until it says what became of it.
      onOpenChange={() => !pending && onClose(false)}
      initialFocus={firstToDo}
      className={
        command === 'approve' || command === 'retry' || command === 'reopen'
          ? 'sm:w-[min(38rem,calc(100vw-2rem))]'
          : undefined
      }
      title={`${label} #${seen.number}`}
      description={over ? undefined : consequenceOf(command, seen)}
      footer={
        <>
          <Button disabled={pending} onClick={() => onClose(false)}>
            {over ? 'Close' : 'Cancel'}
          </Button>
          {over && stillOffered && (
            <Button variant="primary" onClick={lookAgain}>
              Decide on the new state
            </Button>
          )}
          {!over && goesOn && (
            <Button
              disabled={pending || !isRead}
              focusableWhenDisabled
              onClick={() => {
                stays.current = true
                submitForm(form)
              }}
            >
              {label} and stay
            </Button>
          )}
          {!over && (
            <Button
              type="submit"
              form={form}
              variant={command === 'abandon' ? 'danger' : 'primary'}
              disabled={!isRead}
              focusableWhenDisabled
              pending={pending}
              pendingLabel={PENDING[command] ?? 'Sending…'}
              onClick={() => {
                stays.current = false
              }}
            >
              {goesOn ? `${label} and next` : label}
            </Button>
          )}
        </>
      }
    >
      <form
        id={form}
        noValidate
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return
          event.preventDefault()
          stays.current = false
          submitForm(form)
        }}
        className="flex flex-col gap-4"
      >
        {outcome !== null && outcome.kind !== 'done' && <Refusal outcome={outcome} job={job} note={draft.note} />}
        {outcome === null && <MovedOn seen={seen} job={job} stillOffered={stillOffered} command={command} />}
        {!over && (
          <>
            <WhatIsDecided command={command} job={seen} />
            {leavingHash !== null && <WhatLeaves jobId={seen.id} hash={leavingHash} isLast={isLastApproval(seen)} />}
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

/** A field for words, or a list of choices. */
const FIELD = 'textarea, input, [role=combobox]'

function submitForm(id: string) {
  const form = document.getElementById(id)
  if (form instanceof HTMLFormElement) form.requestSubmit()
}

/** Whether one more approval satisfies the policy, as far as this person may know. */
function isLastApproval(job: JobView): boolean {
  const round = openRound(job)
  if (round === undefined) return true
  return round.approvalsGiven === null ? round.approvalsNeeded <= 1 : round.approvalsGiven + 1 >= round.approvalsNeeded
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
  if (command === 'approve' && round?.approvalsGiven === null) {
    return 'Your decision counts with those of the others. Nobody sees how others decided before everybody has.'
  }
  return commandInfo(command === 'approve' && !isLastApproval(job) ? 'endorse' : command).consequence
}

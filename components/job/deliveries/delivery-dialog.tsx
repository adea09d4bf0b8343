'use client'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Hash } from '@/components/ui/hash'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'
import { useToast } from '@/components/ui/toast'
import type { DeliveryView, JobView, Problem } from '@/lib/jobs/view'
import { commandInfo } from '@/lib/lifecycle/table'
import { DONE, PENDING } from '../commands/command-words'
import { MovedOn, Refusal } from '../commands/refusal'
import { type GiveJobCommand, type Outcome, useGive } from '../commands/use-give'
import { type DeliveryCommand, deliveryCommands, WAYS } from './delivery-facts'
import { Destination } from './destination'

/** What was typed. Kept while the dialog is closed, and after a lost race. */
export type DeliveryDraft = { note: string; reference: string }

export type DeliveryDialogProps = {
  job: JobView
  delivery: DeliveryView
  command: DeliveryCommand
  draft: DeliveryDraft
  onDraft: (draft: DeliveryDraft) => void
  giveJobCommand: GiveJobCommand
  /** `done`: it took effect. */
  onClose: (done: boolean) => void
}

type Errors = Partial<Record<keyof DeliveryDraft, string>>

/** Gives one command about one delivery, bound to the job as it stood when this opened. */
export function DeliveryDialog(props: DeliveryDialogProps) {
  const { job, delivery, command, draft, onDraft, giveJobCommand, onClose } = props
  const [seen, setSeen] = useState(job)
  const [errors, setErrors] = useState<Errors>({})
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const { give, pending } = useGive(job.id, giveJobCommand)
  const toast = useToast()
  const form = useId()
  const label = deliveryLabel(command, delivery)
  const stillOffered = deliveryCommands(job, delivery).includes(command)
  const over = (outcome?.kind === 'refused' && outcome.problem.conflict !== undefined) || !stillOffered

  async function submit(event: FormEvent) {
    event.preventDefault()
    const found = errorsIn(command, draft)
    setErrors(found)
    if (Object.keys(found).length > 0) return focusFirstError(form)
    if (pending) return
    setOutcome(null)
    const note = draft.note.trim()
    const answer = await give({
      command,
      ...(note === '' ? {} : { note }),
      expectedVersion: seen.version,
      params: { delivery: delivery.id, ...(command === 'confirm' ? { reference: draft.reference.trim() } : {}) },
    })
    if (answer.kind === 'done') {
      toast({ title: DONE[answer.command] ?? `${label}: done.`, tone: 'success' })
      onClose(true)
      return
    }
    setOutcome(answer)
    if (answer.kind !== 'refused') return
    const pointed = pointedAt(answer.problem)
    setErrors(pointed)
    if (Object.keys(pointed).length > 0) focusFirstError(form)
  }

  return (
    <Dialog
      open
      onOpenChange={() => !pending && onClose(false)}
      title={`${label} #${seen.number}`}
      description={over ? undefined : commandInfo(command).consequence}
      footer={
        <>
          <Button disabled={pending} onClick={() => onClose(false)}>
            {over ? 'Close' : 'Cancel'}
          </Button>
          {over && stillOffered && (
            <Button
              variant="primary"
              onClick={() => {
                setSeen(job)
                setOutcome(null)
                setErrors({})
              }}
            >
              Decide on the new state
            </Button>
          )}
          {!over && (
            <Button
              type="submit"
              form={form}
              variant={command === 'withdraw' ? 'danger' : 'primary'}
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
            <About delivery={delivery} command={command} />
            {command === 'confirm' && (
              <Field
                label="Reference"
                name="reference"
                hint="How it can be found where it went: a number, a name and a day, a line of a log."
                error={errors.reference}
              >
                <Input
                  value={draft.reference}
                  maxLength={500}
                  autoComplete="off"
                  onChange={(event) => onDraft({ ...draft, reference: event.target.value })}
                />
              </Field>
            )}
            <Field
              label={command === 'confirm' ? 'Note' : 'Reason'}
              name="note"
              hint="Kept in the history for everybody who sees this job."
              optional={command === 'confirm'}
              error={errors.note}
            >
              <Textarea
                value={draft.note}
                rows={3}
                maxLength={10_000}
                onChange={(event) => onDraft({ ...draft, note: event.target.value })}
              />
            </Field>
          </>
        )}
      </form>
    </Dialog>
  )
}

/** What it is called on its button: of a letter that may have arrived, somebody says that it did. */
export function deliveryLabel(command: DeliveryCommand, { state }: Pick<DeliveryView, 'state'>): string {
  if (command === 'confirm' && state === 'unknown') return 'It did arrive'
  return commandInfo(command).label ?? command
}

function About({ delivery, command }: { delivery: DeliveryView; command: DeliveryCommand }) {
  return (
    <>
      {command === 'redeliver' && delivery.state === 'unknown' && (
        <Callout tone="attention" title="It may have arrived already">
          Then this could be a second one. Look in the log of the mail server, or ask the recipient first.
        </Callout>
      )}
      {command === 'withdraw' && delivery.tries > 0 && (
        <Callout tone="attention" title="It was tried already">
          What arrived of it, if anything did, is not taken back by this.
        </Callout>
      )}
      <div className="text-sm text-muted">
        <p>
          Delivery {delivery.number}, {WAYS[delivery.kind]} <Destination {...delivery} />
        </p>
        <p className="mt-1 flex flex-wrap items-center gap-x-2">
          Id <Hash value={delivery.messageId} label="id of the delivery" length={24} />
        </p>
      </div>
    </>
  )
}

function errorsIn(command: DeliveryCommand, { note, reference }: DeliveryDraft): Errors {
  if (command === 'confirm') {
    return reference.trim() === '' ? { reference: 'Give a reference: how it can be found where it went.' } : {}
  }
  return note.trim() === '' ? { note: 'Give a reason: it is kept in the history.' } : {}
}

function pointedAt(problem: Problem): Errors {
  const errors: Errors = {}
  for (const { pointer, detail } of problem.errors ?? []) {
    if (pointer === '/note') errors.note = detail
    if (pointer === '/params/reference') errors.reference = detail
  }
  return errors
}

/** Once the errors are drawn. */
function focusFirstError(form: string) {
  requestAnimationFrame(() => {
    document
      .getElementById(form)
      ?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]:is(input, textarea)')
      ?.focus()
  })
}

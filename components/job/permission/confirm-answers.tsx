'use client'
import { useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { PlainText } from '@/components/ui/plain-text'
import { Textarea } from '@/components/ui/textarea'
import { useToast } from '@/components/ui/toast'
import type { JobView, ToolCallView } from '@/lib/jobs/view'
import { DONE, PENDING } from '../commands/command-words'
import { MovedOn, Refusal } from '../commands/refusal'
import type { GiveJobCommand, Outcome } from '../commands/use-give'
import { useGive } from '../commands/use-give'
import { LongText } from '../long-text'
import { sliceText } from '../slice-text'
import { askOfAnswers, changesOf, type Drafts, draftOf, isChanged, leavingArguments } from './answer-drafts'
import { Destination } from './call-facts'
import { destination, toolWords } from './call-words'

export type ConfirmAnswersProps = {
  /** As it stood when the answers were given: they are bound to it. */
  seen: JobView
  /** As it is now. */
  job: JobView
  calls: readonly ToolCallView[]
  drafts: Drafts
  note: string
  onNote: (note: string) => void
  giveJobCommand: GiveJobCommand
  /** The server refused part of an answer: the fields say what. */
  onRefused: (outcome: Outcome & { kind: 'refused' }) => void
  onClose: (done: boolean) => void
}

/** The last look before anything leaves: what goes where, to the letter, and what is denied. */
export function ConfirmAnswers(props: ConfirmAnswersProps) {
  const { seen, job, calls, drafts, note, onNote, giveJobCommand, onRefused, onClose } = props
  const [outcome, setOutcome] = useState<Exclude<Outcome, { kind: 'done' }> | null>(null)
  const { give, pending } = useGive(job.id, giveJobCommand)
  const toast = useToast()
  const form = useId()
  const stillOffered = job.allowedCommands.includes('answer')
  const over = !stillOffered || (outcome?.kind === 'refused' && outcome.problem.conflict !== undefined)

  async function send() {
    if (pending) return
    setOutcome(null)
    const answer = await give(askOfAnswers(calls, drafts, { note, version: seen.version }))
    if (answer.kind === 'done') {
      toast({ title: DONE.answer ?? 'Answered.', tone: 'success' })
      onClose(true)
      return
    }
    setOutcome(answer)
    if (answer.kind === 'refused') onRefused(answer)
  }

  function close() {
    if (pending) return
    // It was about these calls: others may come.
    if (over) onNote('')
    onClose(false)
  }

  const allowed = calls.filter((call) => draftOf(drafts, call).choice !== 'deny')
  return (
    <Dialog
      open
      onOpenChange={close}
      className="sm:w-[min(44rem,calc(100vw-2rem))]"
      title={`Answer #${seen.number}`}
      description={over ? undefined : consequence(allowed.length, calls.length)}
      footer={
        <>
          <Button disabled={pending} onClick={close}>
            {over ? 'Close' : 'Back'}
          </Button>
          {!over && (
            <Button
              type="submit"
              form={form}
              variant="primary"
              pending={pending}
              pendingLabel={PENDING.answer ?? 'Sending…'}
            >
              {buttonWords(allowed.length, calls.length)}
            </Button>
          )}
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        {outcome !== null && <Refusal outcome={outcome} job={job} note={note} />}
        {outcome === null && <MovedOn seen={seen} job={job} stillOffered={stillOffered} command="answer" />}
        {!over && (
          <>
            <ol className="flex flex-col gap-3">
              {calls.map((call) => (
                <Leaving key={call.id} call={call} drafts={drafts} />
              ))}
            </ol>
            <Field label="Note" name="note" optional hint="Kept in the history for everybody who sees this job.">
              <Textarea value={note} rows={2} maxLength={10_000} onChange={(event) => onNote(event.target.value)} />
            </Field>
          </>
        )}
      </form>
    </Dialog>
  )
}

function Leaving({ call, drafts }: { call: ToolCallView; drafts: Drafts }) {
  const draft = draftOf(drafts, call)
  const denied = draft.choice === 'deny'
  const to = destination(call)
  return (
    <li className="border-l-2 border-line pl-3">
      <h3 className="font-semibold wrap-anywhere">
        {denied ? 'Denied: ' : isChanged(call, draft) ? 'Allowed, with your arguments: ' : 'Allowed: '}
        <bdi>{toolWords(call)}</bdi>
      </h3>
      {denied ? (
        <>
          <p className="text-muted">Nothing leaves. The model reads:</p>
          <LongText text={draft.reason.trim()} portion={1_000} className="mt-1" />
        </>
      ) : (
        <>
          <p className="text-muted">
            {call.kind === 'mcp' ? 'The provider sends exactly this to ' : 'Exactly this leaves, once, for '}
            {to === null ? 'an address that is not known' : <Destination to={to} />}:
          </p>
          <LongText
            text={exactly(leavingArguments(call, draft))}
            portion={4_000}
            className="mt-1 rounded-md bg-sunken px-3 py-2 font-mono text-sm"
          />
          <Changes call={call} drafts={drafts} />
        </>
      )}
    </li>
  )
}

function Changes({ call, drafts }: { call: ToolCallView; drafts: Drafts }) {
  const changes = changesOf(call, draftOf(drafts, call))
  if (changes.length === 0) return null
  return (
    <ul className="mt-1 text-sm text-muted">
      {changes.map(({ title, asked, leaves }) => (
        <li key={title} className="wrap-anywhere">
          You changed <bdi>{title}</bdi>: the model asked for <Short text={asked} />, and <Short text={leaves} />{' '}
          leaves.
        </li>
      ))}
    </ul>
  )
}

function Short({ text }: { text: string }) {
  return (
    <code className="text-xs text-ink">
      <PlainText>{sliceText(text, 120)}</PlainText>
      {text.length > 120 && '…'}
    </code>
  )
}

function exactly(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

function consequence(allowed: number, all: number): string {
  const goesOn = 'Then the run goes on with a new attempt, which is paid for.'
  if (allowed === 0) return `No call is made. ${goesOn}`
  const what = allowed === 1 ? 'One call is made' : `${allowed} calls are made`
  return `${what}${allowed < all ? `, ${all - allowed} denied` : ''}. ${goesOn} What was made cannot be taken back.`
}

function buttonWords(allowed: number, all: number): string {
  if (allowed === 0) return all === 1 ? 'Deny the call' : `Deny all ${all}`
  if (allowed === all) return all === 1 ? 'Allow the call' : `Allow all ${all}`
  return `Allow ${allowed}, deny ${all - allowed}`
}

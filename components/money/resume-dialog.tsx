'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type ReactElement, useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { answerOf } from '@/components/ui/no-answer'
import { Textarea } from '@/components/ui/textarea'
import { useToast } from '@/components/ui/toast'
import { isBudgetStop, PAUSED } from '@/lib/money/stop-words'
import type { ShownStop } from '@/lib/money/view'
import type { ResumeSending } from './outcome'

/** The button that asks before sending goes on. */
export function ResumeButton({ stop, ...button }: { stop: ShownStop; onClick?: () => void }) {
  return (
    <Button size="sm" aria-haspopup="dialog" {...button}>
      Resume…<span className="sr-only"> sending of {stop.workflow.name}</span>
    </Button>
  )
}

/** The button, and what it asks. */
export function ResumeDialog({ stop, resume }: { stop: ShownStop; resume: ResumeSending }) {
  const [open, setOpen] = useState(false)
  return (
    <ResumeQuestion stop={stop} resume={resume} open={open} setOpen={setOpen} trigger={<ResumeButton stop={stop} />} />
  )
}

type ResumeQuestionProps = {
  stop: ShownStop
  resume: ResumeSending
  open: boolean
  setOpen: (open: boolean) => void
  /** It goes on already: somebody else resumed it meanwhile. */
  isOver?: boolean
  trigger?: ReactElement
}

/** Asks before sending goes on, and says what will happen. */
export function ResumeQuestion({ stop, resume, open, setOpen, isOver = false, trigger }: ResumeQuestionProps) {
  const [note, setNote] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const [pending, start] = useTransition()
  const toast = useToast()
  const router = useRouter()
  const queries = useQueryClient()
  const { workflow, sentence, mend, message, waiting } = stop
  const isPaused = stop.reason === PAUSED

  function go() {
    start(async () => {
      const outcome = await answerOf(() => resume(workflow.key, note))
      if (!outcome.ok) return setRefusal(outcome.message)
      setNote('')
      toast({ title: outcome.message, tone: 'success' })
      setOpen(false)
      await queries.invalidateQueries()
      router.refresh()
    })
  }

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !pending && setOpen(next)}
      title={`Resume sending of ${workflow.name}?`}
      description={isPaused ? `${stop.by ?? 'A lead'} paused it: ${stop.note ?? ''}` : `${sentence} ${mend}`}
      trigger={trigger}
      footer={
        <>
          <DialogClose render={<Button />}>Keep it stopped</DialogClose>
          <Button variant="primary" pending={pending} pendingLabel="Resuming…" disabled={isOver} onClick={go}>
            Resume sending
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <ul className="list-disc pl-5">
          <li>
            {waiting === 1 ? 'The job that waits is' : `The ${waiting.toLocaleString('en')} jobs that wait are`} sent,
            as fast as limits allow.
          </li>
          <li>Each deadline is moved by the time for which sending stood still.</li>
          {!isPaused && (
            <li>
              {isBudgetStop(stop.reason)
                ? 'Where the budget is still used up, the first job that meets it stops sending again. Nothing is lost by that.'
                : 'Where the provider still refuses, the first call stops sending again. A refused call costs nothing.'}
            </li>
          )}
        </ul>
        {message !== null && (
          <Callout title="What the provider said">
            <p className="whitespace-pre-wrap">{message}</p>
          </Callout>
        )}
        <Field
          label={isPaused ? 'Reason' : 'Note'}
          optional={!isPaused}
          hint={
            isPaused
              ? 'Why it may go on, for whoever looks at this later.'
              : 'What was mended, for whoever looks at this later.'
          }
        >
          <Textarea rows={2} maxLength={2_000} value={note} onChange={(event) => setNote(event.target.value)} />
        </Field>
        {isOver && !pending && (
          <Callout tone="attention" role="status" title="This changed while you read">
            Sending was resumed meanwhile.
          </Callout>
        )}
        {refusal !== null && (
          <Callout tone="danger" role="alert">
            {refusal}
          </Callout>
        )}
      </div>
    </Dialog>
  )
}

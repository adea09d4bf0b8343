'use client'
import { useQueryClient } from '@tanstack/react-query'
import { type RefObject, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { answerOf } from '@/components/ui/no-answer'
import { Textarea } from '@/components/ui/textarea'
import { useToast } from '@/components/ui/toast'
import { type AlertView, LONGEST_NOTE } from '@/lib/alerts/view'
import type { Acknowledge } from './alerts-desk'
import { alertKeys } from './queries'

type Props = {
  acknowledge: Acknowledge
  /** Why nobody needs to any more, as a sentence; null: somebody does. */
  overtaken: string | null
  close: (id: string) => void
}

/** Says that one looks after it, with a word for the others. `asked` null: it is closed. */
export function AcknowledgeDialog({ asked, ...form }: Props & { asked: AlertView | null }) {
  const isSending = useRef(false)
  return (
    <Dialog
      open={asked !== null}
      // What is on its way cannot be called back: the dialog stays until it says what became of it.
      onOpenChange={(open) => !open && asked !== null && !isSending.current && form.close(asked.id)}
      title="Look after this alert"
      description={asked?.heading}
    >
      {asked !== null && <Form id={asked.id} isSending={isSending} {...form} />}
    </Dialog>
  )
}

function Form({ id, isSending, acknowledge, overtaken, close }: Props & { id: string; isSending: RefObject<boolean> }) {
  const toast = useToast()
  const client = useQueryClient()
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [pending, setPending] = useState(false)
  async function submit() {
    setPending(true)
    isSending.current = true
    const outcome = await answerOf(() => acknowledge(id, note))
    isSending.current = false
    setPending(false)
    if (!outcome.ok) return setProblem(outcome.message)
    toast({ title: outcome.message, tone: 'success' })
    close(id)
    await client.invalidateQueries({ queryKey: alertKeys.all })
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (overtaken === null) void submit()
      }}
    >
      <p>It stays open until it is over, and grows quiet: others see that you look after it.</p>
      <Field label="Note" name="note" optional hint="What you know, or what you do about it.">
        <Textarea value={note} maxLength={LONGEST_NOTE} onChange={(event) => setNote(event.target.value)} />
      </Field>
      {overtaken !== null && !pending && (
        <Callout tone="attention" role="status" title="This changed while you wrote">
          <bdi>{overtaken}</bdi>
        </Callout>
      )}
      {problem !== null && (
        <Callout tone="danger" role="alert">
          {problem}
        </Callout>
      )}
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button
          type="submit"
          variant="primary"
          pending={pending}
          pendingLabel="Acknowledging…"
          disabled={overtaken !== null}
        >
          Acknowledge
        </Button>
      </div>
    </form>
  )
}

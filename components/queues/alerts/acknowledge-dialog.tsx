'use client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import { useToast } from '@/components/ui/toast'
import type { AlertOutcome } from '@/lib/alerts/outcome'
import { LONGEST_NOTE } from '@/lib/alerts/view'
import { alertKeys } from './queries'

type Props = { heading: string; acknowledge: (note: string) => Promise<AlertOutcome> }

/** Says that one looks after it, with a word for the others. */
export function AcknowledgeDialog({ trigger, ...form }: Props & { trigger: ReactElement }) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Look after this alert"
      description={form.heading}
      trigger={trigger}
    >
      {open && <Form {...form} close={() => setOpen(false)} />}
    </Dialog>
  )
}

function Form({ acknowledge, close }: Props & { close: () => void }) {
  const toast = useToast()
  const client = useQueryClient()
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [pending, setPending] = useState(false)
  async function submit() {
    setPending(true)
    const outcome = await acknowledge(note).finally(() => setPending(false))
    if (!outcome.ok) return setProblem(outcome.message)
    toast({ title: outcome.message, tone: 'success' })
    close()
    await client.invalidateQueries({ queryKey: alertKeys.all })
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <p>It stays open until it is over, and grows quiet: others see that you look after it.</p>
      <Field label="Note" name="note" optional hint="What you know, or what you do about it.">
        <Textarea value={note} maxLength={LONGEST_NOTE} onChange={(event) => setNote(event.target.value)} />
      </Field>
      {problem !== null && (
        <Callout tone="danger" role="alert">
          {problem}
        </Callout>
      )}
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button type="submit" variant="primary" pending={pending} pendingLabel="Acknowledging…">
          Acknowledge
        </Button>
      </div>
    </form>
  )
}

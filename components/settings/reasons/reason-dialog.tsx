'use client'
import { type ReactElement, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { CheckboxField } from '@/components/ui/checkbox'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { answerOf } from '@/components/ui/no-answer'
import { useToast } from '@/components/ui/toast'
import type { Outcome } from '@/lib/access/outcome'
import {
  LONGEST_REASON,
  type ReasonCommand,
  type ReasonView,
  reasonCommandLabels,
  reasonCommands,
} from '@/lib/review/reason-view'

export type ReasonWords = { label: string; commands: ReasonCommand[] }

type Props = {
  title: string
  button: string
  /** What it is now; absent: it is new. */
  reason?: ReasonView
  save: (reason: ReasonWords) => Promise<Outcome>
}

/** The words of a reason, and the decisions for which it is offered. */
export function ReasonDialog({ trigger, ...form }: Props & { trigger: ReactElement }) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen} title={form.title} trigger={trigger}>
      {open && <ReasonForm {...form} close={() => setOpen(false)} />}
    </Dialog>
  )
}

function ReasonForm({ button, reason, save, close }: Props & { close: () => void }) {
  const toast = useToast()
  const [label, setLabel] = useState(reason?.label ?? '')
  const [commands, setCommands] = useState<ReasonCommand[]>(reason?.commands ?? ['retry', 'abandon'])
  const [problem, setProblem] = useState<string | null>(null)
  const [pending, setPending] = useState(false)
  async function submit() {
    setPending(true)
    const outcome = await answerOf(() => save({ label, commands })).finally(() => setPending(false))
    if (!outcome.ok) return setProblem(outcome.message)
    toast({ title: outcome.message, tone: 'success' })
    close()
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Field
        label="Reason"
        name="label"
        hint={
          reason === undefined
            ? 'A few words, such as “The facts are wrong”.'
            : 'What was decided with it shows the new words. For another meaning, retire it and add one.'
        }
      >
        <Input
          value={label}
          required
          maxLength={LONGEST_REASON}
          autoComplete="off"
          onChange={(event) => setLabel(event.target.value)}
        />
      </Field>
      <fieldset className="flex flex-col gap-0.5">
        <legend className="pb-1 font-medium">Offered for</legend>
        {reasonCommands.map((command) => (
          <CheckboxField
            key={command}
            label={reasonCommandLabels[command]}
            checked={commands.includes(command)}
            onCheckedChange={(isOn) =>
              setCommands((before) => reasonCommands.filter((one) => (one === command ? isOn : before.includes(one))))
            }
          />
        ))}
      </fieldset>
      {problem !== null && (
        <Callout tone="danger" role="alert">
          {problem}
        </Callout>
      )}
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button type="submit" variant="primary" pending={pending} pendingLabel="Saving…">
          {button}
        </Button>
      </div>
    </form>
  )
}

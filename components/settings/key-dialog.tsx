'use client'
import { Plus } from 'lucide-react'
import { useActionState, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { answering } from '@/components/ui/no-answer'
import { Select } from '@/components/ui/select'
import { errorFor, type Outcome, typedOr } from '@/lib/access/outcome'
import { type Role, roles } from '@/lib/lifecycle/table'
import { OutcomeLine } from './form-panel'
import { RolePicker } from './role-picker'
import { ShownOnce } from './shown-once'

export type MakeKey = (before: Outcome<{ key: string }> | null, form: FormData) => Promise<Outcome<{ key: string }>>

type KeyDialogProps = {
  /** What the person may do, and so what a key of theirs may. */
  ownRoles: readonly Role[]
  /** Whether they may make keys that belong to nobody. */
  forServices: boolean
  make: MakeKey
}

/** Makes a key and shows it once. */
export function KeyDialog(props: KeyDialogProps) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="New key"
      trigger={
        <Button variant="primary">
          <Plus aria-hidden />
          New key
        </Button>
      }
    >
      {open && <KeyForm {...props} close={() => setOpen(false)} />}
    </Dialog>
  )
}

const BELONGS = [
  { value: 'me', label: 'Me', hint: 'What it does counts as done by you. It never does more than you may.' },
  { value: 'service', label: 'A service', hint: 'It is nobody: it cannot approve what a person must.' },
] as const

function KeyForm({ ownRoles, forServices, make, close }: KeyDialogProps & { close: () => void }) {
  const [outcome, submit, pending] = useActionState(answering(make), null)
  const [belongs, setBelongs] = useState<'me' | 'service'>('me')
  if (outcome?.ok) {
    return (
      <div className="flex flex-col gap-4">
        <ShownOnce
          title="Copy the key now"
          secret={outcome.done.key}
          copy="Copy the key"
          hint="It is shown only now: nobody can look it up later. Treat it like a password."
        />
        <Button className="self-end" onClick={close}>
          Done
        </Button>
      </div>
    )
  }
  return (
    <form action={submit} className="flex flex-col gap-4">
      <Field
        label="Name"
        name="name"
        hint="What uses it, so that you can tell your keys apart."
        error={errorFor(outcome, 'name')}
      >
        <Input
          key={typedOr(outcome, 'name')}
          required
          maxLength={120}
          autoComplete="off"
          defaultValue={typedOr(outcome, 'name')}
        />
      </Field>
      <input type="hidden" name="belongs" value={belongs} />
      {forServices && (
        <Field label="Belongs to">
          <Select items={BELONGS} value={belongs} onValueChange={setBelongs} />
        </Field>
      )}
      <RolePicker
        key={belongs}
        legend="What it may do"
        among={belongs === 'service' ? roles : ownRoles}
        initial={[]}
        error={errorFor(outcome, 'roles')}
      />
      <OutcomeLine outcome={outcome} />
      <Button type="submit" variant="primary" pending={pending} pendingLabel="Making the key…" className="self-end">
        Make the key
      </Button>
    </form>
  )
}

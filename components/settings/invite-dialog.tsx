'use client'
import { UserPlus } from 'lucide-react'
import { useActionState, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { answering } from '@/components/ui/no-answer'
import { errorFor, type Outcome, typedOr } from '@/lib/access/outcome'
import { roles } from '@/lib/lifecycle/table'
import { OutcomeLine } from './form-panel'
import { RolePicker } from './role-picker'
import { ShownOnce } from './shown-once'

export type Invite = (before: Outcome<{ link: string }> | null, form: FormData) => Promise<Outcome<{ link: string }>>

/** Makes a one-time link for somebody new. What was made is gone from the page when the dialog closes. */
export function InviteDialog({ invite }: { invite: Invite }) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Invite somebody"
      trigger={
        <Button variant="primary">
          <UserPlus aria-hidden />
          Invite somebody
        </Button>
      }
    >
      {open && <InviteForm invite={invite} close={() => setOpen(false)} />}
    </Dialog>
  )
}

function InviteForm({ invite, close }: { invite: Invite; close: () => void }) {
  const [outcome, submit, pending] = useActionState(answering(invite), null)
  if (outcome?.ok) {
    return (
      <div className="flex flex-col gap-4">
        <ShownOnce
          title="Give them this link"
          secret={outcome.done.link}
          copy="Copy the link"
          hint="It is shown only now, works once, and for seven days. Whoever opens it becomes this person."
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
        label="E-mail"
        name="email"
        hint="They will sign in with it. No e-mail is sent: you give them the link yourself."
        error={errorFor(outcome, 'email')}
      >
        <Input
          key={typedOr(outcome, 'email')}
          type="email"
          required
          maxLength={254}
          autoComplete="off"
          defaultValue={typedOr(outcome, 'email')}
        />
      </Field>
      <RolePicker legend="Roles" among={roles} initial={['requester']} error={errorFor(outcome, 'roles')} />
      <OutcomeLine outcome={outcome} />
      <Button type="submit" variant="primary" pending={pending} pendingLabel="Making the link…" className="self-end">
        Make the link
      </Button>
    </form>
  )
}

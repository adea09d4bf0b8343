'use client'
import { type ReactElement, startTransition, useActionState, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { answerOf } from '@/components/ui/no-answer'
import { useToast } from '@/components/ui/toast'
import { errorFor, type Outcome } from '@/lib/access/outcome'
import { type Role, roles } from '@/lib/lifecycle/table'
import { OutcomeLine } from './form-panel'
import { RolePicker } from './role-picker'

/** Changes the set of roles of one person. */
export function RolesDialog(props: {
  trigger: ReactElement
  name: string
  held: readonly Role[]
  save: (before: Outcome | null, form: FormData) => Promise<Outcome>
}) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen} title={`Roles of ${props.name}`} trigger={props.trigger}>
      {open && <RolesForm held={props.held} save={props.save} close={() => setOpen(false)} />}
    </Dialog>
  )
}

function RolesForm(props: {
  held: readonly Role[]
  save: (before: Outcome | null, form: FormData) => Promise<Outcome>
  close: () => void
}) {
  const toast = useToast()
  const [outcome, submit, pending] = useActionState(async (before: Outcome | null, form: FormData) => {
    const after = await answerOf(() => props.save(before, form))
    if (after.ok) {
      toast({ title: after.message, tone: 'success' })
      startTransition(props.close)
    }
    return after
  }, null)
  return (
    <form action={submit} className="flex flex-col gap-4">
      <RolePicker
        legend="What they may do"
        hint="It takes effect at once, everywhere they are signed in."
        among={roles}
        initial={props.held}
        error={errorFor(outcome, 'roles')}
      />
      <OutcomeLine outcome={outcome} />
      <Button type="submit" variant="primary" pending={pending} pendingLabel="Saving…" className="self-end">
        Save roles
      </Button>
    </form>
  )
}

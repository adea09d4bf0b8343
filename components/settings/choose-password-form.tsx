'use client'
import { useActionState } from 'react'
import { answerOf } from '@/components/ui/no-answer'
import { useToast } from '@/components/ui/toast'
import type { Outcome } from '@/lib/access/outcome'
import { FormPanel } from './form-panel'
import { NewPasswordField } from './new-password-field'
import { NameAndEmail } from './profile-form'

/** For whoever came by a one-time link: how they sign in from now on. */
export function ChoosePasswordForm(props: {
  name: string
  email: string
  choose: (before: Outcome | null, form: FormData) => Promise<Outcome>
}) {
  const toast = useToast()
  const [outcome, submit, pending] = useActionState(async (before: Outcome | null, form: FormData) => {
    const after = await answerOf(() => props.choose(before, form), form)
    // Another form stands here as soon as it is done, so the words must stand elsewhere.
    if (after.ok) toast({ title: after.message, tone: 'success' })
    return after
  }, null)
  return (
    <FormPanel
      title="Choose how you sign in"
      hint="You came by a link that works once. Without a password you need another link next time."
      submit={submit}
      outcome={outcome}
      pending={pending}
      button="Save and keep me signed in"
      pendingButton="Saving…"
    >
      <NameAndEmail name={props.name} email={props.email} outcome={outcome} />
      <NewPasswordField label="Password" outcome={outcome} />
    </FormPanel>
  )
}

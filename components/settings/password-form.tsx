'use client'
import { useActionState } from 'react'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { answering } from '@/components/ui/no-answer'
import { errorFor, type Outcome } from '@/lib/access/outcome'
import { FormPanel } from './form-panel'
import { NewPasswordField } from './new-password-field'

/** Changes a password that is known. */
export function PasswordForm(props: { change: (before: Outcome | null, form: FormData) => Promise<Outcome> }) {
  const [outcome, submit, pending] = useActionState(answering(props.change), null)
  return (
    <FormPanel
      title="Password"
      hint="Changing it ends your sessions everywhere else."
      submit={submit}
      outcome={outcome}
      pending={pending}
      button="Change password"
      pendingButton="Changing…"
    >
      <Field label="Current password" name="current" error={errorFor(outcome, 'current')}>
        <Input type="password" autoComplete="current-password" required maxLength={128} />
      </Field>
      <NewPasswordField label="New password" outcome={outcome} />
    </FormPanel>
  )
}

'use client'
import { useActionState } from 'react'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { answering } from '@/components/ui/no-answer'
import { errorFor, type Outcome, typedOr } from '@/lib/access/outcome'
import { FormPanel } from './form-panel'

/** Name and e-mail of the person who is signed in. */
export function ProfileForm(props: {
  name: string
  email: string
  save: (before: Outcome | null, form: FormData) => Promise<Outcome>
}) {
  const [outcome, submit, pending] = useActionState(answering(props.save), null)
  return (
    <FormPanel
      title="You"
      submit={submit}
      outcome={outcome}
      pending={pending}
      button="Save name and e-mail"
      pendingButton="Saving…"
    >
      <NameAndEmail name={props.name} email={props.email} outcome={outcome} />
    </FormPanel>
  )
}

/** The two fields, with what was typed before a refusal. */
export function NameAndEmail(props: { name: string; email: string; outcome: Outcome | null }) {
  const name = typedOr(props.outcome, 'name', props.name)
  const email = typedOr(props.outcome, 'email', props.email)
  return (
    <>
      <Field
        label="Name"
        name="name"
        hint="Others see it beside what you decide."
        error={errorFor(props.outcome, 'name')}
      >
        <Input key={name} autoComplete="name" required maxLength={120} defaultValue={name} />
      </Field>
      <Field label="E-mail" name="email" hint="You sign in with it." error={errorFor(props.outcome, 'email')}>
        <Input key={email} type="email" autoComplete="username" required maxLength={254} defaultValue={email} />
      </Field>
    </>
  )
}

'use client'
import { useActionState } from 'react'
import { FormPanel } from '@/components/settings/form-panel'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { answering } from '@/components/ui/no-answer'
import { type Outcome, typedOr } from '@/lib/access/outcome'

/** The address that letters link to. It is typed by a lead: what a request claims to be could be anybody's. */
export function AddressForm(props: {
  address: string | null
  /** Under which the person at the page sees us. */
  origin: string
  save: (before: Outcome | null, form: FormData) => Promise<Outcome>
}) {
  const [outcome, submit, pending] = useActionState(answering(props.save), null)
  const typed = typedOr(outcome, 'address', props.address ?? '')
  return (
    <FormPanel
      title="Address of this installation"
      hint="For leads. Letters to everybody link to it."
      submit={submit}
      outcome={outcome}
      pending={pending}
      button="Save the address"
      pendingButton="Saving…"
    >
      <Field
        label="Address"
        name="address"
        optional
        hint={`You are at ${props.origin} now. Empty: letters have no link.`}
      >
        <Input key={typed} defaultValue={typed} maxLength={500} autoComplete="off" placeholder={props.origin} />
      </Field>
    </FormPanel>
  )
}

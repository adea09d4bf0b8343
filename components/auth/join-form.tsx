'use client'
import { useActionState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { errorFor, generalError, type Outcome, typedOr } from '@/lib/access/outcome'
import { PASSWORD_LENGTH } from '@/lib/access/password'

/** Name and password of somebody who was invited. Works before its script has loaded. */
export function JoinForm(props: { email: string; join: (before: Outcome | null, form: FormData) => Promise<Outcome> }) {
  const [outcome, submit, pending] = useActionState(props.join, null)
  // A taken e-mail cannot be mended here, so it stands above the form.
  const problem = generalError(outcome) ?? errorFor(outcome, 'email') ?? null
  return (
    <form action={submit} className="flex flex-col gap-4">
      {problem !== null && (
        <Callout tone="danger" role="alert">
          {problem}
        </Callout>
      )}
      <Field label="E-mail" name="email" hint="You sign in with it from now on.">
        <Input type="email" autoComplete="username" readOnly value={props.email} />
      </Field>
      <Field
        label="Your name"
        name="name"
        hint="Others see it beside what you decide."
        error={errorFor(outcome, 'name')}
      >
        <Input
          key={typedOr(outcome, 'name')}
          autoComplete="name"
          required
          maxLength={120}
          defaultValue={typedOr(outcome, 'name')}
        />
      </Field>
      <Field
        label="Password"
        name="password"
        hint={`At least ${PASSWORD_LENGTH.min} characters.`}
        error={errorFor(outcome, 'password')}
      >
        <Input
          type="password"
          autoComplete="new-password"
          required
          minLength={PASSWORD_LENGTH.min}
          maxLength={PASSWORD_LENGTH.max}
        />
      </Field>
      <Button type="submit" variant="primary" size="lg" pending={pending} pendingLabel="Joining…">
        Join
      </Button>
    </form>
  )
}

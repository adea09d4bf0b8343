'use client'
import { useActionState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { generalError, type Outcome, typedOr } from '@/lib/access/outcome'

/** E-mail and password. Works before its script has loaded. */
export function SignInForm(props: {
  next: string
  signIn: (before: Outcome | null, form: FormData) => Promise<Outcome>
}) {
  const [outcome, submit, pending] = useActionState(props.signIn, null)
  const problem = generalError(outcome)
  return (
    <form action={submit} className="flex flex-col gap-4">
      {problem !== null && (
        <Callout tone="danger" role="alert">
          {problem}
        </Callout>
      )}
      <input type="hidden" name="next" value={props.next} />
      <Field label="E-mail" name="email">
        <Input
          key={typedOr(outcome, 'email')}
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          defaultValue={typedOr(outcome, 'email')}
        />
      </Field>
      <Field label="Password" name="password">
        <Input type="password" autoComplete="current-password" required maxLength={128} />
      </Field>
      <Button type="submit" variant="primary" size="lg" pending={pending} pendingLabel="Signing in…">
        Sign in
      </Button>
    </form>
  )
}

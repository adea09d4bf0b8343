'use client'
import { useActionState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { generalError, type Outcome } from '@/lib/access/outcome'

/** The one button of a sign-in link. Works before its script has loaded. */
export function SignInByLinkForm(props: { signIn: (before: Outcome | null, form: FormData) => Promise<Outcome> }) {
  const [outcome, submit, pending] = useActionState(props.signIn, null)
  const problem = generalError(outcome)
  return (
    <form action={submit} className="flex flex-col gap-4">
      {problem !== null && (
        <Callout tone="danger" role="alert">
          {problem}
        </Callout>
      )}
      <Button type="submit" variant="primary" size="lg" pending={pending} pendingLabel="Signing in…">
        Sign in
      </Button>
    </form>
  )
}

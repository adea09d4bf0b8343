'use client'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { errorFor, type Outcome } from '@/lib/access/outcome'
import { PASSWORD_LENGTH } from '@/lib/access/password'

/** A password that is being chosen, submitted as `password`. */
export function NewPasswordField({ label, outcome }: { label: string; outcome: Outcome<unknown> | null }) {
  const hint = `At least ${PASSWORD_LENGTH.min} characters.`
  return (
    <Field label={label} name="password" hint={hint} error={errorFor(outcome, 'password')}>
      <Input
        type="password"
        autoComplete="new-password"
        required
        minLength={PASSWORD_LENGTH.min}
        maxLength={PASSWORD_LENGTH.max}
      />
    </Field>
  )
}

/** What came of something that a person asked for in a form. */
import { type AccessRefusalCode, AccessRefused } from '@/lib/access/refused'

/** `message` is a sentence. */
export type Outcome<Done = null> = { ok: true; message: string; done: Done } | Refusal

export type Refusal = {
  ok: false
  message: string
  /** The field that is wrong, where it is one. */
  field: FieldName | null
  /** What was typed, by name of field: React empties a form after its action, back to its default values. */
  typed?: Record<string, string>
}

export type FieldName = 'email' | 'name' | 'password' | 'current' | 'roles'

const FIELDS: Record<AccessRefusalCode, FieldName | null> = {
  last_owner: null,
  email_taken: 'email',
  email_invalid: 'email',
  name_missing: 'name',
  password_weak: 'password',
  password_wrong: 'current',
  roles_missing: 'roles',
  person_unknown: null,
  key_unknown: null,
  link_unusable: null,
}

/** Runs `work`; what was refused becomes an outcome, everything else rises. */
export async function outcomeOf<Done>(work: () => Promise<{ message: string; done: Done }>): Promise<Outcome<Done>> {
  try {
    return { ok: true, ...(await work()) }
  } catch (error) {
    if (!(error instanceof AccessRefused)) throw error
    return { ok: false, message: error.message, field: FIELDS[error.code] }
  }
}

/** The outcome of somebody who may not. */
export function notAllowed(message: string): Refusal {
  return { ok: false, message, field: null }
}

/**
 * A session may end while somebody writes: they are told, and stay where they are with what they typed. Sending them to
 * the sign-in page would lose it.
 */
export const SIGNED_OUT = notAllowed(
  'You are signed out, so nothing was done. Sign in again in another tab, then try again here.',
)

/** The message for `field`, where the outcome is about it. */
export function errorFor(outcome: Outcome<unknown> | null, field: FieldName): string | undefined {
  return outcome !== null && !outcome.ok && outcome.field === field ? outcome.message : undefined
}

/** `outcome`, with what was typed into `form` under `names`. Never pass the name of a password. */
export function keepTyped<Done>(outcome: Outcome<Done>, form: FormData, names: readonly string[]): Outcome<Done> {
  if (outcome.ok) return outcome
  const typed = names.map((name): [string, string] => {
    const value = form.get(name)
    return [name, typeof value === 'string' ? value : '']
  })
  return { ...outcome, typed: Object.fromEntries(typed) }
}

/** What was typed under `name` before the refusal, or else `otherwise`. */
export function typedOr(outcome: Outcome<unknown> | null, name: string, otherwise = ''): string {
  return (outcome !== null && !outcome.ok ? outcome.typed?.[name] : undefined) ?? otherwise
}

/** The sentence of a refusal that is about no field. */
export function generalError(outcome: Outcome<unknown> | null): string | null {
  return outcome !== null && !outcome.ok && outcome.field === null ? outcome.message : null
}

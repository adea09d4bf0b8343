/** What came of something that a lead asked for on the pages about money. `message` is a sentence. */
export type MoneyOutcome =
  | { ok: true; message: string }
  | {
      ok: false
      message: string
      /** What is wrong with a field, by its name. */
      errors: Record<string, string>
      /** What was typed: React empties a form after its action. */
      typed: Record<string, string>
    }

/** Lets sending of a workflow go on, with a note. */
export type ResumeSending = (workflowKey: string, note: string) => Promise<MoneyOutcome>

export type MoneyAction = (before: MoneyOutcome | null, form: FormData) => Promise<MoneyOutcome>

/** What is wrong with the field of that name. */
export function wrongWith(outcome: MoneyOutcome | null, field: string): string | undefined {
  return outcome !== null && !outcome.ok ? outcome.errors[field] : undefined
}

/** What was typed into the field before it was refused, or else `otherwise`. */
export function typedIn(outcome: MoneyOutcome | null, field: string, otherwise = ''): string {
  return (outcome !== null && !outcome.ok ? outcome.typed[field] : undefined) ?? otherwise
}

/** The refusal that no field shows. */
export function otherwiseWrong(outcome: MoneyOutcome | null): string | null {
  return outcome !== null && !outcome.ok && Object.keys(outcome.errors).length === 0 ? outcome.message : null
}

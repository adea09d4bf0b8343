/** What is said where an action of the server came to no answer: the connection broke, or the server failed. */
import { unstable_rethrow } from 'next/navigation'

/** Fits wherever an action answers with a refusal. */
export type NoAnswer = {
  ok: false
  message: string
  field: null
  errors: Record<string, string>
  /** What was typed, by name of field: React empties a form after its action. */
  typed: Record<string, string>
}

const MESSAGE = 'No answer came. It may or may not have been done: look before you try again.'

/**
 * The answer of an action, or that none came. A failure that rose would put an error in place of the page, and what was
 * typed would be lost. Where the action leads elsewhere, that still happens.
 * @param form what was sent, where it is to stay in the fields
 */
export async function answerOf<Answer>(work: () => Promise<Answer>, form?: FormData): Promise<Answer | NoAnswer> {
  try {
    return await work()
  } catch (error) {
    unstable_rethrow(error)
    return { ok: false, message: MESSAGE, field: null, errors: {}, typed: typedIn(form) }
  }
}

/** The action of a form, which says so where no answer came, and keeps what was typed. */
export function answering<Before, Answer>(action: (before: Before, form: FormData) => Promise<Answer>) {
  return (before: Before, form: FormData) => answerOf(() => action(before, form), form)
}

function typedIn(form: FormData | undefined): Record<string, string> {
  return Object.fromEntries(
    [...(form ?? [])].filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** The texts of a delivery, from where its workflow says that they stand. Pure. */
import { placesOf } from '@/lib/evidence/own-checks'
import type { TextSource } from '@/lib/workflows/definition'

export type Sources = { input: Record<string, unknown>; result: unknown }
export type Found<T> = { value: T; problem: null } | { value: null; problem: string }

/**
 * The one text at `source`. `what` begins the sentence about a problem: "The address of the e-mail".
 * A number is taken as it is written; anything else that is no text is a problem, and so is one with nothing in it.
 */
export function textAt(source: TextSource, sources: Sources, what: string): Found<string> {
  if ('value' in source) return { value: source.value, problem: null }
  const place =
    'input' in source ? { root: sources.input, at: source.input } : { root: sources.result, at: source.result }
  const where = 'input' in source ? 'the input of the job' : 'the result'
  const found = valueAt(place.root, place.at, what, where)
  if (found.problem !== null) return found
  const { value } = found
  if (typeof value === 'number') return { value: String(value), problem: null }
  if (typeof value !== 'string') {
    return problem(
      `${what} must be a text, but ${place.at || 'the whole'} of ${where} is ${kindOf(value)}. ${mend(where)}`,
    )
  }
  if (value.trim() === '')
    return problem(`${what} is empty: nothing stands at ${place.at || 'all'} of ${where}. ${mend(where)}`)
  return { value, problem: null }
}

/** The one value at `at`, a JSON pointer. */
export function valueAt(root: unknown, at: string, what: string, where: string): Found<unknown> {
  const places = placesOf(root, at)
  const there = places === 'too many' ? null : places.filter(({ value }) => value !== undefined)
  if (there?.length === 0) return problem(`${what} is missing: ${where} has nothing at ${at}. ${mend(where)}`)
  const [only, ...more] = there ?? []
  if (only === undefined || more.length > 0) {
    return problem(`${what} is not clear: ${where} has more than one value at ${at}. Name one place in the workflow.`)
  }
  return { value: only.value, problem: null }
}

const problem = (sentence: string) => ({ value: null, problem: sentence })

function mend(where: string): string {
  return where === 'the result'
    ? 'Revise the result, or request changes.'
    : 'Retry the job with another input, or abandon it.'
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'boolean' ? `${value}` : 'an object'
}

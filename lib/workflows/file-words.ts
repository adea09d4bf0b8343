/** Sentences about the fields of a workflow's file. Pure. */
import { z } from 'zod'
import { didYouMean } from './did-you-mean'
import { schemaAt, strictDefinition } from './strict'
import type { Path } from './yaml-source'

export type FieldProblem = {
  path: Path
  /** Whether the name of the field is meant, or what it holds. */
  part?: 'key' | 'value'
  message: string
  /** The field that seems to be meant by one of another name. */
  meant?: string | null
}

/** Names the value at `path`: `"approvals" of "review"`, `entry 2 of "tools"`. */
export function nameOf(path: Path): string {
  const last = path.at(-1)
  if (last === undefined) return 'The file'
  const outside = path.slice(0, -1)
  if (typeof last === 'number') return `entry ${last + 1}${outside.length > 0 ? ` of ${nameOf(outside)}` : ''}`
  // Fields within fields are one name: "schema.properties" of …
  let from = outside.length
  while (from > 0 && typeof outside[from - 1] === 'string') from -= 1
  const fields = outside.slice(from)
  const rest = outside.slice(0, from)
  const parents = [...(fields.length > 0 ? [`"${fields.join('.')}"`] : []), ...(rest.length > 0 ? [nameOf(rest)] : [])]
  return [`"${last}"`, ...parents].join(' of ')
}

const sentence = (path: Path, words: string) => {
  const name = nameOf(path)
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${words}`
}

/** What the form of a definition has against `value`, all of it, in the order of its fields. */
export function fieldProblems(value: unknown): FieldProblem[] {
  const parsed = strictDefinition.safeParse(value)
  if (parsed.success) return []
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, value))
  // What is only misspelt is not missing as well.
  const meant = problems.flatMap(({ path, meant: field }) => (field ? [nameOf([...path.slice(0, -1), field])] : []))
  return problems.filter(({ path }) => valueAt(value, path) !== undefined || !meant.includes(nameOf(path)))
}

function problemsOf(issue: z.core.$ZodIssue, root: unknown): FieldProblem[] {
  const path = issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)))
  const value = valueAt(root, path)
  const say = (words: string): FieldProblem[] => [{ path, message: sentence(path, words) }]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownField(path, key, root))
    case 'invalid_type':
      return value === undefined ? [missing(path)] : say(wrongType(issue.expected, value))
    case 'invalid_value':
      return value === undefined ? [missing(path)] : say(wrongChoice(issue.values.map(String), value))
    case 'invalid_union':
      if (value === undefined) return [missing(path)]
      return issue.discriminator === undefined ? say(`${issue.message}.`) : say(wrongChoice(kindsAt(path, root), value))
    case 'too_small':
      return say(tooSmall(issue))
    case 'too_big':
      return say(tooBig(issue, value))
    default:
      return say(`${issue.message}.`)
  }
}

/** What `value` holds at `path`; undefined where it holds nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const segment of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return undefined
    at = (at as Record<string, unknown>)[String(segment)]
  }
  return at
}

function unknownField(path: Path, key: string, root: unknown): FieldProblem {
  const schema = schemaAt(path, valueAt(root, path) === undefined ? undefined : root)
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  const meant = didYouMean(key, known)
  const where = path.length === 0 ? 'a workflow' : nameOf(path)
  const advice = meant === null ? 'Remove it.' : `Did you mean "${meant}"?`
  return { path: [...path, key], part: 'key', message: `"${key}" is not a field of ${where}. ${advice}`, meant }
}

function missing(path: Path): FieldProblem {
  return { path, message: sentence(path, 'is missing.') }
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list: one entry a line, each after a hyphen',
  object: 'a group of fields',
  record: 'a group of fields',
  null: 'null',
}

function wrongType(expected: string, value: unknown): string {
  const kind = KINDS[expected] ?? expected
  if (value === null) return `is empty, and must be ${kind}.`
  const isPlain = typeof value === 'number' || typeof value === 'boolean'
  if (expected === 'string' && isPlain) return `must be text, and is ${shown(value)}. Put it in quotes.`
  return `must be ${kind}, and is ${shown(value)}.`
}

function wrongChoice(choices: readonly string[], value: unknown): string {
  const words = `must be ${new Intl.ListFormat('en', { type: 'disjunction' }).format(choices)}, and is ${shown(value)}.`
  const meant = typeof value === 'string' && choices.length > 1 ? didYouMean(value, choices) : null
  return meant === null ? words : `${words} Did you mean ${meant}?`
}

function kindsAt(path: Path, root: unknown): string[] {
  const union = schemaAt(path.slice(0, -1), root)
  if (!(union instanceof z.ZodDiscriminatedUnion)) return []
  return [...(union._zod.propValues[union.def.discriminator] ?? [])].map(String)
}

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): string {
  if (origin === 'string') return minimum === 1 ? 'is empty. Write something.' : `needs ${minimum} characters.`
  if (origin === 'array') return `needs at least ${minimum} ${minimum === 1 ? 'entry' : 'entries'}.`
  return inclusive === false ? `must be more than ${minimum}.` : `must be at least ${minimum}.`
}

function tooBig({ origin, maximum }: z.core.$ZodIssueTooBig, value: unknown): string {
  if (origin === 'string') return `may have ${maximum} characters, and has ${String(value).length}. Shorten it.`
  if (origin === 'array') return `may have ${maximum} entries, and has ${Array.isArray(value) ? value.length : 'more'}.`
  return `must be at most ${maximum}.`
}

/** A value as it stands in the file, shortened. */
export function shown(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a group of fields'
  if (typeof value !== 'string') return String(value)
  return `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`
}

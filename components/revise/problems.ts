/** What is wrong with an edited result, at the field where it is wrong. Pure. */
import type { ErrorObject } from 'ajv/dist/2020.js'
import { escapePointer } from '@/components/schema-form/fields'
import type { FieldError } from '@/components/schema-form/values'
import { compileSchema } from '@/lib/workflows/schema'
import type { Schema } from './schema-at'

/** A longer text is checked until its first fault: all of them would be felt with each keystroke. In UTF-16 units. */
const ALL_FAULTS = 200_000
/** More than anybody mends one by one. */
const MOST = 100

/** Where `value` does not fit `schema`: one sentence a field. Pointers are those of the value. */
export function problemsOf(schema: Schema | null, value: unknown, length = 0): FieldError[] {
  if (schema === null) return []
  const validate = compileSchema(schema, { every: length <= ALL_FAULTS })
  if (validate(value)) return []
  const problems = new Map<string, FieldError>()
  // Of a value that fits none of several shapes, the faults of each shape say more than that it fits none.
  const errors = (validate.errors ?? []).toSorted((one, other) => Number(isVague(one)) - Number(isVague(other)))
  for (const error of errors) {
    const steps = stepsOf(error)
    const pointer = steps.map((step) => `/${escapePointer(step)}`).join('')
    if (!problems.has(pointer)) problems.set(pointer, { pointer, detail: `${nameOf(steps)} ${faultOf(error)}.` })
    if (problems.size === MOST) break
  }
  return [...problems.values()]
}

/** What is wrong with a text that must be JSON of `schema`. */
export function textProblems(schema: Schema | null, text: string): FieldError[] {
  try {
    return problemsOf(schema, JSON.parse(text), text.length)
  } catch {
    return [{ pointer: '', detail: 'This is not JSON. Check its brackets, quotes and commas.' }]
  }
}

const isVague = ({ keyword }: ErrorObject) => keyword === 'anyOf' || keyword === 'oneOf'

function stepsOf({ instancePath, keyword, params }: ErrorObject): string[] {
  const steps = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (keyword === 'required') return [...steps, String(params.missingProperty)]
  if (keyword === 'additionalProperties') return [...steps, String(params.additionalProperty)]
  return steps
}

/** `findings › 3 › claim`: places in a list are counted from 1, as people do. */
function nameOf(steps: readonly string[]): string {
  if (steps.length === 0) return 'The result'
  return steps.map((step) => (/^\d+$/.test(step) ? String(Number(step) + 1) : step.replaceAll('_', ' '))).join(' › ')
}

function faultOf({ keyword, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return 'is missing'
    case 'additionalProperties':
      return 'is not a field of this result: remove it'
    case 'type':
      return `must be ${[params.type].flat().map(kindOf).join(' or ')}`
    case 'enum':
      return `must be one of: ${(params.allowedValues as unknown[]).join(', ')}`
    case 'minLength':
      return params.limit <= 1 ? 'is empty: fill it in' : `needs at least ${params.limit} characters`
    case 'maxLength':
      return `takes at most ${params.limit} characters`
    case 'minItems':
      return `needs at least ${params.limit} ${params.limit === 1 ? 'entry' : 'entries'}`
    case 'maxItems':
      return `takes at most ${params.limit} ${params.limit === 1 ? 'entry' : 'entries'}`
    case 'minimum':
      return `must be at least ${params.limit}`
    case 'maximum':
      return `must be at most ${params.limit}`
    case 'pattern':
      return 'does not have the form it needs'
    default:
      return message ?? 'does not fit'
  }
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a group of fields',
  null: 'nothing',
}
const kindOf = (type: string) => KINDS[type] ?? type

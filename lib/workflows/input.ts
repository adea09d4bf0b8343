/** Checks what a person typed against a workflow's form. Pure. */
import type { ErrorObject } from 'ajv/dist/2020.js'
import type { JsonSchema, WorkflowDefinition } from './definition'
import { compileSchema } from './schema'

/** What is wrong with one field: where (a JSON pointer into the request's `input`), and a sentence naming the field. */
export type InputError = { pointer: string; detail: string }

/**
 * What stops `input` from being used with this workflow; an empty list where nothing does. One sentence a field, with
 * the field's title. Pointers start with `/input`.
 */
export function validateInput(definition: WorkflowDefinition, input: unknown): InputError[] {
  const validate = compileSchema(definition.inputSchema, { every: true })
  if (validate(input)) return []
  const errors = new Map<string, InputError>()
  for (const error of validate.errors ?? []) {
    const path = pathOf(error)
    const pointer = ['/input', ...path.map(escapePointer)].join('/')
    const property = propertyAt(definition.inputSchema, path)
    const title = typeof property?.title === 'string' && path.length > 0 ? property.title : (path.at(-1) ?? 'The input')
    const detail =
      error.keyword === 'pattern' && property?.format === 'email'
        ? `${title} is no e-mail address. Write one, such as name@example.org.`
        : sentence(error, title)
    // The first is the most telling: an empty field also fails its length and its pattern.
    if (!errors.has(pointer)) errors.set(pointer, { pointer, detail })
  }
  return [...errors.values()]
}

function pathOf(error: ErrorObject): string[] {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer)
  if (error.keyword === 'required') return [...path, String(error.params.missingProperty)]
  if (error.keyword === 'additionalProperties') return [...path, String(error.params.additionalProperty)]
  return path
}

const escapePointer = (segment: string) => segment.replaceAll('~', '~0').replaceAll('/', '~1')
const unescapePointer = (segment: string) => segment.replaceAll('~1', '/').replaceAll('~0', '~')

/** The schema of the field at `path`; undefined where it has none. */
function propertyAt(schema: JsonSchema, path: string[]): JsonSchema | undefined {
  let at: unknown = schema
  for (const segment of path) {
    if (!isRecord(at)) break
    const properties: unknown = at.properties
    at = isRecord(properties) && Object.hasOwn(properties, segment) ? properties[segment] : at.items
  }
  return isRecord(at) ? at : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function sentence({ keyword, params, message }: ErrorObject, title: string): string {
  switch (keyword) {
    case 'required':
      return `${title} is missing. Fill it in.`
    case 'minLength':
      return params.limit <= 1
        ? `${title} is empty. Fill it in.`
        : `${title} needs at least ${params.limit} characters.`
    case 'pattern':
      // The form's way of saying "more than white space".
      return params.pattern === '\\S' ? `${title} is empty. Fill it in.` : `${title} does not have the form it needs.`
    case 'maxLength':
      return `${title} takes at most ${params.limit} characters.`
    case 'enum':
      return `${title} must be one of: ${(params.allowedValues as unknown[]).join(', ')}.`
    case 'type':
      return `${title} must be ${KINDS[String(params.type)] ?? params.type}.`
    case 'additionalProperties':
      return `${title} is not a field of this workflow. Leave it out.`
    case 'minimum':
      return `${title} must be at least ${params.limit}.`
    case 'maximum':
      return `${title} must be at most ${params.limit}.`
    case 'minItems':
      return `${title} needs at least ${params.limit}.`
    case 'maxItems':
      return `${title} takes at most ${params.limit}.`
    default:
      return `${title} ${message ?? 'cannot be used'}.`
  }
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'an object of fields',
}

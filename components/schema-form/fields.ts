/** Reads a form out of an object schema (a JSON Schema, draft 2020-12 subset). Pure. */
import type { JsonSchema } from '@/lib/workflows/definition'

/** One value of a fixed set, with its words. */
export type Choice = { value: unknown; label: string; hint?: string }

export type Control =
  | { kind: 'text' | 'textarea'; maxLength?: number }
  | { kind: 'date' | 'date-time' }
  | { kind: 'number'; whole: boolean; min?: number; max?: number }
  | { kind: 'boolean' }
  | { kind: 'choice'; choices: Choice[] }
  /** A list of texts, one a line. */
  | { kind: 'lines' }
  /** No control is made for this type: the value is written as JSON. `type` is the type in words. */
  | { kind: 'json'; type: string }

export type FormField = {
  name: string
  /** A JSON pointer to its value, below the form's own. */
  pointer: string
  title: string
  hint: string | null
  required: boolean
  control: Control
}

/** The fields of an object schema, in its order. `base`: the JSON pointer of the object. */
export function fieldsOf(schema: JsonSchema, base = ''): FormField[] {
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(isRecord(schema.properties) ? schema.properties : {}).map(([name, of]) => {
    const property = isRecord(of) ? of : {}
    return {
      name,
      pointer: `${base}/${escapePointer(name)}`,
      title: textOf(property.title) ?? name,
      hint: textOf(property.description),
      required: required.includes(name),
      control: controlOf(property),
    }
  })
}

/**
 * What a form starts with: the schema's defaults, and "no" for each required yes-or-no, because a box that is not
 * ticked says no.
 */
export function initialValue(schema: JsonSchema): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  const properties = isRecord(schema.properties) ? schema.properties : {}
  for (const { name, required, control } of fieldsOf(schema)) {
    const property = properties[name]
    if (isRecord(property) && property.default !== undefined) value[name] = property.default
    else if (required && control.kind === 'boolean') value[name] = false
  }
  return value
}

function controlOf(property: JsonSchema): Control {
  const choices = choicesOf(property)
  if (choices !== null) return { kind: 'choice', choices }
  switch (property.type) {
    case 'string':
      return textControl(property)
    case 'number':
    case 'integer':
      return {
        kind: 'number',
        whole: property.type === 'integer',
        ...(typeof property.minimum === 'number' ? { min: property.minimum } : {}),
        ...(typeof property.maximum === 'number' ? { max: property.maximum } : {}),
      }
    case 'boolean':
      return { kind: 'boolean' }
    case 'array':
      if (isPlainText(property.items)) return { kind: 'lines' }
  }
  return { kind: 'json', type: typeInWords(property) }
}

function textControl(property: JsonSchema): Control {
  if (property.format === 'date' || property.format === 'date-time') return { kind: property.format }
  const kind = property['x-control'] === 'textarea' ? 'textarea' : 'text'
  return typeof property.maxLength === 'number' ? { kind, maxLength: property.maxLength } : { kind }
}

/** `enum`, or `oneOf` of constants with titles; null where the value is not one of a set. */
function choicesOf(property: JsonSchema): Choice[] | null {
  if (Array.isArray(property.enum)) return property.enum.map((value) => ({ value, label: wordsOf(value) }))
  if (!Array.isArray(property.oneOf) || property.oneOf.length === 0) return null
  const choices: Choice[] = []
  for (const of of property.oneOf) {
    if (!isRecord(of) || of.const === undefined) return null
    const hint = textOf(of.description)
    choices.push({ value: of.const, label: textOf(of.title) ?? wordsOf(of.const), ...(hint === null ? {} : { hint }) })
  }
  return choices
}

const wordsOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** Text in which a line is an element: nothing in the schema asks for more than words. */
function isPlainText(items: unknown): boolean {
  return isRecord(items) && items.type === 'string' && choicesOf(items) === null
}

function typeInWords({ type, items }: JsonSchema): string {
  if (type === 'object') return 'an object'
  if (type === 'array') return isRecord(items) && typeof items.type === 'string' ? `a list of ${items.type}s` : 'a list'
  if (Array.isArray(type)) return type.join(' or ')
  return typeof type === 'string' ? type : 'any value'
}

/** One segment of a JSON pointer (RFC 6901). */
export function escapePointer(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1')
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value : null)

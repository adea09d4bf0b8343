/** Reads out of a JSON Schema (draft 2020-12 subset) how a value of it is edited. Pure. */
import { type Choice, isRecord } from '@/components/schema-form/fields'

export type Schema = Record<string, unknown>

/** How a value is edited. By the schema where it says so and the value fits, else by what the value is. */
export type Shape = {
  kind: 'object' | 'list' | 'choice' | 'text' | 'number' | 'boolean' | 'nothing'
  /** Of a `choice`. */
  choices: Choice[]
  /** Of the value itself, without "or nothing". */
  schema: Schema
  /** The schema allows that nothing is stated. */
  isNullable: boolean
}

/** A schema that refers to itself ends here. */
const DEEPEST = 24

/** How `value` is edited under `schema`, a part of `root`. */
export function shapeOf(schema: Schema, root: Schema, value: unknown): Shape {
  const branches = branchesOf(schema, root)
  const isNullable = branches.some((branch) => typesOf(branch).includes('null'))
  const rest = branches.filter((branch) => !isOnly(branch, 'null'))
  const fitting = rest.find((branch) => fits(branch, value)) ?? rest[0] ?? {}
  const shape = { schema: fitting, isNullable, choices: [] }
  if (value === null && isNullable) return { ...shape, kind: 'nothing' }
  const choices = choicesOf(fitting)
  if (choices.length > 0) return { ...shape, kind: 'choice', choices }
  const isNumeric = typesOf(fitting).some((type) => type === 'number' || type === 'integer')
  // What was typed and is no number yet is kept as text, and stays in its field.
  if (isNumeric && (typeof value === 'number' || typeof value === 'string' || value === null)) {
    return { ...shape, kind: 'number' }
  }
  return { ...shape, kind: kindOf(value, fitting) }
}

function kindOf(value: unknown, schema: Schema): Shape['kind'] {
  if (Array.isArray(value)) return 'list'
  if (isRecord(value)) return 'object'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  // Nothing stands there though something must: it is written as what it must be.
  return typesOf(schema).includes('string') ? 'text' : 'nothing'
}

/** What a new value of `schema` starts as: empty, so that what is still to be written is seen. */
export function emptyValue(schema: Schema, root: Schema, depth = 0): unknown {
  const branches = branchesOf(schema, root)
  if (depth > DEEPEST || branches.some((branch) => isOnly(branch, 'null') || typesOf(branch).includes('null')))
    return null
  const [branch = {}] = branches
  if ('const' in branch) return branch.const
  if (Array.isArray(branch.enum)) return branch.enum[0]
  switch (typesOf(branch)[0]) {
    case 'object': {
      const required = Array.isArray(branch.required) ? branch.required : []
      return Object.fromEntries(
        Object.entries(propertiesOf(branch))
          .filter(([name]) => required.includes(name))
          .map(([name, property]) => [name, emptyValue(property, root, depth + 1)]),
      )
    }
    case 'array':
      return []
    case 'boolean':
      return false
    case 'number':
    case 'integer':
      return null
    default:
      return ''
  }
}

/** The properties of an object schema, each as a schema. */
export function propertiesOf(schema: Schema): Record<string, Schema> {
  const properties = isRecord(schema.properties) ? schema.properties : {}
  return Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, isRecord(of) ? of : {}]))
}

/** The schema of a list's elements. */
export function itemsOf(schema: Schema): Schema {
  return isRecord(schema.items) ? schema.items : {}
}

/** What a value of the schema is called, for people; `name` where the schema does not say. */
export function titleOf(schema: Schema, name: string): string {
  return typeof schema.title === 'string' && schema.title !== '' ? schema.title : name.replaceAll('_', ' ')
}

/** The schema itself, or each that it may be. */
function branchesOf(schema: Schema, root: Schema, depth = 0): Schema[] {
  if (depth > DEEPEST) return [{}]
  if (typeof schema.$ref === 'string') return branchesOf(resolve(schema.$ref, root), root, depth + 1)
  const either = schema.anyOf ?? schema.oneOf
  // Constants with titles are a set to choose from, not shapes.
  if (!Array.isArray(either) || either.every((branch) => isRecord(branch) && 'const' in branch)) return [schema]
  return either.filter(isRecord).flatMap((branch) => branchesOf(branch, root, depth + 1))
}

/** `#/$defs/finding`, in `root`. */
function resolve(ref: string, root: Schema): Schema {
  if (!ref.startsWith('#')) return {}
  const steps = ref.slice(1).split('/').filter(Boolean)
  const found = steps.reduce<unknown>((at, step) => {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    return isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined
  }, root)
  return isRecord(found) ? found : {}
}

function choicesOf(schema: Schema): Choice[] {
  const wordsOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  if (Array.isArray(schema.enum)) {
    return schema.enum.filter((value) => value !== null).map((value) => ({ value, label: wordsOf(value) }))
  }
  const either = schema.anyOf ?? schema.oneOf
  if (!Array.isArray(either)) return []
  return either.flatMap((of): Choice[] => {
    if (!isRecord(of) || !('const' in of)) return []
    return [{ value: of.const, label: typeof of.title === 'string' ? of.title : wordsOf(of.const) }]
  })
}

function typesOf(schema: Schema): string[] {
  if (Array.isArray(schema.type)) return schema.type.filter((type) => typeof type === 'string')
  if (typeof schema.type === 'string') return [schema.type]
  return isRecord(schema.properties) ? ['object'] : []
}

const isOnly = (schema: Schema, type: string) => typesOf(schema).join() === type

function fits(schema: Schema, value: unknown): boolean {
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
  const types = typesOf(schema)
  if (!types.includes(type) && !(type === 'number' && types.includes('integer'))) return false
  if (!isRecord(value)) return true
  return Object.entries(propertiesOf(schema)).every(([name, of]) => !('const' in of) || value[name] === of.const)
}

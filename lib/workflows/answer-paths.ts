/** Places in what a JSON Schema describes, before there is anything at them. Pure. */
import { didYouMean } from './did-you-mean'
import { capital, isRecord, resolveReference } from './schema-rules'

type Json = Record<string, unknown>

/** `schema`, or what it refers to. */
export function plain(root: Json, schema: Json): Json {
  return typeof schema.$ref === 'string' ? (resolveReference(root, schema.$ref) ?? schema) : schema
}

/** `schema`, and each that it may be instead. A schema that refers to itself is followed so many times. */
function branches(root: Json, schema: Json, depth = 0): Json[] {
  const one = plain(root, schema)
  const others = Array.isArray(one.anyOf) && depth < 10 ? one.anyOf.filter(isRecord) : []
  return [one, ...others.flatMap((other) => branches(root, other, depth + 1))]
}

export function propertyOf(root: Json, schema: Json, name: string): Json | null {
  for (const branch of branches(root, schema)) {
    const property =
      isRecord(branch.properties) && Object.hasOwn(branch.properties, name) ? branch.properties[name] : null
    if (isRecord(property)) return plain(root, property)
  }
  return null
}

export function propertyNames(root: Json, schema: Json): string[] {
  return branches(root, schema).flatMap(({ properties }) => (isRecord(properties) ? Object.keys(properties) : []))
}

/** Says that `property` is none of `names`, and what may be meant. */
export function notThere(property: string, where: string, names: readonly string[]): string {
  const meant = didYouMean(property, names)
  const list = new Intl.ListFormat('en').format(names.map((name) => `"${name}"`))
  const advice = meant === null ? (names.length > 0 ? `It has ${list}.` : 'It has none.') : `Did you mean "${meant}"?`
  return `"${property}" is no property of ${where}. ${advice}`
}

/** The schema of what stands at a pointer, or why nothing can stand there, as a sentence. */
export type Placed = { ok: true; schema: Json } | { ok: false; problem: string }

/**
 * What `root` says of the place at `pointer`, whatever fills it in. `whole`: what the root is called, "the answer". The
 * pointer is one by its form.
 */
export function schemaAtPointer(pointer: string, root: Json, whole: string): Placed {
  let schema = root
  const segments = pointer.split('/').slice(1)
  for (const [index, segment] of segments.entries()) {
    const where = index === 0 ? whole : `"/${segments.slice(0, index).join('/')}"`
    const items = branches(root, schema).find((branch) => isRecord(branch.items))?.items
    if (isRecord(items)) {
      if (segment !== '*' && !/^\d+$/.test(segment)) {
        const problem = `${capital(where)} is a list: write * for each of its entries in place of "${segment}".`
        return { ok: false, problem }
      }
      schema = plain(root, items)
      continue
    }
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~')
    const next = propertyOf(root, schema, name)
    if (next === null) return { ok: false, problem: notThere(name, where, propertyNames(root, schema)) }
    schema = next
  }
  return { ok: true, schema }
}

/** Kinds of values, as JSON Schema names them; `integer` is a `number`. */
export type ValueType = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object'

const TYPE_WORDS: Record<ValueType, string> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  array: 'a list',
  object: 'a group of fields',
}

/** "text or null". */
export function typeWords(types: readonly ValueType[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(types.map((type) => TYPE_WORDS[type]))
}

/** Which types `schema` lets stand there; null where it does not say. */
export function typesOf(root: Json, schema: Json): ValueType[] | null {
  const types = branches(root, schema).flatMap(typesOfBranch)
  return types.length === 0 ? null : [...new Set(types)]
}

function typesOfBranch(schema: Json): ValueType[] {
  if (schema.type !== undefined) {
    return [schema.type].flat().map((type) => (type === 'integer' ? 'number' : (String(type) as ValueType)))
  }
  const choices = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : []
  return choices.map(typeOfValue)
}

/** The values that `schema` lets stand there, where it lists them; null where it does not. */
export function choicesOf(root: Json, schema: Json): unknown[] | null {
  const found = branches(root, schema).filter(({ anyOf }) => anyOf === undefined)
  const lists = found.map((branch) =>
    Array.isArray(branch.enum)
      ? branch.enum
      : 'const' in branch
        ? [branch.const]
        : branch.type === 'null'
          ? [null]
          : null,
  )
  return lists.length === 0 || lists.includes(null) ? null : lists.flatMap((list) => list ?? [])
}

export function typeOfValue(value: unknown): ValueType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as ValueType
}

/** A place in an answer that a rule or a delivery may name. */
export type AnswerPlace = { pointer: string; types: ValueType[]; choices: unknown[] | null }

/** Deeper places are written in a file. */
const DEEPEST = 5

/** Every place in what `root` describes, from the outside in, with * for the entries of a list. */
export function placesIn(root: Json): AnswerPlace[] {
  return placesBelow(root, root, '', 0)
}

function placesBelow(root: Json, schema: Json, pointer: string, depth: number): AnswerPlace[] {
  if (depth > DEEPEST) return []
  const here: AnswerPlace = { pointer, types: typesOf(root, schema) ?? [], choices: choicesOf(root, schema) }
  const own = pointer === '' ? [] : [here]
  const items = branches(root, schema).find((branch) => isRecord(branch.items))?.items
  if (isRecord(items)) return [...own, ...placesBelow(root, plain(root, items), `${pointer}/*`, depth + 1)]
  const names = [...new Set(propertyNames(root, schema))]
  return [
    ...own,
    ...names.flatMap((name) => {
      const property = propertyOf(root, schema, name)
      const segment = name.replaceAll('~', '~0').replaceAll('/', '~1')
      return property === null ? [] : placesBelow(root, property, `${pointer}/${segment}`, depth + 1)
    }),
  ]
}

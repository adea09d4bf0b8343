/** What a JSON Schema inside a workflow must keep to. Pure. */
import Ajv2020, { type ErrorObject } from 'ajv/dist/2020.js'
import { didYouMean } from './did-you-mean'
import type { FieldProblem } from './file-words'
import { nameOf } from './file-words'
import type { Path } from './yaml-source'

type Json = Record<string, unknown>

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Problems of one place only: what is wrong with the form of a schema makes the rest of it unreadable. */
export function schemaProblems(schema: Json, path: Path): FieldProblem[] {
  const misspelt = subschemas(schema, path).flatMap(misspeltKeywords)
  const malformed = metaschemaProblems(schema, path)
  if (malformed.length > 0) return [...misspelt, ...malformed]
  const patterns = subschemas(schema, path).flatMap(patternProblems)
  if (patterns.length > 0) return [...misspelt, ...patterns]
  return [...misspelt, ...referenceProblems(schema, path), ...rootProblems(schema, path)]
}

// As lib/workflows/schema.ts compiles them. Quiet: what is wrong is told in sentences.
const QUIETLY = { strict: false, validateFormats: false, logger: false } as const
/** Compiling the schema of schemas takes long: one for all. */
const judge = new Ajv2020({ ...QUIETLY, allErrors: true, verbose: true })
/** Keeps nothing: neither a schema nor its `$id`. */
const compiler = new Ajv2020({ ...QUIETLY, addUsedSchema: false, validateSchema: false })

/** Whether ajv can use `schema`; `schemaProblems` says why not. */
export function canCompile(schema: Json): boolean {
  try {
    compiler.compile(schema)
    return true
  } catch {
    return false
  } finally {
    compiler.removeSchema(schema)
  }
}

function metaschemaProblems(schema: Json, path: Path): FieldProblem[] {
  if (judge.validateSchema(schema) === true) return []
  const problems = new Map<string, FieldProblem>()
  for (const error of judge.errors ?? []) {
    const at = [...path, ...segmentsOf(error.instancePath, schema)]
    if (problems.has(error.instancePath)) continue
    const words = error.data === null ? 'is empty. The word null needs quotes: "null".' : `${wordsOf(error)}.`
    problems.set(error.instancePath, {
      path: at,
      message: `${capital(nameOf(at))} cannot stand in a JSON Schema: it ${words}`,
    })
  }
  // A field is also wrong because of what stands inside: that is told where it stands.
  const places = [...problems.keys()]
  return places.flatMap((place) =>
    places.some((other) => other.startsWith(`${place}/`)) ? [] : (problems.get(place) ?? []),
  )
}

function wordsOf({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'enum') {
    const choices = (params.allowedValues as unknown[]).map(String)
    return `must be ${new Intl.ListFormat('en', { type: 'disjunction' }).format(choices)}`
  }
  if (keyword === 'type') return `must be of the type ${[params.type].flat().join(' or ')}`
  return message ?? 'has another form'
}

function segmentsOf(pointer: string, root: unknown): (string | number)[] {
  let at = root
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const segment = Array.isArray(at) ? Number(name) : name
      at = isRecord(at) || Array.isArray(at) ? (at as Json)[String(segment)] : undefined
      return segment
    })
}

/** Fields whose values are schemas, lists of schemas, and schemas by name. */
const ONE = [
  'items',
  'additionalProperties',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'unevaluatedProperties',
  'unevaluatedItems',
  'contentSchema',
]
const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
const NAMED = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']

type Placed = { schema: Json; path: Path }

/** `schema` and all that it holds, from the outside in. */
export function subschemas(schema: unknown, path: Path): Placed[] {
  if (!isRecord(schema)) return []
  const inside = Object.entries(schema).flatMap(([keyword, value]): Placed[] => {
    if (ONE.includes(keyword)) return subschemas(value, [...path, keyword])
    if (LISTS.includes(keyword) && Array.isArray(value)) {
      return value.flatMap((one, index) => subschemas(one, [...path, keyword, index]))
    }
    if (NAMED.includes(keyword) && isRecord(value)) {
      return Object.entries(value).flatMap(([name, one]) => subschemas(one, [...path, keyword, name]))
    }
    return []
  })
  return [{ schema, path }, ...inside]
}

const KEYWORDS = [
  ...ONE,
  ...LISTS,
  ...NAMED,
  '$id',
  '$schema',
  '$ref',
  '$anchor',
  '$comment',
  '$dynamicRef',
  '$dynamicAnchor',
  '$vocabulary',
  'type',
  'enum',
  'const',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minContains',
  'maxContains',
  'required',
  'minProperties',
  'maxProperties',
  'dependentRequired',
  'contentEncoding',
  'contentMediaType',
]

/** JSON Schema lets pass what it does not know: a misspelt keyword would silently do nothing. */
function misspeltKeywords({ schema, path }: Placed): FieldProblem[] {
  return Object.keys(schema)
    .filter((keyword) => !KEYWORDS.includes(keyword) && !keyword.startsWith('x-'))
    .flatMap((keyword): FieldProblem[] => {
      const meant = didYouMean(keyword, KEYWORDS)
      if (meant === null) return []
      const message = `"${keyword}" means nothing in a JSON Schema. Did you mean "${meant}"?`
      return [{ path: [...path, keyword], part: 'key', message }]
    })
}

function patternProblems({ schema, path }: Placed): FieldProblem[] {
  const places: { pattern: unknown; path: Path; part: 'key' | 'value' }[] = [
    { pattern: schema.pattern, path: [...path, 'pattern'], part: 'value' },
    ...Object.keys(isRecord(schema.patternProperties) ? schema.patternProperties : {}).map((pattern) => ({
      pattern,
      path: [...path, 'patternProperties', pattern],
      part: 'key' as const,
    })),
  ]
  return places.flatMap(({ pattern, path: at, part }): FieldProblem[] =>
    typeof pattern !== 'string' || isPattern(pattern) ? [] : [{ path: at, part, message: badPattern(at) }],
  )
}

/** Whether `pattern` is a regular expression, by the rules for Unicode, which is how all of them are used. */
export function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    return false
  }
}

export function badPattern(path: Path): string {
  return `${capital(nameOf(path))} is no regular expression. Is a bracket not closed, or a backslash too much?`
}

function referenceProblems(schema: Json, path: Path): FieldProblem[] {
  const unknown = subschemas(schema, path).flatMap(({ schema: one, path: at }): FieldProblem[] => {
    const reference = one.$ref
    if (typeof reference !== 'string' || resolveReference(schema, reference) !== null) return []
    const message = `"${reference}" is not in this schema. A reference reads like "#/$defs/name".`
    return [{ path: [...at, '$ref'], message }]
  })
  if (unknown.length > 0 || canCompile(schema)) return unknown
  return [{ path, message: `${capital(nameOf(path))} cannot be used as a JSON Schema.` }]
}

/** What a reference within `root`, such as "#/$defs/name", stands for; null where that is nothing. */
export function resolveReference(root: Json, reference: string): Json | null {
  if (!reference.startsWith('#')) return null
  let at: unknown = root
  for (const segment of reference.slice(1).split('/').slice(1)) {
    const name = decodeSegment(segment)
    at = isRecord(at) || Array.isArray(at) ? (at as Json)[name] : undefined
  }
  return isRecord(at) ? at : null
}

function decodeSegment(segment: string): string {
  const plain = /%(?![0-9a-f]{2})/i.test(segment) ? segment : decodeURIComponent(segment)
  return plain.replaceAll('~1', '/').replaceAll('~0', '~')
}

function rootProblems(schema: Json, path: Path): FieldProblem[] {
  if (schema.type === 'object') return []
  return [{ path, message: `${capital(nameOf(path))} must describe an object: add "type: object".` }]
}

/** Strict mode refuses these; https://platform.openai.com/docs/guides/structured-outputs lists them. */
const NOT_IN_STRICT_MODE = [
  'allOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
]

/** What strict mode asks of the schema of an answer, beside being one. */
export function strictModeProblems(schema: Json, path: Path): FieldProblem[] {
  return subschemas(schema, path).flatMap(({ schema: one, path: at }) => [
    ...NOT_IN_STRICT_MODE.filter((keyword) => keyword in one).map((keyword): FieldProblem => {
      const advice = keyword === 'oneOf' ? ' Use "anyOf".' : ' Leave it out.'
      const message = `"${keyword}" is refused in the schema of an answer, which is asked for in strict mode.${advice}`
      return { path: [...at, keyword], part: 'key', message }
    }),
    ...(isObjectSchema(one) ? objectProblems(one, at) : []),
  ])
}

const isObjectSchema = (schema: Json) => [schema.type].flat().includes('object') || isRecord(schema.properties)

function objectProblems(schema: Json, path: Path): FieldProblem[] {
  const problems: FieldProblem[] = []
  const name = capital(nameOf(path))
  const properties = isRecord(schema.properties) ? Object.keys(schema.properties) : []
  const required = Array.isArray(schema.required) ? schema.required.map(String) : []
  if (schema.additionalProperties !== false) {
    const at: Path = 'additionalProperties' in schema ? [...path, 'additionalProperties'] : path
    problems.push({
      path: at,
      message: `${name} needs "additionalProperties: false": the answer is asked for in strict mode.`,
    })
  }
  const optional = properties.filter((property) => !required.includes(property))
  if (optional.length > 0) {
    const at: Path = 'required' in schema ? [...path, 'required'] : path
    const words = new Intl.ListFormat('en').format(optional.map((property) => `"${property}"`))
    const message = `${name} must list ${words} under "required": in strict mode all are. What may be missing is of the type [string, "null"].`
    problems.push({ path: at, message })
  }
  for (const [index, property] of required.entries()) {
    if (properties.includes(property)) continue
    const meant = didYouMean(property, properties)
    const advice = meant === null ? 'Remove it, or add the property.' : `Did you mean "${meant}"?`
    problems.push({
      path: [...path, 'required', index],
      message: `"${property}" is required, but no property. ${advice}`,
    })
  }
  return problems
}

export const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

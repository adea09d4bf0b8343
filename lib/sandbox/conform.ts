/** Brings a value into the shape that a strict JSON schema asks for. Pure. */

type Schema = Record<string, unknown>

/** Deeper than any schema of ours; a schema that refers to itself ends here. */
const deepest = 24

/**
 * A value that satisfies `schema`, with what `value` has where it fits, else with texts from `next`, else empty. It
 * knows what strict mode allows (types, enums, `anyOf`, `$ref`, bounds); a `pattern` or `format` it cannot meet.
 * @param next gives a text of its own choice for each string that `value` leaves open.
 */
export function conform(value: unknown, schema: Schema, next: () => string): unknown {
  return shape(value, schema, { root: schema, next, depth: 0 })
}

type Context = { root: Schema; next: () => string; depth: number }

function shape(value: unknown, schema: Schema, context: Context): unknown {
  const deeper = { ...context, depth: context.depth + 1 }
  if (typeof schema.$ref === 'string') {
    return shape(value, context.depth < deepest ? resolve(schema.$ref, context.root) : {}, deeper)
  }
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum.includes(value) ? value : schema.enum[0]
  const choices = schema.anyOf ?? schema.oneOf
  if (Array.isArray(choices)) return shape(value, choose(value, choices.filter(isSchema), context), deeper)
  switch (typeFor(value, typesOf(schema))) {
    case 'object':
      return shapeObject(isSchema(value) ? value : {}, schema, deeper)
    case 'array':
      return shapeArray(Array.isArray(value) ? value : [], schema, deeper)
    case 'string':
      return shapeString(typeof value === 'string' ? value : value === undefined ? context.next() : '', schema)
    case 'integer':
      return Math.round(shapeNumber(value, schema))
    case 'number':
      return shapeNumber(value, schema)
    case 'boolean':
      return value === true
    default:
      return null
  }
}

function shapeObject(value: Schema, schema: Schema, context: Context): Schema {
  const properties = isSchema(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required : []
  const shaped: Schema = {}
  for (const [name, property] of Object.entries(properties)) {
    if (!isSchema(property) || (!(name in value) && !required.includes(name))) continue
    shaped[name] = shape(value[name], property, context)
  }
  return shaped
}

function shapeArray(value: unknown[], schema: Schema, context: Context): unknown[] {
  const items = isSchema(schema.items) ? schema.items : {}
  const fewest = asCount(schema.minItems) ?? 0
  const most = asCount(schema.maxItems) ?? Number.POSITIVE_INFINITY
  // One element shows a reader what the list would hold; a list inside itself must end somewhere.
  const wanted = value.length === 0 && fewest === 0 ? 0 : Math.min(most, Math.max(value.length, fewest))
  return Array.from({ length: wanted }, (_, index) => shape(value[index], items, context))
}

function shapeString(value: string, schema: Schema): string {
  const longest = asCount(schema.maxLength) ?? Number.POSITIVE_INFINITY
  const letters = [...value]
  const cut = letters.length > longest ? letters.slice(0, longest).join('') : value
  return cut.padEnd((asCount(schema.minLength) ?? 0) + cut.length - [...cut].length, '.')
}

function shapeNumber(value: unknown, schema: Schema): number {
  const given = typeof value === 'number' && Number.isFinite(value) ? value : 0
  const low = typeof schema.minimum === 'number' ? schema.minimum : Number.NEGATIVE_INFINITY
  const high = typeof schema.maximum === 'number' ? schema.maximum : Number.POSITIVE_INFINITY
  return Math.min(high, Math.max(low, given))
}

function typesOf(schema: Schema): string[] {
  if (typeof schema.type === 'string') return [schema.type]
  if (Array.isArray(schema.type)) return schema.type.filter((one): one is string => typeof one === 'string')
  if (schema.properties) return ['object']
  return schema.items ? ['array'] : ['string']
}

/** The allowed type that `value` has, else the first one. An open value is rather a text than null. */
function typeFor(value: unknown, types: string[]): string | undefined {
  const own = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  return types.find((type) => type === own || (type === 'integer' && Number.isInteger(value))) ?? types[0]
}

function choose(value: unknown, choices: Schema[], context: Context): Schema {
  const fits = choices.find((choice) => value !== undefined && matches(value, choice, context))
  const shallow = context.depth > 6 ? choices.find((choice) => choice.type === 'null') : undefined
  return fits ?? shallow ?? choices[0] ?? {}
}

function matches(value: unknown, choice: Schema, context: Context): boolean {
  const schema = typeof choice.$ref === 'string' ? resolve(choice.$ref, context.root) : choice
  if (Array.isArray(schema.enum)) return schema.enum.includes(value)
  const types = typesOf(schema)
  const own = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  return types.includes(own) || (types.includes('integer') && Number.isInteger(value))
}

/** A reference inside the same schema, such as `#/$defs/citation`. */
function resolve(reference: string, root: Schema): Schema {
  const steps = reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((step) => step !== '')
  let at: unknown = root
  for (const step of steps) at = isSchema(at) ? at[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  return isSchema(at) ? at : {}
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null
}

/** Compiles JSON Schemas, each once a process. */
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js'
import type { JsonSchema } from './definition'

/** More than the workflows of one installation: definitions come fresh from the database, so the text is the key. */
const KEPT = 500
const compiled = new Map<string, ValidateFunction>()

/**
 * A validator for `schema` (draft 2020-12). `every` reports all errors, not the first only: for small inputs such as a
 * form, not for what a model wrote.
 * @throws when the schema itself is none.
 */
export function compileSchema(schema: JsonSchema, { every }: { every: boolean }): ValidateFunction {
  const key = `${every}${JSON.stringify(schema)}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  // Not strict: a schema may carry words for the form, such as `x-control`. An instance of its own: ajv keeps each
  // schema that it saw for ever, and refuses a second one with the same `$id`.
  const ajv = new Ajv2020({ allErrors: every, strict: false, validateFormats: false })
  const validator = ajv.compile(schema)
  if (compiled.size >= KEPT) compiled.clear()
  compiled.set(key, validator)
  return validator
}

/** Definitions as a file must give them: what is stored is read leniently, what somebody writes is not. Pure. */
import { z } from 'zod'
import { workflowDefinition } from './definition'

type Schema = z.core.$ZodType

/** `schema`, in which no object takes a field that it does not know. */
function strict(schema: Schema): Schema {
  const made = rebuilt(schema)
  const words = z.globalRegistry.get(schema)
  if (words !== undefined && made !== schema) z.globalRegistry.add(made, words)
  return made
}

function rebuilt(schema: Schema): Schema {
  if (schema instanceof z.ZodObject) {
    return z.strictObject(
      Object.fromEntries(Object.entries(schema.shape as Record<string, Schema>).map(([key, of]) => [key, strict(of)])),
    )
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const options = schema.options.map(strict) as z.core.$ZodTypeDiscriminable[]
    return z.discriminatedUnion(schema.def.discriminator, options as [z.core.$ZodTypeDiscriminable])
  }
  if (schema instanceof z.ZodArray) return schema.clone({ ...schema.def, element: strict(schema.element) })
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return schema.clone({ ...schema.def, innerType: strict(schema.def.innerType) } as never)
  }
  return schema
}

/** `workflowDefinition`, in which no object takes a field that it does not know. */
export const strictDefinition = strict(workflowDefinition) as typeof workflowDefinition

/** The schema of what stands at `path` in `value`; null where nothing is known of it. */
export function schemaAt(path: readonly (string | number)[], value: unknown): Schema | null {
  let schema: Schema | null = strictDefinition
  let at = value
  for (const segment of path) {
    schema = inner(schema, at)
    if (schema instanceof z.ZodObject) schema = (schema.shape as Record<string, Schema>)[String(segment)] ?? null
    else if (schema instanceof z.ZodArray) schema = schema.element
    else return null
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[String(segment)] : undefined
  }
  return inner(schema, at)
}

/** Without what makes it optional; of several kinds, the one that `value` says it is. */
function inner(schema: Schema | null, value: unknown): Schema | null {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return inner(schema.def.innerType, value)
  }
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema
  const { discriminator } = schema.def
  const said = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[discriminator] : null
  const option = schema.options.find((one) => one._zod.propValues?.[discriminator]?.has(said as string))
  return option === undefined ? schema : inner(option, value)
}

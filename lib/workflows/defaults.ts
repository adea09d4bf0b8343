/** Definitions without what they need not say. Pure. */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { type WorkflowDefinition, workflowDefinition } from './definition'

/**
 * `definition` without the fields that are as they would be without them, in the order of the schema. What a later release adds to definitions, with
 * a default, thus changes neither the hash of what was published before nor the file of somebody who does not use it.
 */
export function withoutDefaults(definition: WorkflowDefinition): Record<string, unknown> {
  const fields = Object.keys(workflowDefinition.shape) as (keyof WorkflowDefinition)[]
  return Object.fromEntries(
    fields.map((field) => [field, definition[field]] as const).filter(([field, value]) => !isDefault(field, value)),
  )
}

function isDefault(field: keyof WorkflowDefinition, value: unknown): boolean {
  const schema: z.core.$ZodType = workflowDefinition.shape[field]
  if (value === undefined) return true
  return schema instanceof z.ZodDefault && isDeepStrictEqual(schema.def.defaultValue, value)
}

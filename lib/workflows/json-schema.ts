/** The JSON Schema of a workflow's file, for editors: published as /workflow.schema.json. Pure. */
import { z } from 'zod'
import { strictDefinition } from './strict'

/** What a file must look like. What JSON Schema cannot say, such as which property a check points at, is not in it. */
export function workflowFileSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(strictDefinition, { io: 'input', target: 'draft-2020-12' })
  return {
    $schema,
    title: 'A workflow of Holdpoint',
    description: 'What a kind of job asks of the model, and what must hold before its result counts.',
    ...schema,
  }
}

/** The text of the published file. */
export function workflowFileSchemaText(): string {
  return `${JSON.stringify(workflowFileSchema(), null, 2)}\n`
}

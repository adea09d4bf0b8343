/** What several parts of a workflow are made of: places, addresses, and names that the environment knows. */
import { z } from 'zod'

/** A JSON Schema (draft 2020-12 subset), kept as data. */
export type JsonSchema = { [key: string]: unknown }
export const jsonSchema = z.record(z.string(), z.unknown()) as z.ZodType<JsonSchema>

/** A name that the environment of the worker knows; a secret itself never stands in a workflow. */
export const environmentName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,80}$/, 'must be the name of an environment variable, such as REFUNDS_TOKEN')

export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })

/** A place in the answer: a JSON pointer, in which a segment * means every element. */
export const pointer = z.string().regex(/^(\/[^/]*)*$/, 'must be a JSON pointer, such as /fields/*/value')

/** A header whose value is a secret. */
export const httpHeaderSecret = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of an HTTP header, such as Authorization')
    .describe('The name of the header.'),
  env: environmentName.describe('The environment variable of the worker that holds its value.'),
})

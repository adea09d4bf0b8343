import { expect, test } from 'vitest'
import { readBuiltins } from './builtin.server'
import { workflowDefinition } from './definition'
import { compileSchema } from './schema'

const builtins = readBuiltins()

test.each(builtins.map((definition) => [definition.name, definition] as const))(
  '%s is a valid definition',
  (_name, definition) => {
    expect(workflowDefinition.parse(definition)).toEqual(definition)
    compileSchema(definition.inputSchema, { every: true })
    compileSchema(definition.output.schema, { every: false })
  },
)

/** What strict mode asks of every object: https://platform.openai.com/docs/guides/structured-outputs */
function objectsOf(schema: unknown): Record<string, unknown>[] {
  if (typeof schema !== 'object' || schema === null) return []
  const inner = Object.values(schema).flatMap(objectsOf)
  return 'type' in schema && schema.type === 'object' ? [schema as Record<string, unknown>, ...inner] : inner
}

test.each(builtins.map((definition) => [definition.name, definition] as const))(
  '%s asks for its answer as strict mode wants it, with citations for each claim',
  (_name, definition) => {
    for (const object of objectsOf(definition.output.schema)) {
      expect(object.additionalProperties).toBe(false)
      expect(object.required).toEqual(Object.keys(object.properties as object))
    }
    const { claims, text } = definition.evidence ?? { claims: '', text: '' }
    const schema = definition.output.schema as { properties: Record<string, { items: { properties: object } }> }
    expect(Object.keys(schema.properties[claims]?.items.properties ?? {})).toEqual(
      expect.arrayContaining([text, 'citations']),
    )
  },
)

test('only the digest is accepted without a person', () => {
  expect(builtins.filter(({ review }) => review.approvals === 0).map(({ key }) => key)).toEqual(['digest'])
})

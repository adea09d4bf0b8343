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

test('there is one for each kind of result, and what leaves is approved by a person first', () => {
  expect(builtins.map(({ kind }) => kind)).toEqual(['report', 'fields', 'digest', 'draft', 'recommendation', 'action'])
  const leaving = builtins.filter(({ delivery }) => delivery.kind !== 'none')
  expect(
    leaving.map(({ key, delivery, review }) => [key, delivery.kind, review.approvals, review.requesterMayApprove]),
  ).toEqual([
    ['reply', 'email', 1, true],
    ['action', 'http', 2, false],
  ])
  for (const { review } of leaving) expect(review.undoSeconds).toBe(10)
})

test.each([
  ['ilona@farkas.example', true],
  ['a.b+c@mail.example.org', true],
  ['ilona@farkas', false],
  ['ilona@farkas.example, other@example.org', false],
  ['Ilona <ilona@farkas.example>', false],
  ['ilona@farkas.example\nBcc: other@example.org', false],
])('the reply takes %j for an address: %s', (email, fits) => {
  const reply = builtins.find(({ key }) => key === 'reply')
  const validate = compileSchema(reply?.inputSchema ?? {}, { every: true })
  expect(validate({ message: 'Hello', email })).toBe(fits)
})

test.each([
  [1_000, false],
  [1_000.01, true],
])('a proposed amount of %d stands out as a high risk: %s', (amount, applies) => {
  const rule = builtins.find(({ key }) => key === 'action')?.review.byRisk?.find(({ id }) => id === 'large-amount')
  expect(rule).toMatchObject({ label: 'The amount is above 1,000', risk: 'high', ask: { individually: true } })
  const { when } = rule ?? {}
  const value =
    when?.if === 'value' && when.at === '/action/amount' && when.is.be === 'more_than' ? when.is.value : null
  expect(amount > (value ?? Number.NaN)).toBe(applies)
})

import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { conform } from './conform'

const object = (properties: Record<string, unknown>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})

/** Schemas as strict mode takes them. */
const { schema: anySchema } = fc.letrec<{ schema: Record<string, unknown> }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    fc.record({ type: fc.constant('string'), minLength: fc.nat(5) }),
    fc.record({ type: fc.constant('string'), maxLength: fc.nat(5) }),
    fc.constantFrom<Record<string, unknown>>(
      { type: 'boolean' },
      { type: 'null' },
      { type: ['string', 'null'] },
      { type: 'integer', minimum: 3, maximum: 9 },
      { type: 'number', maximum: -1.5 },
      { enum: ['low', 'high'] },
      { const: 7 },
    ),
    fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(2) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.dictionary(fc.constantFrom('a', 'b', 'quote', 'title'), tie('schema'), { maxKeys: 3 }).map(object),
  ),
}))

it('any value becomes one that the schema takes', () => {
  fc.assert(
    fc.property(anySchema, fc.jsonValue(), (schema, value) => {
      const validate = new Ajv2020({ strict: false }).compile(schema)
      const shaped = conform(value, schema, () => 'text')
      expect(validate(shaped), JSON.stringify({ schema, value, shaped })).toBe(true)
    }),
    { numRuns: 80 },
  )
})

it('what fits is kept, and what is open is filled', () => {
  const schema = object({ kept: { type: 'string' }, open: { type: 'string' }, none: { type: ['string', 'null'] } })
  expect(conform({ kept: 'as it is', none: null, extra: 1 }, schema, () => 'filled')).toEqual({
    kept: 'as it is',
    open: 'filled',
    none: null,
  })
})

it('a schema that refers to itself comes to an end', () => {
  const schema = {
    ...object({ node: { $ref: '#/$defs/node' } }),
    $defs: {
      node: object({ text: { type: 'string' }, next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } }),
    },
  }
  const validate = new Ajv2020({ strict: false }).compile(schema)
  expect(validate(conform(undefined, schema, () => 'text'))).toBe(true)
})

import { describe, expect, test } from 'vitest'
import { builtins } from '@/lib/workflows/builtin'
import type { JsonSchema } from '@/lib/workflows/definition'
import { type Control, fieldsOf, initialValue } from './fields'
import { checkFields, errorAt, isUnread, localTime, parseTyped, typedOf, withField } from './values'

const schema: JsonSchema = {
  type: 'object',
  properties: {
    question: {
      type: 'string',
      title: 'Question',
      description: 'What to know.',
      'x-control': 'textarea',
      maxLength: 9,
    },
    on: { type: 'string', format: 'date' },
    tone: { type: 'string', enum: ['plain', 'legal'] },
    depth: { oneOf: [{ const: 1, title: 'Short', description: 'One page.' }, { const: 2 }] },
    count: { type: 'integer', minimum: 1, maximum: 5 },
    urgent: { type: 'boolean' },
    fields: { type: 'array', items: { type: 'string' } },
    rates: { type: 'array', items: { type: 'number' } },
    party: { type: 'object', properties: {} },
    'a/b~c': { type: ['string', 'null'] },
  },
  required: ['question', 'urgent', 'count'],
}
const control = (name: string): Control => {
  const field = fieldsOf(schema).find((candidate) => candidate.name === name)
  if (!field) throw new Error(`no field ${name}`)
  return field.control
}

describe('reading a schema', () => {
  test('each property becomes the control that its type asks for', () => {
    expect(Object.fromEntries(fieldsOf(schema).map((field) => [field.name, field.control.kind]))).toEqual({
      question: 'textarea',
      on: 'date',
      tone: 'choice',
      depth: 'choice',
      count: 'number',
      urgent: 'boolean',
      fields: 'lines',
      rates: 'json',
      party: 'json',
      'a/b~c': 'json',
    })
    expect(control('depth')).toEqual({
      kind: 'choice',
      choices: [
        { value: 1, label: 'Short', hint: 'One page.' },
        { value: 2, label: '2' },
      ],
    })
    expect(control('count')).toEqual({ kind: 'number', whole: true, min: 1, max: 5 })
    expect(control('rates')).toEqual({ kind: 'json', type: 'a list of numbers' })
    expect(control('a/b~c')).toEqual({ kind: 'json', type: 'string or null' })
  })

  test('a field carries its title, hint, whether it is required, and its pointer', () => {
    const [question, on] = fieldsOf(schema, '/input')
    expect(question).toMatchObject({
      pointer: '/input/question',
      title: 'Question',
      hint: 'What to know.',
      required: true,
    })
    expect(on).toMatchObject({ title: 'on', hint: null, required: false })
    expect(fieldsOf(schema, '/input').at(-1)?.pointer).toBe('/input/a~1b~0c')
  })

  test('every built-in workflow has a form without a field of JSON', () => {
    for (const { inputSchema } of builtins) {
      const kinds = fieldsOf(inputSchema).map((field) => field.control.kind)
      expect(kinds).not.toHaveLength(0)
      expect(kinds).not.toContain('json')
    }
  })

  test('a form starts with the defaults, and with no for a required yes-or-no', () => {
    const withDefault = { ...schema, properties: { ...(schema.properties as object), tone: { default: 'plain' } } }
    expect(initialValue(withDefault)).toEqual({ tone: 'plain', urgent: false })
  })
})

describe('what is typed', () => {
  test.each([
    ['count', ' 12 ', 12],
    ['count', '', undefined],
    ['count', 'twelve', { unread: 'twelve' }],
    ['fields', 'Rent\n\n Deposit \n', ['Rent', 'Deposit']],
    ['fields', ' \n ', undefined],
    ['party', '{"name": 1}', { name: 1 }],
    ['party', '{"name": ', { unread: '{"name": ' }],
    ['question', ' as typed ', ' as typed '],
    ['question', '  ', undefined],
  ])('of %s, %j means %j', (name, text, value) => {
    expect(parseTyped(control(name), text)).toEqual(value)
  })

  test.each([
    ['count', 12, '12'],
    ['fields', ['Rent', 'Deposit'], 'Rent\nDeposit'],
    ['party', { unread: '{"name": ' }, '{"name": '],
    ['party', { name: 1 }, '{\n  "name": 1\n}'],
    ['question', undefined, ''],
  ])('the value of %s, %j, is shown as %j', (name, value, text) => {
    expect(typedOf(control(name), value)).toBe(text)
  })

  test('a local time survives the way to an instant and back', () => {
    const instant = parseTyped({ kind: 'date-time' }, '2026-11-23T16:05')
    expect(typedOf({ kind: 'date-time' }, instant)).toBe('2026-11-23T16:05')
    expect(localTime('not a time')).toBe('')
  })

  test('what cannot be read is told from an object that looks like it', () => {
    expect(isUnread({ unread: 'x' })).toBe(true)
    expect(isUnread({ unread: 'x', name: 'y' })).toBe(false)
    expect(isUnread({ unread: 1 })).toBe(false)
  })

  test('an emptied field is left out', () => {
    expect(withField({ question: 'a', tone: 'plain' }, 'tone', undefined)).toEqual({ question: 'a' })
    expect(withField({ question: 'a' }, 'question', 'b')).toEqual({ question: 'b' })
  })
})

describe('errors', () => {
  test('a required field left empty and text that cannot be read are seen before anything is sent', () => {
    const errors = checkFields(fieldsOf(schema, '/input'), { urgent: false, count: { unread: 'x' }, question: '  ' })
    expect(errors).toEqual([
      { pointer: '/input/question', detail: 'Question is missing. Fill it in.' },
      { pointer: '/input/count', detail: 'count must be a number.' },
    ])
    expect(checkFields(fieldsOf(schema), { question: 'a', urgent: false, count: 3 })).toEqual([])
  })

  test('a number out of its range, or with a fraction where there is none, is seen before anything is sent', () => {
    const told = (count: number) =>
      checkFields(fieldsOf(schema), { question: 'a', urgent: false, count }).map(({ detail }) => detail)
    expect(told(0)).toEqual(['count must be at least 1.'])
    expect(told(6)).toEqual(['count must be at most 5.'])
    expect(told(1.5)).toEqual(['count must be a whole number.'])
  })

  test('an error stands at its field, also where it points inside it, and not at its neighbour', () => {
    const errors = [
      { pointer: '/input/rates/2', detail: 'Must be a number.' },
      { pointer: '/input/rates', detail: 'Too long.' },
      { pointer: '/input/ratesOfOthers', detail: 'No.' },
    ]
    expect(errorAt(errors, '/input/rates')).toBe('Must be a number. Too long.')
    expect(errorAt(errors, '/input/tone')).toBeNull()
  })
})

import { expect, test } from 'vitest'
import { readBuiltins } from './builtin.server'
import type { WorkflowDefinition } from './definition'
import { validateInput } from './input'

const report = readBuiltins().find(({ key }) => key === 'report') as WorkflowDefinition

test.each<[string, unknown, { pointer: string; detail: string }[]]>([
  ['a filled form', { question: 'Why?' }, []],
  ['optional fields too', { question: 'Why?', audience: 'Dana' }, []],
  ['a missing field', {}, [{ pointer: '/input/question', detail: 'Question is missing. Fill it in.' }]],
  ['an empty field', { question: '' }, [{ pointer: '/input/question', detail: 'Question is empty. Fill it in.' }]],
  ['white space', { question: ' \n' }, [{ pointer: '/input/question', detail: 'Question is empty. Fill it in.' }]],
  ['the wrong kind', { question: 7 }, [{ pointer: '/input/question', detail: 'Question must be text.' }]],
  [
    'too long a text',
    { question: 'Why?', audience: 'x'.repeat(301) },
    [{ pointer: '/input/audience', detail: 'Audience takes at most 300 characters.' }],
  ],
  [
    'an unknown field',
    { question: 'Why?', 'a/b': 1 },
    [{ pointer: '/input/a~1b', detail: 'a/b is not a field of this workflow. Leave it out.' }],
  ],
  ['no object at all', 'Why?', [{ pointer: '/input', detail: 'The input must be an object of fields.' }]],
])('the form says what is wrong with %s', (_name, input, errors) => {
  expect(validateInput(report, input)).toEqual(errors)
})

test('each field is named once, with all fields that are wrong', () => {
  const errors = validateInput(report, { question: '', audience: 'x'.repeat(301) })
  expect(errors.map(({ pointer }) => pointer)).toEqual(['/input/question', '/input/audience'])
})

test('two versions of a form with the same $id are both checked', () => {
  const withId = (maxLength: number): WorkflowDefinition => ({
    ...report,
    inputSchema: { $id: 'form', type: 'object', properties: { a: { type: 'string', title: 'A', maxLength } } },
  })
  expect(validateInput(withId(3), { a: 'abcd' })).toHaveLength(1)
  expect(validateInput(withId(5), { a: 'abcd' })).toHaveLength(0)
})

test('what is no e-mail address is told as such', () => {
  const reply = readBuiltins().find(({ key }) => key === 'reply') as WorkflowDefinition
  expect(validateInput(reply, { message: 'Hello', email: 'Ilona <ilona@farkas.example>' })).toEqual([
    {
      pointer: '/input/email',
      detail: 'E-mail address of the customer is no e-mail address. Write one, such as name@example.org.',
    },
  ])
})

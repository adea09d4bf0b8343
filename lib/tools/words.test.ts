import { expect, test } from 'vitest'
import { whyOf } from './why'
import { callSentence, outputWords } from './words'

const facts = { code: null, httpStatus: null, reason: null, edited: null, answer: null, problem: null }

test('the model reads what the tool answered, and nothing else where nothing was changed', () => {
  expect(outputWords({ ...facts, state: 'answered', httpStatus: 200, answer: '{"ok":true}' })).toBe('{"ok":true}')
})

test('the model reads that its arguments were changed, and to what', () => {
  const words = outputWords({ ...facts, state: 'answered', httpStatus: 200, answer: 'done', edited: '{"a":2}' })
  expect(words).toBe(
    'A reviewer changed the arguments of this call. It was made with: {"a":2}\nThe tool answered:\ndone',
  )
})

test('the model reads an error of the tool as one', () => {
  const words = outputWords({ ...facts, state: 'answered', httpStatus: 422, answer: 'no such tenant' })
  expect(words).toBe('The tool answered with an error, HTTP 422:\nno such tenant')
})

test('the model reads why a call was denied or refused, and that it was not made', () => {
  expect(outputWords({ ...facts, state: 'denied', reason: 'Paid already.' })).toContain(
    'not made.\nTheir reason: Paid already.',
  )
  expect(outputWords({ ...facts, state: 'refused', code: 'forbidden' })).toContain('may not be used')
  expect(outputWords({ ...facts, state: 'refused', code: 'bad_arguments', problem: 'They lack x.' })).toContain(
    'They lack x.',
  )
})

test.each(['waiting', 'permitted', 'sending', 'failed'])('there is no output of a call that is %s', (state) => {
  expect(outputWords({ ...facts, state })).toBeNull()
})

test('people read who allowed a call and what came of it', () => {
  const call = { kind: 'function', tries: 1, httpStatus: 200, code: null, by: 'Dana', isEdited: true } as const
  expect(callSentence({ ...call, state: 'answered' })).toBe(
    'Allowed by Dana, with edited arguments, made, and answered with HTTP 200.',
  )
  expect(callSentence({ ...call, state: 'permitted', by: null, isEdited: false })).toContain('because it only reads')
  expect(callSentence({ ...call, state: 'failed', tries: 6, code: 'http_503' })).toContain('may have taken effect')
  expect(callSentence({ ...call, state: 'failed', code: 'private_address' })).toContain('Not made')
})

test('the nearest words before a call are why it was asked for, and calls asked for together share them', () => {
  const items = [
    { position: 0, type: 'message', data: { content: [{ text: 'First.' }] } },
    { position: 1, type: 'reasoning', data: { summary: [{ text: 'Because' }, { text: 'of this.' }] } },
    { position: 2, type: 'reasoning', data: { summary: [] } },
    { position: 5, type: 'message', data: { content: [{ text: 'Later.' }] } },
  ]
  expect(whyOf(items, 3)).toBe('Because\nof this.')
  expect(whyOf(items, 4)).toBe('Because\nof this.')
  expect(whyOf(items, 1)).toBe('First.')
  expect(whyOf(items, 0)).toBeNull()
  expect(
    whyOf(
      [
        { position: 0, type: 'reasoning', data: { summary: 'x' } },
        { position: 1, type: 'message', data: null },
      ],
      9,
    ),
  ).toBeNull()
})

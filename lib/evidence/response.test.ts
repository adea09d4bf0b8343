import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readResponse } from './response'

const message = (content: unknown[], more = {}) => ({ type: 'message', role: 'assistant', content, ...more })
const said = (text: string) => ({ type: 'output_text', text, annotations: [] })

test('a completed response gives its text, its JSON, its usage and its time', () => {
  const body = {
    status: 'completed',
    model: 'gpt-5.5-2026-02-01',
    service_tier: 'default',
    completed_at: 1_780_000_000.5,
    output: [{ type: 'reasoning', summary: [] }, message([said('{"a":'), said('1}')])],
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 15,
    },
  }
  expect(readResponse(body)).toEqual({
    text: '{"a":1}',
    refusal: null,
    model: 'gpt-5.5-2026-02-01',
    serviceTier: 'default',
    json: { a: 1 },
    usage: { inputTokens: 10, cachedTokens: 4, outputTokens: 5, reasoningTokens: 3, totalTokens: 15 },
    items: body.output,
    completedAt: new Date(1_780_000_000_500),
    incompleteReason: null,
    error: null,
  })
})

test('what a model says on the way is not its answer', () => {
  const output = [
    message([said('Let me look.')], { phase: 'commentary' }),
    message([said('{}')], { phase: 'final_answer' }),
  ]
  expect(readResponse({ output }).text).toBe('{}')
})

test('a refusal is told apart from an answer', () => {
  const { refusal, text } = readResponse({ output: [message([{ type: 'refusal', refusal: 'I cannot.' }])] })
  expect({ refusal, text }).toEqual({ refusal: 'I cannot.', text: '' })
  expect(readResponse({ output: [message([{ type: 'refusal', refusal: '' }])] }).refusal).toBe('')
})

test('an error and the reason of an incomplete answer keep their codes', () => {
  expect(readResponse({ error: { code: 'server_error', message: 'Oops' } }).error).toEqual({
    code: 'server_error',
    message: 'Oops',
  })
  expect(readResponse({ error: { code: 500, message: null } }).error).toEqual({ code: '500', message: null })
  expect(readResponse({ incomplete_details: { reason: 'max_output_tokens' } }).incompleteReason).toBe(
    'max_output_tokens',
  )
})

test('a code that is none, and words without end, are not passed on', () => {
  const odd = ['a b', 'x'.repeat(101), 'a\u0000', '\ud800', { toString: 1 }, ['server_error'], true, 'server_error\n']
  for (const code of odd) {
    expect(readResponse({ error: { code } }).error?.code).toBe('unreadable_code')
    expect(readResponse({ incomplete_details: { reason: code } }).incompleteReason).toBe('unreadable_code')
  }
  for (const code of [null, undefined, '']) expect(readResponse({ error: { code } }).error?.code).toBeNull()
  const long = `a\u0000\ud800${'x'.repeat(30_000)}`
  const shown = readResponse({ error: { message: long } }).error?.message ?? ''
  expect(shown).toHaveLength(2_000)
  expect(shown.startsWith('a\u2400\ufffdx')).toBe(true)
  expect(readResponse({ error: long }).error?.message).toBe(shown)
  const { refusal } = readResponse({ output: [message([{ type: 'refusal', refusal: long }])] })
  expect(refusal).toHaveLength(20_000)
  expect(refusal?.startsWith('a\u2400\ufffdx')).toBe(true)
})

test('text that is not JSON has none, and JSON null is not the same', () => {
  expect(readResponse({ output: [message([said('Sorry')])] }).json).toBeUndefined()
  expect(readResponse({ output: [message([said('null')])] }).json).toBeNull()
})

test('a server without details of usage still has its tokens counted', () => {
  expect(readResponse({ usage: { input_tokens: 1, output_tokens: 2 } }).usage).toEqual({
    inputTokens: 1,
    cachedTokens: null,
    outputTokens: 2,
    reasoningTokens: null,
    totalTokens: 3,
  })
  expect(readResponse({ usage: { input_tokens: -1, output_tokens: 'many' } }).usage).toBeNull()
})

test('no body, however odd, breaks the reading', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      readResponse(one)
      readResponse({ output: one, usage: other, error: one, completed_at: other, incomplete_details: other })
      readResponse({ output: [one, message([other]), { type: 'message', content: one }] })
    }),
  )
})

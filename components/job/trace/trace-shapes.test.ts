import { expect, it } from 'vitest'
import { readTraceItem } from './trace-shapes'

it('reads the summaries of a reasoning step', () => {
  const data = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'First I looked.' }, {}] }
  expect(readTraceItem('reasoning', data)).toEqual({ kind: 'reasoning', texts: ['First I looked.'] })
})

it('reads queries and results of a file search', () => {
  const data = {
    queries: ['rent'],
    status: 'completed',
    results: [{ filename: 'lease.pdf', score: 0.5, text: 'pays' }],
  }
  expect(readTraceItem('file_search_call', data)).toMatchObject({
    where: 'files',
    queries: ['rent'],
    results: [{ name: 'lease.pdf', score: 0.5, text: 'pays' }],
  })
})

it('reads what a web search asked and where it went', () => {
  const data = { action: { type: 'search', query: 'rent law', sources: [{ url: 'https://example.org' }] } }
  expect(readTraceItem('web_search_call', data)).toMatchObject({
    where: 'web',
    queries: ['rent law'],
    places: ['https://example.org'],
  })
})

it('reads arguments and outputs of calls as JSON, and keeps what is none', () => {
  expect(readTraceItem('function_call', { name: 'book', arguments: '{"room":2}' })).toMatchObject({
    kind: 'call',
    name: 'book',
    input: { room: 2 },
  })
  expect(readTraceItem('function_call_output', { output: 'not json {' })).toMatchObject({ output: 'not json {' })
  expect(readTraceItem('mcp_call', { name: 'x', server_label: 'files', error: 'gone' })).toMatchObject({
    title: 'Tool call to files',
    error: 'gone',
  })
})

it('reads refusals', () => {
  const data = { content: [{ type: 'refusal', refusal: 'I cannot.' }] }
  expect(readTraceItem('message', data)).toEqual({
    kind: 'message',
    parts: [{ refusal: true, text: 'I cannot.', json: null }],
  })
})

it('leaves every other kind raw, and never throws', () => {
  expect(readTraceItem('image_generation_call', {})).toEqual({ kind: 'raw' })
  for (const data of [null, 3, [], 'text', { summary: 3, content: {}, queries: 'x', action: [] }]) {
    for (const type of ['reasoning', 'message', 'file_search_call', 'web_search_call', 'function_call', 'mcp_call']) {
      expect(() => readTraceItem(type, data)).not.toThrow()
    }
  }
})

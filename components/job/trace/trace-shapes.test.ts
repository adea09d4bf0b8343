import { expect, it } from 'vitest'
import { ITEM_TYPES } from '@/lib/evidence/item-types'
import { readTraceItem } from './trace-shapes'

it('reads the summaries of a reasoning step, and its words where a server sends them', () => {
  const data = { summary: [{ type: 'summary_text', text: 'First I looked.' }, {}], content: [{ text: 'Hm.' }] }
  expect(readTraceItem('reasoning', data)).toMatchObject({ kind: 'reasoning', texts: ['First I looked.', 'Hm.'] })
})

it('reads queries, results and attributes of a file search', () => {
  const data = {
    queries: ['rent'],
    status: 'completed',
    results: [{ filename: 'lease.pdf', score: 0.5, text: 'pays', attributes: { year: 2026, deep: { a: 1 } } }],
  }
  expect(readTraceItem('file_search_call', data)).toEqual({
    kind: 'files',
    title: 'Search in files',
    status: null,
    queries: ['rent'],
    results: [
      {
        name: 'lease.pdf',
        score: 0.5,
        text: 'pays',
        attributes: [
          ['year', '2026'],
          ['deep', '…'],
        ],
      },
    ],
  })
})

it('reads what a web search asked, once each, and its sources', () => {
  const sources = [{ type: 'url', url: 'https://example.org' }, { type: 'api', name: 'oai-weather' }, 3]
  const action = { type: 'search', query: 'rent law', queries: ['rent law', 'rent act'], sources }
  expect(readTraceItem('web_search_call', { action })).toMatchObject({
    action: 'search',
    title: 'Search on the web',
    queries: ['rent law', 'rent act'],
    sources: ['https://example.org', 'oai-weather'],
    page: null,
  })
})

it.each([
  ['open_page', 'open', 'Page opened'],
  ['find_in_page', 'find', 'Search on a page'],
  ['find', 'find', 'Search on a page'],
  ['constructor', null, 'Search on the web'],
])('reads the action %s of a web search', (type, action, title) => {
  const data = { action: { type, url: 'https://example.org/a', pattern: 'rent' } }
  expect(readTraceItem('web_search_call', data)).toMatchObject({
    action,
    title,
    page: 'https://example.org/a',
    queries: ['rent'],
  })
})

it('reads code, what it printed, the images it made, and outputs of kinds it does not know', () => {
  const outputs = [{ type: 'logs', logs: '42' }, { type: 'image', url: 'https://x.test/a.png' }, { type: 'sound' }]
  const data = { code: 'print(42)', container_id: 'c1', outputs, status: 'interpreting' }
  expect(readTraceItem('code_interpreter_call', data)).toEqual({
    kind: 'code',
    title: 'Code run by the model',
    status: 'interpreting',
    code: 'print(42)',
    container: 'c1',
    outputs: [
      { kind: 'logs', text: '42' },
      { kind: 'image', url: 'https://x.test/a.png' },
      { kind: 'other', data: { type: 'sound' } },
    ],
  })
  expect(readTraceItem('code_interpreter_call', { code: null, outputs: null })).toMatchObject({
    code: null,
    outputs: null,
  })
})

it('reads arguments and outputs of calls as JSON, and keeps what is none', () => {
  expect(readTraceItem('function_call', { name: 'book', namespace: 'hotel', arguments: '{"room":2}' })).toMatchObject({
    kind: 'call',
    name: 'book',
    namespace: 'hotel',
    input: { room: 2 },
  })
  expect(readTraceItem('function_call_output', { output: 'not json {' })).toMatchObject({ output: 'not json {' })
  expect(readTraceItem('custom_tool_call', { name: 'sql', input: 'SELECT 1' })).toMatchObject({ input: 'SELECT 1' })
})

it.each([
  ['gone', { message: 'gone', code: null, data: null }],
  [
    { type: 'http_error', code: 502, message: 'Bad gateway' },
    { message: 'Bad gateway', code: 'http_error 502', data: null },
  ],
  [
    { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: 'No such file' }] },
    { message: 'No such file', code: 'mcp_tool_execution_error', data: null },
  ],
  [
    { type: 'mcp_protocol_error', code: 1, message: 'x', hint: 'y' },
    { message: 'x', code: 'mcp_protocol_error 1', data: { hint: 'y' } },
  ],
  [{ odd: true }, { message: null, code: null, data: { odd: true } }],
  [null, null],
])('reads the error of a call to a server: %j', (error, read) => {
  expect(readTraceItem('mcp_call', { name: 'x', server_label: 'files', error })).toMatchObject({
    title: 'Tool call to files',
    error: read,
  })
})

it('reads the tools of a server, and an answer to a request for leave', () => {
  const tools = [{ name: 'read', description: 'Reads.', input_schema: { type: 'object' } }, null]
  expect(readTraceItem('mcp_list_tools', { server_label: 'files', tools })).toMatchObject({
    title: 'Tools offered by files',
    tools: [
      { name: 'read', description: 'Reads.', schema: { type: 'object' } },
      { name: 'not named', description: null },
    ],
    error: null,
  })
  expect(readTraceItem('mcp_approval_response', { approve: false, reason: 'No.' })).toMatchObject({
    allowed: false,
    reason: 'No.',
  })
})

it('reads refusals, messages on the way, and parts that it does not know', () => {
  const refusal = { content: [{ type: 'refusal', refusal: 'I cannot.' }] }
  expect(readTraceItem('message', refusal)).toMatchObject({
    title: 'Refusal',
    parts: [{ refusal: true, text: 'I cannot.' }],
  })
  const audio = { type: 'output_audio', data: 'x' }
  const message = { phase: 'commentary', content: [{ type: 'output_text', text: '{"a":1}', annotations: [{}] }, audio] }
  expect(readTraceItem('message', message)).toMatchObject({
    title: 'Message on the way',
    cites: 1,
    parts: [
      { json: { a: 1 }, other: null },
      { text: '', other: audio },
    ],
  })
  expect(readTraceItem('message', { content: 'plain' })).toMatchObject({ parts: [{ text: 'plain' }] })
})

it('has a form for each type that is set for reading, a label for each other, and flags what it does not know', () => {
  for (const [type, { label, view }] of Object.entries(ITEM_TYPES)) {
    const entry = readTraceItem(type, { type, status: 'completed' })
    expect(entry.title, type).toBe(label)
    expect(entry.kind === 'raw', type).toBe(view === 'raw')
    if (entry.kind === 'raw') expect(entry.known, type).toBe(true)
  }
  expect(readTraceItem('hologram_call', {})).toEqual({
    kind: 'raw',
    known: false,
    title: 'A kind of output that this version does not know',
    status: null,
  })
})

it('never throws, whatever an item holds', () => {
  const odd = [
    null,
    3,
    [],
    'text',
    { summary: 3, content: {}, queries: 'x', action: [], results: [null], outputs: [1], tools: {} },
  ]
  for (const data of odd) {
    for (const type of [...Object.keys(ITEM_TYPES), '__proto__', 'constructor']) {
      expect(() => readTraceItem(type, data)).not.toThrow()
    }
  }
})

/** Reads the output items of a response for the trace. Lenient: servers differ, and new kinds come every few months. Pure. */

export type TraceEntry =
  | { kind: 'reasoning'; texts: string[] }
  | {
      kind: 'search'
      where: 'files' | 'web'
      status: string | null
      queries: string[]
      places: string[]
      results: SearchResult[]
    }
  | {
      kind: 'call'
      title: string
      name: string
      status: string | null
      input: unknown
      output: unknown
      error: unknown
    }
  | { kind: 'output'; title: string; output: unknown }
  | { kind: 'message'; parts: { refusal: boolean; text: string; json: unknown }[] }
  | { kind: 'raw' }

export type SearchResult = { name: string; score: number | null; text: string }

type Fields = Record<string, unknown>

/** What an item says, in the form in which it is shown. Whatever does not fit is `raw`. */
export function readTraceItem(type: string, data: unknown): TraceEntry {
  const item = fieldsOf(data)
  switch (type) {
    case 'reasoning':
      return {
        kind: 'reasoning',
        texts: listOf(item.summary)
          .map((part) => textOf(fieldsOf(part).text) ?? '')
          .filter(Boolean),
      }
    case 'file_search_call':
      return {
        kind: 'search',
        where: 'files',
        status: textOf(item.status),
        queries: texts(item.queries),
        places: [],
        results: listOf(item.results).map(fieldsOf).map(readResult),
      }
    case 'web_search_call':
      return readWebSearch(item)
    case 'function_call':
    case 'custom_tool_call':
      return call('Tool call', item, item.arguments ?? item.input)
    case 'mcp_call':
      return call(`Tool call to ${textOf(item.server_label) ?? 'a server'}`, item, item.arguments)
    case 'mcp_approval_request':
      return call(`Asks leave to call ${textOf(item.server_label) ?? 'a server'}`, item, item.arguments)
    case 'code_interpreter_call':
      return { ...call('Code run by the model', item, item.code), name: 'code interpreter', output: item.outputs }
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { kind: 'output', title: 'Tool output', output: parsed(item.output) }
    case 'message':
      return readMessage(item)
    default:
      return { kind: 'raw' }
  }
}

function call(title: string, item: Fields, input: unknown): TraceEntry & { kind: 'call' } {
  return {
    kind: 'call',
    title,
    name: textOf(item.name) ?? 'not named',
    status: textOf(item.status),
    input: parsed(input),
    output: parsed(item.output),
    error: item.error,
  }
}

function readResult(result: Fields): SearchResult {
  return {
    name: textOf(result.filename) ?? textOf(result.file_id) ?? 'not named',
    score: typeof result.score === 'number' ? result.score : null,
    text: textOf(result.text) ?? '',
  }
}

function readWebSearch(item: Fields): TraceEntry {
  const action = fieldsOf(item.action)
  const sources = listOf(action.sources).map((source) => textOf(fieldsOf(source).url))
  return {
    kind: 'search',
    where: 'web',
    status: textOf(item.status),
    queries: [textOf(action.query), ...texts(action.queries), textOf(action.pattern)].filter((text) => text !== null),
    places: [textOf(action.url), ...sources].filter((url) => url !== null),
    results: [],
  }
}

function readMessage(item: Fields): TraceEntry {
  const parts = listOf(item.content).map(fieldsOf)
  return {
    kind: 'message',
    parts: parts.map((part) => {
      const text = textOf(part.refusal) ?? textOf(part.text) ?? ''
      const value = parsed(text)
      return {
        refusal: part.type === 'refusal',
        text,
        json: typeof value === 'object' && value !== null ? value : null,
      }
    }),
  }
}

/** Arguments and outputs come as JSON in a string; what is none stays the text that it is. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const texts = (value: unknown): string[] => listOf(value).filter((item) => typeof item === 'string')

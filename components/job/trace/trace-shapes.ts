/** Reads the output items of a response for the trace. Lenient: servers differ, and new kinds come every few months. Pure. */
import { itemKind } from '@/lib/evidence/item-types'

export type TraceEntry = (
  | { kind: 'reasoning'; texts: string[] }
  | WebSearch
  | { kind: 'files'; queries: string[]; results: SearchResult[] }
  | { kind: 'code'; code: string | null; container: string | null; outputs: CodeOutput[] | null }
  | { kind: 'call'; name: string; namespace: string | null; input: unknown; output: unknown; error: CallError | null }
  | { kind: 'output'; output: unknown }
  | { kind: 'tools'; tools: OfferedTool[]; error: CallError | null }
  | { kind: 'answer'; allowed: boolean | null; reason: string | null }
  | { kind: 'message'; phase: string | null; parts: MessagePart[]; cites: number }
  | { kind: 'raw'; known: boolean }
) & {
  /** What it is called, for people. */
  title: string
  /** Where the provider says that it did not come to its end. */
  status: string | null
}

export type WebSearch = {
  kind: 'web'
  /** What it did; null where this version does not know it. */
  action: 'search' | 'open' | 'find' | null
  queries: string[]
  /** The page that was opened or searched through. */
  page: string | null
  sources: string[]
}

export type SearchResult = { name: string; score: number | null; text: string; attributes: [string, string][] }
export type CodeOutput =
  | { kind: 'logs'; text: string }
  | { kind: 'image'; url: string }
  | { kind: 'other'; data: unknown }
export type OfferedTool = { name: string; description: string | null; schema: unknown }
/** What went wrong with a call: a sentence where there is one, and everything else that came with it. */
export type CallError = { message: string | null; code: string | null; data: unknown }
export type MessagePart = {
  refusal: boolean
  text: string
  /** Where the text is JSON, and an object or a list. */
  json: unknown
  /** Set where a part is of a kind that this version does not know. */
  other: unknown
}

type Fields = Record<string, unknown>
type Body = TraceEntry extends infer Entry
  ? Entry extends TraceEntry
    ? Omit<Entry, 'title' | 'status'>
    : never
  : never

/** What an item says, in the form in which it is shown. Whatever does not fit is `raw`. */
export function readTraceItem(type: string, data: unknown): TraceEntry {
  const item = fieldsOf(data)
  const label = itemKind(type)?.label ?? 'A kind of output that this version does not know'
  const status = textOf(item.status)
  const body = readBody(type, item)
  return {
    ...body,
    title: titleOf(type, item, body) ?? label,
    status: status === 'completed' ? null : status,
  } as TraceEntry
}

function readBody(type: string, item: Fields): Body {
  switch (type) {
    case 'reasoning':
      return { kind: 'reasoning', texts: [...wordsOf(item.summary), ...wordsOf(item.content)] }
    case 'web_search_call':
      return readWebSearch(item)
    case 'file_search_call':
      return {
        kind: 'files',
        queries: texts(item.queries),
        results: listOf(item.results).map(fieldsOf).map(readResult),
      }
    case 'code_interpreter_call':
      return {
        kind: 'code',
        code: textOf(item.code),
        container: textOf(item.container_id),
        outputs: Array.isArray(item.outputs) ? item.outputs.map(readCodeOutput) : null,
      }
    case 'function_call':
    case 'mcp_call':
    case 'mcp_approval_request':
      return readCall(item, item.arguments)
    case 'custom_tool_call':
      return readCall(item, item.input)
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { kind: 'output', output: parsed(item.output) }
    case 'mcp_list_tools':
      return { kind: 'tools', tools: listOf(item.tools).map(fieldsOf).map(readTool), error: readError(item.error) }
    case 'mcp_approval_response':
      return {
        kind: 'answer',
        allowed: typeof item.approve === 'boolean' ? item.approve : null,
        reason: textOf(item.reason),
      }
    case 'message':
      return readMessage(item)
    default:
      return { kind: 'raw', known: itemKind(type) !== null }
  }
}

function titleOf(type: string, item: Fields, body: Body): string | null {
  const server = textOf(item.server_label)
  if (type === 'mcp_call' && server !== null) return `Tool call to ${server}`
  if (type === 'mcp_approval_request' && server !== null) return `Asks leave to call ${server}`
  if (type === 'mcp_list_tools' && server !== null) return `Tools offered by ${server}`
  if (body.kind === 'message' && body.parts.some((part) => part.refusal)) return 'Refusal'
  if (body.kind === 'message' && body.phase === 'commentary') return 'Message on the way'
  if (body.kind === 'web' && body.action === 'open') return 'Page opened'
  if (body.kind === 'web' && body.action === 'find') return 'Search on a page'
  return null
}

function readWebSearch(item: Fields): WebSearch {
  const action = fieldsOf(item.action)
  const actions: Record<string, WebSearch['action']> = {
    search: 'search',
    open_page: 'open',
    find_in_page: 'find',
    find: 'find',
  }
  const queries = [textOf(action.query), ...texts(action.queries), textOf(action.pattern)]
  return {
    kind: 'web',
    action: Object.hasOwn(actions, String(action.type)) ? (actions[String(action.type)] ?? null) : null,
    queries: [...new Set(queries.filter((text) => text !== null && text !== ''))] as string[],
    page: textOf(action.url),
    sources: listOf(action.sources).flatMap(
      (source) => textOf(fieldsOf(source).url) ?? textOf(fieldsOf(source).name) ?? [],
    ),
  }
}

function readResult(result: Fields): SearchResult {
  return {
    name: textOf(result.filename) ?? textOf(result.file_id) ?? 'not named',
    score: typeof result.score === 'number' ? result.score : null,
    text: textOf(result.text) ?? '',
    attributes: Object.entries(fieldsOf(result.attributes)).map(([name, value]) => [name, shortOf(value)]),
  }
}

function readCodeOutput(output: unknown): CodeOutput {
  const { type, logs, url } = fieldsOf(output)
  if (type === 'logs' && typeof logs === 'string') return { kind: 'logs', text: logs }
  if (type === 'image' && typeof url === 'string') return { kind: 'image', url }
  return { kind: 'other', data: output }
}

function readCall(item: Fields, input: unknown): Body {
  return {
    kind: 'call',
    name: textOf(item.name) ?? 'not named',
    namespace: textOf(item.namespace),
    input: parsed(input),
    output: parsed(item.output),
    error: readError(item.error),
  }
}

function readTool(tool: Fields): OfferedTool {
  return { name: textOf(tool.name) ?? 'not named', description: textOf(tool.description), schema: tool.input_schema }
}

/** Errors of servers are a sentence, or an object whose `content` or `message` holds one. */
function readError(error: unknown): CallError | null {
  if (error === null || error === undefined || error === '') return null
  if (typeof error === 'string') return { message: error, code: null, data: null }
  const { message, code, type, content, ...rest } = fieldsOf(error)
  const said = textOf(message) ?? (wordsOf(content).join('\n') || null)
  if (said === null) return { message: null, code: null, data: error }
  return {
    message: said,
    code: [type, code].filter((part) => typeof part === 'string' || typeof part === 'number').join(' ') || null,
    data: Object.keys(rest).length === 0 ? null : rest,
  }
}

function readMessage(item: Fields): Body {
  const parts = partsOf(item.content)
  return {
    kind: 'message',
    phase: textOf(item.phase),
    parts: parts.map(readPart),
    cites: parts.reduce((sum: number, part) => sum + listOf(fieldsOf(part).annotations).length, 0),
  }
}

function readPart(value: unknown): MessagePart {
  const part = fieldsOf(value)
  const text = textOf(part.refusal) ?? textOf(part.text)
  if (text === null) return { refusal: false, text: '', json: null, other: value }
  const json = parsed(text)
  return {
    refusal: part.type === 'refusal',
    text,
    json: typeof json === 'object' && json !== null ? json : null,
    other: null,
  }
}

/** Some servers write the content of a message as one text. */
const partsOf = (content: unknown): unknown[] => (typeof content === 'string' ? [{ text: content }] : listOf(content))

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
const wordsOf = (parts: unknown): string[] => listOf(parts).flatMap((part) => textOf(fieldsOf(part).text) || [])
const shortOf = (value: unknown): string => (typeof value === 'object' ? '…' : String(value)).slice(0, 300)

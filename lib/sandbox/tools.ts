/** Tools as the sandbox uses them: which calls it asks for, and what it makes of the answers. Pure. */
import { conform } from './conform'
import { questionOf, readRequest } from './reading'

export type OfferedTool = { type: string; [field: string]: unknown }

/** A call that waits for an answer of the caller's. */
export type WaitingCall = {
  kind: 'function' | 'mcp'
  /** `call_…` of a function call, `mcpr_…` of an approval request: what an answer names. */
  id: string
  name: string
  /** JSON text. */
  arguments: string
  /** Of an approval request. */
  server?: string
}

/** A call with what was answered. */
export type AnsweredCall = WaitingCall & { said: string /** Of an approval request. */; isAllowed: boolean }

/** More calls at once than this a person would not want to practise on. */
const mostCalls = 3

/**
 * The calls that a model might ask for: each function that was offered, and one tool of each MCP server that wants to be
 * asked, three in all.
 * @param tail makes the ids unlike those of any other response.
 */
export function planCalls(tools: readonly OfferedTool[], input: string, tail: string): WaitingCall[] {
  const asked = readRequest(input)
  const words = [questionOf(asked.input), ...asked.passages.map(({ text }) => text)].filter((text) => text !== '')
  const calls = tools.flatMap((tool): Omit<WaitingCall, 'id'>[] => {
    if (tool.type === 'function' && typeof tool.name === 'string') {
      const value = writeArguments(tool.parameters, asked.input, words)
      return [{ kind: 'function', name: tool.name, arguments: JSON.stringify(value) }]
    }
    const name = tool.type === 'mcp' ? approvedTool(tool) : null
    if (name === null || typeof tool.server_label !== 'string') return []
    const value = { query: (words[0] ?? 'everything').slice(0, 200) }
    return [{ kind: 'mcp', name, arguments: JSON.stringify(value), server: tool.server_label }]
  })
  return calls.slice(0, mostCalls).map((call, index) => ({
    ...call,
    id: `${call.kind === 'function' ? 'call' : 'mcpr'}_${tail.slice(0, 20)}${index}`,
  }))
}

/** A call of a function that nobody offered. */
export function unofferedCall(tail: string): WaitingCall {
  return {
    kind: 'function',
    id: `call_${tail.slice(0, 20)}0`,
    name: 'sandbox_unheard_of',
    arguments: '{"reason":"rehearsal"}',
  }
}

/** The tool of an MCP server that would ask first; null where none would. */
function approvedTool({ require_approval: asks, allowed_tools: allowed }: OfferedTool): string | null {
  if (asks === 'never') return null
  const first = (value: unknown): string | null => {
    const names = Array.isArray(value) ? value : isRecord(value) ? value.tool_names : null
    const [name] = Array.isArray(names) ? names : []
    return typeof name === 'string' ? name : null
  }
  const any = first(allowed) ?? 'lookup'
  if (!isRecord(asks)) return any
  const always = first(asks.always)
  if (always !== null || isRecord(asks.always)) return always
  return first(asks.never) === any ? null : any
}

const examples: [RegExp, unknown][] = [
  [/e-?mail/i, 'tenant@example.com'],
  [/phone/i, '+49 30 1234567'],
  [/(^|_)(date|day|due)($|_)/i, '2026-01-15'],
  [/url|link/i, 'https://example.com/'],
  [/(^|_)(id|number|no)($|_)/i, 'A-1001'],
  [/amount|price|total|sum/i, 740],
  [/currency/i, 'EUR'],
  [/name/i, 'Dana Example'],
]

/** Arguments that fit the tool's schema: from the job's input where a name matches, else an example, else its words. */
function writeArguments(schema: unknown, input: Record<string, unknown>, words: string[]): unknown {
  if (!isRecord(schema)) return {}
  const properties = isRecord(schema.properties) ? Object.entries(schema.properties) : []
  const value = Object.fromEntries(
    properties.flatMap(([name, property]) => {
      if (Object.hasOwn(input, name)) return [[name, input[name]]]
      const found = examples.find(([pattern]) => pattern.test(name))
      const isText = !isRecord(property) || property.type === undefined || property.type === typeof found?.[1]
      return found && isText ? [[name, found[1]]] : []
    }),
  )
  let taken = 0
  return conform(value, { type: 'object', ...schema }, () =>
    (words[taken++ % Math.max(words.length, 1)] ?? 'example').slice(0, 200),
  )
}

/** The answer's text, with what the tools said told in it. */
export function tellAnswers(text: string, answered: readonly AnsweredCall[]): string {
  if (answered.length === 0) return text
  const words = answered.map(tellOne).join(' ')
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) && insert(value, words) ? JSON.stringify(value) : text
  } catch {
    return `${text}\n\n${words}`
  }
}

function tellOne({ kind, name, said, isAllowed }: AnsweredCall): string {
  const short = said.length > 500 ? `${said.slice(0, 500)}…` : said
  if (!isAllowed) return `“${name}” was not allowed${short === '' ? '.' : `: “${short}”.`}`
  return kind === 'mcp' ? `“${name}” was allowed.` : `“${name}” answered: “${short}”.`
}

/** Where words may stand without touching what is quoted, named or counted. */
const places = ['summary', 'note', 'text', 'answer', 'description', 'title']

function insert(value: Record<string, unknown>, words: string): boolean {
  for (const place of places) {
    const had = value[place]
    if (typeof had === 'string' || (had === null && place === 'note')) {
      value[place] = [had, words].filter((one) => typeof one === 'string' && one !== '').join(' ')
      return true
    }
  }
  return Object.values(value)
    .flatMap((one) => (Array.isArray(one) ? one : [one]))
    .filter(isRecord)
    .some((one) => insert(one, words))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

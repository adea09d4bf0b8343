/** The most that a call can cost, as far as it can be bounded before it is made: what a budget reserves. Pure. */
import type { ResponseRequest } from '@/lib/provider/types'
import type { HostedTool, WorkflowDefinition } from '@/lib/workflows/definition'
import { modelIsUnpriced, toolIsUnpriced } from './cost'
import { BILLED_TOOLS, modelPrice, type PriceBook } from './price-book'

/** Null micros: it cannot be bounded; `why` is a sentence. */
export type WorstCase = { micros: bigint; why: null } | { micros: null; why: string }

/**
 * A token is four characters of English and hardly ever less than three bytes of anything that people write: bytes
 * divided by this count more tokens than there are.
 */
const BYTES_PER_TOKEN = 3

/**
 * What one call of a hosted tool may bring into the input, in tokens: twice the block of 8,000 that OpenAI bills for one
 * web search of a small model.
 */
const TOKENS_PER_TOOL_CALL = 16_000

/** Bytes of a request around what it says: field names, metadata, the marks around passages. */
const FRAME_BYTES = 3_000

const TOKENS_PER_PRICE = 1_000_000n

type Bounds = {
  model: string
  serviceTier: string | null
  inputTokens: number
  maxOutputTokens: number
  maxToolCalls: number | null
  /** Types of the tools that run at the provider. */
  tools: readonly string[]
}

/** More tokens than a text of so many bytes has. */
export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN)
}

/** More tokens than the request itself brings to the model. What a response before it carries on comes on top. */
export function inputTokensOf(request: ResponseRequest): number {
  return tokensOfBytes(new TextEncoder().encode(JSON.stringify(request)).byteLength)
}

/**
 * The worst case of this request.
 * @param carriedTokens what the response that it continues brings along.
 */
export function worstCaseOf(request: ResponseRequest, carriedTokens: number, book: PriceBook): WorstCase {
  return bounded(
    {
      model: request.model,
      serviceTier: request.service_tier ?? null,
      inputTokens: inputTokensOf(request) + carriedTokens,
      maxOutputTokens: request.max_output_tokens,
      maxToolCalls: request.max_tool_calls ?? null,
      tools: (request.tools ?? []).map((tool) => tool.type).filter((type) => type !== 'function'),
    },
    book,
  )
}

/** The worst case of a job's first call, before its request is built: `characters` is its input and its documents. */
export function worstCaseOfJob(definition: WorkflowDefinition, characters: number, book: PriceBook): WorstCase {
  const said = [definition.instructions, JSON.stringify(definition.output.schema), JSON.stringify(definition.tools)]
  return bounded(
    {
      model: definition.model,
      serviceTier: definition.serviceTier ?? null,
      inputTokens: tokensOfBytes(characters + said.join('').length + FRAME_BYTES),
      maxOutputTokens: definition.maxOutputTokens,
      maxToolCalls: definition.maxToolCalls ?? null,
      tools: definition.tools.map((tool) => tool.type).filter((type) => type !== 'function'),
    },
    book,
  )
}

const TOOL_WORDS: Record<HostedTool['type'] | 'mcp', string> = {
  web_search: 'web searches',
  file_search: 'file searches',
  code_interpreter: 'code interpreter sessions',
  mcp: 'calls of MCP tools',
}

function bounded(bounds: Bounds, book: PriceBook): WorstCase {
  const { model, serviceTier, maxOutputTokens, maxToolCalls, tools } = bounds
  if (tools.length > 0 && maxToolCalls === null) {
    const words = [...new Set(tools)].map((type) => TOOL_WORDS[type as HostedTool['type']] ?? type)
    const listed = new Intl.ListFormat('en').format(words)
    return {
      micros: null,
      why: `The workflow sets no limit (maxToolCalls) to ${listed}, so what they may cost is not known.`,
    }
  }
  const calls = tools.length === 0 ? 0 : (maxToolCalls ?? 0)
  const inputTokens = bounds.inputTokens + calls * TOKENS_PER_TOOL_CALL
  const price = modelPrice(book, { model, serviceTier, inputTokens })
  if (price === null) return { micros: null, why: modelIsUnpriced(model, serviceTier) }
  const dearest = dearestCall(tools, book)
  if (dearest.micros === null) return dearest
  const tokens = BigInt(inputTokens) * price.inputMicros + BigInt(maxOutputTokens) * price.outputMicros
  return { micros: (tokens + TOKENS_PER_PRICE - 1n) / TOKENS_PER_PRICE + BigInt(calls) * dearest.micros, why: null }
}

/** The price of the dearest of these tools: all calls may go to it. */
function dearestCall(tools: readonly string[], book: PriceBook): WorstCase {
  let dearest = 0n
  for (const type of tools) {
    const billed = BILLED_TOOLS[type]
    if (billed === undefined) continue
    const micros = book.tools.get(type)
    if (micros === undefined) return { micros: null, why: toolIsUnpriced(billed) }
    if (micros > dearest) dearest = micros
  }
  return { micros: dearest, why: null }
}

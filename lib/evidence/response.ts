/**
 * Reads the body of a response leniently: servers of this API differ, and OpenAI adds fields and item types every few
 * months. Pure; nothing here throws, whatever the body is.
 */
import type { Usage } from '@/lib/jobs/view'
import { sanitiseText } from '@/lib/store/sanitise'
import { readCode } from './code'

/** An error is a sentence, a refusal a page at most: both are shown as they are. In UTF-16 units. */
const LONGEST_MESSAGE = 2_000
const LONGEST_REFUSAL = 20_000

export type ReadResponse = {
  /** The text of the answer: of the messages marked as final, where there are such, else of all. */
  text: string
  /** The model's own words where it refused, sanitised and at most 20,000 units; null where it did not. */
  refusal: string | null
  /** `text` as JSON; undefined where it is none. */
  json: unknown
  usage: Usage | null
  /** The model and the service tier that answered, in the provider's words; null where it does not say. */
  model: string | null
  serviceTier: string | null
  /** The output items in order, whatever they are. */
  items: unknown[]
  completedAt: Date | null
  /** A code: see `readCode`. */
  incompleteReason: string | null
  /** `code`: see `readCode`; `message` is sanitised and has at most 2,000 units. */
  error: { code: string | null; message: string | null } | null
}

type Fields = Record<string, unknown>
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** What a response says, from its parsed body. */
export function readResponse(body: unknown): ReadResponse {
  const response = fieldsOf(body)
  const items = listOf(response.output)
  const messages = items.map(fieldsOf).filter((item) => item.type === 'message')
  const final = messages.filter((message) => message.phase === 'final_answer')
  const parts = (final.length > 0 ? final : messages).flatMap((message) => listOf(message.content)).map(fieldsOf)
  const text = parts
    .filter((part) => part.type === 'output_text')
    .map((part) => textOf(part.text) ?? '')
    .join('')
  const refusals = parts.filter((part) => part.type === 'refusal').map((part) => textOf(part.refusal) ?? '')
  return {
    text,
    refusal: refusals.length === 0 ? null : shorten(refusals.join('\n'), LONGEST_REFUSAL),
    json: parse(text),
    usage: usageOf(response.usage),
    model: modelOf(response.model),
    serviceTier: readCode(response.service_tier),
    items,
    completedAt: timeOf(response.completed_at),
    incompleteReason: readCode(fieldsOf(response.incomplete_details).reason),
    error: errorOf(response.error),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function errorOf(value: unknown): ReadResponse['error'] {
  if (typeof value === 'string') return { code: null, message: shorten(value, LONGEST_MESSAGE) }
  if (typeof value !== 'object' || value === null) return null
  const { code, message } = fieldsOf(value)
  return { code: readCode(code), message: typeof message === 'string' ? shorten(message, LONGEST_MESSAGE) : null }
}

/** Cut first: there may be megabytes of it. */
function shorten(text: string, most: number): string {
  return sanitiseText(text.slice(0, most))
}

function usageOf(value: unknown): Usage | null {
  const usage = fieldsOf(value)
  const inputTokens = countOf(usage.input_tokens)
  const outputTokens = countOf(usage.output_tokens)
  if (inputTokens === null || outputTokens === null) return null
  return {
    inputTokens,
    cachedTokens: countOf(fieldsOf(usage.input_tokens_details).cached_tokens),
    outputTokens,
    reasoningTokens: countOf(fieldsOf(usage.output_tokens_details).reasoning_tokens),
    totalTokens: countOf(usage.total_tokens) ?? inputTokens + outputTokens,
  }
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** The names of models as servers of this API write them. */
const MODEL = /^[\w.:/@-]{1,120}$/

function modelOf(value: unknown): string | null {
  return typeof value === 'string' && MODEL.test(value) ? value : null
}

/** OpenAI writes seconds since 1970, some with a fraction. */
function timeOf(value: unknown): Date | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return null
  const date = new Date(value * 1000)
  return Number.isNaN(date.getTime()) ? null : date
}

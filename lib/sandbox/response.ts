/** A response of the sandbox: what is kept of it, and what the API says of it at a moment. Pure. */
import type { Behaviour } from '@/lib/provider/rehearsal'
import type { Answer } from './answer'
import type { CreateBody } from './request'

/** How a response ends. */
export type Ends =
  | {
      status: 'completed'
      /** What stands where the answer should. Absent: the answer. */
      says?: 'refusal' | 'nothing' | 'off_schema' | 'torn' | 'misquoted' | 'unoffered_call' | 'calls'
    }
  | { status: 'incomplete'; reason: string }
  | { status: 'failed'; error: { code: string | null; message: string; [more: string]: unknown } }
  | { status: 'cancelled' }

/** What is kept of an accepted request. Its status is never stored: it follows from the time. */
export type StoredResponse = {
  id: string
  /** Milliseconds since 1970. */
  acceptedAt: number
  cancelledAt: number | null
  /** Whole time that it takes, queueing included. Null: it never ends. */
  seconds: number | null
  /** How much of it is queueing, in milliseconds. */
  queuedMs: number
  ends: Ends
  /** How it behaves where that is not as usual. */
  behaviour: Behaviour
  request: Omit<CreateBody, 'input' | 'format'>
}

/** How long a response waits before it is worked on, of a whole time in milliseconds. */
export function queueTime(wholeMs: number): number {
  return Math.min(1_000, wholeMs / 6)
}

type At = 'queued' | 'in_progress' | 'cancelled' | 'ended'

export function statusAt(stored: StoredResponse, now: number): At {
  if (stored.cancelledAt !== null) return 'cancelled'
  const whole = stored.seconds === null ? Number.POSITIVE_INFINITY : stored.seconds * 1_000
  const age = now - stored.acceptedAt
  if (age >= whole) return 'ended'
  return age < stored.queuedMs ? 'queued' : 'in_progress'
}

/**
 * The response as GET /v1/responses/{id} says it, in the shape of the SDK's `Response`.
 * @param at from `statusAt`; a create is answered as `queued`, however short the run.
 */
export function describeResponse(stored: StoredResponse, answer: Answer, at: At): Record<string, unknown> {
  const { request, ends } = stored
  const hasEnded = at === 'ended'
  const status = hasEnded ? ends.status : at
  const hasOutput = status === 'completed' || status === 'incomplete'
  return {
    id: stored.id,
    object: 'response',
    created_at: Math.floor(stored.acceptedAt / 1_000),
    status,
    background: true,
    completed_at:
      status === 'completed' ? Math.floor((stored.acceptedAt + (stored.seconds ?? 0) * 1_000) / 1_000) : null,
    error: hasEnded && ends.status === 'failed' ? describeError(ends.error) : null,
    incomplete_details: hasEnded && ends.status === 'incomplete' ? { reason: ends.reason } : null,
    instructions: request.instructions,
    max_output_tokens: request.max_output_tokens,
    max_tool_calls: request.max_tool_calls,
    metadata: request.metadata,
    // Not the model that was asked for: none was called.
    model: 'holdpoint-sandbox',
    output: hasOutput ? describeOutput(stored, answer) : [],
    parallel_tool_calls: true,
    previous_response_id: request.previous_response_id,
    reasoning: request.reasoning ?? { effort: null, summary: null },
    service_tier: 'default',
    store: true,
    temperature: null,
    text: request.text ?? { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: request.tools,
    top_p: null,
    truncation: request.truncation ?? 'disabled',
    usage: hasEnded && ends.status !== 'cancelled' ? describeUsage(answer, hasOutput) : null,
    user: null,
  }
}

/** A failure without a code says nothing but its words. */
function describeError({ code, ...error }: { code: string | null; message: string }): Record<string, unknown> {
  return code === null ? error : { code, ...error }
}

/** What failed has read its input, and written nothing. */
function describeUsage({ usage }: Answer, hasOutput: boolean): Record<string, unknown> {
  const output = hasOutput ? usage.output : 0
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: hasOutput ? usage.reasoning : 0 },
    total_tokens: usage.input + output,
  }
}

function describeOutput(stored: StoredResponse, answer: Answer): Record<string, unknown>[] {
  const tail = stored.id.slice('resp_'.length)
  const best = Math.max(...answer.search.results.map(({ score }) => score), 1e-9)
  return [
    {
      id: `rs_${tail}`,
      type: 'reasoning',
      summary: answer.reasoning.map((text) => ({ type: 'summary_text', text })),
    },
    {
      id: `fs_${tail}`,
      type: 'file_search_call',
      status: 'completed',
      queries: answer.search.queries,
      results: answer.search.results.map(({ passage, score }) => ({
        file_id: passage.documentId,
        filename: passage.document,
        // The API's scores go from 0 to 1: the best passage is 1, the others are shares of its BM25 score.
        score: Math.round((score / best) * 1_000) / 1_000,
        text: passage.text.slice(0, 2_000).toWellFormed(),
        attributes: { passage: passage.id, page: passage.page },
      })),
    },
    ...describeEnd(stored, answer, tail),
  ]
}

/** The calls that wait, or the message. */
function describeEnd({ ends }: StoredResponse, answer: Answer, tail: string): Record<string, unknown>[] {
  const says = ends.status === 'completed' ? ends.says : undefined
  if (says === 'nothing') return []
  if (says === 'calls' || says === 'unoffered_call') {
    return (answer.calls ?? []).map((call, index) =>
      call.kind === 'function'
        ? {
            id: `fc_${tail}${index}`,
            type: 'function_call',
            status: 'completed',
            call_id: call.id,
            name: call.name,
            arguments: call.arguments,
          }
        : {
            id: call.id,
            type: 'mcp_approval_request',
            server_label: call.server,
            name: call.name,
            arguments: call.arguments,
          },
    )
  }
  const made = (answer.made ?? []).map((call, index) => ({
    id: `mcp_${tail}${index}`,
    type: 'mcp_call',
    status: 'completed',
    approval_request_id: call.id,
    server_label: call.server,
    name: call.name,
    arguments: call.arguments,
    output: 'The sandbox reaches no server. Here would stand what the tool said.',
    error: null,
  }))
  const message = {
    id: `msg_${tail}`,
    type: 'message',
    role: 'assistant',
    status: ends.status === 'incomplete' ? 'incomplete' : 'completed',
    content: [describeContent(ends, answer)],
  }
  return [...made, message]
}

function describeContent(ends: Ends, { text }: Answer): Record<string, unknown> {
  const says = ends.status === 'completed' ? ends.says : undefined
  if (says === 'refusal') {
    return { type: 'refusal', refusal: 'I cannot help with this request. (The sandbox was asked to refuse.)' }
  }
  const half = text.slice(0, Math.ceil(text.length / 2)).toWellFormed()
  const isHalf = ends.status === 'incomplete' || says === 'torn'
  const shown = says === 'off_schema' ? JSON.stringify({ sandbox: 'An answer of another shape.' }) : text
  return { type: 'output_text', text: isHalf ? half : shown, annotations: [], logprobs: [] }
}

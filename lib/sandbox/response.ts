/** A response of the sandbox: what is kept of it, and what the API says of it at a moment. Pure. */
import type { Behaviour } from '@/lib/provider/types'
import type { Answer } from './answer'

/** What is kept of an accepted request. Its status is never stored: it follows from the time. */
export type StoredResponse = {
  id: string
  /** Milliseconds since 1970. */
  acceptedAt: number
  cancelledAt: number | null
  /** Whole time that it takes, queueing included. Null: it never ends. */
  seconds: number | null
  ends: 'completed' | 'incomplete' | 'failed' | 'refused'
  request: {
    model: string
    instructions: string | null
    metadata: Record<string, string>
    max_output_tokens: number | null
    previous_response_id: string | null
    reasoning: Record<string, unknown> | null
    text: Record<string, unknown> | null
  }
}

/** How long a response waits before it is worked on, of a whole time in milliseconds. */
function queueTime(whole: number): number {
  return Math.min(1_000, whole / 6)
}

/** How a request will end, by the behaviour asked for and whether it is the job's first attempt. */
export function planEnd(behaviour: Behaviour, isFirstAttempt: boolean): StoredResponse['ends'] {
  if (behaviour === 'failed_server_error' && isFirstAttempt) return 'failed'
  if (behaviour === 'incomplete') return 'incomplete'
  if (behaviour === 'refusal') return 'refused'
  return 'completed'
}

export function statusAt(stored: StoredResponse, now: number): 'queued' | 'in_progress' | 'cancelled' | 'ended' {
  if (stored.cancelledAt !== null) return 'cancelled'
  const whole = stored.seconds === null ? Number.POSITIVE_INFINITY : stored.seconds * 1_000
  const age = now - stored.acceptedAt
  if (age >= whole) return 'ended'
  return age < queueTime(whole) ? 'queued' : 'in_progress'
}

/** The response as GET /v1/responses/{id} says it at `now`, in the shape of the SDK's `Response`. */
export function describeResponse(stored: StoredResponse, answer: Answer, now: number): Record<string, unknown> {
  const at = statusAt(stored, now)
  const hasEnded = at === 'ended'
  const status = hasEnded ? (stored.ends === 'refused' ? 'completed' : stored.ends) : at
  const hasOutput = hasEnded && stored.ends !== 'failed'
  const { request } = stored
  return {
    id: stored.id,
    object: 'response',
    created_at: Math.floor(stored.acceptedAt / 1_000),
    status,
    background: true,
    completed_at:
      status === 'completed' ? Math.floor((stored.acceptedAt + (stored.seconds ?? 0) * 1_000) / 1_000) : null,
    error:
      status === 'failed' ? { code: 'server_error', message: 'The sandbox was asked to fail this attempt.' } : null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: request.instructions,
    max_output_tokens: request.max_output_tokens,
    max_tool_calls: null,
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
    tools: [],
    top_p: null,
    truncation: 'disabled',
    usage: hasOutput ? describeUsage(answer) : null,
    user: null,
  }
}

function describeUsage({ usage }: Answer): Record<string, unknown> {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: usage.input + usage.output,
  }
}

function describeOutput(stored: StoredResponse, answer: Answer): Record<string, unknown>[] {
  const tail = stored.id.slice('resp_'.length)
  const best = Math.max(...answer.search.results.map(({ score }) => score), 1e-9)
  const isWhole = stored.ends !== 'incomplete'
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
    {
      id: `msg_${tail}`,
      type: 'message',
      role: 'assistant',
      status: isWhole ? 'completed' : 'incomplete',
      content: [describeContent(stored, answer)],
    },
  ]
}

function describeContent(stored: StoredResponse, answer: Answer): Record<string, unknown> {
  if (stored.ends === 'refused') {
    return { type: 'refusal', refusal: 'I cannot help with this request. (The sandbox was asked to refuse.)' }
  }
  const half = answer.text.slice(0, Math.ceil(answer.text.length / 2)).toWellFormed()
  return {
    type: 'output_text',
    text: stored.ends === 'incomplete' ? half : answer.text,
    annotations: [],
    logprobs: [],
  }
}

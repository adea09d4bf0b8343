/**
 * The border to the provider. Its shapes stop here: the engine sees only these outcomes, the same whether they came
 * from OpenAI, the sandbox, or another server of that API.
 */
import type { ProviderStatus } from '@/lib/lifecycle/table'
import type { Rehearsal } from './rehearsal'

/** What the provider itself can say of a response. */
export type SeenStatus = Exclude<ProviderStatus, 'sending' | 'unknown'>

/** The body of POST /v1/responses, as we send it and keep it. */
export type ResponseRequest = {
  model: string
  instructions: string
  /** Text; or items, where calls are answered or an earlier response is continued from what was kept of it. */
  input: string | InputItem[]
  background: true
  store: true
  max_output_tokens: number
  metadata: Record<string, string>
  text: { format: { type: 'json_schema'; name: string; strict: true; schema: Record<string, unknown> } }
  reasoning?: { effort?: 'minimal' | 'low' | 'medium' | 'high'; summary?: 'auto' }
  previous_response_id?: string
  tools?: RequestTool[]
  /** What hosted tools found, beside what the model wrote of it. */
  include?: string[]
  max_tool_calls?: number
  service_tier?: 'auto' | 'default' | 'flex' | 'priority'
  truncation?: 'auto' | 'disabled'
}

/** An input item, as the API takes it: our answers to calls, and items of an earlier response. */
export type InputItem = { type: string; [field: string]: unknown }

/** A tool that the model is offered, as the API takes it. */
export type RequestTool = { type: string; [field: string]: unknown }

/** A response as it was seen once. */
export type Seen = {
  responseId: string
  status: SeenStatus
  /** The HTTP body exactly as received. */
  raw: Uint8Array
  /** `raw`, parsed. */
  body: Record<string, unknown>
}

/**
 * How much may still be sent, from the `x-ratelimit-*` headers of an answer. A number is null where its header is absent
 * or makes no sense.
 */
export type RateLimits = {
  limitRequests: number | null
  remainingRequests: number | null
  /** Milliseconds until the whole limit is there again. */
  resetRequestsMs: number | null
  limitTokens: number | null
  remainingTokens: number | null
  resetTokensMs: number | null
}

/** What one HTTP exchange told, whatever became of it. */
export type Exchange = {
  httpStatus: number | null
  requestId: string | null
  milliseconds: number
  /** Null (or absent) where the answer has none of these headers, or there was no answer. */
  limits?: RateLimits | null
}

/** An error of the provider or of the way to it. `code` is the provider's or the system's code, never a message. */
export type ProviderError = {
  httpStatus: number | null
  code: string | null
  /** The provider's error type and parameter, where it gives them. */
  type: string | null
  param: string | null
  /** The provider's own words: shown to people, never matched on. At most 2,000 characters, sanitised. */
  message: string | null
  /** From `retry-after-ms` or `retry-after`, in milliseconds. */
  retryAfterMs: number | null
}

export type CreateOutcome = Exchange &
  (
    | { kind: 'accepted'; seen: Seen }
    /** An answer in the API's own error shape: it cost nothing, and the next try is a new attempt. */
    | { kind: 'refused'; error: ProviderError }
    /** The connection failed before the request was sent: it cost nothing. */
    | { kind: 'not_sent'; error: ProviderError }
    /** Anything else: it may have been taken and paid. Never resent by itself. */
    | { kind: 'lost'; error: ProviderError }
  )

export type LookOutcome = Exchange &
  (
    | { kind: 'seen'; seen: Seen }
    /** 404: the provider no longer has it. */
    | { kind: 'gone'; error: ProviderError }
    /** This look failed; another may not. */
    | { kind: 'failed'; error: ProviderError }
  )

export { type Behaviour, behaviours, type Rehearsal, type RehearsedAttempts, rehearsedAttempts } from './rehearsal'

export type Provider = {
  /** 'openai', 'sandbox', or the host of another server of the API. */
  readonly name: string
  /**
   * Makes one paid call, exactly once: nothing below it retries.
   * @param options.rehearsal sent on as a header of its own, and only to the sandbox.
   */
  create(request: ResponseRequest, options?: { rehearsal?: Rehearsal | null }): Promise<CreateOutcome>
  retrieve(responseId: string): Promise<LookOutcome>
  /** Idempotent: cancelling a final response returns it as it is. */
  cancel(responseId: string): Promise<LookOutcome>
}

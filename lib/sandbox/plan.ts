/** What the sandbox does at each step of a call, by the behaviour that was asked for. Pure data. */
import type { Behaviour } from '@/lib/provider/rehearsal'
import type { Ends } from './response'

/** An answer in the API's own error shape. */
export type Refusal = {
  status: number
  type: string
  code: string | null
  param?: string
  message: string
  headers?: Record<string, string>
}

/** A way in which an answer does not arrive. */
export type Fault =
  /** The connection breaks instead of an answer. */
  | { how: 'reset' }
  /** Nothing comes, until the caller gives up. */
  | { how: 'silence' }
  /** Status 200, and bytes that are no JSON. */
  | { how: 'garbled' }
  /** Half of the answer, then the connection breaks. */
  | { how: 'partial' }
  /** The page of a gateway, in HTML. */
  | { how: 'page'; status: number }

export type Plan = {
  /** The create is refused: nothing was taken. */
  refuses?: Refusal
  /** The create is taken, and this becomes of its answer. */
  losesCreate?: Fault
  /** The same, before the request was read: nothing was taken. */
  unread?: { how: 'reset' } | { how: 'silence' }
  /** The first looks, in order; those after them are answered. */
  looks?: (Fault | { how: 'refuse'; refusal: Refusal })[]
  /** Every look, for good. */
  everyLook?: 'gone' | 'stale'
  ends?: Ends
  /** Whole seconds where the request does not say; null: it never ends by itself. */
  seconds?: number | null
  /** What cancelling does where it is not what it should. */
  onCancel?: 'ignored' | 'completes'
  /** Function tools and MCP servers that were offered are called. */
  callsTools?: boolean
  /** A continuation by `previous_response_id` finds nothing. */
  forgetsPrevious?: boolean
  /** Absent: one, at the end, signed. */
  webhook?: 'none' | 'doubled' | 'late' | 'forged'
  /** The headers say that nothing more fits. */
  isTight?: boolean
}

const told = '(Asked for in the sandbox.)'
const waitSeconds = 2

const invalid = (status: number, code: string | null, message: string, more: Partial<Refusal> = {}): Plan => ({
  refuses: { status, type: 'invalid_request_error', code, message: `${message} ${told}`, ...more },
})
const refusal = (status: number, type: string, code: string | null, message: string, headers = {}): Refusal => ({
  status,
  type,
  code,
  message: `${message} ${told}`,
  headers,
})
const failed = (code: string | null, message: string, more: Record<string, unknown> = {}): Plan => ({
  ends: { status: 'failed', error: { code, message: `${message} ${told}`, ...more } },
})
const image = (code: string) => failed(code, 'The image could not be used.')
const incomplete = (reason: string): Plan => ({ ends: { status: 'incomplete', reason } })
const lost = (fault: Fault): Plan => ({ losesCreate: fault, webhook: 'none' })
const page: Fault = { how: 'page', status: 503 }
const refused = (one: Refusal) => ({ how: 'refuse', refusal: one }) as const

const rateLimit = refusal(429, 'requests', 'rate_limit_exceeded', 'Rate limit reached for requests.', {
  'retry-after': String(waitSeconds),
})
const serverError = refusal(500, 'server_error', null, 'The server had an error while processing your request.')
const noQuota = 'You exceeded your current quota, please check your plan and billing details.'
const badKey = refusal(401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.')

export const plans: Record<Behaviour, Plan> = {
  none: {},
  slow: { seconds: 60 },
  limit_tight: { isTight: true },

  incomplete: incomplete('max_output_tokens'),
  incomplete_max_messages: incomplete('max_messages'),
  incomplete_content_filter: incomplete('content_filter'),
  incomplete_steered: incomplete('steered'),
  incomplete_unlisted: incomplete('sandbox_unheard_of'),

  refusal: { ends: { status: 'completed', says: 'refusal' } },
  empty: { ends: { status: 'completed', says: 'nothing' } },
  off_schema: { ends: { status: 'completed', says: 'off_schema' } },
  truncated_json: { ends: { status: 'completed', says: 'torn' } },
  bad_quotes: { ends: { status: 'completed', says: 'misquoted' } },

  failed_server_error: failed('server_error', 'The server had an error.'),
  failed_rate_limit_exceeded: failed('rate_limit_exceeded', 'A rate limit was reached during the run.'),
  failed_invalid_prompt: failed('invalid_prompt', 'The prompt was flagged as potentially violating our usage policy.'),
  failed_data_residency_mismatch: failed('data_residency_mismatch', 'The data may not be processed in this region.'),
  failed_bio_policy: failed('bio_policy', 'The request was blocked by a policy on biology.'),
  failed_misalignment_policy_violation: failed('misalignment_policy_violation', 'The response was blocked.', {
    misalignment: {
      detailed_explanation: 'The model was about to send data to a place that nobody named.',
      error_type: 'potentially_unintended_data_transfer',
      review_target: null,
    },
  }),
  failed_vector_store_timeout: failed('vector_store_timeout', 'The vector store took too long.'),
  failed_invalid_image: image('invalid_image'),
  failed_invalid_image_format: image('invalid_image_format'),
  failed_invalid_base64_image: image('invalid_base64_image'),
  failed_invalid_image_url: image('invalid_image_url'),
  failed_image_too_large: image('image_too_large'),
  failed_image_too_small: image('image_too_small'),
  failed_image_parse_error: image('image_parse_error'),
  failed_image_content_policy_violation: image('image_content_policy_violation'),
  failed_invalid_image_mode: image('invalid_image_mode'),
  failed_image_file_too_large: image('image_file_too_large'),
  failed_unsupported_image_media_type: image('unsupported_image_media_type'),
  failed_empty_image_file: image('empty_image_file'),
  failed_failed_to_download_image: image('failed_to_download_image'),
  failed_image_file_not_found: image('image_file_not_found'),
  failed_unlisted: failed('sandbox_unheard_of', 'Something happened that has no name.'),
  failed_without_code: failed(null, 'Something happened.'),
  cancelled_elsewhere: { ends: { status: 'cancelled' } },
  gone: { everyLook: 'gone', webhook: 'none' },

  create_400_context_length: invalid(400, 'context_length_exceeded', 'Your input exceeds the context window.', {
    param: 'input',
  }),
  create_400_invalid_value: invalid(400, 'invalid_value', "Invalid value for 'reasoning.effort'.", {
    param: 'reasoning.effort',
  }),
  create_401: { refuses: badKey },
  create_403: invalid(403, null, 'You have insufficient permissions for this operation.'),
  create_404: invalid(404, 'model_not_found', 'The model does not exist or you do not have access to it.'),
  create_408: { refuses: refusal(408, 'timeout', null, 'The request took too long to arrive.') },
  create_409: { refuses: refusal(409, 'conflict_error', null, 'The resource is in use.') },
  create_413: invalid(413, 'request_too_large', 'The request is too large.'),
  create_422: invalid(422, null, 'The request cannot be processed.'),
  rate_limited: { refuses: rateLimit },
  create_429_slow_down: {
    refuses: refusal(429, 'requests', 'slow_down', 'Slow down.', { 'retry-after-ms': String(waitSeconds * 1_000) }),
  },
  create_429_quota: { refuses: refusal(429, 'insufficient_quota', 'insufficient_quota', noQuota) },
  create_429_credit: {
    refuses: refusal(429, 'insufficient_quota', 'credit_balance_exhausted', 'Your credit is used up.'),
  },
  error_500: { refuses: serverError },
  create_503: { refuses: refusal(503, 'service_unavailable_error', null, 'The engine is currently overloaded.') },

  lost_answer: lost({ how: 'reset' }),
  lost_answer_named: { losesCreate: { how: 'reset' } },
  create_503_page: lost(page),
  create_garbled: lost({ how: 'garbled' }),
  create_partial: lost({ how: 'partial' }),
  create_silence: lost({ how: 'silence' }),
  create_reset_unread: { unread: { how: 'reset' } },
  create_silence_unread: { unread: { how: 'silence' } },

  look_401: { looks: [refused(badKey), refused(badKey)] },
  look_404_once: { looks: [refused(refusal(404, 'invalid_request_error', null, 'No response found.'))] },
  look_429: { looks: [refused(rateLimit), refused(rateLimit)] },
  look_500: { looks: [refused(serverError), refused(serverError), refused(serverError)] },
  look_reset: { looks: [{ how: 'reset' }, { how: 'reset' }] },
  look_silence: { looks: [{ how: 'silence' }] },
  look_garbled: { looks: [{ how: 'garbled' }] },
  look_partial: { looks: [{ how: 'partial' }] },
  look_page: { looks: [page] },
  stale: { everyLook: 'stale', webhook: 'none' },

  asks_permission: { callsTools: true },
  previous_forgotten: { callsTools: true, forgetsPrevious: true },
  asks_unoffered_tool: { ends: { status: 'completed', says: 'unoffered_call' } },

  stuck: { seconds: null },
  stuck_for_good: { seconds: null, onCancel: 'ignored' },
  finishes_on_cancel: { seconds: null, onCancel: 'completes' },

  webhook_doubled: { webhook: 'doubled' },
  webhook_late: { webhook: 'late' },
  webhook_lost: { webhook: 'none' },
  webhook_forged: { webhook: 'forged' },
}

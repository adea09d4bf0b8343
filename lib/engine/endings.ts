/**
 * Every way in which a call can end, and what becomes of its job: one line each. A test walks the whole table against
 * the sandbox, over a real database. Pure data.
 */
import type { FailureClass } from '@/lib/lifecycle/failure'
import type { NextActionKind } from '@/lib/lifecycle/next-action'
import type { ProviderStatus, RoundKind, State } from '@/lib/lifecycle/table'
import type { Behaviour } from '@/lib/provider/rehearsal'

export type Ending = {
  /** What stopped the attempt, as the rules name it; null where nothing did. */
  failure: { class: FailureClass; code: string } | null
  /** What is known of the call at the provider, once the job has stopped or gone back to the queue. */
  provider: ProviderStatus
  /** Where the job then stands. */
  state: State
  round: { kind: RoundKind; reason: string } | null
  next: NextActionKind
  /** It is sent again by itself, as a new attempt. */
  retries: boolean
  /** The workflow's sending stops with it. */
  stopsQueue?: true
  /** Seen only after the workflow's limit without progress. */
  isSlow?: true
}

const asUsual: Ending = {
  failure: null,
  provider: 'completed',
  state: 'awaiting_review',
  round: { kind: 'result', reason: 'policy_asks' },
  next: 'decide',
  retries: false,
}

/** It goes back to the queue and is tried again. */
const again = (
  code: string,
  provider: ProviderStatus = 'failed',
  failure: FailureClass = 'infrastructure',
): Ending => ({
  failure: { class: failure, code },
  provider,
  state: 'queued',
  round: null,
  next: 'wait_backoff',
  retries: true,
})

const fails = (failure: FailureClass, code: string, provider: ProviderStatus = 'failed'): Ending => ({
  failure: { class: failure, code },
  provider,
  state: 'failed',
  round: null,
  next: 'retry_or_abandon',
  retries: false,
})

/** People look into it: there is nothing whole to decide on. */
const trouble = (failure: FailureClass, code: string, provider: ProviderStatus): Ending => ({
  failure: { class: failure, code },
  provider,
  state: 'awaiting_review',
  round: { kind: 'trouble', reason: code },
  next: 'look_into_trouble',
  retries: false,
})

const badChecks: Ending = {
  ...asUsual,
  failure: { class: 'review_required', code: 'checks_failed' },
  round: { kind: 'result', reason: 'checks_failed' },
}

/** The account, its key or its credit: nothing is lost, and nothing more is sent until a lead resumes. */
const account = (code: string): Ending => ({
  ...again(code),
  // The backoff is none: what is waited for is a person.
  next: 'wait_send',
  retries: false,
  stopsQueue: true,
})

const lost: Ending = {
  failure: { class: 'unclassified', code: 'lost_answer' },
  provider: 'unknown',
  state: 'awaiting_review',
  round: { kind: 'unknown', reason: 'lost_answer' },
  next: 'resolve_unknown',
  retries: false,
}

const permission: Ending = {
  failure: { class: 'review_required', code: 'asks_permission' },
  provider: 'completed',
  state: 'awaiting_review',
  round: { kind: 'permission', reason: 'asks_permission' },
  next: 'answer_permission',
  retries: false,
}

const cutOff = (reason: string) => trouble('review_required', reason, 'incomplete')
const badImage = (code: string) => fails('malformed_input', code)
const refused = (code: string) => fails('malformed_input', code)

/** What the sandbox can be asked for, in the first attempt. */
export const endings: Record<Behaviour, Ending> = {
  none: asUsual,
  slow: asUsual,
  limit_tight: asUsual,

  incomplete: cutOff('max_output_tokens'),
  incomplete_max_messages: cutOff('max_messages'),
  incomplete_content_filter: fails('policy', 'content_filter', 'incomplete'),
  incomplete_steered: cutOff('steered'),
  incomplete_unlisted: trouble('unclassified', 'sandbox_unheard_of', 'incomplete'),

  refusal: fails('policy', 'refusal', 'completed'),
  empty: trouble('review_required', 'empty_output', 'completed'),
  off_schema: badChecks,
  truncated_json: badChecks,
  bad_quotes: badChecks,

  failed_server_error: again('server_error'),
  failed_rate_limit_exceeded: again('rate_limit_exceeded'),
  failed_vector_store_timeout: again('vector_store_timeout', 'failed', 'timeout'),
  failed_invalid_prompt: fails('policy', 'invalid_prompt'),
  failed_data_residency_mismatch: fails('policy', 'data_residency_mismatch'),
  failed_bio_policy: fails('policy', 'bio_policy'),
  failed_misalignment_policy_violation: fails('policy', 'misalignment_policy_violation'),
  failed_image_content_policy_violation: fails('policy', 'image_content_policy_violation'),
  failed_invalid_image: badImage('invalid_image'),
  failed_invalid_image_format: badImage('invalid_image_format'),
  failed_invalid_base64_image: badImage('invalid_base64_image'),
  failed_invalid_image_url: badImage('invalid_image_url'),
  failed_image_too_large: badImage('image_too_large'),
  failed_image_too_small: badImage('image_too_small'),
  failed_image_parse_error: badImage('image_parse_error'),
  failed_invalid_image_mode: badImage('invalid_image_mode'),
  failed_image_file_too_large: badImage('image_file_too_large'),
  failed_unsupported_image_media_type: badImage('unsupported_image_media_type'),
  failed_empty_image_file: badImage('empty_image_file'),
  failed_failed_to_download_image: badImage('failed_to_download_image'),
  failed_image_file_not_found: badImage('image_file_not_found'),
  failed_unlisted: trouble('unclassified', 'sandbox_unheard_of', 'failed'),
  failed_without_code: trouble('unclassified', 'no_code', 'failed'),
  cancelled_elsewhere: trouble('unclassified', 'cancelled_elsewhere', 'cancelled'),
  gone: trouble('unclassified', 'gone', 'queued'),

  create_400_context_length: refused('context_length_exceeded'),
  create_400_invalid_value: refused('invalid_value'),
  create_401: account('invalid_api_key'),
  create_403: account('http_403'),
  create_404: refused('model_not_found'),
  create_408: again('http_408'),
  create_409: again('http_409'),
  create_413: refused('request_too_large'),
  create_422: refused('http_422'),
  rate_limited: again('rate_limit_exceeded'),
  create_429_slow_down: again('slow_down'),
  create_429_quota: account('insufficient_quota'),
  create_429_credit: account('credit_balance_exhausted'),
  error_500: again('http_500'),
  create_503: again('http_503'),

  lost_answer: lost,
  lost_answer_named: lost,
  create_503_page: lost,
  create_garbled: lost,
  create_partial: lost,
  create_silence: lost,
  create_reset_unread: lost,
  create_silence_unread: lost,

  // The call runs on and is looked at again; what is sent next would fail the same way.
  look_401: { ...asUsual, stopsQueue: true },
  look_404_once: asUsual,
  look_429: asUsual,
  look_500: asUsual,
  look_reset: asUsual,
  look_silence: asUsual,
  look_garbled: asUsual,
  look_partial: asUsual,
  look_page: asUsual,
  stale: { ...asUsual, isSlow: true },

  // A workflow without tools is answered without calls.
  asks_permission: asUsual,
  previous_forgotten: asUsual,
  asks_unoffered_tool: trouble('review_required', 'waiting_calls', 'completed'),

  stuck: { ...again('no_progress', 'cancelled', 'timeout'), isSlow: true },
  stuck_for_good: { ...trouble('unclassified', 'no_final_status', 'in_progress'), isSlow: true },
  finishes_on_cancel: { ...asUsual, isSlow: true },

  webhook_doubled: asUsual,
  webhook_late: asUsual,
  webhook_lost: asUsual,
  webhook_forged: asUsual,
}

/** Where the workflow offers tools whose calls need leave: what comes first, and how many creates it takes until the answer. */
export const toolEndings = {
  asks_permission: { ...permission, creates: 2 },
  // The continuation is refused at the door, which costs nothing; the next goes on from what is stored here.
  previous_forgotten: { ...permission, creates: 3 },
} as const satisfies Partial<Record<Behaviour, Ending & { creates: number }>>

/** What no server of the API says: the way to it, or something that answers in its place. */
export const wayEndings = {
  nobody_listens: again('ECONNREFUSED'),
  speaks_no_tls: again('ERR_SSL_WRONG_VERSION_NUMBER'),
  redirected: lost,
  not_a_response: lost,
} as const satisfies Record<string, Ending>

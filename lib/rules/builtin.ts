/**
 * The failure rules that Holdpoint comes with. Order counts: the first that fits decides, so codes stand before
 * statuses, and exact ones before patterns. Pure.
 *
 * Source of the codes: `ResponseError.code` in the types of the OpenAI SDK, and the API's error guide.
 */
import type { FailureClass } from '@/lib/lifecycle/failure'
import type { RetryOverride } from '@/lib/lifecycle/retry'
import type { Rule, SignalKind } from './types'

/** Delays and tries as the workflow says. */
const AS_THE_WORKFLOW: RetryOverride = { firstSeconds: null, factor: null, capSeconds: null, maxAttempts: null }
const AT_ONCE: RetryOverride = { ...AS_THE_WORKFLOW, firstSeconds: 0 }

function rule(kind: SignalKind, value: string, failureClass: FailureClass, more: Partial<Rule> = {}): Rule {
  const retries = failureClass === 'infrastructure' || failureClass === 'timeout'
  return {
    id: `${kind}-${value.replaceAll('*', 'any')}${more.where == null ? '' : `-${more.where}`}`,
    signal: { kind, value },
    where: null,
    class: failureClass,
    retry: retries ? AS_THE_WORKFLOW : null,
    stopsQueue: false,
    countsTries: true,
    tell: 'nobody',
    sentence: null,
    ...more,
  }
}

const all = (kind: SignalKind, failureClass: FailureClass, values: readonly string[]) =>
  values.map((value) => rule(kind, value, failureClass))

/** Not the job's fault: the key, the account or its credit. Waiting does not help; a person must mend it. */
const account = (kind: SignalKind, value: string) =>
  rule(kind, value, 'infrastructure', { retry: null, stopsQueue: true, countsTries: false, tell: 'leads' })

/** Refused before anything was taken, so that waiting costs nothing: the deadline ends it, no number of tries. */
const slowDown = (kind: SignalKind, value: string) =>
  rule(kind, value, 'infrastructure', { where: 'create', countsTries: false })

export const builtinRules: readonly Rule[] = [
  ...[
    'insufficient_quota',
    'credit_balance_exhausted',
    'billing_hard_limit_reached',
    'billing_not_active',
    'invalid_api_key',
    'account_deactivated',
  ].map((code) => account('code', code)),

  slowDown('code', 'rate_limit_exceeded'),
  slowDown('code', 'slow_down'),
  ...all('code', 'infrastructure', ['server_error', 'rate_limit_exceeded', 'slow_down']),
  // The next attempt sends what was kept of it instead of its name.
  rule('code', 'previous_response_not_found', 'infrastructure', { retry: AT_ONCE, countsTries: false }),
  ...all('code', 'timeout', ['vector_store_timeout']),

  ...all('code', 'policy', [
    'invalid_prompt',
    'bio_policy',
    'data_residency_mismatch',
    'misalignment_policy_violation',
    'content_policy_violation',
    'image_content_policy_violation',
    '*_policy*',
  ]),

  ...all('code', 'malformed_input', [
    'context_length_exceeded',
    'invalid_image',
    'invalid_image_format',
    'invalid_base64_image',
    'invalid_image_url',
    'image_too_large',
    'image_too_small',
    'image_parse_error',
    'invalid_image_mode',
    'image_file_too_large',
    'unsupported_image_media_type',
    'empty_image_file',
    'failed_to_download_image',
    'image_file_not_found',
  ]),

  rule('incomplete', 'content_filter', 'policy'),
  ...all('incomplete', 'review_required', ['max_output_tokens', 'max_messages', 'steered']),

  ...all('check', 'review_required', ['*']),

  ...all('stop', 'timeout', ['no_progress']),
  ...all('stop', 'policy', ['refusal']),
  ...all('stop', 'review_required', ['empty_output', 'waiting_calls', 'too_many_turns']),
  ...all('stop', 'malformed_input', ['input_too_long']),
  ...all('stop', 'unclassified', [
    'cancelled_elsewhere',
    'gone',
    'unreadable',
    'repeated_response_id',
    'no_final_status',
  ]),

  account('http_status', '401'),
  account('http_status', '403'),
  slowDown('http_status', '429'),
  // Without a status, the connection failed before anything was sent.
  ...all('http_status', 'infrastructure', ['none', '408', '409', '429', '5xx']),
  ...all('http_status', 'malformed_input', ['4xx']),
]

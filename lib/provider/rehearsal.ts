/** What a team can rehearse in the sandbox: every way in which a call can end, or not end. */

export const behaviours = [
  // It answers.
  'none',
  'slow',
  // It ends, and the answer is not whole.
  'incomplete',
  'incomplete_max_messages',
  'incomplete_content_filter',
  'incomplete_steered',
  'incomplete_unlisted',
  // It completes with something that cannot be used.
  'refusal',
  'empty',
  'off_schema',
  'truncated_json',
  'bad_quotes',
  // It ends as failed: each code that the SDK's types list, and what they do not list.
  'failed_server_error',
  'failed_rate_limit_exceeded',
  'failed_invalid_prompt',
  'failed_data_residency_mismatch',
  'failed_bio_policy',
  'failed_misalignment_policy_violation',
  'failed_vector_store_timeout',
  'failed_invalid_image',
  'failed_invalid_image_format',
  'failed_invalid_base64_image',
  'failed_invalid_image_url',
  'failed_image_too_large',
  'failed_image_too_small',
  'failed_image_parse_error',
  'failed_image_content_policy_violation',
  'failed_invalid_image_mode',
  'failed_image_file_too_large',
  'failed_unsupported_image_media_type',
  'failed_empty_image_file',
  'failed_failed_to_download_image',
  'failed_image_file_not_found',
  'failed_unlisted',
  'failed_without_code',
  'cancelled_elsewhere',
  'gone',
  // It is refused at create, in the shape of the API.
  'create_400_context_length',
  'create_400_invalid_value',
  'create_401',
  'create_403',
  'create_404',
  'create_408',
  'create_409',
  'create_413',
  'create_422',
  'rate_limited',
  'create_429_slow_down',
  'create_429_quota',
  'create_429_credit',
  'error_500',
  'create_503',
  'limit_tight',
  // It may have been taken, and its answer does not come.
  'lost_answer',
  'lost_answer_named',
  'create_503_page',
  'create_garbled',
  'create_partial',
  'create_silence',
  'create_reset_unread',
  'create_silence_unread',
  // It runs, and looking at it fails.
  'look_401',
  'look_404_once',
  'look_429',
  'look_500',
  'look_reset',
  'look_silence',
  'look_garbled',
  'look_partial',
  'look_page',
  'stale',
  // It asks people.
  'asks_permission',
  'asks_unoffered_tool',
  'previous_forgotten',
  // It does not come to an end.
  'stuck',
  'stuck_for_good',
  'finishes_on_cancel',
  // It ends well, and the webhook that says so does not come as it should.
  'webhook_doubled',
  'webhook_late',
  'webhook_lost',
  'webhook_forged',
] as const
/** How the sandbox is asked to behave, chosen on the form; never by words in people's text. */
export type Behaviour = (typeof behaviours)[number]

/** Which attempts of a job are meant. */
export const rehearsedAttempts = ['first', 'every'] as const
export type RehearsedAttempts = (typeof rehearsedAttempts)[number]

export type Rehearsal = {
  behaviour: Behaviour
  /** Whole time that the sandbox takes; its own default where absent. */
  seconds?: number
  /** The behaviour's own default where absent. */
  attempts?: RehearsedAttempts
}

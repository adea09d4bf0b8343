/**
 * The codes that the types of the OpenAI SDK list for a response that failed. lib/provider/failure-codes.test.ts compares
 * them with the installed types, and every one has a built-in rule.
 */
export const sdkFailureCodes = [
  'server_error',
  'rate_limit_exceeded',
  'invalid_prompt',
  'data_residency_mismatch',
  'bio_policy',
  'misalignment_policy_violation',
  'vector_store_timeout',
  'invalid_image',
  'invalid_image_format',
  'invalid_base64_image',
  'invalid_image_url',
  'image_too_large',
  'image_too_small',
  'image_parse_error',
  'image_content_policy_violation',
  'invalid_image_mode',
  'image_file_too_large',
  'unsupported_image_media_type',
  'empty_image_file',
  'failed_to_download_image',
  'image_file_not_found',
] as const
export type SdkFailureCode = (typeof sdkFailureCodes)[number]

/** The reasons that the types list for a response that is incomplete. */
export const sdkIncompleteReasons = ['max_output_tokens', 'content_filter', 'max_messages', 'steered'] as const
export type SdkIncompleteReason = (typeof sdkIncompleteReasons)[number]

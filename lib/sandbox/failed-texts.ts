/** The words of each way to end as failed. Pure data. */
import type { Behaviour } from '@/lib/provider/rehearsal'
import type { RawText } from './behaviours'

type FailedBehaviour = Extract<Behaviour, `failed_${string}`>

const policy = 'The attempt runs and ends as failed; the job fails by policy.'
const malformed = 'The attempt ends as failed; the job fails as malformed input.'
const unknown = 'it is held for a person and shown to leads as unclassified.'

const image = (label: string): RawText => ({ group: 'fails', label, sees: malformed, attempts: 'every' })

export const failedTexts: Record<FailedBehaviour, RawText> = {
  failed_server_error: {
    group: 'fails',
    label: 'Fail with an error of the server',
    sees: 'The attempt is taken, runs, and ends as failed with server_error.',
    attempts: 'first',
    heals: 'by tries',
  },
  failed_rate_limit_exceeded: {
    group: 'fails',
    label: 'Fail at a rate limit within the run',
    sees: 'The attempt is taken, runs, and ends as failed with rate_limit_exceeded.',
    attempts: 'first',
    heals: 'by tries',
  },
  failed_vector_store_timeout: {
    group: 'fails',
    label: 'Fail because a file search took too long',
    sees: 'The attempt is taken, runs, and ends as failed with vector_store_timeout.',
    attempts: 'first',
    heals: 'by tries',
  },
  failed_invalid_prompt: { group: 'fails', label: 'Fail: the prompt is not allowed', sees: policy, attempts: 'every' },
  failed_data_residency_mismatch: {
    group: 'fails',
    label: 'Fail: the data may not be worked on in this region',
    sees: policy,
    attempts: 'every',
  },
  failed_bio_policy: { group: 'fails', label: 'Fail by the policy on biology', sees: policy, attempts: 'every' },
  failed_misalignment_policy_violation: {
    group: 'fails',
    label: 'Fail by the policy on what a model may do unasked',
    sees: `${policy} OpenAI’s explanation is shown.`,
    attempts: 'every',
  },
  failed_image_content_policy_violation: {
    group: 'fails',
    label: 'Fail: an image is not allowed',
    sees: policy,
    attempts: 'every',
  },
  failed_invalid_image: image('Fail: an image is none'),
  failed_invalid_image_format: image('Fail: an image has the wrong format'),
  failed_invalid_base64_image: image('Fail: an image is not Base64'),
  failed_invalid_image_url: image('Fail: the address of an image is none'),
  failed_image_too_large: image('Fail: an image is too large'),
  failed_image_too_small: image('Fail: an image is too small'),
  failed_image_parse_error: image('Fail: an image cannot be read'),
  failed_invalid_image_mode: image('Fail: an image has the wrong colour mode'),
  failed_image_file_too_large: image('Fail: the file of an image is too large'),
  failed_unsupported_image_media_type: image('Fail: an image is of an unsupported type'),
  failed_empty_image_file: image('Fail: the file of an image is empty'),
  failed_failed_to_download_image: image('Fail: an image could not be fetched'),
  failed_image_file_not_found: image('Fail: the file of an image is not there'),
  failed_unlisted: {
    group: 'fails',
    label: 'Fail with a code that no list has',
    sees: `The attempt ends as failed with a code that nobody has mapped; ${unknown}`,
    attempts: 'every',
  },
  failed_without_code: {
    group: 'fails',
    label: 'Fail without a code',
    sees: `The attempt ends as failed and says nothing of why; ${unknown}`,
    attempts: 'every',
  },
}

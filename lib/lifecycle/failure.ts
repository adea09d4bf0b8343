/**
 * Failure classes, what a signal is made of, and what people are told. By code and status, never by the words of a
 * message. Which signal falls into which class is data: see lib/rules. Pure, without imports.
 */

export const failureClasses = [
  'infrastructure',
  'timeout',
  'malformed_input',
  'policy',
  'review_required',
  'unclassified',
] as const
export type FailureClass = (typeof failureClasses)[number]

/** Only these retry by themselves. Nothing else ever does, whatever a workflow says. */
export function retriesByItself(failureClass: FailureClass): boolean {
  return failureClass === 'infrastructure' || failureClass === 'timeout'
}

/** What stopped an attempt, reduced to what a rule may look at. */
export type Signal = {
  /** `call`: an HTTP answer or the way to it; `response`: what the response says; `ours`: a rule of our own. */
  source: 'call' | 'response' | 'ours'
  /** HTTP status of the call; null where there was none or where the response itself is meant. */
  httpStatus: number | null
  /** The provider's code, the reason of an incomplete response, the system's code, or one of ours. */
  code: string | null
  /** Of a call: whether the provider refused what was sent, or a later look at what it had taken. */
  where?: FailurePlace
  /** Why a response is incomplete, as it says itself. */
  incomplete?: string | null
  /** The keys of the automatic checks that a whole answer does not pass. */
  checks?: readonly string[]
}

/** `create`: what was sent was refused, so that it cost nothing; `look`: it had been taken. */
export const failurePlaces = ['create', 'look'] as const
export type FailurePlace = (typeof failurePlaces)[number]

/** Codes come from outside: `constructor` is one like any other, and no key of ours. */
function ownValue<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/** What happened and what to do, for somebody who is not an engineer. */
export function failureSentence(failureClass: FailureClass, code: string | null): string {
  const known = code === null ? undefined : ownValue(SENTENCES, code)
  return known ?? CLASS_SENTENCES[failureClass]
}

const SENTENCES: Record<string, string> = {
  server_error: 'OpenAI had an error of its own.',
  rate_limit_exceeded: 'OpenAI asked us to slow down.',
  slow_down: 'OpenAI asked us to slow down.',
  no_progress: 'Nothing changed at OpenAI for longer than this workflow allows, so the call was cancelled.',
  vector_store_timeout: 'A file search at OpenAI took too long.',
  refusal: 'The model refused to answer. Read its reason, change the input, then retry.',
  content_filter: 'OpenAI’s content filter stopped the answer. Look at the input before anything is tried again.',
  max_output_tokens: 'The answer was cut off at the limit of output tokens, so it is not whole.',
  max_messages: 'The answer was cut off at the limit of messages, so it is not whole.',
  steered: 'The answer was redirected before its end, so it is not whole.',
  empty_output: 'The model finished without an answer.',
  checks_failed: 'The model finished, but an automatic check did not pass.',
  asks_permission: 'The model asks for leave to make calls. A person must allow or deny each of them.',
  tool_failed:
    'A call that was permitted got no answer, so nobody knows whether it took effect. Ask the owner of the tool before anything is asked again.',
  too_many_turns:
    'The model asked for calls again and again without coming to an end. Look at what it does, then retry.',
  budget_job: 'Another attempt could cost more than this job may. A lead can raise its budget with a retry.',
  price_unknown:
    'Its budget cannot be kept, because a price is not known. Enter the price under Settings, Money, then retry.',
  secret_missing:
    'A secret that its workflow names is not in the environment of the worker. Set it, restart, then retry.',
  waiting_calls: 'The model waits for tool calls that this workflow does not offer.',
  invalid_prompt: 'OpenAI’s policy refused the input. Look at it before anything is tried again.',
  context_length_exceeded: 'The input is longer than the model takes. Shorten it, then retry.',
  input_too_long: 'The documents and the input are longer than the model takes. Shorten them, then retry.',
  cancelled_elsewhere: 'The call was cancelled at OpenAI, but not by us. Retry it or abandon the job.',
  gone: 'OpenAI no longer has this response, and no final answer was seen. Retry it or abandon the job.',
  unreadable: 'The answer came, but it could not be read. Its bytes are kept. Retry it or abandon the job.',
  repeated_response_id: 'OpenAI answered with the id of another response. Look before anything is paid again.',
  no_final_status:
    'We stopped the call, but OpenAI does not say what became of it. Look before anything is paid again.',
  other_provider:
    'The older call was sent to a provider that this installation no longer uses, so nobody saw its end. Look before anything is paid again.',
  lost_answer: 'The request was sent, and its answer was lost. It may have been taken and paid.',
  insufficient_quota: 'The OpenAI account has no quota left. Somebody must add credit.',
  credit_balance_exhausted: 'The OpenAI account has no credit left. Somebody must add credit.',
  billing_hard_limit_reached: 'The spend limit of the OpenAI account is reached. Somebody must raise it.',
  billing_not_active: 'Billing is not set up for the OpenAI account. Somebody must set it up.',
  account_deactivated: 'OpenAI has switched the account off. Somebody must ask OpenAI why.',
  invalid_api_key: 'OpenAI does not accept the API key. Somebody must mend OPENAI_API_KEY and restart.',
  http_401: 'OpenAI does not accept the API key. Somebody must mend OPENAI_API_KEY and restart.',
  http_403: 'The API key may not do this at OpenAI. Somebody must mend its permissions.',
  previous_response_not_found:
    'OpenAI no longer has the response that this one goes on from. It goes on from what we kept of it.',
  bio_policy: 'OpenAI’s policy on biology stopped it. Look at the input before anything is tried again.',
  data_residency_mismatch:
    'OpenAI may not work on this data in the region of this project. Somebody must look at where it may go.',
  misalignment_policy_violation:
    'OpenAI stopped the model, because it was about to do something that nobody had asked for. Read the explanation before anything is tried again.',
  content_policy_violation: 'OpenAI’s policy refused the content. Look at the input before anything is tried again.',
  image_content_policy_violation: 'OpenAI’s policy refused an image. Leave it out, then retry.',
  invalid_image: 'An image could not be used. Mend it or leave it out, then retry.',
  invalid_image_format: 'An image has a format that OpenAI does not take. Convert it or leave it out, then retry.',
  invalid_base64_image: 'An image arrived damaged. Add it again or leave it out, then retry.',
  invalid_image_url: 'The address of an image is not valid. Mend it or leave it out, then retry.',
  image_too_large: 'An image has more pixels than OpenAI takes. Make it smaller or leave it out, then retry.',
  image_too_small: 'An image is too small to be read. Use a larger one or leave it out, then retry.',
  image_parse_error: 'An image could not be read. Save it anew or leave it out, then retry.',
  invalid_image_mode:
    'An image has colours in a form that OpenAI does not take. Convert it or leave it out, then retry.',
  image_file_too_large:
    'The file of an image is larger than OpenAI takes. Make it smaller or leave it out, then retry.',
  unsupported_image_media_type:
    'An image is of a type that OpenAI does not take. Convert it or leave it out, then retry.',
  empty_image_file: 'The file of an image is empty. Add it again or leave it out, then retry.',
  failed_to_download_image: 'OpenAI could not fetch an image. See that its address can be reached, then retry.',
  image_file_not_found: 'The file of an image is no longer there. Add it again or leave it out, then retry.',
  invalid_value: 'A setting of the workflow has a value that OpenAI does not take. Mend the workflow, then retry.',
  model_not_found:
    'OpenAI does not know the model of this workflow, or the key may not use it. Mend the workflow, then retry.',
  request_too_large: 'The request is larger than OpenAI takes. Leave out or shorten documents, then retry.',
  http_404: 'OpenAI does not know this model or address. Mend the workflow, then retry.',
  http_408: 'The request took too long to reach OpenAI.',
  http_409: 'OpenAI was busy with something that stood in the way.',
  http_413: 'The request is larger than OpenAI takes. Leave out or shorten documents, then retry.',
  http_422: 'OpenAI understood the request, but could not work on it. Change the input, then retry.',
  http_429: 'OpenAI asked us to slow down.',
  http_500: 'OpenAI had an error of its own.',
  http_502: 'OpenAI could not be reached behind its own door.',
  http_503: 'OpenAI was overloaded.',
  http_504: 'OpenAI did not answer in time behind its own door.',
  no_code: 'OpenAI said that it failed, and not why. A person must look at it.',
  ECONNREFUSED: 'OpenAI could not be reached: the connection was refused.',
  ENOTFOUND: 'OpenAI could not be reached: its address was not found.',
  EAI_AGAIN: 'OpenAI could not be reached: its address could not be looked up.',
  UND_ERR_CONNECT_TIMEOUT: 'OpenAI could not be reached: no connection came about in time.',
  ENETUNREACH: 'OpenAI could not be reached: there is no way to its network.',
  EHOSTUNREACH: 'OpenAI could not be reached: there is no way to its address.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'OpenAI could not be reached: what answered there speaks no TLS.',
  CERT_HAS_EXPIRED: 'OpenAI could not be reached safely: its certificate has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'OpenAI could not be reached safely: its certificate is signed by nobody known.',
  SELF_SIGNED_CERT_IN_CHAIN: 'OpenAI could not be reached safely: its certificate is signed by nobody known.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'OpenAI could not be reached safely: its certificate cannot be checked.',
}

const CLASS_SENTENCES: Record<FailureClass, string> = {
  infrastructure: 'The network or OpenAI failed on the way.',
  timeout: 'It took longer than it may.',
  malformed_input: 'OpenAI could not take the input. Change it, then retry.',
  policy: 'A policy of OpenAI stopped it. Look at the input before anything is tried again.',
  review_required: 'It finished, but a person must look at it before it may be used.',
  unclassified: 'It stopped in a way that no rule covers. A person must look at it.',
}

/** The words of each behaviour. Pure data. */
import type { Behaviour } from '@/lib/provider/rehearsal'
import type { RawText } from './behaviours'

type FailedBehaviour = Extract<Behaviour, `failed_${string}`>

const asUsual = 'the job ends as usual.'
const lost = 'Nobody knows its id, so the job waits for a person, who chooses to wait, resend or abandon.'
const stops =
  'Nothing was paid. The job goes back to the queue, and its workflow sends nothing more until a lead has mended the account and resumes it.'
const unpaid = 'The call is refused and costs nothing.'
const looked = 'The job stays in progress, is looked at again, and ends as usual.'

export const texts: Record<Exclude<Behaviour, FailedBehaviour>, RawText> = {
  none: {
    group: 'well',
    label: 'Answer as usual',
    sees: 'The job runs for a few seconds and ends with quotes from its documents.',
  },
  limit_tight: {
    group: 'well',
    label: 'Answer, and say that the rate limit is used up',
    sees: 'The answer comes, but its headers say that no further request fits for five seconds: what else waits to be sent waits as long.',
  },

  incomplete: {
    group: 'early',
    label: 'Stop at the limit of output tokens',
    sees: 'The attempt ends as incomplete in the middle of its answer; what is there is held for a person.',
    attempts: 'every',
  },
  incomplete_max_messages: {
    group: 'early',
    label: 'Stop at the limit of messages',
    sees: 'The attempt ends as incomplete; what is there is held for a person.',
    attempts: 'every',
  },
  incomplete_content_filter: {
    group: 'early',
    label: 'Be stopped by the content filter',
    sees: 'The attempt ends as incomplete, because OpenAI’s filter stopped it; the job fails by policy.',
    attempts: 'every',
  },
  incomplete_steered: {
    group: 'early',
    label: 'Be redirected before the end',
    sees: 'The attempt ends as incomplete, because somebody steered it elsewhere; what is there is held for a person.',
    attempts: 'every',
  },
  incomplete_unlisted: {
    group: 'early',
    label: 'Stop for a reason that no list has',
    sees: 'The attempt ends as incomplete for a reason that nobody has mapped; it is held for a person and shown to leads as unclassified.',
    attempts: 'every',
  },

  refusal: {
    group: 'unusable',
    label: 'Refuse to answer',
    sees: 'The attempt completes with a refusal where the answer should be; the job fails by policy.',
    attempts: 'every',
  },
  empty: {
    group: 'unusable',
    label: 'Complete without an answer',
    sees: 'The attempt completes, and there is no text in it; it is held for a person.',
    attempts: 'every',
  },
  off_schema: {
    group: 'unusable',
    label: 'Answer against the schema',
    sees: 'The answer comes as JSON of another shape: the check fails and the result is held for a person.',
    attempts: 'every',
  },
  truncated_json: {
    group: 'unusable',
    label: 'Break off in the middle of the JSON',
    sees: 'The attempt says completed, but its JSON ends in the middle: the check fails and the result is held for a person.',
    attempts: 'every',
  },
  bad_quotes: {
    group: 'unusable',
    label: 'Misquote the documents',
    sees: 'The answer comes, but its quotes stand in none of the documents: the checks fail and the result is held for a person.',
    attempts: 'every',
  },

  cancelled_elsewhere: {
    group: 'fails',
    label: 'Be cancelled, but not by us',
    sees: 'The attempt runs and is then cancelled by somebody else; the job is held for a person.',
    attempts: 'first',
  },
  gone: {
    group: 'fails',
    label: 'Forget the response',
    sees: 'The call is taken, and from then on OpenAI says 404; the job says that the response is gone and is held for a person.',
    attempts: 'first',
  },

  create_400_context_length: {
    group: 'refused',
    label: 'Answer 400: too long for the model',
    sees: `${unpaid} The job fails as malformed input and says to shorten it.`,
    attempts: 'every',
  },
  create_400_invalid_value: {
    group: 'refused',
    label: 'Answer 400: a parameter makes no sense',
    sees: `${unpaid} The job fails as malformed input.`,
    attempts: 'every',
  },
  create_401: { group: 'refused', label: 'Answer 401: the key is not accepted', sees: stops, attempts: 'first' },
  create_403: { group: 'refused', label: 'Answer 403: the key may not do this', sees: stops, attempts: 'first' },
  create_404: {
    group: 'refused',
    label: 'Answer 404: the model does not exist',
    sees: `${unpaid} The job fails as malformed input and says to mend the workflow.`,
    attempts: 'every',
  },
  create_408: {
    group: 'refused',
    label: 'Answer 408: it took too long to arrive',
    sees: unpaid,
    attempts: 'first',
    heals: 'by tries',
  },
  create_409: { group: 'refused', label: 'Answer 409: a conflict', sees: unpaid, attempts: 'first', heals: 'by tries' },
  create_413: {
    group: 'refused',
    label: 'Answer 413: the request is too large',
    sees: `${unpaid} The job fails as malformed input.`,
    attempts: 'every',
  },
  create_422: {
    group: 'refused',
    label: 'Answer 422: it cannot be worked on',
    sees: `${unpaid} The job fails as malformed input.`,
    attempts: 'every',
  },
  rate_limited: {
    group: 'refused',
    label: 'Answer 429: too many requests',
    sees: 'The call is refused with 429, costs nothing, and asks for a wait of two seconds; the next comes no sooner than that.',
    attempts: 'first',
    heals: 'until its deadline',
  },
  create_429_slow_down: {
    group: 'refused',
    label: 'Answer 429: slow down',
    sees: 'The call is refused, costs nothing, and asks for a wait of two seconds, in milliseconds.',
    attempts: 'first',
    heals: 'until its deadline',
  },
  create_429_quota: { group: 'refused', label: 'Answer 429: no quota left', sees: stops, attempts: 'first' },
  create_429_credit: { group: 'refused', label: 'Answer 429: no credit left', sees: stops, attempts: 'first' },
  error_500: {
    group: 'refused',
    label: 'Answer 500: an error at OpenAI',
    sees: unpaid,
    attempts: 'first',
    heals: 'by tries',
  },
  create_503: { group: 'refused', label: 'Answer 503: overloaded', sees: unpaid, attempts: 'first', heals: 'by tries' },

  lost_answer: {
    group: 'lost',
    label: 'Lose the answer to the call',
    sees: `The connection breaks after the call was taken. ${lost}`,
    attempts: 'first',
  },
  lost_answer_named: {
    group: 'lost',
    label: 'Lose the answer, and name it by a webhook',
    sees: 'The connection breaks after the call was taken, and the job waits for a person. When the call ends, a webhook names it: the job finds its answer again and goes on. Without webhooks it goes on waiting.',
    attempts: 'first',
  },
  create_503_page: {
    group: 'lost',
    label: 'Answer with the page of a gateway',
    sees: `A page comes where the answer should be, and whether the call was taken cannot be told. ${lost}`,
    attempts: 'first',
  },
  create_garbled: {
    group: 'lost',
    label: 'Answer with something garbled',
    sees: `The call is taken, and its answer cannot be read. ${lost}`,
    attempts: 'first',
  },
  create_partial: {
    group: 'lost',
    label: 'Break off within the answer',
    sees: `The call is taken, and half of its answer arrives. ${lost}`,
    attempts: 'first',
  },
  create_silence: {
    group: 'lost',
    label: 'Take the call and say nothing',
    sees: `After half a minute without an answer the call counts as lost. ${lost}`,
    attempts: 'first',
  },
  create_reset_unread: {
    group: 'lost',
    label: 'Break off before the call was read',
    sees: `The connection breaks while the call is being sent. It was not taken, but nobody here can tell. ${lost}`,
    attempts: 'first',
  },
  create_silence_unread: {
    group: 'lost',
    label: 'Never read the call',
    sees: `After half a minute without an answer the call counts as lost. It was not taken, but nobody here can tell. ${lost}`,
    attempts: 'first',
  },

  look_401: { group: 'looks', label: 'Answer 401 at the first two looks', sees: looked },
  look_404_once: { group: 'looks', label: 'Answer 404 at the first look', sees: looked },
  look_429: {
    group: 'looks',
    label: 'Answer 429 at the first two looks',
    sees: `OpenAI asks us to look less often, for two seconds. ${looked}`,
  },
  look_500: { group: 'looks', label: 'Answer 500 at the first three looks', sees: looked },
  look_reset: { group: 'looks', label: 'Break the connection at the first two looks', sees: looked },
  look_silence: {
    group: 'looks',
    label: 'Leave the first look without an answer',
    sees: `A look gives up after a while. ${looked}`,
  },
  look_garbled: { group: 'looks', label: 'Garble the answer to the first look', sees: looked },
  look_partial: { group: 'looks', label: 'Break off within the answer to the first look', sees: looked },
  look_page: { group: 'looks', label: 'Answer the first look with the page of a gateway', sees: looked },
  stale: {
    group: 'looks',
    label: 'Go on showing the first, stale picture',
    sees: 'Each look says that it is still queued, though it has long ended. Once nothing has changed for as long as the workflow allows, the call is cancelled, which shows that it had completed, and its answer is used.',
    attempts: 'first',
  },

  asks_permission: {
    group: 'person',
    label: 'Call the tools of the workflow',
    sees: 'Where the workflow offers tools of its own, the model calls them: calls that change something wait for a person, and when all are answered the run goes on. Where it offers none, it answers as usual.',
  },
  previous_forgotten: {
    group: 'person',
    label: 'Call tools, then forget what was said before',
    sees: 'As above, but OpenAI no longer has the earlier response when the calls are answered: the run goes on from what is stored here.',
  },
  asks_unoffered_tool: {
    group: 'person',
    label: 'Call a tool that was never offered',
    sees: 'The attempt ends with a call to something that the workflow does not have; it is held for a person.',
    attempts: 'every',
  },

  slow: {
    group: 'slow',
    label: 'Take a minute',
    sees: 'The job stays in progress for a minute, then ends with an answer.',
  },
  stuck: {
    group: 'slow',
    label: 'Never finish',
    sees: 'The attempt stays in progress until it is cancelled: the job is shown as slow, then as stuck, and runs into its limit or is abandoned.',
    attempts: 'every',
    heals: 'by tries',
  },
  stuck_for_good: {
    group: 'slow',
    label: 'Never finish, and ignore being cancelled',
    sees: 'The attempt stays in progress whatever is asked of it. Once nothing has changed for as long as the workflow allows, a person decides, because nobody can say what became of it.',
    attempts: 'every',
  },
  finishes_on_cancel: {
    group: 'slow',
    label: 'Finish just before it is cancelled',
    sees: 'The attempt stays in progress until it is cancelled, and had completed just then: a running job uses the answer; an abandoned one records it, with its cost, and uses nothing of it.',
    attempts: 'every',
  },

  webhook_doubled: {
    group: 'webhooks',
    label: 'Send the webhook twice',
    sees: `The same news comes twice and counts once; ${asUsual}`,
  },
  webhook_late: {
    group: 'webhooks',
    label: 'Send the webhook half a minute late',
    sees: `The answer is found by looking; the webhook comes half a minute after it and changes nothing; ${asUsual}`,
  },
  webhook_lost: {
    group: 'webhooks',
    label: 'Send no webhook',
    sees: `No news comes; the answer is found by looking, and ${asUsual}`,
  },
  webhook_forged: {
    group: 'webhooks',
    label: 'Send a forged webhook first',
    sees: `News with a wrong signature comes while the job runs: it is refused and counted, and moves nothing; ${asUsual}`,
  },
}

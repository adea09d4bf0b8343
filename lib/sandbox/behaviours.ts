/** How the sandbox can be asked to behave, in words for the form. Imports no I/O: the form runs in the browser. */
import type { Behaviour } from '@/lib/provider/types'

export type BehaviourText = {
  /** The choice on the form. */
  label: string
  /** What people should then see happen. */
  expect: string
}

export const behaviourTexts: Record<Behaviour, BehaviourText> = {
  none: {
    label: 'Answer as usual',
    expect: 'The job runs for a few seconds and ends with quotes from its documents.',
  },
  slow: {
    label: 'Take a minute',
    expect: 'The job stays in progress for a minute, then ends with an answer.',
  },
  error_500: {
    label: 'Answer the first attempt with an error 500',
    expect:
      'The first attempt is refused with a server error and costs nothing; the job goes back to the queue and the second attempt works.',
  },
  rate_limited: {
    label: 'Refuse the first attempt with a rate limit',
    expect:
      'The first attempt is refused with 429 and asks for a wait of two seconds; the second comes no sooner than that, and works.',
  },
  lost_answer: {
    label: 'Lose the answer to the first attempt',
    expect:
      'The connection breaks after the call was taken. Nobody knows its id, so it is not sent again by itself: the job waits for a person who chooses to wait, resend or abandon.',
  },
  failed_server_error: {
    label: 'Fail the first attempt after it has run',
    expect:
      'The first attempt is taken, runs, and ends as failed with server_error; the job retries by itself and the second attempt works.',
  },
  stuck: {
    label: 'Never finish',
    expect:
      'Every attempt stays in progress until it is cancelled: the job is shown as slow, then as stuck, and runs into its limit or is abandoned.',
  },
  incomplete: {
    label: 'Stop in the middle of the answer',
    expect:
      'Every attempt ends as incomplete, because the output limit was reached; what is there is held for a person.',
  },
  refusal: {
    label: 'Refuse to answer',
    expect:
      'Every attempt completes with a refusal where the answer should be; the job fails by policy and is not retried by itself.',
  },
  bad_quotes: {
    label: 'Misquote the documents',
    expect:
      'The answer comes, but its quotes stand in none of the documents: the checks fail and the result is held for a person.',
  },
}

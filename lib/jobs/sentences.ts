/** What happened, as sentences made from events. Pure. */
import { type FailureClass, failureSentence } from '@/lib/lifecycle/failure'
import { commandInfo, type RoundKind, roundKinds } from '@/lib/lifecycle/table'
import type { EventBody } from '@/lib/store/event-chain'

/** Why a round was opened, for people. `reason` is the code that it was stored with. */
export function roundReason(kind: RoundKind, reason: string, failureClass: FailureClass | null): string {
  if (reason === 'policy_asks') return 'The policy of its workflow asks for a person.'
  if (reason === 'reopened') return 'It was reopened.'
  if (reason === 'undone') return 'An approval was taken back.'
  if (reason === 'lost_answer') return 'The request was sent, and its answer was lost.'
  return failureClass === null ? roundKinds[kind] : failureSentence(failureClass, reason)
}

/** What a call was, for the sentence of its answer. */
export type AnsweredCall = { id: string; name: string; argumentsHash: string }

/** One event as a sentence. `who` is the name of its actor; `calls` are those of the job. */
export function eventSentence(body: EventBody, who: string, calls: readonly AnsweredCall[] = []): string {
  const failure = body.failure ? failureSentence(body.failure.class as FailureClass, body.failure.code) : null
  switch (body.command) {
    case 'create':
      return `${who} asked for the job.`
    case 'start':
      return `Attempt ${body.attempt} was committed and sent to the model.`
    case 'requeue':
      return body.reason === 'queue_stopped'
        ? `Attempt ${body.attempt} stopped: ${failure} Sending of its workflow stands still; it is sent again when a lead resumes.`
        : `Attempt ${body.attempt} stopped: ${failure} It is tried again by itself.`
    case 'proceed':
      return 'The model asked for calls that need nobody’s leave. They are answered, and the run goes on.'
    case 'postpone':
      return `Sending of its workflow stood still for ${minutesWords(body.stoodStillMs ?? 0)}; its deadline moved by as much.`
    case 'hold':
      return `It stopped for people: ${roundReason((body.round?.kind ?? 'trouble') as RoundKind, body.reason ?? '', (body.failure?.class ?? null) as FailureClass | null)}`
    case 'accept':
      return 'Accepted by the policy of its workflow: every check passed, and it asks for nobody.'
    case 'fail':
      return `It failed. ${failure ?? ''}`.trim()
    case 'expire':
      return 'Its deadline passed.'
    case 'adopt':
      return 'The lost answer was found, and the job went on with it.'
    case 'approve':
      return `${who} approved the result.`
    case 'endorse':
      return `${who} approved the result; the policy asks for more people.`
    case 'answer':
      return answerSentence(body, who, calls)
    case 'uphold':
      return `${who} upheld the earlier decision.`
    case 'undo':
      return `${who} took the approval back.`
    case 'retry':
      return retrySentence(body, who)
    case 'abandon':
      return `${who} abandoned the job.`
    case 'reopen':
      return `${who} reopened the job.`
    case 'wait':
      return `${who} chose to go on waiting for the answer.`
    case 'comment':
      return `${who} commented.`
    default:
      return commandInfo(body.command).consequence
  }
}

function answerSentence({ calls: answered = [] }: EventBody, who: string, calls: readonly AnsweredCall[]): string {
  const words = answered.map(({ id, allowed, arguments: hash }) => {
    const call = calls.find((other) => other.id === id)
    const name = call === undefined ? 'a call' : `“${call.name}”`
    if (!allowed) return `denied ${name}`
    return call !== undefined && call.argumentsHash !== hash
      ? `allowed ${name} with edited arguments`
      : `allowed ${name}`
  })
  return `${who} ${new Intl.ListFormat('en').format(words)}.`
}

function minutesWords(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000)
  if (minutes < 1) return 'less than a minute'
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`
  return `${Math.round(minutes / 60)} hours`
}

function retrySentence(body: EventBody, who: string): string {
  const how = [body.guidance ? 'guidance' : null, body.input ? 'edited input' : null].filter((part) => part !== null)
  return how.length === 0
    ? `${who} asked for another attempt.`
    : `${who} asked for another attempt with ${how.join(' and ')}.`
}

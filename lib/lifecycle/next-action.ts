/**
 * The next required action of a job: who must do what, by when, and what happens if nobody does. Pure. Its kind, due
 * time and rank are stored with the transaction that changes them; the words are made when it is read.
 */
import type { RoundKind, State } from './table'

/** The most urgent first: the order is the rank by which an inbox sorts. */
export const nextActionKinds = [
  'resolve_unknown',
  'look_into_trouble',
  'answer_permission',
  'decide',
  'retry_or_abandon',
  'wait_backoff',
  'wait_send',
  'wait_run',
  'none',
  // Never stored: shown in place of wait_send while sending of its workflow stands still.
  'wait_resume',
] as const
export type NextActionKind = (typeof nextActionKinds)[number]

/** What the kind follows from. */
export type NextActionFacts = {
  state: State
  /** The open round, in `awaiting_review`. */
  round: { kind: RoundKind; dueAt: Date | null } | null
  dueAt: Date | null
  notBefore: Date | null
}

/** What is stored with the job. */
export type StoredNextAction = { kind: NextActionKind; dueAt: Date | null; rank: number }

/** The next required action of a job with these facts, at `now`. */
export function nextActionOf(facts: NextActionFacts, now: Date): StoredNextAction {
  const kind = kindOf(facts, now)
  const dueAt = facts.round?.dueAt ?? (facts.state === 'queued' || facts.state === 'running' ? facts.dueAt : null)
  return { kind, dueAt, rank: nextActionKinds.indexOf(kind) }
}

function kindOf(facts: NextActionFacts, now: Date): NextActionKind {
  switch (facts.state) {
    case 'queued':
      return facts.notBefore !== null && facts.notBefore > now ? 'wait_backoff' : 'wait_send'
    case 'running':
      return 'wait_run'
    case 'awaiting_review':
      return ROUND_ACTION[facts.round?.kind ?? 'trouble']
    case 'failed':
    case 'expired':
      return 'retry_or_abandon'
    case 'completed':
    case 'abandoned':
      return 'none'
  }
}

const ROUND_ACTION: Record<RoundKind, NextActionKind> = {
  result: 'decide',
  permission: 'answer_permission',
  unknown: 'resolve_unknown',
  trouble: 'look_into_trouble',
}

/** What the words need beyond the kind. */
export type NextActionWords = {
  /** 'report', 'fields', 'digest' …: what is decided on. */
  resultKind: string
  approvalsNeeded: number
  approvalsGiven: number
}

/** Who, what, and what otherwise, in plain words. */
export function describeNextAction(
  kind: NextActionKind,
  words: NextActionWords,
): { who: string; what: string; otherwise: string | null } {
  switch (kind) {
    case 'resolve_unknown':
      return {
        who: 'A reviewer or support',
        what: 'Decide about the lost answer: wait, resend or abandon.',
        otherwise: 'it expires',
      }
    case 'look_into_trouble':
      return {
        who: 'A reviewer or support',
        what: 'See why it stopped, then retry or abandon it.',
        otherwise: 'it expires',
      }
    case 'answer_permission':
      return { who: 'A reviewer', what: 'Answer the tool calls that wait.', otherwise: 'it expires' }
    case 'decide':
      return decideWords(words)
    case 'retry_or_abandon':
      return { who: 'A reviewer or support', what: 'Retry it or abandon it.', otherwise: null }
    case 'wait_backoff':
      return { who: 'Nobody', what: 'It is tried again by itself.', otherwise: null }
    case 'wait_send':
      return { who: 'Nobody', what: 'It is sent when its turn comes.', otherwise: 'it expires' }
    case 'wait_run':
      return { who: 'Nobody', what: 'It is with the model.', otherwise: 'it expires' }
    case 'wait_resume':
      return {
        who: 'A lead',
        what: 'Resume sending of its workflow.',
        otherwise: null,
      }
    case 'none':
      return { who: 'Nobody', what: 'Nothing is left to do.', otherwise: null }
  }
}

const RESULT_WORDS: Record<string, string> = {
  report: 'this report',
  fields: 'the extracted fields',
  digest: 'this digest',
}

function decideWords(words: NextActionWords): { who: string; what: string; otherwise: string } {
  const result = RESULT_WORDS[words.resultKind] ?? 'this result'
  if (words.approvalsNeeded > 1) {
    const left = Math.max(words.approvalsNeeded - words.approvalsGiven, 1)
    const who =
      words.approvalsGiven === 0 ? `${left} reviewers` : left === 1 ? 'One more reviewer' : `${left} more reviewers`
    return { who, what: `Decide on ${result}.`, otherwise: 'it expires' }
  }
  return { who: 'A reviewer', what: `Decide on ${result}.`, otherwise: 'it expires' }
}

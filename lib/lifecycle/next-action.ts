/**
 * The next required action of a job: who must do what, by when, and what happens if nobody does. Pure. Its kind, due
 * time and rank are stored with the transaction that changes them; the words are made when it is read.
 */
import type { RoundKind, State } from './table'

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
  'settle_delivery',
  'hand_over',
  'wait_deliver',
  // Never stored: shown in place of wait_send while sending of its workflow stands still.
  'wait_resume',
] as const
export type NextActionKind = (typeof nextActionKinds)[number]

/** The rank by which an inbox sorts: the most urgent first. */
const RANKS: Record<NextActionKind, number> = {
  resolve_unknown: 0,
  look_into_trouble: 1,
  settle_delivery: 1,
  answer_permission: 2,
  decide: 3,
  hand_over: 3,
  retry_or_abandon: 4,
  wait_backoff: 5,
  wait_send: 6,
  wait_run: 7,
  wait_deliver: 7,
  none: 8,
  wait_resume: 9,
}

/** Where a delivery stands, the only axis of it. */
export const deliveryStates = {
  pending: { label: 'Waits to be sent', open: true },
  sending: { label: 'Being sent', open: true },
  unknown: { label: 'Not known whether it arrived', open: true },
  delivered: { label: 'Delivered', open: false },
  failed: { label: 'Failed', open: true },
  withdrawn: { label: 'Withdrawn', open: false },
} as const
export type DeliveryState = keyof typeof deliveryStates
export const deliveryStateNames = Object.keys(deliveryStates) as DeliveryState[]

/** What a delivery asks of people. */
export type DeliveryStanding = { state: DeliveryState; kind: string }

/** What the kind follows from. */
export type NextActionFacts = {
  state: State
  /** The open round, in `awaiting_review`. */
  round: { kind: RoundKind; dueAt: Date | null } | null
  dueAt: Date | null
  notBefore: Date | null
  /** The deliveries of the job, in any order. */
  deliveries?: readonly DeliveryStanding[]
}

/** What is stored with the job. */
export type StoredNextAction = { kind: NextActionKind; dueAt: Date | null; rank: number }

/** The next required action of a job with these facts, at `now`. */
export function nextActionOf(facts: NextActionFacts, now: Date): StoredNextAction {
  const kind = kindOf(facts, now)
  const dueAt = facts.round?.dueAt ?? (facts.state === 'queued' || facts.state === 'running' ? facts.dueAt : null)
  return { kind, dueAt, rank: RANKS[kind] }
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
      return deliveryAction(facts.deliveries ?? [])
    case 'abandoned':
      return 'none'
  }
}

/** What has failed comes before what waits for a hand, and that before what goes by itself. */
function deliveryAction(deliveries: readonly DeliveryStanding[]): NextActionKind {
  if (deliveries.some(({ state }) => state === 'failed' || state === 'unknown')) return 'settle_delivery'
  const waiting = deliveries.filter(({ state }) => state === 'pending' || state === 'sending')
  if (waiting.some(({ kind }) => kind === 'by_hand')) return 'hand_over'
  return waiting.length > 0 ? 'wait_deliver' : 'none'
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
  /** The role that the next approval is for; null: anyone who reviews. */
  stepRole?: string | null
  /** Nobody may know how many have decided. */
  blind?: boolean
  /** What happens at the deadline, and whether it was escalated already. */
  atDeadline?: 'expires' | 'escalates'
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
    case 'settle_delivery':
      return {
        who: 'Support or a lead',
        what: 'See why it was not delivered, then send it again, confirm or withdraw it.',
        otherwise: null,
      }
    case 'hand_over':
      return {
        who: 'A reviewer or support',
        what: 'Hand it over, then confirm that with a reference.',
        otherwise: null,
      }
    case 'wait_deliver':
      return { who: 'Nobody', what: 'It is being delivered.', otherwise: null }
    case 'none':
      return { who: 'Nobody', what: 'Nothing is left to do.', otherwise: null }
  }
}

const RESULT_WORDS: Record<string, string> = {
  report: 'this report',
  fields: 'the extracted fields',
  digest: 'this digest',
  draft: 'this draft',
  recommendation: 'this recommendation',
  action: 'this proposed action',
}

function decideWords(words: NextActionWords): { who: string; what: string; otherwise: string } {
  const result = RESULT_WORDS[words.resultKind] ?? 'this result'
  const what = words.resultKind === 'recommendation' ? 'Choose an option, then decide.' : `Decide on ${result}.`
  return {
    who: whoDecides(words),
    what,
    otherwise: words.atDeadline === 'escalates' ? 'it goes to the leads' : 'it expires',
  }
}

const ROLE_WORDS: Record<string, string> = {
  reviewer: 'A reviewer',
  support: 'Support',
  lead: 'A lead',
  owner: 'An owner',
}

function whoDecides({ approvalsNeeded, approvalsGiven, stepRole, blind }: NextActionWords): string {
  if (stepRole) return ROLE_WORDS[stepRole] ?? 'A reviewer'
  if (approvalsNeeded <= 1) return 'A reviewer'
  if (blind) return `${approvalsNeeded} reviewers, each without seeing the others,`
  const left = Math.max(approvalsNeeded - approvalsGiven, 1)
  if (approvalsGiven === 0) return `${left} reviewers`
  return left === 1 ? 'One more reviewer' : `${left} more reviewers`
}

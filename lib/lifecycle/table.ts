/**
 * The life cycle of a job: every state, and every command that may move a job on.
 *
 * This file imports nothing. The guarded UPDATEs, the database's `lifecycle_transition` table, the badges, the
 * buttons, the API's `allowedCommands` and the diagram in ARCHITECTURE.md all come from it, and a test fails when
 * one of them says something else.
 */

/** How loudly a state speaks. Colour appears only where a person is needed or something failed. */
export type Tone = 'neutral' | 'informative' | 'attention' | 'success' | 'danger' | 'danger-outline' | 'struck'

export type StateInfo = {
  /** The word that people read. */
  label: string
  tone: Tone
  /** Who moves the job on from here, in one sentence. */
  help: string
  /** Nothing automatic happens to a settled job. */
  settled: boolean
}

/** Where a job stands for the people. What OpenAI says is a second axis: see `providerStatuses`. */
export const states = {
  queued: {
    label: 'Queued',
    tone: 'neutral',
    help: 'A worker sends it to the model as soon as it may.',
    settled: false,
  },
  running: {
    label: 'Running',
    tone: 'informative',
    help: 'The model has it. A worker looks for the answer.',
    settled: false,
  },
  awaiting_review: {
    label: 'Needs review',
    tone: 'attention',
    help: 'It waits for a person to decide.',
    settled: false,
  },
  completed: {
    label: 'Completed',
    tone: 'success',
    help: 'Accepted, by a person or by a policy that asks for nobody.',
    settled: true,
  },
  failed: {
    label: 'Failed',
    tone: 'danger',
    help: 'It stopped and will not go on by itself. A person may retry or abandon it.',
    settled: true,
  },
  expired: {
    label: 'Expired',
    tone: 'danger-outline',
    help: 'Its deadline passed before anybody finished it. A person may retry or abandon it.',
    settled: true,
  },
  abandoned: {
    label: 'Abandoned',
    tone: 'struck',
    help: 'A person stopped it. It can be retried, or reopened if there is a result.',
    settled: true,
  },
} as const satisfies Record<string, StateInfo>

export type State = keyof typeof states
export const stateNames = Object.keys(states) as State[]

/** What OpenAI says of one attempt, plus our own `sending` and `unknown`. Never mixed with a job's state. */
export const providerStatuses = {
  sending: { final: false, help: 'The request is on its way; no answer yet.' },
  unknown: { final: false, help: 'The request was sent, and its answer was lost.' },
  queued: { final: false, help: 'OpenAI has it in its queue.' },
  in_progress: { final: false, help: 'The model is working.' },
  completed: { final: true, help: 'The model finished. That is not an approval.' },
  incomplete: { final: true, help: 'The model stopped before the end.' },
  failed: { final: true, help: 'OpenAI reports a failure.' },
  cancelled: { final: true, help: 'It was cancelled at OpenAI.' },
} as const
export type ProviderStatus = keyof typeof providerStatuses
export const providerStatusNames = Object.keys(providerStatuses) as ProviderStatus[]

/** What a review round waits for. */
export const roundKinds = {
  result: 'A person decides on a result.',
  permission: 'Tool calls wait for a yes.',
  unknown: 'The answer to a paid call was lost.',
  trouble: 'It stopped in a way that no rule covers.',
} as const
export type RoundKind = keyof typeof roundKinds
export const roundKindNames = Object.keys(roundKinds) as RoundKind[]

export const roles = ['requester', 'reviewer', 'support', 'lead', 'owner'] as const
export type Role = (typeof roles)[number]

/** Who gives a command: a role, the worker, or a person bound to this one job. */
export type Giver = Role | 'worker' | 'own requester' | 'decider'

export type CommandInfo = {
  by: readonly Giver[]
  /** The states it may leave. Empty: it makes the job. */
  from: readonly State[]
  /** The one state it leads to, or `same`. */
  to: State | 'same'
  /** What the button says. `null`: no person ever gives it. */
  label: string | null
  /** What happens when it is given, in words for the person about to give it. */
  consequence: string
  note: 'none' | 'optional' | 'required'
  /** In `awaiting_review` only: the kinds of round in which it may be given. Absent: any. */
  rounds?: readonly RoundKind[]
  /** What it does to the review round. */
  round: 'opens' | 'closes' | 'keeps' | 'none'
  /** What else must hold, for the diagram and the documents. The code of each command enforces it. */
  needs: string
}

export const commands = {
  create: {
    by: ['requester'],
    from: [],
    to: 'queued',
    label: 'Start job',
    consequence: 'The job is queued and a worker sends it to the model.',
    note: 'none',
    round: 'none',
    needs: 'valid input',
  },
  start: {
    by: ['worker'],
    from: ['queued'],
    to: 'running',
    label: null,
    consequence: 'One paid call is about to be made.',
    note: 'none',
    round: 'none',
    needs: 'commits together with the sending attempt and its fence',
  },
  requeue: {
    by: ['worker'],
    from: ['running'],
    to: 'queued',
    label: null,
    consequence: 'It will be tried again by itself.',
    note: 'none',
    round: 'none',
    needs: 'class infrastructure or timeout, and tries and money left',
  },
  proceed: {
    by: ['worker'],
    from: ['running'],
    to: 'queued',
    label: null,
    consequence: 'The model’s calls need nobody’s leave: they are answered, and the run goes on.',
    note: 'none',
    round: 'none',
    needs: 'the model asked for calls, and none of them waits for a person',
  },
  postpone: {
    by: ['worker'],
    from: ['queued', 'running'],
    to: 'same',
    label: null,
    consequence: 'The deadline moves by the time in which the queue stood still.',
    note: 'none',
    round: 'none',
    needs: 'sending of its workflow stood still, and was resumed',
  },
  hold: {
    by: ['worker'],
    from: ['queued', 'running'],
    to: 'awaiting_review',
    label: null,
    consequence: 'It waits for a person.',
    note: 'none',
    round: 'opens',
    needs: 'opens exactly one round',
  },
  accept: {
    by: ['worker'],
    from: ['running'],
    to: 'completed',
    label: null,
    consequence: 'Accepted by the policy of its workflow, without a person.',
    note: 'none',
    round: 'none',
    needs: 'policy asks for nobody, not drawn as a sample, every check passes',
  },
  fail: {
    by: ['worker'],
    from: ['queued', 'running'],
    to: 'failed',
    label: null,
    consequence: 'It stops here and says what a person must look at.',
    note: 'none',
    round: 'none',
    needs: 'a failure class that may not retry, or no tries left',
  },
  expire: {
    by: ['worker'],
    from: ['queued', 'running', 'awaiting_review'],
    to: 'expired',
    label: null,
    consequence: 'Its deadline passed.',
    note: 'none',
    round: 'closes',
    needs: 'deadline passed',
  },
  adopt: {
    by: ['worker'],
    from: ['awaiting_review'],
    to: 'running',
    label: null,
    consequence: 'The lost answer was found, and the job goes on with it.',
    note: 'none',
    rounds: ['unknown', 'trouble'],
    round: 'closes',
    needs:
      'round unknown, and its answer came or the response was found; or round trouble, and a call thought stuck finished after all',
  },
  escalate: {
    by: ['worker'],
    from: ['awaiting_review'],
    to: 'same',
    label: null,
    consequence: 'It is overdue: the leads are told, and it has a new deadline.',
    note: 'none',
    round: 'keeps',
    needs: 'the due time passed, its policy escalates, and it was not escalated before',
  },
  approve: {
    by: ['reviewer'],
    from: ['awaiting_review'],
    to: 'completed',
    label: 'Approve',
    consequence:
      'The result is accepted exactly as it stands on this page, and the job is completed. Where its workflow delivers results, it is sent.',
    note: 'optional',
    rounds: ['result'],
    round: 'closes',
    needs:
      'this decision satisfies the policy; bound to the hash of the result, and of the delivery where something will leave',
  },
  endorse: {
    by: ['reviewer'],
    from: ['awaiting_review'],
    to: 'same',
    label: 'Approve',
    consequence:
      'Your approval of exactly this result is recorded. The policy asks for more people before it is completed.',
    note: 'optional',
    rounds: ['result'],
    round: 'keeps',
    needs: 'as approve, but the policy asks for more people',
  },
  answer: {
    by: ['reviewer'],
    from: ['awaiting_review'],
    to: 'queued',
    label: 'Answer',
    consequence: 'The waiting calls are answered, and the run goes on.',
    note: 'optional',
    rounds: ['permission'],
    round: 'closes',
    needs: 'round permission, every waiting call answered',
  },
  uphold: {
    by: ['reviewer'],
    from: ['awaiting_review'],
    to: 'completed',
    label: 'Uphold',
    consequence: 'The earlier decision stands. Nothing is sent again.',
    note: 'required',
    rounds: ['result'],
    round: 'closes',
    needs: 'the round was opened by reopen; creates no delivery, and lets one that had not left go on',
  },
  undo: {
    by: ['decider'],
    from: ['completed'],
    to: 'awaiting_review',
    label: 'Undo',
    consequence: 'Your approval is taken back, and the result waits for a decision again.',
    note: 'none',
    round: 'opens',
    needs: 'within the grace of the workflow, and no delivery has started',
  },
  retry: {
    by: ['reviewer', 'support'],
    from: ['awaiting_review', 'failed', 'expired', 'abandoned'],
    to: 'queued',
    label: 'Retry',
    consequence: 'A new attempt is made and paid for. Everything of the earlier attempts stays.',
    note: 'optional',
    round: 'closes',
    needs:
      'from expired a new due time; where an older call may still be under way: the words "may be paid twice" confirmed, or it is cancelled first',
  },
  abandon: {
    by: ['reviewer', 'support', 'own requester'],
    from: ['queued', 'running', 'awaiting_review', 'failed', 'expired'],
    to: 'abandoned',
    label: 'Abandon',
    consequence:
      'The job stops. Nothing of it will be used. A call already sent may still cost money; what comes back is recorded.',
    note: 'required',
    round: 'closes',
    needs: 'a reason',
  },
  reopen: {
    by: ['support'],
    from: ['completed', 'abandoned', 'expired', 'failed'],
    to: 'awaiting_review',
    label: 'Reopen',
    consequence: 'A new review round opens on the kept result. The earlier decision and its evidence stay in sight.',
    note: 'required',
    round: 'opens',
    needs: 'there is a result; a new due time; a new round',
  },
  wait: {
    by: ['reviewer', 'support'],
    from: ['awaiting_review'],
    to: 'same',
    label: 'Wait',
    consequence: 'Nothing is sent. The job goes on waiting for the answer until its new deadline.',
    note: 'optional',
    rounds: ['unknown', 'trouble'],
    round: 'keeps',
    needs: 'round unknown, or trouble with a call that may still be under way; a new due time',
  },
  claim: {
    by: ['reviewer', 'support'],
    from: ['awaiting_review'],
    to: 'same',
    label: 'Claim',
    consequence: 'Others see that you work on it. The claim ends by itself when you leave it.',
    note: 'none',
    round: 'keeps',
    needs: 'a place in the round that nobody else holds',
  },
  release: {
    by: ['reviewer', 'support'],
    from: ['awaiting_review'],
    to: 'same',
    label: 'Release',
    consequence: 'Your claim ends, and others may take it.',
    note: 'none',
    round: 'keeps',
    needs: 'a claim of their own; a lead may end anybody’s',
  },
  assign: {
    by: ['lead'],
    from: ['awaiting_review'],
    to: 'same',
    label: 'Assign',
    consequence: 'It stands in the inbox of that person, who is told.',
    note: 'optional',
    round: 'keeps',
    needs: 'a person who may decide on it, or nobody',
  },
  snooze: {
    by: ['reviewer', 'support'],
    from: ['awaiting_review'],
    to: 'same',
    label: 'Snooze',
    consequence: 'It leaves the inbox until that time. Its deadline stays.',
    note: 'optional',
    round: 'keeps',
    needs: 'a time before its deadline, and a reason; or no time, to end it',
  },
  mark: {
    by: ['reviewer'],
    from: ['awaiting_review'],
    to: 'same',
    label: 'Mark',
    consequence: 'What you found of the claim is kept with the round.',
    note: 'none',
    rounds: ['result'],
    round: 'keeps',
    needs: 'a claim of the current result',
  },
  revise: {
    by: ['reviewer'],
    from: ['awaiting_review'],
    to: 'same',
    label: 'Edit',
    consequence: 'Your text becomes a revision with a hash of its own. Approvals given so far no longer count.',
    note: 'optional',
    rounds: ['result'],
    round: 'keeps',
    needs: 'the round is not blind; bound to the hash of the result that was edited',
  },
  dispatch: {
    by: ['worker'],
    from: ['completed'],
    to: 'same',
    label: null,
    consequence: 'What was accepted is about to leave.',
    note: 'none',
    round: 'none',
    needs: 'a pending delivery whose time has come',
  },
  delivered: {
    by: ['worker'],
    from: ['queued', 'running', 'awaiting_review', 'completed', 'failed', 'expired', 'abandoned'],
    to: 'same',
    label: null,
    consequence: 'The receiver has it.',
    note: 'none',
    round: 'keeps',
    needs: 'a delivery under way, and the receiver’s answer',
  },
  undelivered: {
    by: ['worker'],
    from: ['queued', 'running', 'awaiting_review', 'completed', 'failed', 'expired', 'abandoned'],
    to: 'same',
    label: null,
    consequence: 'It could not be delivered, or nobody can tell; a person must look.',
    note: 'none',
    round: 'keeps',
    needs: 'a delivery under way that was refused, gave no answer for too long, or may have arrived',
  },
  redeliver: {
    by: ['support'],
    from: ['completed'],
    to: 'same',
    label: 'Send again',
    consequence: 'The same bytes are sent once more under the same id.',
    note: 'required',
    round: 'none',
    needs: 'a delivery that failed, or of which nobody knows whether it arrived',
  },
  withdraw: {
    by: ['support'],
    from: ['awaiting_review', 'completed'],
    to: 'same',
    label: 'Withdraw',
    consequence: 'It will not be sent.',
    note: 'required',
    round: 'keeps',
    needs: 'a delivery that has not left, or that failed',
  },
  confirm: {
    by: ['reviewer', 'support'],
    from: ['awaiting_review', 'completed'],
    to: 'same',
    label: 'Confirm delivery',
    consequence: 'It is recorded that it arrived, by your word and reference.',
    note: 'optional',
    round: 'keeps',
    needs: 'a delivery by hand, or one of which nobody knows whether it arrived; a reference',
  },
  comment: {
    by: ['requester', 'reviewer', 'support'],
    from: ['queued', 'running', 'awaiting_review', 'completed', 'failed', 'expired', 'abandoned'],
    to: 'same',
    label: 'Comment',
    consequence: 'The comment is kept in the history of the job.',
    note: 'required',
    round: 'keeps',
    needs: 'a text',
  },
  prioritise: {
    by: ['support'],
    from: ['queued', 'running', 'awaiting_review'],
    to: 'same',
    label: 'Change priority',
    consequence: 'Of the jobs that wait to be sent, those of a higher priority are sent first.',
    note: 'optional',
    round: 'keeps',
    needs: 'another priority than it has',
  },
  reschedule: {
    by: ['support'],
    from: ['queued', 'running', 'awaiting_review'],
    to: 'same',
    label: 'Change due time',
    consequence: 'It is due at the new time, and expires or goes to the leads then.',
    note: 'required',
    round: 'keeps',
    needs: 'a new due time, and a reason',
  },
} as const satisfies Record<string, CommandInfo>

export type Command = keyof typeof commands
export const commandNames = Object.keys(commands) as Command[]

/** The row of one command, with its optional parts visible to the type checker. */
export function commandInfo(command: Command): CommandInfo {
  return commands[command]
}

/** True when nothing automatic happens to a job in this state. */
export function isSettled(state: State): boolean {
  return states[state].settled
}

/** One allowed move. `from` is null for the command that makes the job. */
export type Transition = { command: Command; from: State | null; to: State }

/** Every allowed move, one row each: what the database keeps in `lifecycle_transition`. */
export function transitions(): Transition[] {
  return commandNames.flatMap((command): Transition[] => {
    const { from, to } = commandInfo(command)
    if (from.length === 0 && to !== 'same') return [{ command, from: null, to }]
    return from.map((state) => ({ command, from: state, to: to === 'same' ? state : to }))
  })
}

/** The state that `command` leads to from `from`, or null where the table does not allow it. */
export function nextState(command: Command, from: State): State | null {
  const row = commandInfo(command)
  if (!row.from.includes(from)) return null
  return row.to === 'same' ? from : row.to
}

/** True where a round of this kind, when one is open, admits the command. */
export function admitsRound(command: Command, round: RoundKind | null): boolean {
  const { rounds } = commandInfo(command)
  if (rounds === undefined || round === null) return rounds === undefined
  return rounds.includes(round)
}

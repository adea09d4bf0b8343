/** What commands are called on buttons and in what became of them. Pure. */
import type { EventView, Problem } from '@/lib/jobs/view'
import { type Command, commandInfo, commandNames } from '@/lib/lifecycle/table'
import { TALK } from '@/lib/lifecycle/talk'

/** What the button of the dialog says while it works. */
export const PENDING: Partial<Record<Command, string>> = {
  approve: 'Approving…',
  uphold: 'Upholding…',
  answer: 'Answering…',
  undo: 'Taking back…',
  retry: 'Retrying…',
  abandon: 'Abandoning…',
  reopen: 'Reopening…',
  wait: 'Recording…',
  comment: 'Keeping…',
  claim: 'Claiming…',
  release: 'Releasing…',
  assign: 'Assigning…',
  snooze: 'Snoozing…',
  revise: 'Keeping…',
  redeliver: 'Sending…',
  withdraw: 'Withdrawing…',
  confirm: 'Confirming…',
  prioritise: 'Changing…',
  reschedule: 'Changing…',
}

/** What is said once it is done. By the command that it turned out to be: an approval may be one of several. */
export const DONE: Partial<Record<Command, string>> = {
  approve: 'Approved. The job is completed.',
  endorse: 'Your approval is recorded. The policy asks for more people.',
  uphold: 'Upheld. The earlier decision stands.',
  answer: 'Answered. The run goes on.',
  undo: 'Taken back. The result waits for a decision again.',
  retry: 'A new attempt is queued.',
  abandon: 'Abandoned.',
  reopen: 'Reopened. A new round waits for a decision.',
  wait: 'Nothing was sent. The job goes on waiting.',
  comment: 'Your comment is in the history.',
  claim: 'You hold it.',
  release: 'Released.',
  assign: 'Assigned.',
  snooze: 'Done.',
  revise: 'Your edit is kept as a revision.',
  redeliver: 'It is sent again.',
  withdraw: 'Withdrawn. It will not be sent.',
  confirm: 'Recorded as delivered.',
  prioritise: 'Its priority is changed.',
  reschedule: 'It is due at the new time.',
}

/** What somebody else did, after their name. */
const DID: Record<Command, string> = {
  create: 'asked for the job',
  start: 'sent it to the model',
  requeue: 'put it back into the queue',
  proceed: 'let its calls be made',
  postpone: 'moved its deadline, because its queue stood still',
  hold: 'stopped it for people',
  accept: 'accepted it by policy',
  fail: 'recorded that it failed',
  expire: 'recorded that its deadline passed',
  adopt: 'found the lost answer',
  approve: 'approved it',
  endorse: 'approved it; the policy asks for more people',
  answer: 'answered the waiting calls',
  uphold: 'upheld the earlier decision',
  undo: 'took the approval back',
  retry: 'asked for another attempt',
  abandon: 'abandoned it',
  reopen: 'reopened it',
  wait: 'chose to go on waiting',
  comment: 'commented',
  escalate: 'recorded that it was overdue',
  claim: 'claimed it',
  release: 'released it',
  assign: 'assigned it',
  snooze: 'snoozed it',
  mark: 'marked its claims',
  revise: 'edited the result',
  dispatch: 'began to send it',
  delivered: 'recorded that it was delivered',
  undelivered: 'recorded that it was not delivered',
  redeliver: 'had it sent again',
  withdraw: 'withdrew it',
  confirm: 'confirmed that it arrived',
  prioritise: 'changed its priority',
  reschedule: 'changed when it is due',
}

/** Who did what in the meantime, without the time and the full stop: "Dana approved it". */
export function whoDidWhat({ by, command }: NonNullable<Problem['conflict']>): string {
  const who = by === null || by.kind === 'system' ? 'Holdpoint' : by.name
  const known = commandNames.find((name) => name === command)
  return `${who} ${known === undefined ? 'changed it' : DID[known]}`
}

/** Given at the desk, or beside the delivery that they are about: they need more than a dialog with a note. */
const ELSEWHERE: readonly Command[] = [
  'create',
  'claim',
  'release',
  'assign',
  'snooze',
  'mark',
  'revise',
  'redeliver',
  'withdraw',
  'confirm',
]

/** What has happened since a version that matters to a decision on it. In a blind round what others did is no news. */
export function newsSince(events: readonly EventView[], version: number): EventView[] {
  return events.filter(({ seq, command, isHidden }) => seq > version && !isHidden && !TALK.includes(command))
}

/** The commands that a person can give here, in their order. */
export function offered(allowed: readonly Command[]): Command[] {
  return allowed.filter((command) => commandInfo(command).label !== null && !ELSEWHERE.includes(command))
}

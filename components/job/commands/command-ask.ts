/** What a person fills in for a command, what is wrong with it, and what is sent. Pure. */
import { fieldsOf } from '@/components/schema-form/fields'
import { checkFields, type FieldError } from '@/components/schema-form/values'
import type { GiveCommand, JobView, Problem } from '@/lib/jobs/view'
import { type Command, commandInfo, providerStatuses } from '@/lib/lifecycle/table'
import { type MentionPerson, stillMentioned } from './mention'

/** What was typed. Kept while the dialog is closed, and after a lost race. */
export type Draft = {
  note: string
  guidance: string
  /** The edited input; null: as it was. */
  input: Record<string, unknown> | null
  /** As the field has it: local time, "2026-11-23T16:00". */
  dueAt: string
  mayBePaidTwice: boolean
  /** Of an older call that is under way: stop it and see its end first, or send at once. */
  oldCall: 'cancel' | 'pay'
  /** In US dollars, as typed. */
  budgetUsd: string
  /** A code of the list that leads keep; empty: none. */
  reason: string
  /** Of an assignment: a person's id; empty: nobody. */
  assignee: string
  /** Null: as it is. */
  priority: number | null
  /** Of a comment: who was chosen to be told. Only those count whose name still stands in it. */
  mentions: readonly MentionPerson[]
}

/** What stood on the screen when the dialog opened: the decision is bound to it. */
export type Seen = { version: number; resultHash: string | null; deliveryHash: string | null }

/** Which fields a command has, beside its note. */
export type Parameters = {
  attempt: boolean
  dueAt: boolean
  mayBePaidTwice: boolean
  /** A call made before may still be under way: what became of it is looked up first. */
  oldCall: boolean
  /** Its budget held the job: a lead may give it another. */
  budget: boolean
  binds: boolean
  /** How many claims an approval passes over that nothing carries: it says why. */
  doubtful: number
  /** Until when it is away, and whom it is assigned to. */
  until: boolean
  assignee: boolean
  priority: boolean
  /** What should be different must be said: somebody who asks for changes has read what is wrong. */
  guidance: boolean
}

export type DraftErrors = Partial<
  Record<'note' | 'guidance' | 'dueAt' | 'mayBePaidTwice' | 'budgetUsd' | 'reason' | 'assignee' | 'priority', string>
> & {
  /** Pointers start with `/input`. */
  input?: FieldError[]
}

export function emptyDraft(dueAt: string): Draft {
  return {
    note: '',
    guidance: '',
    input: null,
    dueAt,
    mayBePaidTwice: false,
    oldCall: 'cancel',
    budgetUsd: '',
    reason: '',
    assignee: '',
    priority: null,
    mentions: [],
  }
}

export function parametersOf(
  command: Command,
  job: Pick<JobView, 'state' | 'reviews' | 'attempts' | 'failure'>,
  { oldCall }: Pick<Draft, 'oldCall'> = { oldCall: 'cancel' },
  asksForChanges = false,
): Parameters {
  const unseen = openRound(job)?.kind === 'unknown' || cannotBeSeenToEnd(job)
  const underWay = hasOpenCall(job)
  return {
    attempt: command === 'retry',
    dueAt:
      command === 'reopen' ||
      command === 'wait' ||
      command === 'reschedule' ||
      (command === 'retry' && job.state === 'expired'),
    mayBePaidTwice: command === 'retry' && (unseen || (underWay && oldCall === 'pay')),
    oldCall: command === 'retry' && underWay,
    budget: command === 'retry' && job.failure?.code === 'budget_job',
    binds: command === 'approve' || command === 'uphold',
    doubtful: command === 'approve' ? (openRound(job)?.doubtful.length ?? 0) : 0,
    until: command === 'snooze',
    assignee: command === 'assign',
    priority: command === 'prioritise',
    guidance: command === 'retry' && asksForChanges,
  }
}

/** True where the end of the newest call was not seen, so that it may be paid beside the next. */
function hasOpenCall({ attempts: [newest] }: Pick<JobView, 'attempts'>): boolean {
  return newest !== undefined && newest.seenFinalAt === null && !providerStatuses[newest.providerStatus].final
}

/** The same, and it was given up, or has no id to be cancelled by: its end cannot be waited for. */
function cannotBeSeenToEnd(job: Pick<JobView, 'attempts'>): boolean {
  const [newest] = job.attempts
  return hasOpenCall(job) && (newest?.endedAt != null || newest?.responseId === null)
}

/** The round that waits for people; undefined where none does. */
export function openRound(job: Pick<JobView, 'reviews'>): JobView['reviews'][number] | undefined {
  return job.reviews.findLast((round) => round.closedAt === null)
}

/** What keeps the draft from being sent; empty where nothing does. The server checks again. */
export function draftErrors(
  command: Command,
  draft: Draft,
  parameters: Parameters,
  inputSchema: Record<string, unknown>,
  now: number,
): DraftErrors {
  const errors: DraftErrors = {}
  if (parameters.attempt && draft.input !== null) {
    const found = checkFields(fieldsOf(inputSchema, '/input'), draft.input)
    if (found.length > 0) errors.input = found
  }
  const hasReason = command === 'abandon' && draft.reason !== ''
  if (commandInfo(command).note === 'required' && draft.note.trim() === '' && !hasReason) {
    errors.note = command === 'comment' ? 'Write the comment.' : 'Give a reason: it is kept in the history.'
  }
  if (command === 'approve' && parameters.doubtful > 0 && draft.note.trim() === '' && draft.reason === '') {
    errors.note = 'Give a reason: you approve over a claim that is not supported.'
  }
  if (parameters.guidance && draft.guidance.trim() === '') {
    errors.guidance = 'Say what should be different: the model reads it with its instructions.'
  }
  if (parameters.until && draft.note.trim() === '') errors.note = 'Give a reason: others see why it is away.'
  if (parameters.dueAt || parameters.until) {
    const dueAt = Date.parse(draft.dueAt)
    if (Number.isNaN(dueAt)) errors.dueAt = 'Choose a day and a time.'
    else if (dueAt <= now) errors.dueAt = 'This has passed already. Choose a later time.'
  }
  if (parameters.priority && draft.priority === null) errors.priority = 'Choose another priority than it has.'
  if (parameters.budget && draft.budgetUsd.trim() !== '' && !(Number(draft.budgetUsd) > 0)) {
    errors.budgetUsd = 'Give an amount in US dollars, such as 2.50.'
  }
  if (parameters.mayBePaidTwice && !draft.mayBePaidTwice) {
    errors.mayBePaidTwice = 'Confirm that you have read this, or choose to wait instead.'
  }
  return errors
}

/** They say why from the list that leads keep, or in their own words. */
const TAKES_REASON: readonly Command[] = ['approve', 'retry', 'abandon']

/** What is sent. A comment is welcome whatever has happened since, so it names no version. */
export function askOf(command: Command, draft: Draft, parameters: Parameters, seen: Seen): GiveCommand {
  const params: Record<string, unknown> = {}
  if (parameters.attempt && draft.guidance.trim() !== '') params.guidance = draft.guidance.trim()
  if (parameters.attempt && draft.input !== null) params.input = draft.input
  if (parameters.dueAt) params.dueAt = new Date(draft.dueAt).toISOString()
  if (parameters.until) params.until = new Date(draft.dueAt).toISOString()
  if (parameters.assignee) params.assignee = draft.assignee === '' ? null : draft.assignee
  if (parameters.priority && draft.priority !== null) params.priority = draft.priority
  if (TAKES_REASON.includes(command) && draft.reason !== '') params.reason = draft.reason
  const told = command === 'comment' ? stillMentioned(draft.note, draft.mentions).map(({ id }) => id) : []
  if (told.length > 0) params.mentions = told
  if (parameters.oldCall) params.oldCall = draft.oldCall
  if (parameters.budget && draft.budgetUsd.trim() !== '') params.budgetUsd = Number(draft.budgetUsd)
  if (parameters.mayBePaidTwice) params.mayBePaidTwice = draft.mayBePaidTwice
  return {
    command,
    ...(draft.note.trim() === '' ? {} : { note: draft.note.trim() }),
    ...(command === 'comment' ? {} : { expectedVersion: seen.version }),
    ...(parameters.binds && seen.resultHash !== null ? { resultHash: seen.resultHash } : {}),
    ...(command === 'approve' && seen.deliveryHash !== null ? { deliveryHash: seen.deliveryHash } : {}),
    ...(Object.keys(params).length === 0 ? {} : { params }),
  }
}

/** The parts of a refusal that belong to a field, by the pointers that the server sends. */
export function errorsOf(problem: Problem): DraftErrors {
  const errors: DraftErrors = {}
  for (const { pointer, detail } of problem.errors ?? []) {
    if (pointer === '/note') errors.note = detail
    else if (pointer === '/params/guidance') errors.guidance = detail
    else if (pointer === '/params/dueAt' || pointer === '/params/until') errors.dueAt = detail
    else if (pointer === '/params/assignee') errors.assignee = detail
    else if (pointer === '/params/reason') errors.reason = detail
    else if (pointer === '/params/priority') errors.priority = detail
    else if (pointer === '/params/budgetUsd') errors.budgetUsd = detail
    else if (pointer === '/params/mayBePaidTwice') errors.mayBePaidTwice = detail
    else if (pointer.startsWith('/params/input')) {
      const field = pointer.slice('/params/input'.length).replace(/^\/input(?=\/|$)/, '')
      errors.input = [...(errors.input ?? []), { pointer: `/input${field}`, detail }]
    }
  }
  return errors
}

/** A moment as a `datetime-local` field has it, in the reader's own time zone, cut to the minute. */
export function localField(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

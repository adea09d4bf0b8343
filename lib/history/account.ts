/** What happened to a job, told in a few plain sentences made from its events, each of which names the event it rests on. Pure. */
import type { DeliveryView, EventView, JobView } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'

export const accountKinds = ['asked', 'tried', 'decided', 'sent', 'reopened'] as const
export type AccountKind = (typeof accountKinds)[number]

/** One sentence, and the event after which the job stood as it says. */
export type AccountLine = { text: string; seq: number; at: string; note: string | null }
/** What belongs together and followed one on another. */
export type AccountPart = { kind: AccountKind; heading: string; lines: AccountLine[] }

export const ACCOUNT_HEADINGS: Record<AccountKind, string> = {
  asked: 'Asked for',
  tried: 'Tried',
  decided: 'Decided',
  sent: 'Sent',
  reopened: 'Reopened',
}

/** What each command belongs to; those that are absent are work beside it, and are counted. */
const BELONGS: Partial<Record<Command, AccountKind>> = {
  create: 'asked',
  start: 'tried',
  requeue: 'tried',
  proceed: 'tried',
  postpone: 'tried',
  hold: 'tried',
  fail: 'tried',
  expire: 'decided',
  adopt: 'tried',
  wait: 'decided',
  accept: 'decided',
  approve: 'decided',
  endorse: 'decided',
  answer: 'decided',
  uphold: 'decided',
  undo: 'decided',
  retry: 'decided',
  abandon: 'decided',
  revise: 'decided',
  escalate: 'decided',
  prioritise: 'decided',
  reschedule: 'decided',
  reopen: 'reopened',
  dispatch: 'sent',
  delivered: 'sent',
  undelivered: 'sent',
  redeliver: 'sent',
  withdraw: 'sent',
  confirm: 'sent',
}

type Source = Pick<JobView, 'events' | 'deliveries' | 'workflow' | 'documents'>

/** So much of a note is told: the whole of it stands in the history. In UTF-16 units. */
const NOTE_TOLD = 300

/** The account of a job, as far as `job.events` go. */
export function accountOf(job: Source): AccountPart[] {
  const parts: { kind: AccountKind; events: EventView[]; beside: EventView[] }[] = []
  for (const event of job.events) {
    const kind = event.isHidden ? undefined : BELONGS[event.command]
    const last = parts.at(-1)
    if (kind === undefined) last?.beside.push(event)
    else if (last?.kind === kind) last.events.push(event)
    else parts.push({ kind, events: [event], beside: [] })
  }
  return parts.map(({ kind, events, beside }) => ({
    kind,
    heading: ACCOUNT_HEADINGS[kind],
    lines: [...linesOf(kind, events, job), ...besideLine(beside)],
  }))
}

function linesOf(kind: AccountKind, events: readonly EventView[], job: Source): AccountLine[] {
  switch (kind) {
    case 'asked':
      return events.map((event) => line(event, askedWords(event, job)))
    case 'tried':
      return triedLines(events)
    case 'sent':
      return sentLines(events, job)
    case 'decided':
      return foldAlike(events)
    case 'reopened':
      return events.map((event) => line(event, `${without(event.sentence)}. What was decided before stays as it was.`))
  }
}

/** @param text ends with a full stop. */
function line(event: EventView, text: string): AccountLine {
  const erased = event.isNoteErased ? ' The words that came with it have been erased.' : ''
  const note = event.note === null ? null : cut(event.note)
  return { text: `${text}${erased}`, seq: event.seq, at: event.at, note }
}

function cut(note: string): string {
  return note.length <= NOTE_TOLD ? note : `${note.slice(0, NOTE_TOLD).toWellFormed()}…`
}

const without = (sentence: string) => sentence.replace(/\.$/, '')

function askedWords({ by }: EventView, { workflow, documents }: Source): string {
  const count = documents.length
  const over = count === 0 ? '' : count === 1 ? ', over one document' : `, over ${count} documents`
  return `${by.name} asked for it: ${workflow.name}, version ${workflow.version}${over}.`
}

/** More calls in a row than this are told as one. */
const TOLD_ONE_BY_ONE = 2

/** Each call with what became of it; of many in a row, how many there were, and what became of the last. */
function triedLines(events: readonly EventView[]): AccountLine[] {
  const starts = events.filter(({ command }) => command === 'start')
  if (starts.length <= TOLD_ONE_BY_ONE) return mergedTries(events)
  const last = events.findLastIndex(({ command }) => command === 'start')
  const before = events.slice(0, last)
  const again = before.filter(({ command }) => command === 'requeue')
  const proceeded = before.filter(({ command }) => command === 'proceed').length
  const first = starts[0] as EventView
  const calls = proceeded === 0 ? '' : ` ${times(proceeded)} it went on after calls that need nobody’s leave.`
  const why = again.at(-1)
  const stopped =
    why === undefined
      ? ''
      : ` ${times(again.length)} it stopped and was tried again by itself, the last time so: ${why.sentence}`
  return [
    line(first, `It was sent to the model ${starts.length - 1} times before the last.${stopped}${calls}`),
    ...mergedTries(events.slice(last)),
  ]
}

function times(count: number): string {
  return count === 1 ? 'Once' : count === 2 ? 'Twice' : `${count} times`
}

/** A call and what ended it, in one line. */
function mergedTries(events: readonly EventView[]): AccountLine[] {
  const lines: AccountLine[] = []
  for (const [index, event] of events.entries()) {
    const before = events[index - 1]
    if (event.command === 'start' && events[index + 1] !== undefined) continue
    const sent = before?.command === 'start' ? `${attemptWords(before)} was sent to the model. ` : ''
    lines.push(line(event, event.command === 'start' ? event.sentence : `${sent}${event.sentence}`))
  }
  return lines
}

function attemptWords({ attempt }: EventView): string {
  return attempt === null ? 'It' : `Attempt ${attempt}`
}

/** A delivery that began to leave, with where to and what became of it. */
function sentLines(events: readonly EventView[], { deliveries }: Source): AccountLine[] {
  const lines: AccountLine[] = []
  for (const [index, event] of events.entries()) {
    const next = events[index + 1]
    const isEndNext =
      next?.delivery === event.delivery && (next?.command === 'delivered' || next?.command === 'undelivered')
    if (event.command === 'dispatch' && isEndNext) continue
    const delivery = deliveries.find(({ number }) => number === event.delivery)
    lines.push(line(event, delivery === undefined ? event.sentence : sentWords(event, delivery)))
  }
  return lines
}

const SENT: Record<DeliveryView['kind'], string> = {
  http: 'was sent by signed HTTP to',
  email: 'was sent by e-mail to',
  file: 'was written as the file',
  by_hand: 'was handed over:',
}

function sentWords(event: EventView, delivery: DeliveryView): string {
  const { number, kind, destination, corrects, code, sentence } = delivery
  const which = corrects === null ? `Delivery ${number}` : `Delivery ${number}, which corrects delivery ${corrects},`
  const to = `${SENT[kind]} ${kind === 'by_hand' ? without(destination) : destination}`
  switch (event.command) {
    case 'dispatch':
      return `${which} began to leave: it ${to}, and nothing is known yet of its end.`
    case 'delivered':
      // A letter that is only kept in a folder has gone nowhere.
      return code === 'kept_in_folder' ? `${which} went nowhere. ${sentence}` : `${which} ${to}. ${event.sentence}`
    case 'undelivered':
      return `${which} ${kind === 'by_hand' ? 'was not handed over.' : `was to go to ${destination}.`} ${event.sentence}`
    case 'confirm':
      return `${without(event.sentence)}: ${which.charAt(0).toLowerCase()}${which.slice(1)} ${to}.`
    default:
      return `${without(event.sentence)} (delivery ${number}).`
  }
}

/** What was decided, one line each; the same by the same person one after another, such as endless waiting, is one. */
function foldAlike(events: readonly EventView[]): AccountLine[] {
  const groups: EventView[][] = []
  for (const event of events) {
    const last = groups.at(-1)?.at(-1)
    const isAlike = last?.sentence === event.sentence && event.note === null && last.note === null
    if (isAlike) groups.at(-1)?.push(event)
    else groups.push([event])
  }
  return groups.map((group) => {
    const last = group.at(-1) as EventView
    return line(last, group.length === 1 ? last.sentence : `${without(last.sentence)}, ${group.length} times.`)
  })
}

const BESIDE: [Command[], (count: number) => string][] = [
  [['claim'], (count) => (count === 1 ? 'claimed once' : `claimed ${count} times`)],
  [['release'], (count) => (count === 1 ? 'released once' : `released ${count} times`)],
  [['assign'], (count) => (count === 1 ? 'assigned once' : `assigned ${count} times`)],
  [['snooze'], (count) => (count === 1 ? 'put away or brought back once' : `put away or brought back ${count} times`)],
  [['mark'], (count) => (count === 1 ? 'its claims marked once' : `its claims marked ${count} times`)],
  [['comment'], (count) => (count === 1 ? 'commented on once' : `commented on ${count} times`)],
]

/** The work beside what moved it, as one sentence: how often, and by whom. */
function besideLine(events: readonly EventView[]): AccountLine[] {
  const first = events[0]
  if (first === undefined) return []
  const told = events.filter(({ isHidden }) => !isHidden)
  const counted = BESIDE.flatMap(([commands, words]) => {
    const count = told.filter(({ command }) => commands.includes(command)).length
    return count === 0 ? [] : [words(count)]
  })
  const people = [...new Set(told.map(({ by }) => by.name))]
  const hidden = events.length - told.length
  const list = new Intl.ListFormat('en')
  const who = people.length > 4 ? `${people.length} people` : list.format(people)
  const text = counted.length === 0 ? '' : `Beside that it was ${list.format(counted)}, by ${who}.`
  const untold =
    hidden === 0
      ? ''
      : `${text === '' ? '' : ' '}What ${hidden === 1 ? 'one event of a blind round says' : `${hidden} events of a blind round say`} is told when it is over.`
  if (text === '' && untold === '') return []
  return [{ text: `${text}${untold}`, seq: (told[0] ?? first).seq, at: (told[0] ?? first).at, note: null }]
}

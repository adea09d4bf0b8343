/** What a person fills in for calls that wait, what is wrong with it, and what is sent. Pure. */
import { fieldsOf } from '@/components/schema-form/fields'
import { checkFields, type FieldError } from '@/components/schema-form/values'
import type { GiveCommand, JobView, Problem, ToolCallView } from '@/lib/jobs/view'

export type Choice = 'allow' | 'edit' | 'deny'

/** One answer as it was filled in. Kept while the page refreshes and after a lost race. */
export type CallDraft = { choice: Choice | null; edited: Record<string, unknown> | null; reason: string }
export type Drafts = Readonly<Record<string, CallDraft>>

/** All that a person has filled in for one job: the answer to each call, and the note that goes with them. */
export type Answers = { drafts: Drafts; note: string }

export const NO_ANSWERS: Answers = { drafts: {}, note: '' }

/** What is wrong with one answer. Pointers of `arguments` start with `pointerOf` of the call. */
export type AnswerErrors = { choice?: string; reason?: string; arguments?: FieldError[] }

const EMPTY: CallDraft = { choice: null, edited: null, reason: '' }

export function draftOf(drafts: Drafts, call: Pick<ToolCallView, 'id'>): CallDraft {
  return drafts[call.id] ?? EMPTY
}

/** The calls that wait for a person now, in order; none where no round of that kind is open. */
export function waitingCalls(job: Pick<JobView, 'reviews' | 'calls'>): ToolCallView[] {
  const round = job.reviews.findLast(({ closedAt }) => closedAt === null)
  if (round?.kind !== 'permission') return []
  return job.calls.filter((call) => call.state === 'waiting' && call.round === round.number)
}

/** Calls of the same tool that were made in an earlier attempt with other arguments, the newest first. */
export function madeOtherwise(calls: readonly ToolCallView[], call: ToolCallView): ToolCallView[] {
  return calls
    .filter((made) => made.sentAt !== null && made.attempt < call.attempt && made.name === call.name)
    .filter((made) => made.kind === call.kind && made.serverLabel === call.serverLabel)
    .filter((made) => !call.madeBefore.some(({ attempt, at }) => attempt === made.attempt && at === made.sentAt))
    .reverse()
}

/** The JSON pointer of a call's edited arguments among the fields of the page. */
export function pointerOf(call: Pick<ToolCallView, 'id'>): string {
  return `/answers/${call.id}`
}

/** The arguments of a call as the fields of a form; null where they are no object. */
export function fieldsIn(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

/** True where there is a form in which the arguments can be edited: the provider makes MCP calls with its own copy. */
export function isEditable({ kind, parameters, arguments: asked }: ToolCallView): boolean {
  return kind === 'function' && parameters !== null && fieldsIn(asked) !== null && fieldsOf(parameters).length > 0
}

/** The arguments that a call leaves with under this draft. */
export function leavingArguments(call: ToolCallView, draft: CallDraft): unknown {
  const asked = fieldsIn(call.arguments)
  if (draft.choice !== 'edit' || draft.edited === null || asked === null) return call.arguments
  const { edited } = draft
  // In the model's order, so that what was changed and changed back is what it was.
  const kept = Object.keys(asked).filter((name) => Object.hasOwn(edited, name))
  const names = [...kept, ...Object.keys(edited).filter((name) => !Object.hasOwn(asked, name))]
  return Object.fromEntries(names.map((name) => [name, edited[name]]))
}

/** Which fields a person changed, with what the model asked for and what is to leave, as JSON. */
export function changesOf(call: ToolCallView, draft: CallDraft): { title: string; asked: string; leaves: string }[] {
  const asked = fieldsIn(call.arguments) ?? {}
  const leaves = fieldsIn(leavingArguments(call, draft)) ?? {}
  const titles = new Map(fieldsOf(call.parameters ?? {}).map(({ name, title }) => [name, title]))
  return [...new Set([...Object.keys(asked), ...Object.keys(leaves)])].flatMap((name) => {
    const words = [asked[name], leaves[name]].map((value) => JSON.stringify(value) ?? 'left out')
    const [before = '', after = ''] = words
    return before === after ? [] : [{ title: titles.get(name) ?? name, asked: before, leaves: after }]
  })
}

/** True where the person changed something: the same written anew is the same. */
export function isChanged(call: ToolCallView, draft: CallDraft): boolean {
  return draft.choice === 'edit' && JSON.stringify(leavingArguments(call, draft)) !== JSON.stringify(call.arguments)
}

/** What keeps the answers from being sent, by call; empty where nothing does. The server checks again. */
export function answerErrors(calls: readonly ToolCallView[], drafts: Drafts): Record<string, AnswerErrors> {
  const errors: Record<string, AnswerErrors> = {}
  for (const call of calls) {
    const draft = draftOf(drafts, call)
    if (draft.choice === null) errors[call.id] = { choice: 'Choose what becomes of this call.' }
    if (draft.choice === 'deny' && draft.reason.trim() === '') {
      errors[call.id] = { reason: 'Give a reason: it goes back to the model.' }
    }
    if (draft.choice === 'edit') {
      const value = fieldsIn(leavingArguments(call, draft)) ?? {}
      const found = checkFields(fieldsOf(call.parameters ?? {}, pointerOf(call)), value)
      if (found.length > 0) errors[call.id] = { arguments: found }
    }
  }
  return errors
}

/** What is sent: each answer is bound to the arguments that were on the screen. */
export function askOfAnswers(
  calls: readonly ToolCallView[],
  drafts: Drafts,
  { note, version }: { note: string; version: number },
): GiveCommand {
  const answers = calls.map((call) => {
    const draft = draftOf(drafts, call)
    return {
      callId: call.id,
      allow: draft.choice !== 'deny',
      argumentsHash: call.argumentsHash,
      ...(isChanged(call, draft) ? { arguments: leavingArguments(call, draft) } : {}),
      ...(draft.choice === 'deny' ? { reason: draft.reason.trim() } : {}),
    }
  })
  return {
    command: 'answer',
    expectedVersion: version,
    ...(note.trim() === '' ? {} : { note: note.trim() }),
    params: { answers },
  }
}

/** The parts of a refusal that belong to one call's field, by the pointers that the server sends. */
export function refusedAnswers(problem: Problem, calls: readonly ToolCallView[]): Record<string, AnswerErrors> {
  const errors: Record<string, AnswerErrors> = {}
  for (const { pointer, detail } of problem.errors ?? []) {
    const [, index, part, rest] = /^\/params\/answers\/(\d+)\/(\w+)(.*)$/.exec(pointer) ?? []
    const call = calls[Number(index)]
    if (call === undefined) continue
    const found = errors[call.id] ?? {}
    if (part === 'arguments') {
      const error = { pointer: `${pointerOf(call)}${rest}`, detail }
      errors[call.id] = { ...found, arguments: [...(found.arguments ?? []), error] }
    } else errors[call.id] = part === 'reason' ? { ...found, reason: detail } : { ...found, choice: detail }
  }
  return errors
}

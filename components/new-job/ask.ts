/** From what was typed to what is asked of the server, and from its answer back to the fields. Pure. */
import { escapePointer, fieldsOf, initialValue } from '@/components/schema-form/fields'
import { checkFields, type FieldError } from '@/components/schema-form/values'
import type { CreateJob, Problem, WorkflowItem } from '@/lib/jobs/view'
import { inputTooLong } from '@/lib/workflows/request'
import type { Draft } from './draft'
import { listed, type ReadyUpload, ready, refused, type Upload, unfinished } from './uploads'

/** What stands in a form: the draft, its documents, and the workflow that is chosen. */
export type Filled = { draft: Draft; uploads: readonly Upload[]; workflow: WorkflowItem | null; isSandbox: boolean }

export const inputOf = ({ draft, workflow }: Pick<Filled, 'draft' | 'workflow'>): Record<string, unknown> =>
  workflow === null ? {} : (draft.inputs[workflow.key] ?? initialValue(workflow.inputSchema))

/** The body of the asking. The same form gives the same bytes, by which the server knows a second sending. */
export function askOf(filled: Filled): CreateJob {
  const { draft, uploads, workflow, isSandbox } = filled
  const { title, reference, dueAt, rehearsal } = draft
  const seconds = secondsOf(rehearsal.seconds)
  const rehearses = isSandbox && rehearsal.behaviour !== 'none'
  // Rehearsed "as usual" is a rehearsal only of how long it takes.
  const asked = rehearses || (isSandbox && seconds !== null)
  return {
    workflow: workflow?.key ?? '',
    input: inputOf(filled),
    documentIds: ready(uploads).map(({ state }) => state.document.id),
    ...(title.trim() === '' ? {} : { title: title.trim() }),
    ...(reference.trim() === '' ? {} : { reference: reference.trim() }),
    ...(dueAt === '' ? {} : { dueAt: new Date(dueAt).toISOString() }),
    ...(asked ? { rehearsal: rehearsalOf(rehearsal, seconds) } : {}),
  }
}

function rehearsalOf({ behaviour, attempts }: Draft['rehearsal'], seconds: number | null): CreateJob['rehearsal'] {
  return {
    behaviour,
    ...(seconds === null ? {} : { seconds }),
    ...(attempts === undefined ? {} : { attempts }),
  }
}

/** The longest that the sandbox takes when it is asked to. */
const MAX_SECONDS = 3600
const MAX_TITLE = 300
const MAX_REFERENCE = 200

/** What was typed as a number of seconds; null where nothing was. Not a number, or out of range: NaN. */
function secondsOf(typed: string): number | null {
  if (typed.trim() === '') return null
  const seconds = Number(typed)
  return seconds >= 0 && seconds <= MAX_SECONDS ? seconds : Number.NaN
}

/**
 * What stops this form from being sent, each with the JSON pointer of its place; the most telling first. Documents are
 * pointed at by `/documents/` and the key of their upload, since positions shift.
 * @param now milliseconds since 1970
 */
export function checkAsk(filled: Filled, now: number): FieldError[] {
  const { draft, uploads, workflow, isSandbox } = filled
  if (workflow === null) return [{ pointer: '/workflow', detail: 'Choose a workflow.' }, ...checkPaste(draft)]
  return [
    ...checkFields(fieldsOf(workflow.inputSchema, '/input'), inputOf(filled)),
    ...checkPaste(draft),
    ...checkDocuments(uploads, workflow),
    ...checkLength(filled, workflow),
    ...checkDetails(draft, now),
    ...(isSandbox && Number.isNaN(secondsOf(draft.rehearsal.seconds) ?? 0)
      ? [{ pointer: '/rehearsal/seconds', detail: `The seconds must be a number from 0 to ${MAX_SECONDS}.` }]
      : []),
  ]
}

function checkPaste({ paste }: Draft): FieldError[] {
  if (!paste.open || paste.text.trim() === '') return []
  return [{ pointer: '/paste', detail: 'The pasted text is not a document yet. Add it, or close it.' }]
}

function checkDocuments(uploads: readonly Upload[], workflow: WorkflowItem): FieldError[] {
  const errors = refused(uploads).map(({ key, name, state }) => ({
    pointer: `/documents/${key}`,
    detail:
      state.is === 'refused' && state.again
        ? `${name} was not added. Try again, or remove it from the list.`
        : `${name} cannot be used. Remove it from the list.`,
  }))
  const coming = unfinished(uploads)
  if (coming.length > 0) {
    const names = listed(coming.map(({ name }) => name))
    return [
      ...errors,
      {
        pointer: '/documents',
        detail: `Wait until ${names} ${coming.length === 1 ? 'is' : 'are'} uploaded, or cancel.`,
      },
    ]
  }
  const count = ready(uploads).length
  const { min, max } = workflow.documents
  if (count > max) {
    const detail = `${workflow.name} takes at most ${max} document${max === 1 ? '' : 's'}; there are ${count}.`
    return [...errors, { pointer: '/documents', detail }]
  }
  // Where one was refused, that is what must be seen to first.
  if (count >= min || errors.length > 0) return errors
  return [{ pointer: '/documents', detail: min === 1 ? 'Add a document.' : `Add at least ${min} documents.` }]
}

/** By the server's own rule, so that it is refused here with the same words. */
function checkLength(filled: Filled, workflow: WorkflowItem): FieldError[] {
  const detail = inputTooLong(workflow, inputOf(filled), documentsOf(filled.uploads))
  return detail === null ? [] : [{ pointer: '/documents', detail }]
}

const documentsOf = (uploads: readonly Upload[]) => ready(uploads).map(({ state }) => state.document)

function checkDetails({ title, reference, dueAt }: Draft, now: number): FieldError[] {
  const errors: FieldError[] = []
  if (title.trim().length > MAX_TITLE) {
    errors.push({ pointer: '/title', detail: `The title takes at most ${MAX_TITLE} characters.` })
  }
  if (reference.trim().length > MAX_REFERENCE) {
    errors.push({ pointer: '/reference', detail: `The reference takes at most ${MAX_REFERENCE} characters.` })
  }
  if (dueAt !== '' && !(Date.parse(dueAt) > now)) {
    errors.push({ pointer: '/dueAt', detail: 'The due time has passed already. Choose a later one.' })
  }
  return errors
}

export type Total = { characters: number; limit: number /** Of the limit, 0 to 1 and beyond. */; part: number }

/** How much of what the workflow takes is used, in UTF-16 units, counted as the server counts. */
export function totalOf(filled: Filled, workflow: WorkflowItem): Total {
  const own = JSON.stringify(inputOf(filled)).length
  const characters = documentsOf(filled.uploads).reduce((sum, document) => sum + document.characters, own)
  return { characters, limit: workflow.maxInputCharacters, part: characters / workflow.maxInputCharacters }
}

/**
 * The errors of a problem, where the form has their places: a document's position becomes its key. A problem without
 * errors of its own gives none.
 * @param sent the documents as they were sent
 */
export function placedErrors(problem: Problem, sent: readonly Pick<ReadyUpload, 'key'>[]): FieldError[] {
  return (problem.errors ?? []).map(({ pointer, detail }) => {
    const position = /^\/documentIds\/(\d+)/.exec(pointer)?.[1]
    const key = position === undefined ? undefined : sent[Number(position)]?.key
    if (key !== undefined) return { pointer: `/documents/${key}`, detail }
    return { pointer: pointer.startsWith('/documentIds') ? '/documents' : pointer, detail }
  })
}

/** `errors` without those of the places that have been changed since. */
export function withoutErrorsAt(errors: readonly FieldError[], pointers: readonly string[]): FieldError[] {
  return errors.filter(
    (error) => !pointers.some((pointer) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`)),
  )
}

/** The pointers of the fields in which two inputs differ. */
export function changedFields(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => before[name] !== after[name]).map((name) => `/input/${escapePointer(name)}`)
}

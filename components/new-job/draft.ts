/** What was typed into the form, as it is kept through a reload. Pure. */
import { isRecord } from '@/components/schema-form/fields'
import type { DocumentView } from '@/lib/jobs/view'
import { type Behaviour, behaviours, type RehearsedAttempts, rehearsedAttempts } from '@/lib/provider/rehearsal'
import { listed, ready, type Upload } from './uploads'

export type Draft = {
  workflow: string | null
  /** By workflow, so that looking at another one loses nothing. */
  inputs: Readonly<Record<string, Record<string, unknown>>>
  title: string
  reference: string
  /** As `<input type="datetime-local">` has it, in the reader's own zone; empty for none. */
  dueAt: string
  rehearsal: {
    behaviour: Behaviour
    /** As typed. */
    seconds: string
    /** Absent: as the behaviour has it. */
    attempts?: RehearsedAttempts
  }
  /** Text on its way to become a document. */
  paste: { open: boolean; name: string; text: string }
  /** Names this asking: sent twice, it makes one job. */
  submissionKey: string
}

export function emptyDraft(submissionKey: string, workflow: string | null = null): Draft {
  return {
    workflow,
    inputs: {},
    title: '',
    reference: '',
    dueAt: '',
    rehearsal: { behaviour: 'none', seconds: '' },
    paste: { open: false, name: '', text: '' },
    submissionKey,
  }
}

/** Whether there is anything in it that somebody would miss. */
export function holdsSomething(draft: Draft, uploads: readonly Upload[]): boolean {
  const { inputs, title, reference, dueAt, rehearsal, paste } = draft
  const typed = [title, reference, dueAt, paste.text, rehearsal.seconds].some((text) => text !== '')
  const asked = Object.values(inputs).some((input) => Object.values(input).some((value) => value !== false))
  return typed || asked || rehearsal.behaviour !== 'none' || uploads.length > 0
}

/** Shapes that are no longer read are dropped: the number says which shape it is. */
const SHAPE = 1

/** As text for the browser's session storage. A file itself cannot be kept: of those not uploaded only the name is. */
export function writeDraft(draft: Draft, uploads: readonly Upload[]): string {
  const documents = ready(uploads).map(({ state }) => state.document)
  const lost = uploads.filter(({ state }) => state.is !== 'ready').map(({ name }) => name)
  return JSON.stringify({ shape: SHAPE, draft, documents, lost })
}

export type Restored = { draft: Draft; uploads: Upload[] /** About what could not be kept. */; notes: string[] }

/**
 * What `writeDraft` wrote; null for anything else, also for a damaged one: a form is never worth an error.
 * @param newKey gives a new key for each document
 */
export function readDraft(text: string | null, newKey: () => string): Restored | null {
  const kept = parsed(text)
  if (!isRecord(kept) || kept.shape !== SHAPE || !isDraft(kept.draft)) return null
  const documents = Array.isArray(kept.documents) ? kept.documents.filter(isDocument) : []
  const lost = Array.isArray(kept.lost) ? kept.lost.filter((name) => typeof name === 'string') : []
  return {
    draft: kept.draft,
    uploads: documents.map((document) => ({
      key: newKey(),
      name: document.name,
      size: document.size,
      state: { is: 'ready', document },
    })),
    notes:
      lost.length === 0
        ? []
        : [`The page was left before ${listed(lost)} could be added. Add ${lost.length === 1 ? 'it' : 'them'} again.`],
  }
}

function parsed(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    // Written by something else, or cut off.
    return null
  }
}

function isDraft(value: unknown): value is Draft {
  if (!isRecord(value) || !isRecord(value.inputs) || !isRecord(value.rehearsal) || !isRecord(value.paste)) return false
  const texts = [
    value.title,
    value.reference,
    value.dueAt,
    value.submissionKey,
    value.rehearsal.seconds,
    value.paste.name,
    value.paste.text,
  ]
  return (
    texts.every((text) => typeof text === 'string') &&
    (value.workflow === null || typeof value.workflow === 'string') &&
    Object.values(value.inputs).every(isRecord) &&
    typeof value.paste.open === 'boolean' &&
    behaviours.includes(value.rehearsal.behaviour as Behaviour) &&
    [undefined, ...rehearsedAttempts].includes(value.rehearsal.attempts as RehearsedAttempts | undefined)
  )
}

function isDocument(value: unknown): value is DocumentView {
  if (!isRecord(value)) return false
  const { id, name, size, characters } = value
  return (
    typeof id === 'string' && typeof name === 'string' && typeof size === 'number' && typeof characters === 'number'
  )
}

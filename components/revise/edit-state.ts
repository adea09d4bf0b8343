/** An edit of a result: field by field, or as text. Pure. */
import { editedText, formLoss } from '@/lib/compare/edited-text'

/** `form`: the value, edited field by field. `raw`: the text itself. */
export type EditState = { mode: 'form'; value: unknown } | { mode: 'raw'; text: string }

/** How an edit of `original` begins: as a form where nothing would be lost by it. */
export function beginEdit(original: string): EditState {
  return formLoss(original) === null ? { mode: 'form', value: JSON.parse(original) } : { mode: 'raw', text: original }
}

/** What an edit was before it was interrupted, from the text that was kept of it. */
export function resumeEdit(kept: string, original: string): EditState {
  // Written in the form it reads as the form writes it; anything else was written as text.
  const isFromForm = formLoss(kept) === null && editedText(JSON.parse(kept)) === kept
  return isFromForm && formLoss(original) === null
    ? { mode: 'form', value: JSON.parse(kept) }
    : { mode: 'raw', text: kept }
}

/** The text that the edit makes of `original`; null where it says the same, in the same order. */
export function resultOf(edit: EditState, original: string): string | null {
  const before = laidOut(original)
  const text = edit.mode === 'form' ? editedText(edit.value) : edit.text
  return text === before || text === original ? null : text
}

/** The same edit as text, laid out as it will be kept. */
export function asText(edit: EditState): EditState {
  return edit.mode === 'raw' ? edit : { mode: 'raw', text: editedText(edit.value) }
}

/** The same edit as a form; itself where its text is none that a form can hold. */
export function asForm(edit: EditState): EditState {
  if (edit.mode === 'form' || formLoss(edit.text) !== null) return edit
  return { mode: 'form', value: JSON.parse(edit.text) }
}

/** A text as the form lays it out, for comparing; as it is where a form would lose something of it. */
export function laidOut(text: string): string {
  return formLoss(text) === null ? editedText(JSON.parse(text)) : text
}

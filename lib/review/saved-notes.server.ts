/** Notes that a person keeps to use again. Each is only its person's. */
import type { Tx } from '@/lib/store/db.server'
import { LONGEST_NOTE, LONGEST_TITLE, MOST_NOTES, type SavedNoteView } from './saved-note-view'

/** A note cannot be kept so. The message is a sentence for its person. */
export class NoteRefused extends Error {
  override name = 'NoteRefused'
  constructor(
    readonly code: 'words' | 'full' | 'unknown',
    message: string,
  ) {
    super(message)
  }
}

/** The notes of `userId`, by title. */
export async function listNotes(tx: Tx, userId: string): Promise<SavedNoteView[]> {
  const notes = await tx.savedNote.findMany({ where: { userId }, orderBy: [{ title: 'asc' }, { id: 'asc' }] })
  return notes.map(({ id, title, text }) => ({ id, title, text }))
}

/** Keeps a note. Without a title it has its first words. @throws {NoteRefused} */
export async function addNote(tx: Tx, userId: string, note: { title: string; text: string }): Promise<SavedNoteView> {
  const words = checked(note)
  if ((await tx.savedNote.count({ where: { userId } })) >= MOST_NOTES) {
    throw new NoteRefused('full', `You keep ${MOST_NOTES} notes already. Remove one first, under Settings, Notices.`)
  }
  const { id, title, text } = await tx.savedNote.create({ data: { userId, ...words } })
  return { id, title, text }
}

/** @throws {NoteRefused} */
export async function editNote(
  tx: Tx,
  userId: string,
  id: string,
  note: { title: string; text: string },
  now = new Date(),
): Promise<void> {
  const { count } = await tx.savedNote.updateMany({ where: { id, userId }, data: { ...checked(note), updatedAt: now } })
  if (count === 0) throw new NoteRefused('unknown', 'This note was removed meanwhile.')
}

/** Removes a note of this person. One that is gone already is no error. */
export async function removeNote(tx: Tx, userId: string, id: string): Promise<void> {
  await tx.savedNote.deleteMany({ where: { id, userId } })
}

function checked(note: { title: string; text: string }): { title: string; text: string } {
  // What no text column can hold.
  const text = note.text.toWellFormed().replaceAll('\0', '').trim()
  if (text === '') throw new NoteRefused('words', 'Write the note first.')
  if (text.length > LONGEST_NOTE) {
    throw new NoteRefused('words', `A note has at most ${LONGEST_NOTE.toLocaleString('en')} characters.`)
  }
  const title = note.title.toWellFormed().replaceAll('\0', '').replace(/\s+/g, ' ').trim() || firstWords(text)
  if (title.length > LONGEST_TITLE) throw new NoteRefused('words', `A title has at most ${LONGEST_TITLE} characters.`)
  return { title, text }
}

function firstWords(text: string): string {
  const [line = ''] = text.split('\n')
  return line.length <= 60 ? line : `${line.slice(0, 59).toWellFormed()}…`
}

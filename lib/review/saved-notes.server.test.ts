import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { MOST_NOTES } from './saved-note-view'
import { addNote, editNote, listNotes, removeNote } from './saved-notes.server'

test('a person keeps, edits and removes their own notes, and nobody else’s', async () => {
  await using database = await testDatabase()
  const { db } = database
  const note = await addNote(db, 'ada', { title: '', text: 'Cite the page.\nAnd the line.' })
  expect(await listNotes(db, 'ada')).toEqual([{ ...note, title: 'Cite the page.' }])
  expect(await listNotes(db, 'rob')).toEqual([])
  await expect(editNote(db, 'rob', note.id, { title: 'Mine', text: 'now' })).rejects.toMatchObject({ code: 'unknown' })
  await removeNote(db, 'rob', note.id)
  await editNote(db, 'ada', note.id, { title: 'Pages', text: 'Cite\0 it.' })
  expect(await listNotes(db, 'ada')).toEqual([{ id: note.id, title: 'Pages', text: 'Cite it.' }])
  await removeNote(db, 'ada', note.id)
  expect(await listNotes(db, 'ada')).toEqual([])
})

test('an empty note, one that is too long and one too many are refused', async () => {
  await using database = await testDatabase()
  const { db } = database
  await expect(addNote(db, 'ada', { title: 'x', text: '  ' })).rejects.toMatchObject({ code: 'words' })
  await expect(addNote(db, 'ada', { title: 'x', text: 'y'.repeat(5_001) })).rejects.toMatchObject({ code: 'words' })
  await db.savedNote.createMany({
    data: Array.from({ length: MOST_NOTES }, (_, index) => ({ userId: 'ada', title: `${index}`, text: 'x' })),
  })
  await expect(addNote(db, 'ada', { title: 'x', text: 'y' })).rejects.toMatchObject({ code: 'full' })
})

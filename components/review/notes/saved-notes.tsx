'use client'
import { BookmarkPlus, NotebookText } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import type { Outcome } from '@/lib/access/outcome'
import type { SavedNoteView } from '@/lib/review/saved-note-view'

export type SavedNotesProps = {
  /** What stands in the field beside it. */
  value: string
  /** Puts words into that field: all of it is replaced. */
  onInsert: (text: string) => void
  /** The notes of the person at the page. Read when the menu is opened. */
  read: () => Promise<SavedNoteView[]>
  keep: (note: { title: string; text: string }) => Promise<Outcome<SavedNoteView | null>>
}

/** A menu that puts a kept note into the field beside it, and keeps what stands there to use it again. */
export function SavedNotes({ value, onInsert, read, keep }: SavedNotesProps) {
  const [notes, setNotes] = useState<SavedNoteView[] | 'reading' | 'failed'>('reading')
  const [isKeeping, setKeeping] = useState(false)
  const toast = useToast()

  function onOpenChange(open: boolean) {
    if (!open) return
    read().then(setNotes, () => setNotes('failed'))
  }

  async function keepThis() {
    setKeeping(true)
    try {
      const outcome = await keep({ title: '', text: value })
      toast({ title: outcome.message, tone: outcome.ok ? 'success' : 'danger' })
    } catch {
      toast({ title: 'The note was not kept. Try again.', tone: 'danger' })
    } finally {
      setKeeping(false)
    }
  }

  return (
    <div className="flex flex-wrap gap-1">
      <Menu
        onOpenChange={onOpenChange}
        trigger={
          <Button size="sm" variant="ghost">
            <NotebookText aria-hidden />
            Insert a note
          </Button>
        }
      >
        {notes === 'reading' && <MenuItem disabled>Your notes are being read…</MenuItem>}
        {notes === 'failed' && <MenuItem disabled>Your notes could not be read. Open this again.</MenuItem>}
        {Array.isArray(notes) && notes.length === 0 && (
          <MenuItem disabled>You keep no notes yet. Write one and keep it.</MenuItem>
        )}
        {Array.isArray(notes) &&
          notes.map((note) => (
            <MenuItem key={note.id} onClick={() => onInsert(withNote(value, note.text))} className="max-w-80">
              <span className="min-w-0">
                <bdi className="block truncate">{note.title}</bdi>
                <bdi className="block truncate text-sm text-muted">{note.text}</bdi>
              </span>
            </MenuItem>
          ))}
        <MenuSeparator />
        <MenuItem disabled={value.trim() === '' || isKeeping} onClick={() => void keepThis()}>
          <BookmarkPlus aria-hidden />
          Keep this note
        </MenuItem>
      </Menu>
    </div>
  )
}

/** What stands in a field, with a note behind it on a line of its own. */
export function withNote(value: string, note: string): string {
  return value.trim() === '' ? note : `${value.trimEnd()}\n${note}`
}

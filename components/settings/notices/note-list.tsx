'use client'
import { Plus } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import { Confirm } from '@/components/settings/confirm'
import { useOutcome } from '@/components/settings/use-outcome'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Textarea } from '@/components/ui/textarea'
import type { Outcome } from '@/lib/access/outcome'
import { LONGEST_NOTE, LONGEST_TITLE, type SavedNoteView } from '@/lib/review/saved-note-view'

type Words = { title: string; text: string }

/** The notes that a person keeps to use again at the desk. */
export function NoteList(props: {
  notes: readonly SavedNoteView[]
  add: (note: Words) => Promise<Outcome<SavedNoteView | null>>
  change: (id: string, note: Words) => Promise<Outcome>
  remove: (id: string) => Promise<Outcome>
}) {
  const { notes, add, change, remove } = props
  const addNote = async (note: Words): Promise<Outcome> => {
    const outcome = await add(note)
    return outcome.ok ? { ...outcome, done: null } : outcome
  }
  return (
    <Panel aria-labelledby="notes">
      <PanelHeader
        id="notes"
        title="My notes"
        hint="Words that you use again and again. Only you see them."
        actions={
          <NoteDialog
            title="New note"
            button="Keep it"
            save={addNote}
            trigger={
              <Button size="sm">
                <Plus aria-hidden />
                New note
              </Button>
            }
          />
        }
      />
      {notes.length === 0 ? (
        <EmptyState title="No notes yet" hint="Keep one here, or with “Keep this note” where you write one." />
      ) : (
        <ul className="divide-y divide-line">
          {notes.map((note) => (
            <li key={note.id} className="flex flex-wrap items-start gap-x-3 gap-y-1 px-4 py-2.5">
              <div className="min-w-0 flex-1 basis-56">
                <p className="font-medium wrap-anywhere">
                  <bdi>{note.title}</bdi>
                </p>
                <p className="line-clamp-2 text-sm wrap-anywhere whitespace-pre-line text-muted">
                  <bdi>{note.text}</bdi>
                </p>
              </div>
              <div className="flex gap-1">
                <NoteDialog
                  title="Edit the note"
                  button="Save"
                  note={note}
                  save={(words) => change(note.id, words)}
                  trigger={
                    <Button size="sm" variant="ghost">
                      Edit<span className="sr-only"> {note.title}</span>
                    </Button>
                  }
                />
                <Confirm
                  trigger={
                    <Button size="sm" variant="ghost">
                      Remove<span className="sr-only"> {note.title}</span>
                    </Button>
                  }
                  title="Remove this note?"
                  consequence={`“${note.title}” is gone for good. Where you used it before, its words stay.`}
                  button="Remove"
                  pendingButton="Removing…"
                  action={() => remove(note.id)}
                />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

type NoteDialogProps = {
  title: string
  button: string
  note?: Words
  save: (note: Words) => Promise<Outcome>
}

function NoteDialog({ trigger, ...form }: NoteDialogProps & { trigger: ReactElement }) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen} title={form.title} trigger={trigger}>
      {open && <NoteForm {...form} close={() => setOpen(false)} />}
    </Dialog>
  )
}

function NoteForm({ button, note, save, close }: NoteDialogProps & { close: () => void }) {
  const [words, setWords] = useState<Words>({ title: note?.title ?? '', text: note?.text ?? '' })
  const { pending, run } = useOutcome()
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        run(() => save(words), close)
      }}
    >
      <Field label="Title" name="title" optional hint="What you find it by. Empty: its first words.">
        <Input
          value={words.title}
          maxLength={LONGEST_TITLE}
          onChange={(event) => setWords({ ...words, title: event.target.value })}
        />
      </Field>
      <Field label="Note" name="text">
        <Textarea
          value={words.text}
          required
          maxLength={LONGEST_NOTE}
          rows={5}
          onChange={(event) => setWords({ ...words, text: event.target.value })}
        />
      </Field>
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button type="submit" variant="primary" pending={pending} pendingLabel="Saving…">
          {button}
        </Button>
      </div>
    </form>
  )
}

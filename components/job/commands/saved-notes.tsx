'use client'
import { useQuery } from '@tanstack/react-query'
import { NotebookPen } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem } from '@/components/ui/menu'
import { deskOptions } from '../queries'

/** What this person keeps to write again; nothing where they keep nothing. */
export function SavedNotes({ jobId, onUse }: { jobId: string; onUse: (text: string) => void }) {
  const { data } = useQuery(deskOptions(jobId))
  const notes = data?.notes ?? []
  if (notes.length === 0) return null
  return (
    <Menu
      trigger={
        <Button size="sm" variant="ghost" className="w-fit">
          <NotebookPen aria-hidden />
          Use a saved note
        </Button>
      }
    >
      {notes.map(({ id, title, text }) => (
        <MenuItem key={id} onClick={() => onUse(text)}>
          <bdi>{title}</bdi>
        </MenuItem>
      ))}
    </Menu>
  )
}

/** What was typed, with a saved note after it in a paragraph of its own. */
export function withNote(typed: string, note: string): string {
  return typed.trim() === '' ? note : `${typed.trimEnd()}\n\n${note}`
}

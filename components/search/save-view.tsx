'use client'
import { Bookmark } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import type { SearchQuery } from '@/lib/search/query'
import type { SavedView } from '@/lib/views/view'
import { useViewOutcome } from './use-view-outcome'
import type { ViewActions } from './view-actions'
import { ViewDialog } from './view-dialog'

export type SaveViewProps = {
  query: SearchQuery
  /** The view that was opened; null: none was. */
  opened: SavedView | null
  actions: ViewActions
  onSaved: (id: string) => void
}

/** Keeps the search on the page: under a new name, or in place of what the opened view had. */
export function SaveView({ query, opened, actions, onSaved }: SaveViewProps) {
  const [open, setOpen] = useState(false)
  const { pending, run } = useViewOutcome()
  const hasChanged = opened !== null && (opened.filter !== query.q || opened.sort !== query.sort)
  const { q: filter, sort } = query
  return (
    <>
      {opened?.mayChange && hasChanged && (
        <Button
          pending={pending}
          pendingLabel="Saving…"
          onClick={() =>
            run(() => actions.change(opened.id, { name: opened.name, shared: opened.shared, filter, sort }))
          }
        >
          Save to “{opened.name}”
        </Button>
      )}
      {(opened === null || hasChanged) && (
        <Button onClick={() => setOpen(true)}>
          <Bookmark aria-hidden />
          {opened === null ? 'Save view…' : 'Save as another view…'}
        </Button>
      )}
      <ViewDialog
        open={open}
        onOpenChange={setOpen}
        title="Save view"
        button="Save"
        initial={{ name: '', shared: false }}
        pending={pending}
        onSave={(words) =>
          run(
            () => actions.save({ ...words, filter, sort }),
            (id) => {
              setOpen(false)
              onSaved(id)
            },
          )
        }
      />
    </>
  )
}

'use client'
import { Bookmark, Ellipsis, Pencil, Pin, PinOff, Trash2, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { AlertDialog, AlertDialogClose } from '@/components/ui/alert-dialog'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { IconButton } from '@/components/ui/icon-button'
import { Menu, MenuItem } from '@/components/ui/menu'
import type { SavedView } from '@/lib/views/view'
import { useViewOutcome } from './use-view-outcome'
import type { ViewActions } from './view-actions'
import { ViewDialog } from './view-dialog'
import { viewHref } from './view-href'

/** Every view that one may open: one's own and those that are shared. */
export function ViewList({ views, actions }: { views: readonly SavedView[]; actions: ViewActions }) {
  return (
    <section aria-labelledby="saved-views">
      <h2 id="saved-views" className="pb-2 text-base font-semibold">
        Saved views
      </h2>
      <div className="rounded-md border border-line bg-surface">
        {views.length === 0 ? (
          <EmptyState
            level={3}
            icon={Bookmark}
            title="No views yet"
            hint="Write a search, then save it as a view. Pinned views stand in the side bar, with how many jobs they have."
            className="py-8"
          />
        ) : (
          <ul>
            {views.map((view) => (
              <ViewRow key={view.id} view={view} actions={actions} />
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

function ViewRow({ view, actions }: { view: SavedView; actions: ViewActions }) {
  const { id, name, filter, sort, shared, owner, mayChange, pinned, problem } = view
  const [asking, setAsking] = useState<'rename' | 'remove' | null>(null)
  const { pending, run } = useViewOutcome()
  const close = () => setAsking(null)
  return (
    <li className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-3 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <Link href={viewHref(view)} className="truncate font-medium hover:underline">
            {name}
          </Link>
          {shared && <Badge tone="outline">shared{mayChange ? '' : ` by ${owner.name}`}</Badge>}
        </p>
        <p className="truncate font-mono text-xs text-muted" title={filter}>
          {filter}
        </p>
        {problem !== null && (
          <p className="flex gap-1 pt-0.5 text-xs text-attention-ink">
            <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
            {problem}
          </p>
        )}
      </div>
      <IconButton
        label={pinned ? `Take “${name}” from the side bar` : `Pin “${name}” to the side bar`}
        aria-pressed={pinned}
        disabled={pending}
        onClick={() => run(() => actions.pin(id, !pinned))}
      >
        {pinned ? <PinOff aria-hidden /> : <Pin aria-hidden />}
      </IconButton>
      {mayChange && (
        <Menu
          align="end"
          trigger={
            <IconButton label={`More to do with “${name}”`}>
              <Ellipsis aria-hidden />
            </IconButton>
          }
        >
          <MenuItem onClick={() => setAsking('rename')}>
            <Pencil aria-hidden />
            Rename or share…
          </MenuItem>
          <MenuItem danger onClick={() => setAsking('remove')}>
            <Trash2 aria-hidden />
            Remove…
          </MenuItem>
        </Menu>
      )}
      <ViewDialog
        key={`${name} ${shared}`}
        open={asking === 'rename'}
        onOpenChange={(open) => !open && close()}
        title="Rename or share"
        button="Save"
        initial={{ name, shared }}
        pending={pending}
        onSave={(words) => run(() => actions.change(id, { ...words, filter, sort }), close)}
      />
      <AlertDialog
        open={asking === 'remove'}
        onOpenChange={(open) => !open && close()}
        title={`Remove “${name}”?`}
        description={shared ? 'It is gone for everybody. No job is changed.' : 'No job is changed.'}
        footer={
          <>
            <AlertDialogClose render={<Button />}>Keep</AlertDialogClose>
            <Button
              variant="danger"
              pending={pending}
              pendingLabel="Removing…"
              onClick={() => run(() => actions.remove(id), close)}
            >
              Remove
            </Button>
          </>
        }
      />
    </li>
  )
}

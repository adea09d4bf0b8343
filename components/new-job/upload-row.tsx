'use client'
import { FileText, OctagonX, RotateCcw, X } from 'lucide-react'
import { pointerAttribute } from '@/components/schema-form/focus-field'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { Progress } from '@/components/ui/progress'
import { fileSize, type Upload, type UploadState } from './uploads'

const count = new Intl.NumberFormat('en')

/** One document of the form: what is known of it, how far it has come, or why it cannot be used. */
export function UploadRow(props: {
  upload: Upload
  error: string | null
  disabled: boolean
  onRetry: () => void
  onRemove: () => void
}) {
  const { upload, error, disabled, onRetry, onRemove } = props
  const { key, name, size, state } = upload
  const wrong = state.is === 'refused' ? state.detail : error
  const isDone = state.is === 'ready' || state.is === 'refused'
  const Icon = wrong ? OctagonX : FileText
  return (
    <li
      {...{ [pointerAttribute]: `/documents/${key}` }}
      className="grid min-h-10 grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-2.5 border-t border-line py-1.5 pr-2 pl-4 first:border-t-0"
    >
      <Icon aria-hidden className={cn('size-4', wrong ? 'text-danger' : 'text-faint')} />
      <div className="flex min-w-0 flex-wrap items-baseline gap-x-3">
        <span title={name} dir="auto" className="max-w-full min-w-0 truncate">
          {name}
        </span>
        {!wrong && <span className="text-sm whitespace-nowrap text-muted">{wordsOf(state, size)}</span>}
      </div>
      <div className="flex items-center gap-1">
        {state.is === 'refused' && state.again && (
          <Button size="sm" variant="ghost" disabled={disabled} onClick={onRetry}>
            <RotateCcw aria-hidden />
            Try again<span className="sr-only"> with {name}</span>
          </Button>
        )}
        <IconButton
          size="sm"
          side="left"
          label={isDone ? `Remove ${name}` : `Cancel the upload of ${name}`}
          disabled={disabled}
          onClick={onRemove}
        >
          <X aria-hidden />
        </IconButton>
      </div>
      {(state.is === 'sending' || state.is === 'reading') && (
        <Progress
          label={`Upload of ${name}`}
          value={state.is === 'sending' ? state.sent : null}
          max={Math.max(1, size)}
          className="col-span-2 col-start-2 pr-1"
        />
      )}
      {wrong && <p className="col-span-2 col-start-2 pb-1 text-sm wrap-anywhere text-danger-ink">{wrong}</p>}
    </li>
  )
}

function wordsOf(state: UploadState, size: number): string {
  switch (state.is) {
    case 'waiting':
      return `${fileSize(size)}, waits for its turn`
    case 'sending':
      return `${fileSize(Math.min(state.sent, size))} of ${fileSize(size)} sent`
    case 'reading':
      return `${fileSize(size)} sent, its text is being read`
    case 'ready': {
      const { pages, characters } = state.document
      const parts = [fileSize(size), `${count.format(characters)} characters`]
      if (pages !== null) parts.splice(1, 0, `${count.format(pages)} ${pages === 1 ? 'page' : 'pages'}`)
      return parts.join(' · ')
    }
    case 'refused':
      return ''
  }
}

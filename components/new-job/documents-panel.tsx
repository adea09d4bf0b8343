'use client'
import { ClipboardPaste, FilePlus2 } from 'lucide-react'
import { useId, useRef } from 'react'
import { pointerAttribute } from '@/components/schema-form/focus-field'
import { errorAt, type FieldError } from '@/components/schema-form/values'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Panel, PanelHeader } from '@/components/ui/panel'
import type { WorkflowItem } from '@/lib/jobs/view'
import type { Total } from './ask'
import type { Draft } from './draft'
import { PasteText } from './paste-text'
import { TotalMeter } from './total-meter'
import { UploadRow } from './upload-row'
import { MAX_DOCUMENTS, refused, textFileName } from './uploads'
import type { Uploads } from './use-uploads'

/** What the browser's file chooser offers. The server looks at the content, not at the name. */
const ACCEPT = '.txt,.md,.markdown,.csv,.json,.pdf,.docx'

/** The documents of the job: added by choosing, dropping or pasting, each sent on its own. */
export function DocumentsPanel(props: {
  uploads: Uploads
  workflow: WorkflowItem | null
  total: Total | null
  paste: Draft['paste']
  onPasteChange: (paste: Draft['paste']) => void
  errors: readonly FieldError[]
  disabled: boolean
}) {
  const { uploads, workflow, total, paste, onPasteChange, errors, disabled } = props
  const id = useId()
  const chooser = useRef<HTMLInputElement>(null)
  const listError = errors.filter((error) => error.pointer === '/documents').map((error) => error.detail)
  const { list, notes } = uploads
  const unusable = refused(list).filter(({ state }) => state.is === 'refused' && !state.again)

  function addText() {
    const name = textFileName(paste.name, list)
    uploads.add([new File([paste.text], name, { type: 'text/plain' })])
    onPasteChange({ open: false, name: '', text: '' })
  }

  return (
    <Panel aria-labelledby={`${id}-title`} {...{ [pointerAttribute]: '/documents' }}>
      <PanelHeader
        id={`${id}-title`}
        // On a phone the buttons go beneath the title before they would cover it.
        className="*:first:basis-44"
        title={
          <>
            Documents
            {list.length > 0 && (
              <span className="ml-2 font-normal text-muted">
                {list.length} of at most {workflow?.documents.max ?? MAX_DOCUMENTS}
              </span>
            )}
          </>
        }
        actions={
          <>
            <Button size="sm" disabled={disabled} onClick={() => chooser.current?.click()}>
              <FilePlus2 aria-hidden />
              Choose files
            </Button>
            <Button size="sm" disabled={disabled || paste.open} onClick={() => onPasteChange({ ...paste, open: true })}>
              <ClipboardPaste aria-hidden />
              Paste text
            </Button>
          </>
        }
      />
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        aria-label="Choose files"
        onChange={(event) => {
          uploads.add(Array.from(event.target.files ?? []))
          // So that the same file can be chosen again once it was mended.
          event.target.value = ''
        }}
      />
      {paste.open && (
        <PasteText
          paste={paste}
          onChange={onPasteChange}
          onAdd={addText}
          fallbackName={textFileName('', list)}
          error={errorAt(errors, '/paste')}
          disabled={disabled}
        />
      )}
      {list.length === 0 ? (
        <div className="px-4 py-8 text-center">
          <p className="font-medium pointer-coarse:hidden">Drop files anywhere on this page</p>
          <p className="mx-auto max-w-md pt-0.5 text-sm text-balance text-muted">
            <span className="pointer-coarse:hidden">or choose or paste them. </span>Text, Markdown, CSV, JSON, PDF and
            Word (.docx), up to 20 MB each. Scanned pages without text cannot be read.
          </p>
        </div>
      ) : (
        <ul aria-label="Documents of this job">
          {list.map((upload) => (
            <UploadRow
              key={upload.key}
              upload={upload}
              error={errorAt(errors, `/documents/${upload.key}`)}
              disabled={disabled}
              onRetry={() => uploads.retry(upload.key)}
              onRemove={() => uploads.removeAll([upload.key])}
            />
          ))}
        </ul>
      )}
      {notes.length > 0 && (
        <div className="border-t border-line p-3">
          <Callout>
            {notes.map((note) => (
              <p key={note}>{note}</p>
            ))}
          </Callout>
        </div>
      )}
      {unusable.length > 1 && (
        <div className="border-t border-line px-3 py-1.5">
          <Button
            size="sm"
            variant="ghost"
            disabled={disabled}
            onClick={() => uploads.removeAll(unusable.map(({ key }) => key))}
          >
            Remove the {unusable.length} that cannot be used
          </Button>
        </div>
      )}
      {total !== null && list.length > 0 && (
        <p className="border-t border-line px-4 py-2 text-sm lg:hidden">
          <TotalMeter total={total} />
        </p>
      )}
      {listError.length > 0 && (
        <p className="border-t border-line px-4 py-2 text-sm wrap-anywhere text-danger-ink">{listError.join(' ')}</p>
      )}
    </Panel>
  )
}

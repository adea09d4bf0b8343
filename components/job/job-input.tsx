'use client'
import { ExternalLink, FileText } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { JsonView } from '@/components/ui/json-view'
import type { JobView } from '@/lib/jobs/view'
import { behaviourTexts, expectationOf } from '@/lib/sandbox/behaviours'
import { DocumentReader } from './document-reader'
import { fieldsOf } from './input-fields'
import { LongText } from './long-text'
import { sizeOf } from './size-words'

/** What was asked: the fields as the form had them, the documents, and what reviewers added. */
export function JobInput({ job }: { job: JobView }) {
  return (
    <div className="flex max-w-4xl flex-col gap-6">
      <section aria-labelledby="input-fields">
        <h2 id="input-fields" className="text-sm font-medium text-muted">
          Fields
        </h2>
        <dl>
          {fieldsOf(job.inputSchema, job.input).map((field) => (
            <div key={field.name} className="border-b border-line py-2 last:border-b-0">
              <dt className="text-sm text-muted">{field.title}</dt>
              <dd className="max-w-[75ch]">
                {field.text === '' ? (
                  <span className="text-faint">left empty</span>
                ) : typeof field.value === 'object' ? (
                  <JsonView value={field.value} />
                ) : (
                  <LongText text={field.text} className="text-read" />
                )}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {job.guidance !== null && (
        <section aria-labelledby="guidance">
          <h2 id="guidance" className="text-sm font-medium text-muted">
            Guidance for the newest attempt
          </h2>
          <LongText text={job.guidance} className="mt-1 max-w-[75ch] text-read" />
        </section>
      )}
      <Documents documents={job.documents} />
      {job.rehearsal !== null && job.rehearsal.behaviour !== 'none' && (
        <section aria-labelledby="rehearsal">
          <h2 id="rehearsal" className="text-sm font-medium text-muted">
            Rehearsal
          </h2>
          <p className="mt-1 max-w-[75ch]">
            The sandbox was asked: {behaviourTexts[job.rehearsal.behaviour].label}.{' '}
            <span className="text-muted">{expectationOf(job.rehearsal.behaviour, job.rehearsal.attempts)}</span>
          </p>
        </section>
      )}
    </div>
  )
}

function Documents({ documents }: { documents: JobView['documents'] }) {
  const [open, setOpen] = useState<JobView['documents'][number] | null>(null)
  return (
    <section aria-labelledby="documents">
      <h2 id="documents" className="text-sm font-medium text-muted">
        Documents <span className="font-normal text-faint">{documents.length}</span>
      </h2>
      {documents.length === 0 && <p className="mt-1 text-muted">None were given.</p>}
      <ul className="mt-1">
        {documents.map((document) => (
          <li
            key={document.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2 last:border-b-0"
          >
            <FileText aria-hidden className="size-4 shrink-0 text-faint" />
            <div className="min-w-0 flex-1 basis-48">
              <p className="wrap-anywhere">
                <bdi>{document.name}</bdi>
              </p>
              <p className="text-sm text-muted">
                {document.pages !== null && document.pages > 1 && `${document.pages.toLocaleString('en')} pages, `}
                {document.characters.toLocaleString('en')} characters, {sizeOf(document.size)}
              </p>
            </div>
            <Button size="sm" onClick={() => setOpen(document)} aria-label={`Read ${document.name}`}>
              Read
            </Button>
            <a
              href={`/api/v1/documents/${document.id}/file`}
              target="_blank"
              rel="noopener"
              className="link inline-flex min-h-6 items-center gap-1 text-sm"
              aria-label={`Open the original of ${document.name}`}
            >
              Original <ExternalLink aria-hidden className="size-3.5" />
            </a>
          </li>
        ))}
      </ul>
      <Dialog
        open={open !== null}
        onOpenChange={() => setOpen(null)}
        title={<bdi>{open?.name}</bdi>}
        description="The text as the model was given it."
        className="sm:w-[min(50rem,calc(100vw-2rem))]"
      >
        {open !== null && <DocumentReader id={open.id} />}
      </Dialog>
    </section>
  )
}

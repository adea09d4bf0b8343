'use client'
import { useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { Skeleton } from '@/components/ui/skeleton'
import type { JobView } from '@/lib/jobs/view'
import { DocumentUnread } from '../document-unread'
import { documentTextOptions } from '../queries'
import { Difference } from './difference-view'
import { DocumentPages } from './document-pages'
import type { CitationView } from './evidence-pane'

export type CitedDocumentProps = {
  citation: CitationView
  /** All of the claim: those in the same document are marked too. */
  citations: readonly CitationView[]
  documents: JobView['documents']
  /** A marked passage was pressed. */
  onPick?: (citation: CitationView) => void
}

/** The document that a citation names, at the very span. */
export function CitedDocument({ citation, citations, documents, onPick }: CitedDocumentProps) {
  const id = citation.documentId ?? ''
  const { data, error, refetch, isFetching } = useQuery({ ...documentTextOptions(id), enabled: id !== '' })
  const document = documents.find((one) => one.id === id)
  if (error !== null && data === undefined) {
    return <DocumentUnread error={error} pending={isFetching} retry={() => void refetch()} />
  }
  if (data === undefined) {
    return (
      <div role="status" className="flex flex-col gap-2 rounded-md border border-line bg-surface p-4">
        <span className="sr-only">Reading the document</span>
        <Skeleton className="w-11/12" />
        <Skeleton className="w-full" />
        <Skeleton className="w-3/4" />
      </div>
    )
  }
  const marks = citations.flatMap((one, index) =>
    one.documentId === id && one.page !== null && one.start !== null && one.end !== null
      ? [{ id: index, page: one.page, start: one.start, end: one.end }]
      : [],
  )
  const page = data.pages.find((one) => one.page === citation.page)
  const passage = page?.text.slice(citation.start ?? 0, citation.end ?? 0) ?? ''
  return (
    <>
      {citation.found === 'differs' && <Difference quote={citation.quote} passage={passage} />}
      <DocumentPages
        pages={data.pages}
        marks={marks}
        active={citations.indexOf(citation)}
        name={data.name}
        onPick={
          onPick &&
          ((id) => {
            const picked = citations[id]
            if (picked !== undefined) onPick(picked)
          })
        }
      />
      {document !== undefined && (
        <p className="shrink-0 text-sm">
          <a
            href={`/api/v1/documents/${id}/file`}
            className="link inline-flex items-center gap-1"
            target="_blank"
            rel="noopener"
          >
            Open the original <ExternalLink aria-hidden className="size-3.5" />
          </a>
        </p>
      )}
    </>
  )
}

'use client'
import { useQuery } from '@tanstack/react-query'
import { Skeleton } from '@/components/ui/skeleton'
import { DocumentUnread } from './document-unread'
import { documentTextOptions } from './queries'
import { DocumentPages } from './result/document-pages'

const NONE: [] = []

/** The whole text of a document. */
export function DocumentReader({ id }: { id: string }) {
  const { data, error, refetch, isFetching } = useQuery(documentTextOptions(id))
  if (data !== undefined) {
    return <DocumentPages pages={data.pages} marks={NONE} active={null} name={data.name} className="h-[60dvh]" />
  }
  if (error === null) {
    return (
      <div role="status" className="h-[60dvh] rounded-md border border-line p-4">
        <span className="sr-only">Reading the document</span>
        <Skeleton className="w-11/12" />
      </div>
    )
  }
  return <DocumentUnread error={error} pending={isFetching} retry={() => void refetch()} />
}

import type { DocumentView } from '@/lib/jobs/view'

/** What the API and the pages show of a document. */
export function documentView({ id, name, mediaType, size, pages, characters }: DocumentView): DocumentView {
  return { id, name, mediaType, size, pages, characters }
}

/** Extracted fields as a table, with what carries them. Pure. */
import { csvOf } from '@/lib/export/csv'
import type { JobView } from '@/lib/jobs/view'
import { type Fields, supportOf } from './result-shapes'

const HEADER = ['Field', 'Value', 'Note', 'Evidence', 'Sources', 'Quotes']

/** One row a field, in their order. Several sources of one field stand in one cell, a line each. */
export function fieldsCsv(fields: Fields, claims: JobView['evidence']): string {
  const byPath = new Map(claims.map((claim) => [claim.path, claim]))
  return csvOf(
    HEADER,
    fields.map(({ path, name, value, note }) => {
      const claim = byPath.get(path)
      const citations = claim?.citations ?? []
      const sources = citations.map(({ documentName, page }) =>
        page === null ? documentName : `${documentName}, page ${page}`,
      )
      return [
        name,
        value,
        note,
        claim === undefined ? null : supportOf(claim).words,
        sources.join('\n'),
        citations.map(({ quote }) => quote).join('\n'),
      ]
    }),
  )
}

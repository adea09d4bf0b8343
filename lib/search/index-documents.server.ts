/** The words of documents: read once, however many jobs have the same text. */
import type { DocumentPage } from '@/lib/evidence/types'
import { readText } from '@/lib/store/blobs.server'
import type { Db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { documentVectors } from './words'

/** Reads the texts under these hashes and keeps their words. What was erased meanwhile is left out. */
export async function indexDocuments(db: Db, hashes: readonly string[]): Promise<void> {
  for (const sha256 of hashes) {
    const text = await readText(db, sha256)
    if (text === null) continue
    const { vectors, cut } = documentVectors(textOf(text))
    await db.$transaction(async (tx) => {
      // Not erased before this has ended: what erases it must find what is kept of it.
      const there = await tx.$queryRaw<unknown[]>`SELECT 1 FROM holdpoint_hold_blobs(${[sha256]}::text[])`
      if (there.length === 0) return
      // A document without a word has one part all the same: it need not be read again.
      for (const [part, vector] of (vectors.length === 0 ? [''] : vectors).entries()) {
        await tx.$executeRaw`
          INSERT INTO search_document (text_sha256, part, words, cut) VALUES (${sha256}, ${part}::int, ${vector}::tsvector, ${cut})
          ON CONFLICT DO NOTHING`
      }
    })
  }
}

/** The pages of a document's stored text, one after another. */
export function textOf(stored: string): string {
  const { pages } = JSON.parse(stored) as { pages: DocumentPage[] }
  return sanitiseText(pages.map(({ text }) => text).join('\n'))
}

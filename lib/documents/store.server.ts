/** Documents as they are kept: the bytes as uploaded, and the text that the model is given and quotes are looked up in. */
import type { Actor } from '@/lib/access/actor'
import { readScope } from '@/lib/access/can'
import type { DocumentPage, DocumentText } from '@/lib/evidence/types'
import type { Document } from '@/lib/generated/prisma/client'
import { putBlob, putText, readBlob, readText } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { cleanName, type Extracted } from './extracted'

export type NewDocument = {
  name: string
  bytes: Uint8Array
  extracted: Omit<Extracted, 'mediaType'> & { mediaType: string }
  /** A person's id, or `key:` and the id of a service key. */
  uploadedBy: string | null
}

/** Stores a document with its text. It belongs to no job yet. */
export async function saveDocument(tx: Tx, { name, bytes, extracted, uploadedBy }: NewDocument): Promise<Document> {
  const pages = extracted.pages.map(({ page, text }) => ({ page, text: sanitiseText(text) }))
  return tx.document.create({
    data: {
      name: cleanName(name),
      mediaType: extracted.mediaType,
      size: bytes.byteLength,
      sha256: await putBlob(tx, bytes),
      textSha256: await putText(tx, JSON.stringify({ pages })),
      // Only PDF has pages of its own; other text stands on one long page.
      pages: extracted.mediaType === 'application/pdf' ? pages.length : null,
      characters: extracted.characters,
      uploadedBy,
    },
  })
}

/** The documents of a job with their text, in the job's order. Those whose text was erased have no pages. */
export async function documentTexts(tx: Tx, jobId: string): Promise<DocumentText[]> {
  const rows = await tx.jobDocument.findMany({
    where: { jobId },
    orderBy: { position: 'asc' },
    include: { document: true },
  })
  const texts: DocumentText[] = []
  for (const { document } of rows) {
    texts.push({ id: document.id, name: document.name, pages: (await documentPages(tx, document)) ?? [] })
  }
  return texts
}

/** The text of a document by page; null where it was erased. */
export async function documentPages(tx: Tx, document: Pick<Document, 'textSha256'>): Promise<DocumentPage[] | null> {
  const text = await readText(tx, document.textSha256)
  return text === null ? null : (JSON.parse(text) as { pages: DocumentPage[] }).pages
}

/** The bytes of a document as uploaded; null where they were erased. */
export async function documentBytes(tx: Tx, document: Pick<Document, 'sha256'>): Promise<Uint8Array | null> {
  return readBlob(tx, document.sha256)
}

/** Who a document belongs to until a job has it. */
export function uploaderOf(actor: Actor): string {
  return actor.userId ?? `key:${actor.apiKeyId}`
}

/** Whether `actor` uploaded this document, or may read a job that uses it. False where there is no such document. */
export async function mayReadDocument(tx: Tx, actor: Actor, id: string): Promise<boolean> {
  const document = await tx.document.findFirst({
    where: { id, OR: [{ uploadedBy: uploaderOf(actor) }, { jobs: { some: { job: readScope(actor) } } }] },
    select: { id: true },
  })
  return document !== null
}

/** Takes one file from the body of a request. */
import type { Document } from '@/lib/generated/prisma/client'
import type { Db } from '@/lib/store/db.server'
import { extractText, tooLarge } from './extract.server'
import { cleanName, MAX_FILE_BYTES } from './extracted'
import { saveDocument } from './store.server'

/**
 * Reads the body, its text, and stores both. The file's name is the query's `name`.
 * @param uploadedBy see `uploaderOf`.
 * @throws {DocumentError} when the file cannot be used; nothing was stored.
 */
export async function receiveUpload(db: Db, request: Request, uploadedBy: string): Promise<Document> {
  const name = cleanName(new URL(request.url).searchParams.get('name') ?? '')
  const bytes = await readBody(request, name)
  const extracted = await extractText(name, bytes)
  // Twenty rows of 1 MiB over a slow line to the database take longer than other transactions may.
  return db.$transaction((tx) => saveDocument(tx, { name, bytes, extracted, uploadedBy }), { timeout: 60_000 })
}

/** The whole body, or an error as soon as it is over the limit: what it says of its own length may lie. */
async function readBody(request: Request, name: string): Promise<Uint8Array> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > MAX_FILE_BYTES) throw tooLarge(name)
  const chunks: Uint8Array[] = []
  let size = 0
  if (request.body !== null) {
    // Leaving the loop cancels the stream.
    for await (const chunk of request.body) {
      size += chunk.byteLength
      if (size > MAX_FILE_BYTES) throw tooLarge(name)
      chunks.push(chunk)
    }
  }
  return Buffer.concat(chunks, size)
}

/** Reads the sample documents that ship with the project. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { extractText } from '@/lib/documents/extract.server'
import { saveDocument } from '@/lib/documents/store.server'
import type { Document } from '@/lib/generated/prisma/client'
import type { Db } from '@/lib/store/db.server'
import type { SampleJob } from './samples'

/** The bytes of a sample file. The working folder is the project's. */
export async function readSample(name: string): Promise<Uint8Array> {
  return readFile(path.join(process.cwd(), 'public', 'samples', name))
}

/**
 * Stores the documents of a sample as uploads of `uploadedBy` (see `uploaderOf`), in the sample's order: their ids go
 * into the job's `documentIds`.
 */
export async function saveSampleDocuments(db: Db, sample: SampleJob, uploadedBy: string): Promise<Document[]> {
  const documents: Document[] = []
  for (const name of sample.files) {
    const bytes = await readSample(name)
    const extracted = await extractText(name, bytes)
    documents.push(await db.$transaction((tx) => saveDocument(tx, { name, bytes, extracted, uploadedBy })))
  }
  return documents
}

/** Reads the sample documents that ship with the project. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Actor } from '@/lib/access/actor'
import { extractText } from '@/lib/documents/extract.server'
import { saveDocument, uploaderOf } from '@/lib/documents/store.server'
import type { CreateJob } from '@/lib/jobs/view'
import type { Db } from '@/lib/store/db.server'
import { NotFound } from '@/lib/store/errors'
import { samples } from './samples'

/** The bytes of a sample file. The working folder is the project's. */
export async function readSample(name: string): Promise<Uint8Array> {
  return readFile(path.join(process.cwd(), 'public', 'samples', name))
}

/**
 * What to ask for to start the sample job `key`. Its documents are stored as uploads of `actor`, in the sample's order.
 * @throws {NotFound} where there is no such sample.
 */
export async function loadSample(db: Db, actor: Actor, key: string): Promise<CreateJob> {
  const sample = samples.find((candidate) => candidate.key === key)
  if (sample === undefined) throw new NotFound('There is no such sample. Reload the page and choose another.')
  const { workflow, title, input, files } = sample
  const documentIds: string[] = []
  for (const name of files) {
    const bytes = await readSample(name)
    const extracted = await extractText(name, bytes)
    const uploadedBy = uploaderOf(actor)
    const document = await db.$transaction((tx) => saveDocument(tx, { name, bytes, extracted, uploadedBy }))
    documentIds.push(document.id)
  }
  return { workflow, title, input, documentIds }
}

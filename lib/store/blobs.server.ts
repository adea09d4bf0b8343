/** Bytes by their hash: payloads, prompts, documents, notes. In chunks, so that many hosts can share large ones. */
import { createHash } from 'node:crypto'
import type { Tx } from './db.server'

/** 1 MiB: small enough that one row is no burden on the connection, large enough that 20 MB is 20 rows. */
const CHUNK_BYTES = 1024 * 1024

/** What is stored under a hash is not what was put there. Never expected: the disk or somebody's hand changed it. */
export class BlobMismatch extends Error {
  override name = 'BlobMismatch'
  constructor(
    readonly sha256: string,
    readonly actual: string,
  ) {
    super(`The stored bytes of ${sha256} are damaged: their SHA-256 is ${actual}.`)
  }
}

/** SHA-256 as lower-case hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Stores `bytes` and returns their SHA-256 (lower-case hex). The same bytes are stored once, however often and from
 * however many hosts at the same time they are put; one that was erased comes back.
 */
export async function putBlob(tx: Tx, bytes: Uint8Array): Promise<string> {
  const sha256 = sha256Hex(bytes)
  if (bytes.byteLength > 0 && bytes.byteLength <= AT_ONCE_BYTES) {
    const isNew = await putNew(tx, sha256, bytes)
    if (isNew) return sha256
  }
  const chunkCount = Math.ceil(bytes.byteLength / CHUNK_BYTES)
  // ON CONFLICT DO NOTHING: where another transaction is putting the same bytes, this waits for it to end.
  const { count } = await tx.blob.createMany({ data: [{ sha256, size: bytes.byteLength }], skipDuplicates: true })
  if (count === 0) {
    const { erasedAt } = await tx.blob.findUniqueOrThrow({ where: { sha256 } })
    if (erasedAt !== null) await tx.blob.update({ where: { sha256 }, data: { erasedAt: null } })
    // Already whole: the usual case of a document used again, not worth sending 20 MB for.
    if ((await tx.blobChunk.count({ where: { sha256 } })) === chunkCount) return sha256
  }
  for (let position = 0; position < chunkCount; position++) {
    const chunk = Uint8Array.from(bytes.subarray(position * CHUNK_BYTES, (position + 1) * CHUNK_BYTES))
    await tx.blobChunk.createMany({ data: [{ sha256, position, bytes: chunk }], skipDuplicates: true })
  }
  return sha256
}

/** Bytes that are sent along before it is known whether they are there already. */
const AT_ONCE_BYTES = 64 * 1024

/** Stores a blob of one chunk by one statement. False where it was there before: then nothing was changed. */
async function putNew(tx: Tx, sha256: string, bytes: Uint8Array): Promise<boolean> {
  const rows = await tx.$executeRaw`
    WITH put AS (
      INSERT INTO blob (sha256, size) VALUES (${sha256}, ${bytes.byteLength}) ON CONFLICT DO NOTHING RETURNING sha256)
    INSERT INTO blob_chunk (sha256, position, bytes) SELECT sha256, 0, ${Uint8Array.from(bytes)}::bytea FROM put`
  return rows > 0
}

/** As `putBlob`, of the UTF-8 bytes of `text`. */
export async function putText(tx: Tx, text: string): Promise<string> {
  return putBlob(tx, new TextEncoder().encode(text))
}

/**
 * The bytes put under `sha256`, or null where they were erased or never stored.
 * @throws {BlobMismatch} when what is stored has another hash.
 */
export async function readBlob(tx: Tx, sha256: string): Promise<Uint8Array | null> {
  const rows = await tx.$queryRaw<{ erased: boolean; bytes: Uint8Array | null }[]>`
    SELECT b.erased_at IS NOT NULL AS erased, c.bytes FROM blob b LEFT JOIN blob_chunk c ON c.sha256 = b.sha256
     WHERE b.sha256 = ${sha256} ORDER BY c.position`
  if (rows[0] === undefined || rows[0].erased) return null
  const chunks = rows.flatMap((row) => row.bytes ?? [])
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  const actual = sha256Hex(bytes)
  if (actual !== sha256) throw new BlobMismatch(sha256, actual)
  return bytes
}

/** As `readBlob`, as UTF-8 text. Bytes that are not UTF-8 become U+FFFD. */
export async function readText(tx: Tx, sha256: string): Promise<string | null> {
  const bytes = await readBlob(tx, sha256)
  return bytes === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

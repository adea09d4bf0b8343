import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { BlobMismatch, putBlob, putText, readBlob, readText, sha256Hex } from './blobs.server'

test('bytes come back as they were put, whatever they are and however many', async () => {
  await using database = await testDatabase()
  const { db } = database
  for (const bytes of [new Uint8Array(), Uint8Array.of(0, 255, 0), randomBytes(2 * 1024 * 1024 + 7)]) {
    const sha256 = await db.$transaction((tx) => putBlob(tx, bytes))
    expect(sha256).toBe(sha256Hex(bytes))
    expect(Buffer.from((await readBlob(db, sha256)) ?? []).equals(Buffer.from(bytes))).toBe(true)
  }
  expect(await db.blobChunk.count()).toBe(4)
})

test('twenty megabytes are stored and read within one transaction', async () => {
  await using database = await testDatabase()
  const bytes = randomBytes(20 * 1024 * 1024)
  const sha256 = await database.db.$transaction((tx) => putBlob(tx, bytes))
  expect(sha256Hex((await readBlob(database.db, sha256)) ?? new Uint8Array())).toBe(sha256)
})

test('the same bytes put by many at once are stored once', async () => {
  await using database = await testDatabase()
  const { db } = database
  const bytes = randomBytes(1024 * 1024 + 1)
  const hashes = await Promise.all(Array.from({ length: 8 }, () => db.$transaction((tx) => putBlob(tx, bytes))))
  expect(new Set(hashes).size).toBe(1)
  expect(await db.blob.count()).toBe(1)
  expect(await db.blobChunk.count()).toBe(2)
})

test('text keeps its byte-order mark and its NUL', async () => {
  await using database = await testDatabase()
  const sha256 = await putText(database.db, '\uFEFFa\u0000b')
  expect(await readText(database.db, sha256)).toBe('\uFEFFa\u0000b')
})

test('what was never stored is null', async () => {
  await using database = await testDatabase()
  expect(await readBlob(database.db, 'f'.repeat(64))).toBeNull()
})

test('an erased blob is null', async () => {
  await using database = await testDatabase()
  const sha256 = await putText(database.db, 'secret')
  await database.ownerPool.query('UPDATE blob SET erased_at = now() WHERE sha256 = $1', [sha256])
  expect(await readText(database.db, sha256)).toBeNull()
})

test('damaged bytes are an error, never an answer', async () => {
  await using database = await testDatabase()
  const sha256 = await putText(database.db, 'the truth')
  await database.ownerPool.query("UPDATE blob_chunk SET bytes = 'a lie' WHERE sha256 = $1", [sha256])
  await expect(readBlob(database.db, sha256)).rejects.toBeInstanceOf(BlobMismatch)
  await database.ownerPool.query('DELETE FROM blob_chunk WHERE sha256 = $1', [sha256])
  await expect(readBlob(database.db, sha256)).rejects.toBeInstanceOf(BlobMismatch)
})

test('a blob without its chunks is made whole by the next put', async () => {
  await using database = await testDatabase()
  const sha256 = await putText(database.db, 'whole')
  await database.ownerPool.query('DELETE FROM blob_chunk WHERE sha256 = $1', [sha256])
  await putText(database.db, 'whole')
  expect(await readText(database.db, sha256)).toBe('whole')
})

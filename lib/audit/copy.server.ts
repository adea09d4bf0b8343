/** Writes anchors down outside the database, a JSON line each: whoever rewrites the one would have to rewrite the other. */
import { promises as fs } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { alone } from '@/lib/store/alone.server'
import type { Db } from '@/lib/store/db.server'
import type { CopiedAnchor } from './check-anchors'
import { parseCopies } from './check-anchors'
import { publicKeys } from './keys.server'
import { type Query, queryOfTx } from './query.server'
import { type AnchorRow, nextAnchors } from './read-store.server'

export const COPY_NAME = 'anchors.jsonl'

const AT_ONCE = 200
/** Far more than the last line has. */
const TAIL_BYTES = 16_384

/** An anchor as a line. */
export function copyLine({ number, body, hash, signature }: AnchorRow, publicKey: string): string {
  return `${JSON.stringify({ number, body, hash, signature, publicKey } satisfies CopiedAnchor)}\n`
}

/**
 * Appends to the file in `folder` what it does not have yet. Nothing that stands there is ever changed: where it does not
 * fit what the database has, nothing is written, and it is said on the audit page. One process at a time.
 */
export async function copyAnchors(db: Db, folder: string, now: () => Date): Promise<void> {
  const place = { host: os.hostname(), path: path.resolve(folder, COPY_NAME) }
  await alone(db, `anchor-copy:${place.host}:${place.path}`, async (tx) => {
    const query = queryOfTx(tx)
    const { number, problem } = await append(query, place.path)
    const stood = await tx.anchorCopy.findUnique({ where: { host_path: place } })
    if (stood !== null && stood.number === number && stood.problem === problem && problem === null) return
    const row = { number, problem, at: now() }
    await tx.anchorCopy.upsert({ where: { host_path: place }, create: { ...place, ...row }, update: row })
  })
}

/** @returns up to which anchor it is written now, and what stands in the way; null: nothing. */
async function append(query: Query, file: string): Promise<{ number: number; problem: string | null }> {
  try {
    await fs.mkdir(path.dirname(file), { recursive: true })
    const handle = await fs.open(file, 'a+', 0o644)
    try {
      return await appendTo(query, handle)
    } finally {
      await handle.close()
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null
    if (code === null || !/^E[A-Z]+$/.test(code)) throw error
    return { number: 0, problem: `It cannot be written: ${code}.` }
  }
}

async function appendTo(query: Query, handle: fs.FileHandle): Promise<{ number: number; problem: string | null }> {
  const { last, isBroken } = await lastLine(handle)
  const number = last?.number ?? 0
  if (last !== null) {
    const [stands] = await nextAnchors(query, number - 1, 1)
    if (stands?.number !== number)
      return { number, problem: `The file has anchor ${number}, and the database has not.` }
    if (stands.hash !== last.hash) {
      return { number, problem: `Anchor ${number} of the file is not the one in the database.` }
    }
  }
  const keys = new Map((await publicKeys(query)).map(({ id, publicKey }) => [id, publicKey]))
  // The line that broke off stays as it is: after it comes the same anchor again, whole.
  if (isBroken) await handle.appendFile('\n')
  let written = number
  for (;;) {
    const anchors = await nextAnchors(query, written, AT_ONCE)
    if (anchors.length === 0) break
    await handle.appendFile(anchors.map((anchor) => copyLine(anchor, keys.get(anchor.keyId) ?? '')).join(''))
    await handle.sync()
    written = anchors.at(-1)?.number ?? written
  }
  return { number: written, problem: null }
}

/** The last whole line. `isBroken`: something stands behind it that never became one. */
async function lastLine(handle: fs.FileHandle): Promise<{ last: CopiedAnchor | null; isBroken: boolean }> {
  const { size } = await handle.stat()
  const length = Math.min(size, TAIL_BYTES)
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length)
  const text = buffer.toString('utf8')
  const lines = text.split('\n')
  const isBroken = lines.pop() !== ''
  const whole = lines.findLast((line) => parseCopies(line).copies.size === 1)
  const last = whole === undefined ? null : ([...parseCopies(whole).copies.values()][0] ?? null)
  return { last, isBroken }
}

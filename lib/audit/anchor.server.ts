/** Takes anchors: the heads of the jobs that changed, signed, in a chain of their own. */
import { alone } from '@/lib/store/alone.server'
import type { Db } from '@/lib/store/db.server'
import { type AnchorBody, anchorHash, FIRST, type Leaf, leafText, MOST_LEAVES, merkleRoot, signAnchor } from './formats'
import { rotateKey, signingKey } from './keys.server'
import { type Query, queryOfTx } from './query.server'

/** Under which name only one process at a time makes anchors or changes their key. */
const ALONE = 'anchor'

export type Taken = { number: number; leaves: number } | null

/**
 * One anchor over at most `MOST_LEAVES` of the jobs that wait; null where none does. In one transaction with `query`, and
 * only one process at a time.
 */
export async function takeAnchor(query: Query, now: Date): Promise<Taken> {
  // Rows that are not committed yet are not seen, and wait for the next anchor, whatever their number.
  const waiting = await query<{ job_id: string }>(
    `DELETE FROM anchor_pending WHERE id IN (SELECT id FROM anchor_pending ORDER BY id LIMIT $1::int) RETURNING job_id`,
    [MOST_LEAVES],
  )
  if (waiting.length === 0) return null
  const [last] = await query<{ number: number; hash: string }>(
    'SELECT number, hash FROM anchor ORDER BY number DESC LIMIT 1',
  )
  const number = (last?.number ?? 0) + 1
  const leaves = await addLeaves(query, number, [...new Set(waiting.map(({ job_id }) => job_id))])
  if (leaves.length === 0) return null
  const key = await signingKey(query, now)
  const root = merkleRoot(leaves.map(leafText))
  const previous = last?.hash ?? FIRST
  const body = JSON.stringify({
    v: 1,
    anchor: number,
    at: now.toISOString(),
    previous,
    root,
    leaves: leaves.length,
    key: key.id,
  } satisfies AnchorBody)
  await query(
    `INSERT INTO anchor (number, at, prev_hash, root, leaves, key_id, body, hash, signature)
     VALUES ($1::int, $2::timestamptz, $3, $4, $5::int, $6, $7, $8, $9)`,
    [number, now, previous, root, leaves.length, key.id, body, anchorHash(body), signAnchor(body, key.privateKey)],
  )
  return { number, leaves: leaves.length }
}

/**
 * A job that says nothing new since it was anchored last gets no leaf. Records are taken up as they are, also those that no
 * event explains: an anchor keeps what was there, and a verification says what is wrong with it. Left out they would be gone
 * from it, and a job that waits for its anchor for ever would hide more than it shows.
 * @returns them in the order of the tree.
 */
async function addLeaves(query: Query, anchor: number, jobIds: string[]): Promise<Leaf[]> {
  const leaves = await query<Leaf>(
    `INSERT INTO anchor_leaf (anchor, job_id, job_number, version, head_hash, records)
     SELECT $1::int, j.id, j.number, j.version, j.head_hash, coalesce(r.lines, '')
       FROM job j
       CROSS JOIN LATERAL (
         SELECT coalesce(max(l.version), 0) AS version, coalesce(string_agg(E'\\n' || l.records, ''), '') || E'\\n' AS records
           FROM anchor_leaf l WHERE l.job_id = j.id) before
       CROSS JOIN LATERAL (
         SELECT string_agg(n.name || ' ' || record_hash(n.job_id, n.name, n.text), E'\\n' ORDER BY n.name COLLATE "C") AS lines
           FROM job_record n WHERE n.job_id = j.id AND position(E'\\n' || n.name || ' ' IN before.records) = 0) r
      WHERE j.id = ANY ($2::uuid[]) AND (j.version > before.version OR r.lines IS NOT NULL)
     RETURNING job_id AS "jobId", job_number AS "jobNumber", version, head_hash AS "headHash", records`,
    [anchor, jobIds],
  )
  return inOrder(leaves)
}

/** The order of the leaves of a tree: by the id of the job, as text. */
export function inOrder<T extends { jobId: string }>(leaves: readonly T[]): T[] {
  return leaves.toSorted((one, other) => (one.jobId < other.jobId ? -1 : 1))
}

/**
 * Anchors whatever changed, as many anchors as that takes. Null where another process is at it.
 * @returns how many anchors it took.
 */
export async function anchorWhatChanged(db: Db, now: () => Date): Promise<number | null> {
  for (let taken = 0; ; taken += 1) {
    // Each in a transaction of its own: what one holds back is not more than one anchor's jobs.
    const one = await alone(db, ALONE, async (tx) => ({ taken: await takeAnchor(queryOfTx(tx), now()) }))
    if (one === null) return taken === 0 ? null : taken
    if (one.taken === null) return taken
  }
}

/** A new key signs from now on; the one before hands over. Null where another process makes an anchor right now. */
export function rotateAnchorKey(db: Db, now: Date): Promise<{ id: string; publicKey: string } | null> {
  return alone(db, ALONE, async (tx) => {
    const { id, publicKey } = await rotateKey(queryOfTx(tx), now)
    return { id, publicKey }
  })
}

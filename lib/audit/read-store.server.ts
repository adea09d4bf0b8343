/** What a verification reads of a store: page by page along indexes, so that its memory does not grow with the store. */
import { createHash } from 'node:crypto'
import type { AuditEvent, AuditJob, AuditRecord, AuditRow, BlobTrouble } from './check-job'
import type { AuditShown, ShownDecision, ShownDelivery, ShownMark } from './check-shown'
import type { Leaf, StoredAnchor } from './formats'
import type { Query } from './query.server'

const NIL = '00000000-0000-0000-0000-000000000000'

/** The next `count` ids after `after` that anything in the store knows a job by, in order. */
export async function nextJobIds(query: Query, after: string | null, count: number): Promise<string[]> {
  // A job whose row was removed is still known to its events and its anchors.
  const rows = await query<{ id: string }>(
    `SELECT id FROM (
       (SELECT id FROM job WHERE id > $1::uuid ORDER BY id LIMIT $2::int)
       UNION (SELECT job_id FROM event WHERE job_id > $1::uuid AND seq = 1 ORDER BY job_id LIMIT $2::int)
       UNION (SELECT DISTINCT job_id FROM anchor_leaf WHERE job_id > $1::uuid ORDER BY job_id LIMIT $2::int)) known
     ORDER BY id LIMIT $2::int`,
    [after ?? NIL, count],
  )
  return rows.map(({ id }) => id)
}

/** The ids under which a job with this number is known, by its row or by an anchor. */
export async function idsOfNumber(query: Query, number: number): Promise<string[]> {
  const rows = await query<{ id: string }>(
    'SELECT id FROM job WHERE number = $1::int UNION SELECT job_id FROM anchor_leaf WHERE job_number = $1::int',
    [number],
  )
  return rows.map(({ id }) => id)
}

/** These jobs, with everything that is checked of them. */
export async function readJobs(query: Query, ids: readonly string[]): Promise<AuditJob[]> {
  const jobs = await query<AuditRow & Pick<AuditShown, 'priority' | 'failureClass' | 'failureCode'> & { id: string }>(
    `SELECT id, number, state, version, head_hash AS "headHash", last_command AS "lastCommand", changed_at AS "changedAt",
            settled_at AS "settledAt", due_at AS "dueAt", fence, input_sha256 AS "inputSha256",
            guidance_sha256 AS "guidanceSha256", priority, failure_class AS "failureClass", failure_code AS "failureCode"
       FROM job WHERE id = ANY ($1::uuid[])`,
    [ids],
  )
  const events = await query<AuditEvent & { jobId: string }>(
    `SELECT job_id AS "jobId", seq, command, from_state AS "fromState", to_state AS "toState", actor_kind AS "actorKind",
            actor_id AS "actorId", transport, at, body, prev_hash AS "prevHash", hash
       FROM event WHERE job_id = ANY ($1::uuid[]) ORDER BY job_id, seq`,
    [ids],
  )
  const leaves = await query<Leaf & { anchor: number }>(
    `SELECT anchor, job_id AS "jobId", job_number AS "jobNumber", version, head_hash AS "headHash", records
       FROM anchor_leaf WHERE job_id = ANY ($1::uuid[]) ORDER BY job_id, anchor`,
    [ids],
  )
  const records = await query<AuditRecord & { jobId: string }>(
    `SELECT r.job_id AS "jobId", r.name, r.text, r.blobs
       FROM unnest($1::uuid[]) AS wanted (id) CROSS JOIN LATERAL (SELECT * FROM job_record WHERE job_id = wanted.id) r`,
    [ids],
  )
  const waiting = await query<{ id: string }>(
    'SELECT DISTINCT job_id AS id FROM anchor_pending WHERE job_id = ANY ($1::uuid[])',
    [ids],
  )
  const rows = new Map(jobs.map(({ id, ...row }) => [id, row]))
  const shown = await readShown(query, ids)
  const [eventsOf, leavesOf, recordsOf] = [byJob(events), byJob(leaves), byJob(records)]
  const isWaiting = new Set(waiting.map(({ id }) => id))
  return ids.map((id) => {
    const row = rows.get(id) ?? null
    return {
      id,
      row,
      events: eventsOf.get(id) ?? [],
      leaves: leavesOf.get(id) ?? [],
      records: recordsOf.get(id) ?? [],
      shown: row === null ? null : { ...row, ...shown(id) },
      isWaiting: isWaiting.has(id),
    }
  })
}

/** What people read of rows that go on changing, by the id of the job. */
async function readShown(
  query: Query,
  ids: readonly string[],
): Promise<(id: string) => Pick<AuditShown, 'deliveries' | 'decisions' | 'marks'>> {
  const deliveries = await query<ShownDelivery & { jobId: string }>(
    `SELECT d.job_id AS "jobId", d.id, d.number, d.event_seq AS "eventSeq", d.state, d.changed_seq AS "changedSeq",
            d.changed_at AS "changedAt", d.tried_at AS "triedAt", d.http_status AS "httpStatus", d.code,
            d.answer_sha256 AS "answerSha256", d.reference, t.try AS newest
       FROM delivery d
       LEFT JOIN LATERAL (
         SELECT jsonb_build_object('at', epoch_ms(t.at), 'httpStatus', t.http_status, 'code', t.code,
                                   'answerSha256', t.answer_sha256) AS try
           FROM delivery_try t WHERE t.delivery_id = d.id ORDER BY t.number DESC LIMIT 1) t ON true
      WHERE d.job_id = ANY ($1::uuid[]) ORDER BY d.job_id, d.number`,
    [ids],
  )
  const decisions = await query<ShownDecision & { jobId: string }>(
    `SELECT job_id AS "jobId", event_seq AS "eventSeq", voided_at AS "voidedAt" FROM decision
      WHERE job_id = ANY ($1::uuid[]) ORDER BY job_id, event_seq`,
    [ids],
  )
  const marks = await query<ShownMark & { jobId: string }>(
    `SELECT job_id AS "jobId", event_seq AS "eventSeq", claim, verdict, user_id AS "userId", result_hash AS "resultHash", at
       FROM claim_mark WHERE job_id = ANY ($1::uuid[])`,
    [ids],
  )
  const [deliveriesOf, decisionsOf, marksOf] = [byJob(deliveries), byJob(decisions), byJob(marks)]
  return (id) => ({
    deliveries: (deliveriesOf.get(id) ?? []).map((delivery) => ({
      ...delivery,
      newest: delivery.newest === null ? null : { ...delivery.newest, at: new Date(delivery.newest.at) },
    })),
    decisions: decisionsOf.get(id) ?? [],
    marks: marksOf.get(id) ?? [],
  })
}

function byJob<T extends { jobId: string }>(rows: readonly T[]): Map<string, T[]> {
  return Map.groupBy(rows, ({ jobId }) => jobId)
}

type BlobRow = { sha256: string; size: number; erased: boolean }

/** Bytes that are read at once. A blob that is larger is read by itself. */
const MOST_BYTES = 32 * 1024 * 1024

/** The next blobs after `after`, as rows. */
export function nextBlobs(query: Query, after: string, count: number): Promise<BlobRow[]> {
  return query<BlobRow>(
    `SELECT sha256, size, erased_at IS NOT NULL AS erased FROM blob WHERE sha256 > $1 ORDER BY sha256 LIMIT $2::int`,
    [after, count],
  )
}

/** Of these hashes, the rows that there are. */
export function blobRows(query: Query, hashes: readonly string[]): Promise<BlobRow[]> {
  return query<BlobRow>(
    'SELECT sha256, size, erased_at IS NOT NULL AS erased FROM blob WHERE sha256 = ANY ($1::text[])',
    [hashes],
  )
}

/** Reads the bytes of these blobs and says which have not the hash that they are kept by. */
export async function troubledBlobs(query: Query, rows: readonly BlobRow[]): Promise<Map<string, BlobTrouble>> {
  const troubled = new Map<string, BlobTrouble>()
  for (const { sha256, erased } of rows) if (erased) troubled.set(sha256, 'erased')
  const kept = rows.filter(({ erased }) => !erased)
  for (let from = 0; from < kept.length; ) {
    let [to, bytes] = [from, 0]
    while (to < kept.length && (to === from || bytes + (kept[to]?.size ?? 0) <= MOST_BYTES)) {
      bytes += kept[to]?.size ?? 0
      to += 1
    }
    const hashes = await hashesOf(
      query,
      kept.slice(from, to).map(({ sha256 }) => sha256),
    )
    for (const { sha256 } of kept.slice(from, to)) {
      const actual = hashes.get(sha256) ?? NO_BYTES
      if (actual !== sha256) troubled.set(sha256, { actual })
    }
    from = to
  }
  return troubled
}

const NO_BYTES = createHash('sha256').digest('hex')

async function hashesOf(query: Query, wanted: readonly string[]): Promise<Map<string, string>> {
  const chunks = await query<{ sha256: string; bytes: Uint8Array }>(
    'SELECT sha256, bytes FROM blob_chunk WHERE sha256 = ANY ($1::text[]) ORDER BY sha256, position',
    [wanted],
  )
  return new Map(
    [...Map.groupBy(chunks, ({ sha256 }) => sha256)].map(([sha256, parts]) => {
      const hash = createHash('sha256')
      for (const { bytes } of parts) hash.update(bytes)
      return [sha256, hash.digest('hex')]
    }),
  )
}

export type AnchorRow = StoredAnchor & { at: Date; prevHash: string; root: string; leaves: number; keyId: string }

/** The next anchors after `after`, in their order. */
export function nextAnchors(query: Query, after: number, count: number): Promise<AnchorRow[]> {
  return query<AnchorRow>(
    `SELECT number, at, prev_hash AS "prevHash", root, leaves, key_id AS "keyId", body, hash, signature
       FROM anchor WHERE number > $1::int ORDER BY number LIMIT $2::int`,
    [after, count],
  )
}

/** The leaves of one anchor, in the order of its tree. */
export function leavesOf(query: Query, anchor: number): Promise<Leaf[]> {
  return query<Leaf>(
    `SELECT job_id AS "jobId", job_number AS "jobNumber", version, head_hash AS "headHash", records
       FROM anchor_leaf WHERE anchor = $1::int ORDER BY job_id`,
    [anchor],
  )
}

/** Anchors that leaves belong to though they are not there. */
export async function anchorsWithoutRow(query: Query): Promise<number[]> {
  const rows = await query<{ anchor: number }>(
    `SELECT DISTINCT anchor FROM anchor_leaf l WHERE NOT EXISTS (SELECT 1 FROM anchor a WHERE a.number = l.anchor)
      ORDER BY anchor LIMIT 100`,
  )
  return rows.map(({ anchor }) => anchor)
}

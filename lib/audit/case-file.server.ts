/** Gathers everything of one job that a case file has, as it stands in one moment. Bytes are read later, one by one. */
import type { Actor } from '@/lib/access/actor'
import { readJob } from '@/lib/jobs/detail.server'
import type { JobView } from '@/lib/jobs/view'
import { readBlob } from '@/lib/store/blobs.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { Forbidden, NotFound } from '@/lib/store/errors'
import { inOrder } from './anchor.server'
import { contentPaths } from './case-paths'
import { type AuditJob, blobsOfJob } from './check-job'
import { type AnchorKeyFacts, type Leaf, leafText, merkleProof, type StoredAnchor } from './formats'
import { keptKey, publicKeys, type SigningKey } from './keys.server'
import { queryOfTx } from './query.server'
import { leavesOf, nextAnchors, readJobs } from './read-store.server'

/** A job in an anchor, with the way from it to the root that was signed. */
export type CaseAnchor = { leaf: string; index: number; count: number; proof: string[]; anchor: StoredAnchor }

/** A result in the exact texts that its record has the hashes of. */
export type CaseResult = {
  attempt: number
  revision: number
  text: string
  json: string | null
  evidence: string
  checks: string
}

export type CaseFile = {
  view: JobView
  audit: AuditJob
  results: CaseResult[]
  /** The exact text of the workflow's definition. */
  definition: string
  anchors: CaseAnchor[]
  keys: AnchorKeyFacts[]
  /** The key in use in the same moment, which is one of `keys`; null before the first. */
  signer: SigningKey | null
  /** Every hash of bytes that the job names, with where they stand in the ZIP, and how many they are; null: erased. */
  content: Map<string, { path: string; size: number | null }>
}

/**
 * @param key the number or the id of the job.
 * @throws {NotFound} where `actor` may see no such job.
 * @throws {Forbidden} while a blind round is open: its events would tell how others decide.
 */
export function gatherCase(db: Db, actor: Actor, key: string | number): Promise<CaseFile> {
  return db.$transaction((tx) => gather(tx, actor, key), { isolationLevel: 'RepeatableRead', timeout: 60_000 })
}

async function gather(tx: Tx, actor: Actor, key: string | number): Promise<CaseFile> {
  const view = await readJob(tx, actor, key)
  if (view === null) throw new NotFound('There is no such job, or you may not see it.')
  if (view.events.some(({ isHidden }) => isHidden) || view.reviews.some(({ isHidden }) => isHidden)) {
    throw new Forbidden(
      'A blind round is open, and a case file would tell how others decide. Take it when the round is over.',
    )
  }
  const query = queryOfTx(tx)
  const [audit] = await readJobs(query, [view.id])
  if (audit === undefined) throw new NotFound('There is no such job.')
  const results = await query<CaseResult>(
    `SELECT a.number AS attempt, r.revision, r.text, r.json::text AS json, r.evidence::text AS evidence, r.checks::text AS checks
       FROM result r JOIN attempt a ON a.id = r.attempt_id WHERE r.job_id = $1::uuid ORDER BY a.number, r.revision`,
    [view.id],
  )
  const [version] = await query<{ definition: string }>(
    `SELECT v.definition::text AS definition FROM job j JOIN workflow_version v ON v.id = j.workflow_version_id
      WHERE j.id = $1::uuid`,
    [view.id],
  )
  const named = blobsOfJob(audit)
  const blobs = await tx.blob.findMany({ where: { sha256: { in: [...named.keys()] } } })
  const sizes = new Map(blobs.map(({ sha256, size, erasedAt }) => [sha256, erasedAt === null ? size : null]))
  const paths = contentPaths(view, audit)
  return {
    view,
    audit,
    results,
    definition: version?.definition ?? '{}',
    anchors: await caseAnchors(tx, audit.leaves),
    keys: (await publicKeys(query)).map(({ id, publicKey, previousId, handover }) => ({
      id,
      publicKey,
      previousId,
      handover,
    })),
    signer: await keptKey(query),
    content: new Map(
      [...named.keys()].map((hash) => [
        hash,
        { path: paths.get(hash) ?? `content/${hash}`, size: sizes.get(hash) ?? null },
      ]),
    ),
  }
}

async function caseAnchors(tx: Tx, leaves: readonly (Leaf & { anchor: number })[]): Promise<CaseAnchor[]> {
  const query = queryOfTx(tx)
  const found: CaseAnchor[] = []
  for (const leaf of leaves) {
    const [anchor] = await nextAnchors(query, leaf.anchor - 1, 1)
    if (anchor?.number !== leaf.anchor) continue
    const texts = inOrder(await leavesOf(query, leaf.anchor)).map(leafText)
    const text = leafText(leaf)
    const index = texts.indexOf(text)
    const { number, body, hash, signature } = anchor
    const proof = merkleProof(texts, index)
    found.push({ leaf: text, index, count: texts.length, proof, anchor: { number, body, hash, signature } })
  }
  return found
}

/** How large a case file becomes, in bytes, without making it; and what it can prove now. */
export type CaseSizes = { html: number; zip: number }

/** HTML: its words without what is around them. ZIP: what goes into it, before it is packed. */
export function caseSizes({ view, audit, results, content }: CaseFile): CaseSizes {
  const texts = results.reduce((sum, { text, evidence }) => sum + text.length + evidence.length, 0)
  const characters = view.documents.reduce((sum, document) => sum + document.characters, 0)
  const bodies = audit.events.reduce((sum, { body }) => sum + body.length + 200, 0)
  const bytes = [...content.values()].reduce((sum, { size }) => sum + (size ?? 0), 0)
  return { html: 20_000 + texts + characters + bodies, zip: 10_000 + bytes + texts * 2 + bodies }
}

/** Writes down that somebody took a case file out. It is no event: nothing about the job changes by it. */
export async function noteTaking(
  db: Db,
  actor: Actor,
  { jobId, version, format, id, at }: { jobId: string; version: number; format: 'html' | 'zip'; id: string; at: Date },
): Promise<void> {
  const { userId, apiKeyId } = actor
  await db.caseFileTaking.create({ data: { id, jobId, version, format, userId, apiKeyId, at } })
}

/** Bytes of the job by their hash, for as long as they are not erased. */
export function contentReader(db: Db): (hash: string) => Promise<Uint8Array | null> {
  return (hash) => readBlob(db, hash)
}

/** Walks a whole store, or one job of it, and says what was changed, removed or cut off. */
import { type CopiedAnchor, checkAnchor, cutAnchors, gapWords } from './check-anchors'
import { type BlobTrouble, blobsOfJob, checkJob } from './check-job'
import type { Finding } from './findings'
import { type AnchorKeyFacts, FIRST, keyProblems, reachedFrom } from './formats'
import { publicKeys } from './keys.server'
import type { Query } from './query.server'
import {
  anchorsWithoutRow,
  blobRows,
  idsOfNumber,
  leavesOf,
  nextAnchors,
  nextBlobs,
  nextJobIds,
  readJobs,
  troubledBlobs,
} from './read-store.server'

export type VerifyOptions = {
  /** Only the job with this number; anchors are checked all the same. */
  job?: number
  /** Anchors as they were written elsewhere, by number. */
  copies?: ReadonlyMap<number, CopiedAnchor>
  /** A public key (PEM) that was had from elsewhere: the last anchor must be signed with it, or with one that comes from it. */
  trustedKey?: string
  /** Told each finding as it comes. */
  onFinding?: (finding: Finding) => void
  onProgress?: (progress: Progress) => void
}

export type Progress = { anchors: number; blobs: number; jobs: number; events: number }

export type Verified = Progress & {
  findings: number
  /** Jobs whose newest events wait for the next anchor. */
  waiting: number
  /** The newest anchor; null: there is none. */
  lastAnchor: LastAnchor | null
  keys: AnchorKeyFacts[]
}

type LastAnchor = { number: number; at: Date; hash: string; keyId: string }

const JOBS_AT_ONCE = 200
const BLOBS_AT_ONCE = 500
const ANCHORS_AT_ONCE = 50

/**
 * Verifies by `query`, which should see one moment of the store (REPEATABLE READ).
 * @returns how much was looked at; findings were told as they came.
 */
export async function verifyStore(query: Query, options: VerifyOptions = {}): Promise<Verified> {
  const { onFinding = () => {}, onProgress = () => {} } = options
  const progress: Progress = { anchors: 0, blobs: 0, jobs: 0, events: 0 }
  let findings = 0
  const tell = (more: readonly Finding[]) => {
    findings += more.length
    for (const finding of more) onFinding(finding)
  }
  const step = () => onProgress({ ...progress })

  const keys = await publicKeys(query)
  const lastAnchor = await walkAnchors(query, keys, options.copies ?? null, tell, () => {
    progress.anchors += 1
    step()
  })
  tell(keyFindings(keys, options.trustedKey, lastAnchor))

  const known = options.job === undefined ? null : await idsOfNumber(query, options.job)
  const damaged =
    known === null
      ? await walkBlobs(query, (count) => {
          progress.blobs += count
          step()
        })
      : null
  // What no job names any more is damaged all the same.
  const unnamed = new Set(
    [...(damaged ?? [])].flatMap(([hash, trouble]) => (typeof trouble === 'object' ? [hash] : [])),
  )
  for (let after: string | null = null; ; ) {
    const ids: string[] = known === null ? await nextJobIds(query, after, JOBS_AT_ONCE) : after === null ? known : []
    const last = ids.at(-1)
    if (last === undefined) break
    after = last
    const jobs = await readJobs(query, ids)
    const named = [...new Set(jobs.flatMap((job) => [...blobsOfJob(job).keys()]))]
    const troubled = await troubleOf(query, named, damaged)
    for (const hash of named) unnamed.delete(hash)
    for (const job of jobs) {
      progress.jobs += 1
      progress.events += job.events.length
      tell(checkJob(job, troubled))
    }
    if (damaged === null) progress.blobs += named.length
    step()
  }
  for (const hash of unnamed) {
    const sentence = 'Bytes that no job names were changed: they no longer have their hash.'
    tell([{ code: 'blob_changed', job: null, sentence, expected: hash }])
  }
  const [waiting] = await query<{ count: number }>('SELECT count(DISTINCT job_id)::int AS count FROM anchor_pending')
  return { ...progress, findings, waiting: waiting?.count ?? 0, lastAnchor, keys }
}

/** The last anchor has the hash of the one before, and so of all: whoever made its key has made all that it stands for. */
function keyFindings(keys: readonly AnchorKeyFacts[], trusted: string | undefined, last: LastAnchor | null): Finding[] {
  const problems = keyProblems(keys)
  const signers = trusted === undefined ? null : reachedFrom(keys, trusted)
  if (signers?.length === 0) problems.push('No key of this store is the one that was given.')
  else if (signers !== null && last !== null && !signers.some(({ id }) => id === last.keyId)) {
    problems.push(
      `Anchor ${last.number}, the last one, is signed with a key that does not come from the one that was given: ${last.keyId}. Right after a new key was made, give the one before.`,
    )
  }
  return problems.map((sentence) => ({ code: 'key_not_trusted', job: null, sentence }))
}

async function walkAnchors(
  query: Query,
  keys: readonly AnchorKeyFacts[],
  copies: ReadonlyMap<number, CopiedAnchor> | null,
  tell: (findings: readonly Finding[]) => void,
  step: () => void,
): Promise<LastAnchor | null> {
  const byId = new Map(keys.map((key) => [key.id, key]))
  let last: { number: number; hash: string; at: Date | null; keyId: string } = {
    number: 0,
    hash: FIRST,
    at: null,
    keyId: '',
  }
  for (;;) {
    const anchors = await nextAnchors(query, last.number, ANCHORS_AT_ONCE)
    if (anchors.length === 0) break
    for (const anchor of anchors) {
      tell(checkAnchor(anchor, await leavesOf(query, anchor.number), { last, keys: byId, copies }))
      last = anchor
      step()
    }
  }
  // Leaves that nothing signs any more are those of anchors that were cut off at the end.
  const orphans = (await anchorsWithoutRow(query)).filter((number) => number > last.number)
  const [first] = orphans
  if (first !== undefined) {
    const sentence = `${gapWords(first, orphans.at(-1) ?? first)} What was in them is still there.`
    tell([{ code: 'anchor_removed', job: null, anchor: first, sentence }])
  }
  if (copies !== null) tell(cutAnchors(copies, last.number))
  return last.at === null ? null : { number: last.number, at: last.at, hash: last.hash, keyId: last.keyId }
}

/** Reads all bytes that are kept. @returns what is wrong with any, by hash. */
async function walkBlobs(query: Query, step: (count: number) => void): Promise<Map<string, BlobTrouble>> {
  const damaged = new Map<string, BlobTrouble>()
  for (let after = ''; ; ) {
    const rows = await nextBlobs(query, after, BLOBS_AT_ONCE)
    const last = rows.at(-1)
    if (last === undefined) return damaged
    after = last.sha256
    for (const [hash, trouble] of await troubledBlobs(query, rows)) damaged.set(hash, trouble)
    step(rows.length)
  }
}

/** What is wrong with the bytes of these hashes. @param damaged where all bytes were read already. */
async function troubleOf(
  query: Query,
  hashes: readonly string[],
  damaged: ReadonlyMap<string, BlobTrouble> | null,
): Promise<Map<string, BlobTrouble>> {
  const rows = await blobRows(query, hashes)
  const there = new Set(rows.map(({ sha256 }) => sha256))
  const troubled = new Map<string, BlobTrouble>(damaged ?? (await troubledBlobs(query, rows)))
  for (const hash of hashes) if (!there.has(hash)) troubled.set(hash, 'missing')
  return troubled
}

/** Checks a case file by itself: without a database, and without trusting whoever passed it on. Pure. */
import { fold } from '@/lib/store/event-chain'
import type { CaseAnchor } from './case-file.server'
import { type Files, filesOf, jsonLinesOf, jsonOf, parsed, sha256, Unreadable } from './case-file-parse'
import { summaryOf } from './case-file-summary'
import { type Tell, trustOf } from './case-file-trust'
import { CASE_FORMAT, type CaseManifest } from './case-format'
import { type AuditEvent, type AuditJob, type AuditRecord, type BlobTrouble, blobsOfJob, checkJob } from './check-job'
import { type Finding, recordWords } from './findings'
import { type AnchorKeyFacts, anchorHash, isSignedBy, type Leaf, leafText, parseAnchor, rootByProof } from './formats'

export type CheckedCase = {
  job: number | null
  version: number | null
  found: Finding[]
  /** What was checked, what that proves and what it cannot, a sentence each. */
  summary: string[]
}

/** @param key a public key (PEM) from elsewhere; null: the one in the file is believed. */
export function checkCaseFile(bytes: Uint8Array, key: string | null): CheckedCase {
  try {
    return check(filesOf(bytes), key)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    const found: Finding = { code: 'job_not_readable', job: null, sentence: error.message }
    return { job: null, version: null, found: [found], summary: ['This is not a case file that can be checked.'] }
  }
}

function check(files: Files, key: string | null): CheckedCase {
  const manifest = jsonOf<CaseManifest>(files, 'manifest.json')
  if (manifest.format !== CASE_FORMAT)
    throw new Unreadable(`It is of a form that is not known here: ${manifest.format}.`)
  const { job, content } = manifest
  const found: Finding[] = []
  const tell: Tell = (code, sentence, more = {}) => found.push({ code, job: job.number, sentence, ...more })
  checkEntries(files, manifest, tell)
  const keys = jsonOf<AnchorKeyFacts[]>(files, 'keys.json')
  const { events, records, leaves } = readHistory(files, job.id, tell)
  const trust = trustOf(files, { keys, anchors: leaves.length, given: key, tell })
  const anchored = checkAnchors(leaves, { trusted: trust.keys, jobId: job.id, tell })
  const audit: AuditJob = {
    id: job.id,
    row: rowOf(events, records, job.number),
    events,
    records,
    shown: null,
    leaves: anchored,
    // What no anchor has yet is told in the summary: nobody knows here whether one has been made since.
    isWaiting: true,
  }
  const trouble = new Map<string, BlobTrouble>()
  for (const hash of blobsOfJob(audit).keys()) {
    const bytes = files.get(content[hash] ?? '')
    if (bytes === undefined) trouble.set(hash, manifest.erased.includes(hash) ? 'erased' : 'missing')
    else if (sha256(bytes) !== hash) trouble.set(hash, { actual: sha256(bytes) })
  }
  found.push(...checkJob(audit, trouble))
  checkParts(files, { records, content, tell })
  checkFacts(files, { records, events, job, tell })
  if (events.length !== job.version) {
    tell('tail_cut', `It says that it has ${job.version} events, and has ${events.length}.`)
  }
  const newest = leaves.length === 0 ? null : anchored.at(-1)
  return {
    job: job.number,
    version: job.version,
    found,
    summary: summaryOf({
      manifest,
      events: events.length,
      newest: newest ?? null,
      key,
      keys,
      signedBy: trust.signedBy,
      found,
    }),
  }
}

function checkEntries(files: Files, { entries }: CaseManifest, tell: Tell): void {
  const listed = new Set(['manifest.json', 'manifest.signature.json', ...entries.map(({ path }) => path)])
  for (const { path, sha256: expected } of entries) {
    const bytes = files.get(path)
    if (bytes === undefined) tell('record_removed', `The file ${path} is missing.`, { expected, found: 'nothing' })
    else if (sha256(bytes) !== expected) {
      tell('record_changed', `The file ${path} was changed.`, { expected, found: sha256(bytes) })
    }
  }
  for (const path of files.keys()) {
    if (!listed.has(path)) tell('record_changed', `The file ${path} is not in the list: somebody added it.`)
  }
}

type ZipEvent = Pick<AuditEvent, 'seq' | 'prevHash' | 'hash' | 'body'>

function readHistory(files: Files, jobId: string, tell: Tell) {
  const lines = jsonLinesOf<ZipEvent>(files, 'events.jsonl')
  const events = lines.map((line): AuditEvent => {
    const said = parsed<{
      command?: string
      from?: string | null
      to?: string
      at?: string
      transport?: string
      actor?: { kind?: string; id?: string | null }
    }>(line.body, `Event ${line.seq}`)
    const { command = '', from = null, to = '', at = '', transport = '', actor = {} } = said
    // A case file has the texts alone: there are no columns beside them that could say something else.
    return {
      ...line,
      command,
      fromState: from,
      toState: to,
      at: new Date(at),
      transport,
      actorKind: actor.kind ?? '',
      actorId: actor.id ?? null,
    }
  })
  const records = jsonLinesOf<AuditRecord>(files, 'records.jsonl')
  const leaves = jsonOf<CaseAnchor[]>(files, 'anchors.json')
  if (events.length === 0) tell('event_removed', `It has no events of the job ${jobId}.`)
  return { events, records, leaves }
}

/** The row as the events make it: a case file has no other. */
function rowOf(events: readonly AuditEvent[], records: readonly AuditRecord[], number: number): AuditJob['row'] {
  const folded = fold(events)
  if (folded === null) return null
  const said = events.map(({ body }) => JSON.parse(body) as { input?: string; guidance?: string | null })
  const moment = (text: string | null) => (text === null ? null : new Date(text))
  const asked = numberIn(records)
  return {
    ...folded,
    number: asked ?? number,
    changedAt: new Date(folded.changedAt),
    settledAt: moment(folded.settledAt),
    dueAt: moment(folded.dueAt),
    inputSha256: said.findLast(({ input }) => input !== undefined)?.input ?? '',
    guidanceSha256: said.findLast(({ guidance }) => guidance !== undefined)?.guidance ?? null,
  }
}

function numberIn(records: readonly AuditRecord[]): number | null {
  const value = askedIn(records)?.[0]
  return typeof value === 'number' ? value : null
}

const askedIn = (records: readonly AuditRecord[]): unknown[] | null => {
  const text = records.find(({ name }) => name === 'asked')?.text
  return text === undefined ? null : parsed<unknown[]>(text, 'The record of what was asked')
}

/** Every leaf leads to the root of an anchor that a trusted key signed. @returns those that do. */
function checkAnchors(
  anchors: readonly CaseAnchor[],
  { trusted, jobId, tell }: { trusted: ReadonlyMap<string, AnchorKeyFacts>; jobId: string; tell: Tell },
): (Leaf & { anchor: number })[] {
  return anchors.flatMap(({ leaf: text, index, count, proof, anchor }) => {
    const leaf = parseLeaf(text)
    const said = parseAnchor(anchor.body)
    const name = `Anchor ${anchor.number}`
    if (leaf === null || said === null || leaf.jobId !== jobId) {
      tell('leaves_changed', `${name}: what it has of this job cannot be read.`)
      return []
    }
    if (anchorHash(anchor.body) !== anchor.hash || said.anchor !== anchor.number) {
      tell('anchor_changed', `${name} was changed.`, { anchor: anchor.number })
    }
    const key = trusted.get(said.key)
    if (key === undefined) tell('key_not_trusted', `${name} is signed with a key that is not trusted: ${said.key}.`)
    else if (!isSignedBy(key.publicKey, anchor))
      tell('anchor_not_signed', `The signature of anchor ${anchor.number} does not hold.`)
    const root = rootByProof(text, { index, count, proof })
    if (root !== said.root || count !== said.leaves) {
      const more = { anchor: anchor.number, expected: said.root, found: root ?? 'no root' }
      tell('leaves_changed', `${name} does not have this job as it is here.`, more)
    }
    return [{ ...leaf, anchor: anchor.number }]
  })
}

function parseLeaf(text: string): Leaf | null {
  const [format, jobNumber, jobId = '', version, headHash = '', ...records] = text.split('\n')
  const leaf = { jobId, jobNumber: Number(jobNumber), version: Number(version), headHash, records: records.join('\n') }
  return format === 'holdpoint-leaf:1' && leafText(leaf) === text ? leaf : null
}

/** The texts of results and of the workflow, which records have the hashes of. */
function checkParts(
  files: Files,
  { records, content, tell }: { records: readonly AuditRecord[]; content: Record<string, string>; tell: Tell },
): void {
  for (const { name, text } of records) {
    const isResult = name.startsWith('result-')
    if (!isResult && name !== 'asked') continue
    const said = parsed<unknown[]>(text, `The record ${name}`)
    const parts = isResult ? said.slice(2, 6) : said.slice(4, 5)
    for (const hash of parts) {
      if (typeof hash !== 'string') continue
      const bytes = files.get(content[hash] ?? '')
      if (bytes === undefined || sha256(bytes) !== hash) {
        tell('record_removed', `A part of ${recordWords(name)} is missing.`, { expected: hash, found: 'nothing' })
      }
    }
  }
}

/** What is for reading says of the job what its record says. */
function checkFacts(
  files: Files,
  {
    records,
    events,
    job,
    tell,
  }: { records: readonly AuditRecord[]; events: readonly AuditEvent[]; job: CaseManifest['job']; tell: Tell },
): void {
  const facts = jsonOf<Record<string, unknown>>(files, 'job.json')
  const said = askedIn(records)
  const pairs: [name: string, expected: unknown, stands: unknown][] = [
    ['id', job.id, facts.id],
    ['number', said?.[0], facts.number],
    ['title', said?.[5], facts.title],
    ['reference', said?.[6] ?? null, facts.reference],
    ['state', events.at(-1)?.toState, facts.state],
    ['version', events.length, facts.version],
  ]
  for (const [name, expected, stands] of pairs) {
    if (expected === stands) continue
    tell('record_changed', `job.json has another ${name} than the history.`, {
      expected: String(expected),
      found: String(stands),
    })
  }
}

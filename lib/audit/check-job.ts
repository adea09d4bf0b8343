/** Whether one job is what its events and its anchors say. Pure: what was read comes in, what is wrong goes out. */
import type { Told } from '@/lib/history/then'
import { type EventBody, eventHash, fold, GENESIS } from '@/lib/store/event-chain'
import { addedFindings, recordFindings } from './check-records'
import { type AuditShown, shownFindings } from './check-shown'
import type { Finding, FindingCode } from './findings'
import { recordWords } from './findings'
import type { Leaf } from './formats'

export type AuditEvent = {
  seq: number
  command: string
  fromState: string | null
  toState: string
  actorKind: string
  actorId: string | null
  transport: string
  at: Date
  body: string
  prevHash: string
  hash: string
}

/** The life-cycle columns of the row, and what else events name. */
export type AuditRow = {
  number: number
  state: string
  version: number
  headHash: string
  lastCommand: string
  changedAt: Date
  settledAt: Date | null
  dueAt: Date | null
  fence: number
  inputSha256: string
  guidanceSha256: string | null
}

export type AuditRecord = { name: string; text: string; blobs: readonly string[] }

export type AuditJob = {
  id: string
  /** Null where there is no such row. */
  row: AuditRow | null
  events: readonly AuditEvent[]
  records: readonly AuditRecord[]
  /** Null in a case file, which has no rows but records. */
  shown: AuditShown | null
  /** In the order of their anchors. */
  leaves: readonly (Leaf & { anchor: number })[]
  /** It changed, and the next anchor takes it. */
  isWaiting: boolean
}

/** How the bytes of a hash stand; absent: they are whole. */
export type BlobTrouble = 'missing' | 'erased' | { actual: string }

/** Everything that is wrong with `job`. @param blobs what is wrong with bytes, by their hash. */
export function checkJob(job: AuditJob, blobs: ReadonlyMap<string, BlobTrouble>): Finding[] {
  const number = job.row?.number ?? job.leaves.at(-1)?.jobNumber ?? null
  const tell: Tell = (code, sentence, more = {}) => ({
    code,
    job: number,
    sentence: `${number === null ? `A job without a row (${job.id})` : `Job ${number}`}: ${sentence}`,
    ...more,
  })
  if (job.row === null) return [tell('job_removed', removedWords(job))]
  return [
    ...chainFindings(job, tell),
    ...rowFindings(job, job.row, tell),
    ...anchorFindings(job, tell),
    ...recordFindings(job, tell),
    ...beside(job, tell),
    ...blobFindings(job, blobs, tell),
  ]
}

export type Tell = (code: FindingCode, sentence: string, more?: Partial<Finding>) => Finding

/** What the events say of rows beside the life-cycle columns. */
function beside(job: AuditJob, tell: Tell): Finding[] {
  const read = job.events.map((event) => ({ seq: event.seq, body: bodyOf(event) }))
  const unreadable = read.filter(({ body }) => body !== null && !isWhole(body))
  if (unreadable.length > 0) {
    return unreadable.map(({ seq }) => tell('event_changed', `event ${seq} has not what an event has.`, { event: seq }))
  }
  const told = read.flatMap(({ seq, body }): Told[] => (body === null ? [] : [{ seq, at: new Date(body.at), body }]))
  // What is no JSON was told already.
  if (told.length < read.length) return []
  return [...addedFindings(job, told, tell), ...(job.shown === null ? [] : shownFindings(job.shown, told, tell))]
}

/** Whether what is read of it beyond its columns has the form that it should: somebody may have written it. */
function isWhole({ at, actor, marks = [], calls = [] }: Partial<EventBody>): boolean {
  const isTime = typeof at === 'string' && !Number.isNaN(Date.parse(at))
  const areObjects = [actor, marks, calls].every((part) => typeof part === 'object' && part !== null)
  return isTime && areObjects && Array.isArray(marks) && Array.isArray(calls)
}

function removedWords({ leaves, events }: AuditJob): string {
  const last = leaves.at(-1)
  const rest = events.length === 0 ? '' : ` ${events.length} of its events are still there.`
  return last === undefined
    ? `its row was removed.${rest}`
    : `it was removed. Anchor ${last.anchor} has it with ${last.version} ${last.version === 1 ? 'event' : 'events'}.${rest}`
}

function chainFindings({ id, events }: AuditJob, tell: Tell): Finding[] {
  const found: Finding[] = []
  let prevHash = GENESIS
  let next = 1
  for (const event of events) {
    const { seq } = event
    if (seq !== next) {
      const missing = seq - next === 1 ? `event ${next} is` : `events ${next} to ${seq - 1} are`
      found.push(tell('event_removed', `${missing} missing.`, { event: next }))
    } else if (event.prevHash !== prevHash) {
      found.push(
        tell('event_out_of_place', `event ${seq} does not follow the one before it.`, {
          event: seq,
          expected: prevHash,
          found: event.prevHash,
        }),
      )
    }
    const actual = eventHash(id, seq, event.prevHash, event.body)
    if (actual !== event.hash) {
      const more = { event: seq, expected: event.hash, found: actual }
      found.push(tell('event_changed', `event ${seq} was changed: its text no longer has its hash.`, more))
    }
    found.push(...columnFindings(event, tell))
    prevHash = event.hash
    next = seq + 1
  }
  return found
}

/** The columns repeat the text, for queries. */
function columnFindings(event: AuditEvent, tell: Tell): Finding[] {
  const body = bodyOf(event)
  if (body === null) return [tell('event_changed', `event ${event.seq} cannot be read.`, { event: event.seq })]
  const columns: [name: string, said: unknown, stands: unknown][] = [
    ['command', body.command, event.command],
    ['state before', body.from, event.fromState],
    ['state after', body.to, event.toState],
    ['kind of actor', body.actor?.kind, event.actorKind],
    ['actor', body.actor?.id, event.actorId],
    ['transport', body.transport, event.transport],
    ['time', body.at, event.at.toISOString()],
  ]
  return columns
    .filter(([, said, stands]) => said !== stands)
    .map(([name, said, stands]) =>
      tell('event_changed', `event ${event.seq}: its row has another ${name} than its text.`, {
        event: event.seq,
        expected: String(said),
        found: String(stands),
      }),
    )
}

function bodyOf({ body }: { body: string }): EventBody | null {
  try {
    const value = JSON.parse(body) as EventBody | null
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

function rowFindings({ events }: AuditJob, row: AuditRow, tell: Tell): Finding[] {
  // What cannot be read was told already.
  if (events.some((event) => bodyOf(event) === null)) return []
  const folded = fold(events)
  if (folded === null) return [tell('event_removed', 'it has no events.', { event: 1 })]
  const columns: [name: string, said: unknown, stands: unknown][] = [
    ['state', folded.state, row.state],
    ['version', folded.version, row.version],
    ['head of the chain', folded.headHash, row.headHash],
    ['last command', folded.lastCommand, row.lastCommand],
    ['time of its last change', folded.changedAt, row.changedAt.toISOString()],
    ['time at which it was settled', folded.settledAt, row.settledAt?.toISOString() ?? null],
    ['due time', folded.dueAt, row.dueAt?.toISOString() ?? null],
    ['fence', folded.fence, row.fence],
    ['input', lastNamed(events, 'input', row.inputSha256), row.inputSha256],
    ['guidance', lastNamed(events, 'guidance', null), row.guidanceSha256],
  ]
  return columns
    .filter(([, said, stands]) => said !== stands)
    .map(([name, said, stands]) =>
      tell('row_changed', `the ${name} of its row is not what its events come to.`, {
        expected: String(said),
        found: String(stands),
      }),
    )
}

/** What the last event that says anything of it says; `unless` where none does. */
function lastNamed(events: readonly AuditEvent[], name: 'input' | 'guidance', unless: string | null): string | null {
  const said = events.map((event) => bodyOf(event)?.[name]).findLast((value) => value !== undefined)
  return said === undefined ? unless : said
}

/** Every head that was anchored must still be where it was: then all before it is as it was. */
function anchorFindings(job: AuditJob, tell: Tell): Finding[] {
  const found: Finding[] = []
  for (const { anchor, version, headHash, jobNumber } of job.leaves) {
    if (job.row !== null && job.row.number !== jobNumber) {
      const more = { anchor, expected: String(jobNumber), found: String(job.row.number) }
      found.push(tell('row_changed', `its number is not the one in anchor ${anchor}.`, more))
    }
    const head = job.events.find(({ seq }) => seq === version)
    if (head?.hash === headHash) continue
    const more = { anchor, event: version, expected: headHash, found: head?.hash ?? 'nothing' }
    found.push(
      head === undefined
        ? tell('tail_cut', `its history ends before event ${version}, which is in anchor ${anchor}.`, more)
        : tell(
            'history_rewritten',
            `event ${version} is not the one in anchor ${anchor}: its history was written anew.`,
            more,
          ),
    )
  }
  const newest = job.leaves.at(-1)?.version ?? 0
  if (!job.isWaiting && job.events.some(({ seq }) => seq > newest)) {
    const sentence = `what follows event ${newest} is in no anchor, and nothing waits for one.`
    found.push(tell('not_anchored', sentence, { event: newest + 1 }))
  }
  return found
}

/** The hashes of bytes that an event names. */
export function blobsOfEvent(event: Pick<AuditEvent, 'body'>): string[] {
  const body = bodyOf(event)
  if (body === null) return []
  const { note, payload, result, guidance, input, revises, termsBefore, calls = [] } = body
  const named = [note, payload, result, guidance, input, revises, termsBefore, ...calls.map((call) => call.arguments)]
  return named.filter((hash): hash is string => typeof hash === 'string')
}

/** Every hash of bytes that the job names, with what names it first. */
export function blobsOfJob({
  events,
  records,
  row,
}: Pick<AuditJob, 'events' | 'records' | 'row'>): Map<string, string> {
  const named = new Map<string, string>()
  const add = (hash: string, by: string) => {
    if (!named.has(hash)) named.set(hash, by)
  }
  for (const event of events) for (const hash of blobsOfEvent(event)) add(hash, `event ${event.seq}`)
  for (const { name, blobs } of records) for (const hash of blobs) add(hash, recordWords(name))
  if (row !== null) add(row.inputSha256, 'its input')
  return named
}

function blobFindings(job: AuditJob, blobs: ReadonlyMap<string, BlobTrouble>, tell: Tell): Finding[] {
  if (blobs.size === 0) return []
  const erased = new Set(job.events.flatMap((event) => bodyOf(event)?.erased ?? []))
  return [...blobsOfJob(job)].flatMap(([hash, by]) => {
    const trouble = blobs.get(hash)
    if (trouble === undefined) return []
    if (typeof trouble === 'object') {
      const more = { expected: hash, found: trouble.actual }
      return [tell('blob_changed', `the bytes of ${by} were changed: they no longer have their hash.`, more)]
    }
    // Erased is fine where the history says that it was: the hash stays, and shows what it was.
    if (erased.has(hash)) return []
    return trouble === 'erased'
      ? [
          tell('blob_erased', `the bytes of ${by} were erased, and no event of it says so.`, {
            expected: hash,
            found: 'nothing',
          }),
        ]
      : [tell('blob_missing', `the bytes of ${by} are gone.`, { expected: hash, found: 'nothing' })]
  })
}

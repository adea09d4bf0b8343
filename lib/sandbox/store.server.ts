/** The sandbox's memory: one folder of files, so that a restart or a kill loses nothing that was accepted. */
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Answer } from './answer'
import type { StoredResponse } from './response'

/** One well-formed POST /v1/responses as it arrived, whatever was answered. */
export type CreateRecord = {
  at: string
  /** From the request's metadata; null where it has none. */
  attemptId: string | null
  jobId: string | null
  responseId: string | null
  /** `lost`: the answer was withheld on purpose; `responseId` says whether it was accepted. */
  outcome: 'accepted' | 'refused' | 'lost'
}

export type Counters = {
  creates: { total: number; accepted: number; refused: number; lost: number }
  /** Creates by the `attempt_id` of their metadata. More than one of any means that one attempt was sent twice. */
  attempts: Record<string, number>
  /** Creates by the `job_id` of their metadata. */
  jobs: Record<string, number>
}

export type ResponseStore = {
  /** Durable when it returns. */
  save(stored: StoredResponse, answer: Answer): void
  /** Durable when it returns. */
  update(stored: StoredResponse): void
  read(id: string): { stored: StoredResponse; answer: Answer } | null
  /** Durable when it returns. */
  count(record: CreateRecord): void
  counters(): Counters
}

const idShape = /^resp_[0-9a-f]{32}$/

/** Opens (and makes) the folder. @throws where it cannot be written. */
export function openStore(dir: string): ResponseStore {
  const responses = path.join(dir, 'responses')
  mkdirSync(responses, { recursive: true })
  const log = path.join(dir, 'creates.jsonl')
  const file = (id: string, kind: 'response' | 'answer') => path.join(responses, `${id}.${kind}.json`)
  const records = readLog(log)
  return {
    save(stored, answer) {
      // The answer first: a response that can be read always has one.
      writeWhole(file(stored.id, 'answer'), answer)
      writeWhole(file(stored.id, 'response'), stored)
    },
    update(stored) {
      writeWhole(file(stored.id, 'response'), stored)
    },
    read(id) {
      if (!idShape.test(id)) return null
      const stored = readJson<StoredResponse>(file(id, 'response'))
      const answer = stored && readJson<Answer>(file(id, 'answer'))
      // What an earlier version wrote in another shape is as good as gone.
      return stored && answer && typeof stored.ends === 'object' ? { stored, answer } : null
    },
    count(record) {
      appendFileSync(log, `${JSON.stringify(record)}\n`, { flush: true })
      records.push(record)
    },
    counters: () => countCreates(records),
  }
}

function countCreates(records: readonly CreateRecord[]): Counters {
  const of = (outcome: CreateRecord['outcome']) => records.filter((record) => record.outcome === outcome).length
  const by = (key: 'attemptId' | 'jobId') => {
    const counts = new Map<string, number>()
    for (const { [key]: id } of records) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1)
    return Object.fromEntries(counts)
  }
  return {
    creates: { total: records.length, accepted: of('accepted'), refused: of('refused'), lost: of('lost') },
    attempts: by('attemptId'),
    jobs: by('jobId'),
  }
}

/** Whole on disk under its name, or not there at all. */
function writeWhole(name: string, value: unknown): void {
  const part = `${name}.${process.pid}.part`
  writeFileSync(part, JSON.stringify(value), { flush: true })
  renameSync(part, name)
}

function readJson<T>(name: string): T | null {
  try {
    return JSON.parse(readFileSync(name, 'utf8')) as T
  } catch (cause) {
    if (isMissing(cause)) return null
    throw cause
  }
}

function readLog(name: string): CreateRecord[] {
  let text = ''
  try {
    text = readFileSync(name, 'utf8')
  } catch (cause) {
    if (!isMissing(cause)) throw cause
  }
  const lines = text.split('\n')
  const torn = lines.pop()
  // A kill in the middle of a line: closing it keeps the next one whole.
  if (torn) appendFileSync(name, '\n')
  return [...lines, torn ?? ''].flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as CreateRecord]
    } catch {
      return []
    }
  })
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
}

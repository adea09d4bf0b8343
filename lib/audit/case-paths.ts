/** Where the bytes that a job names stand in its case file, so that people find them. Pure. */
import type { JobView } from '@/lib/jobs/view'
import type { AuditJob } from './check-job'

const BY_RECORD: [pattern: RegExp, path: (name: string, index: number) => string][] = [
  [/^attempt-(\d+)$/, (name) => `attempts/${numberOf(name)}/request.json`],
  [/^payload-(\d+)$/, (name) => `attempts/${numberOf(name)}/answer.json`],
  [/^result-\d+\.[1-9]\d*$/, (name) => `results/${name.slice('result-'.length)}/edited.txt`],
  [/^decision-(\d+)$/, (name) => `notes/event-${numberOf(name)}.txt`],
  [/^call-(\S+)$/, (name, index) => `calls/${name.slice('call-'.length)}${index === 0 ? '' : `-${index + 1}`}`],
  [/^delivery-(\d+)$/, (name) => `deliveries/${numberOf(name)}`],
  [/^delivery-(\d+)-try-(\d+)$/, (name) => `deliveries/${name.slice('delivery-'.length)}-answer`],
]

const numberOf = (name: string) => /\d+/.exec(name)?.[0] ?? '0'

/** A path for each hash that has a name worth telling. The first that names it counts. */
export function contentPaths(view: JobView, { row, records, events }: AuditJob): Map<string, string> {
  const paths = new Map<string, string>()
  const add = (hash: string | null | undefined, path: string) => {
    if (hash != null && !paths.has(hash)) paths.set(hash, path)
  }
  for (const [index, event] of events.entries()) {
    const { input, guidance, note } = JSON.parse(event.body) as {
      input?: string
      guidance?: string | null
      note?: string | null
    }
    add(input, index === 0 ? 'input.json' : `input-of-event-${event.seq}.json`)
    add(guidance, `guidance/event-${event.seq}.txt`)
    add(note, `notes/event-${event.seq}.txt`)
  }
  add(row?.inputSha256, 'input.json')
  const asked = records.find(({ name }) => name === 'asked')
  const count = view.documents.length
  for (const [index, document] of view.documents.entries()) {
    const name = `documents/${String(index + 1).padStart(2, '0')}-${safeName(document.name)}`
    add(asked?.blobs[index], name)
    add(asked?.blobs[count + index], `${name}.text.json`)
  }
  for (const { name, blobs } of records) {
    const path = BY_RECORD.find(([pattern]) => pattern.test(name))?.[1]
    if (path !== undefined) for (const [index, hash] of blobs.entries()) add(hash, path(name, index))
  }
  return paths
}

/** Letters, digits and a few marks of a name that a stranger chose: it is a path on somebody's disk. */
function safeName(name: string): string {
  return (
    name
      .normalize('NFC')
      .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[.-]+/, '')
      .slice(-80) || 'document'
  )
}

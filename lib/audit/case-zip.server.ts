/** A case file as a ZIP that anybody can check: docs/audit.md says how. The same job, version and anchors make the same bytes. */
import { createHash, createPrivateKey, sign } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { Zip, ZipDeflate } from 'fflate'
import type { CaseFile } from './case-file.server'
import { CASE_FORMAT, type CaseManifest, manifestText } from './case-format'
import { recordHash } from './formats'
import type { SigningKey } from './keys.server'

type Entry = { path: string; bytes: Uint8Array }

const encode = (text: string) => new TextEncoder().encode(text)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** @param read gives bytes by their hash, null where they are erased. @param key signs the list of what is in it; null: nobody does. */
export async function* caseZip(
  file: CaseFile,
  { read, key }: { read: (hash: string) => Promise<Uint8Array | null>; key: SigningKey | null },
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error
    chunks.push(chunk)
  })
  const entries: CaseManifest['entries'] = []
  const content: Record<string, string> = {}
  const erased: string[] = []
  async function* add({ path, bytes }: Entry) {
    entries.push({ path, size: bytes.byteLength, sha256: sha256(bytes) })
    const entry = new ZipDeflate(path, { level: 6 })
    // A ZIP knows no moments without a date: the first that it can say, whatever the zone of this machine.
    entry.mtime = new Date(1980, 0, 1)
    zip.add(entry)
    for (let from = 0; from === 0 || from < bytes.byteLength; from += PORTION) {
      entry.push(bytes.subarray(from, from + PORTION), from + PORTION >= bytes.byteLength)
      yield* chunks.splice(0)
      // Others are served between the portions of a large one.
      await breathe()
    }
  }
  for (const entry of plainEntries(file)) yield* add(entry)
  for (const { path, text } of resultTexts(file)) {
    const bytes = encode(text)
    content[sha256(bytes)] ??= path
    yield* add({ path, bytes })
  }
  for (const [hash, { path }] of [...file.content].toSorted(([, one], [, other]) => (one.path < other.path ? -1 : 1))) {
    const bytes = await read(hash)
    if (bytes === null) {
      erased.push(hash)
      continue
    }
    content[hash] ??= path
    yield* add({ path, bytes })
  }
  const { id, number, version } = file.view
  const manifest = encode(
    lines({ format: CASE_FORMAT, job: { id, number, version }, entries, content, erased } satisfies CaseManifest),
  )
  yield* add({ path: 'manifest.json', bytes: manifest })
  if (key !== null) {
    const signature = sign(null, Buffer.from(manifestText(manifest)), createPrivateKey(key.privateKey)).toString(
      'base64',
    )
    yield* add({ path: 'manifest.signature.json', bytes: encode(lines({ key: key.id, signature })) })
  }
  zip.end()
  yield* chunks.splice(0)
}

const PORTION = 256 * 1024

const lines = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
const jsonLines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('')

function plainEntries(file: CaseFile): Entry[] {
  const { view, audit, anchors, keys } = file
  const { number, title, workflow, reference, requester, createdAt, state, version, settledAt, dueAt } = view
  const job = {
    id: view.id,
    number,
    title,
    workflow,
    reference,
    requester,
    createdAt,
    state,
    version,
    settledAt,
    dueAt,
  }
  const { failure, priority, documents, cost } = view
  return [
    { path: 'README.txt', bytes: encode(README) },
    { path: 'job.json', bytes: encode(lines({ ...job, failure, priority, documents, cost })) },
    { path: 'attempts.json', bytes: encode(lines(view.attempts.toReversed())) },
    {
      path: 'reviews.json',
      bytes: encode(lines(view.reviews.map(({ claims: _leases, doubtful: _viewer, ...round }) => round))),
    },
    { path: 'calls.json', bytes: encode(lines(view.calls)) },
    { path: 'deliveries.json', bytes: encode(lines(view.deliveries)) },
    {
      path: 'history.json',
      bytes: encode(
        lines(view.events.map(({ seq, at, by, sentence, note }) => ({ seq, at, by: by.name, sentence, note }))),
      ),
    },
    {
      path: 'events.jsonl',
      bytes: encode(jsonLines(audit.events.map(({ seq, prevHash, hash, body }) => ({ seq, prevHash, hash, body })))),
    },
    {
      path: 'records.jsonl',
      bytes: encode(
        jsonLines(
          audit.records
            .toSorted((one, other) => (one.name < other.name ? -1 : 1))
            .map(({ name, text, blobs }) => ({ name, hash: recordHash(audit.id, name, text), text, blobs })),
        ),
      ),
    },
    { path: 'anchors.json', bytes: encode(lines(anchors)) },
    { path: 'keys.json', bytes: encode(lines(keys)) },
  ]
}

/** What results and the workflow say, in the exact texts that their records have the hashes of. */
function resultTexts({ results, definition }: CaseFile): { path: string; text: string }[] {
  return [
    { path: 'workflow.json', text: definition },
    ...results.flatMap(({ attempt, revision, text, json, evidence, checks }) => {
      const folder = `results/${attempt}.${revision}`
      return [
        { path: `${folder}/text.txt`, text },
        ...(json === null ? [] : [{ path: `${folder}/value.json`, text: json }]),
        { path: `${folder}/evidence.json`, text: evidence },
        { path: `${folder}/checks.json`, text: checks },
      ]
    }),
  ]
}

const README = `A case file of Holdpoint: one job with everything that was asked, answered, decided and sent.

Check it, on any machine with Holdpoint and without its database:

    npm run -s holdpoint -- audit verify FILE --key KEY.pem

KEY.pem is the public key of the installation that this is from. There is one in keys.json, but whoever altered this file
could have put another there: have it from the people who run the installation.

input.json, documents/, attempts/, results/, notes/, calls/ and deliveries/ have the exact bytes. events.jsonl is the
history in the exact texts that its hashes cover, records.jsonl what the rows beside it say, anchors.json the signed anchors
that have both. The other JSON files say the same for reading. manifest.json lists every file with its SHA-256.
docs/audit.md in the repository of Holdpoint has the formats.
`

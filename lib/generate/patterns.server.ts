/** Patterns: the rows that a story left behind, ready to be repeated with other ids, people and times. */
import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Contents as Searchable } from '@/lib/search/read-contents.server'
import type { DeliveryDefinition } from '@/lib/workflows/definition'
import type { WorkflowKey } from './material'
import { partId, parts } from './stage.server'
import type { Story } from './stories'

/** What one clone puts in the place of a part of a row. */
export type Token =
  | { put: 'id' | 'person' | 'response' | 'message' | 'letter' | 'letterHash'; at: number }
  | { put: 'time' | 'day'; ms: number }
  /** As `time`, a year later: what must not come due by itself. */
  | { put: 'muchLater'; ms: number }
  | { put: 'number' | 'title' | 'reference' | 'head' | 'input' }
  | { put: 'body' | 'hash' | 'previous'; at: number }
  /** The store’s own: of the workflow with this definition, of the document with this name. */
  | { put: 'version' | 'document'; of: string }
  /** The delivery hash of a correction whose bytes all share: it covers the id, at `at`, of what it corrects. */
  | { put: 'correctionHash'; kind: string; destination: string; bytesSha256: string; at: number }

export type Piece = string | Token
export type PatternRow = { table: string; pieces: Piece[] }

/** An e-mail that a round lets leave: its bytes name the job, so each clone has its own. */
export type Letter = {
  openedAt: number
  resultHash: string
  resultText: string
  delivery: DeliveryDefinition
  /** What it corrects: an earlier letter of the story, by its place, and how that was sent; null: nothing. */
  corrects: { letter: number; id: number; number: number; at: number; isKnown: boolean } | null
}

export type Pattern = {
  story: Story
  workflow: { key: WorkflowKey; version: number; name: string; sha256: string }
  input: Record<string, unknown>
  /** Of the story's own: each clone has another. */
  inputSha256: string
  /** How many ids, response ids and e-mails each clone needs. */
  ids: number
  /** Which of them is that of the job. */
  jobAt: number
  responses: number
  letters: Letter[]
  createdAt: number
  lastAt: number
  dueAt: number | null
  /** Each event's body, in order. */
  bodies: Piece[][]
  rows: PatternRow[]
  /** What it is found by. */
  search: Searchable
}

/** What a model or a customer wrote. Nothing of it is looked into, and all histories of a pattern share it. */
export const contentColumns: Readonly<Record<string, readonly string[]>> = {
  trace_item: ['data'],
  result: ['text', 'json', 'evidence', 'checks'],
}

/** Of each table with content: its lines as COPY reads them, each once. A row names its own by its place. */
export type Contents = Map<string, string[]>

export type Blob = { sha256: string; bytes: Buffer }

/** In the order in which they may be filled. `whose` finds the rows of one job. */
const TABLES: { table: string; whose: string; order: string }[] = [
  { table: 'job', whose: 'id = $1', order: 'id' },
  { table: 'job_document', whose: 'job_id = $1', order: 'position' },
  { table: 'attempt', whose: 'job_id = $1', order: 'number' },
  { table: 'attempt_watch', whose: 'attempt_id IN (SELECT id FROM attempt WHERE job_id = $1)', order: 'attempt_id' },
  {
    table: 'trace_item',
    whose: 'attempt_id IN (SELECT id FROM attempt WHERE job_id = $1)',
    order: 'attempt_id, position',
  },
  { table: 'result', whose: 'job_id = $1', order: 'id' },
  { table: 'review_round', whose: 'job_id = $1', order: 'number' },
  { table: 'decision', whose: 'job_id = $1', order: 'event_seq' },
  { table: 'event', whose: 'job_id = $1', order: 'seq' },
  { table: 'observation', whose: 'job_id = $1', order: 'id' },
  { table: 'tool_call', whose: 'job_id = $1', order: 'id' },
  { table: 'review_claim', whose: 'job_id = $1', order: 'id' },
  { table: 'claim_mark', whose: 'job_id = $1', order: 'id' },
  { table: 'review_work', whose: 'job_id = $1', order: 'round_id, user_id' },
  { table: 'delivery', whose: 'job_id = $1', order: 'number' },
  { table: 'delivery_try', whose: 'delivery_id IN (SELECT id FROM delivery WHERE job_id = $1)', order: 'number' },
  {
    table: 'budget_entry',
    whose: 'attempt_id IN (SELECT id FROM attempt WHERE job_id = $1)',
    order: 'attempt_id, account_key',
  },
]
export const tableNames = TABLES.map(({ table }) => table)

/** Filled by the database itself. */
const LEFT_OUT = new Set(['observation.id'])
/** Named the same in the store that is filled. */
const KEPT_IDS = new Set(['workflow_version_id', 'document_id', 'requester_key_id', 'api_key_id'])

export type Column = { name: string; type: string }
export type Columns = Map<string, Column[]>

/** The columns of the tables that are filled, in their order. */
export async function readColumns(client: pg.ClientBase): Promise<Columns> {
  const { rows } = await client.query<{ table: string; name: string; type: string }>(
    `SELECT table_name AS table, column_name AS name, data_type AS type FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name = ANY ($1) ORDER BY table_name, ordinal_position`,
    [tableNames],
  )
  const columns: Columns = new Map(tableNames.map((table) => [table, []]))
  for (const { table, name, type } of rows) {
    if (!LEFT_OUT.has(`${table}.${name}`)) columns.get(table)?.push({ name, type })
  }
  return columns
}

type Cells = Record<string, string | null>

async function readRows(client: pg.ClientBase, table: string, columns: Column[], jobId: string): Promise<Cells[]> {
  const spec = TABLES.find((one) => one.table === table)
  const select = columns.map(({ name, type }) =>
    // Moments in milliseconds, everything else as its text.
    type === 'timestamp with time zone'
      ? `(extract(epoch FROM "${name}") * 1000)::bigint::text AS "${name}"`
      : `"${name}"::text AS "${name}"`,
  )
  const { rows } = await client.query<Cells>(
    `SELECT ${select.join(', ')} FROM ${table} WHERE ${spec?.whose} ORDER BY ${spec?.order
      .split(', ')
      .map((name) => `${table}.${name}`)
      .join(', ')}`,
    [jobId],
  )
  return rows
}

/** A version of a workflow, as the stories knew it. */
export type KnownVersion = { sha256: string; version: number; name: string; delivery: DeliveryDefinition }

export type ReadOptions = {
  columns: Columns
  /** Versions and the names of documents, by their ids where the stories were told. */
  versions: Map<string, KnownVersion>
  documents: Map<string, string>
  /** What is added to as the patterns are read. */
  contents: Contents
  /** Requests as they are kept: without the id of the attempt, so that all clones share them. */
  requests: Map<string, string>
  /** What the story is found by. */
  search: Searchable
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const TOKENS = new RegExp(
  `(${UUID})|(story-[a-z]+-person)|(resp_gen\\d{21})|dlv_([0-9a-f]{32})|(\\d{4}-\\d\\d-\\d\\dT[\\d:.]{12}Z)|\\b([0-9a-f]{64})\\b`,
  'g',
)

/** Reads what `story` left behind as the job `jobId`. */
export async function readPattern(
  client: pg.ClientBase,
  story: Story,
  jobId: string,
  { columns, versions, documents, requests, contents, search }: ReadOptions,
): Promise<Pattern> {
  const found: { table: string; cells: Cells }[] = []
  for (const table of tableNames) {
    for (const cells of await readRows(client, table, columns.get(table) ?? [], jobId)) found.push({ table, cells })
  }
  const of = (table: string) => found.filter((row) => row.table === table).map(({ cells }) => cells)
  const [job] = of('job')
  if (job === undefined) throw new Error(`the story "${story.name}" left no job`)
  const version = versions.get(job.workflow_version_id ?? '')
  if (version === undefined) throw new Error(`the workflow of "${story.name}" is not in the store`)

  const uuids = new Set<string>()
  for (const { table, cells } of found) {
    for (const { name, type } of columns.get(table) ?? []) {
      const value = cells[name]
      if (type === 'uuid' && value != null && !KEPT_IDS.has(name)) uuids.add(value)
    }
  }
  // In the order in which they were made, which UUIDv7 keeps.
  const ids = [...uuids].toSorted()
  const responses: string[] = []
  const letters: Letter[] = []
  const letterShas: string[] = []
  const letterHashes: string[] = []
  for (const round of of('review_round')) {
    if (round.delivery_kind !== 'email' || round.delivery_sha256 == null || round.delivery_hash == null) continue
    const result = of('result').find(({ id }) => id === round.result_id)
    letterShas.push(round.delivery_sha256)
    letterHashes.push(round.delivery_hash)
    letters.push({
      openedAt: await openedAt(client, round),
      resultHash: round.result_hash ?? '',
      resultText: result?.text ?? '',
      delivery: version.delivery,
      corrects: correctedOf(round, of('delivery'), letterHashes, ids),
    })
  }

  const corrections = new Map<string, Token>()
  for (const { delivery_corrects: corrects, ...round } of of('review_round')) {
    if (corrects == null || round.delivery_hash == null || letterHashes.includes(round.delivery_hash)) continue
    corrections.set(round.delivery_hash, {
      put: 'correctionHash',
      kind: round.delivery_kind ?? '',
      destination: round.delivery_to ?? '',
      bytesSha256: round.delivery_sha256 ?? '',
      at: ids.indexOf(corrects),
    })
  }

  const split = (text: string, write: (text: string) => string): Piece[] => {
    const pieces: Piece[] = []
    let from = 0
    for (const match of text.matchAll(TOKENS)) {
      const token = tokenOf(match)
      if (token === null) continue
      pieces.push(write(text.slice(from, match.index)), token)
      from = match.index + match[0].length
    }
    pieces.push(write(text.slice(from)))
    return pieces
  }
  const tokenOf = ([, uuid, person, response, message, iso, hash]: RegExpMatchArray): Token | string | null => {
    if (uuid !== undefined) {
      const document = documents.get(uuid)
      if (document !== undefined) return { put: 'document', of: document }
      const known = versions.get(uuid)
      if (known !== undefined) return { put: 'version', of: known.sha256 }
      const at = ids.indexOf(uuid)
      return at < 0 ? null : { put: 'id', at }
    }
    if (person !== undefined) return { put: 'person', at: parts.findIndex((part) => partId(part) === person) }
    if (response !== undefined) {
      if (!responses.includes(response)) responses.push(response)
      return { put: 'response', at: responses.indexOf(response) }
    }
    if (message !== undefined) {
      const at = ids.findIndex((id) => id.replaceAll('-', '') === message)
      return at < 0 ? null : { put: 'message', at }
    }
    if (iso !== undefined) return { put: 'time', ms: Date.parse(iso) }
    if (hash === undefined) return null
    if (hash === job.input_sha256) return { put: 'input' }
    if (letterShas.includes(hash)) return { put: 'letter', at: letterShas.indexOf(hash) }
    if (letterHashes.includes(hash)) return { put: 'letterHash', at: letterHashes.indexOf(hash) }
    const correction = corrections.get(hash)
    if (correction !== undefined) return correction
    return requests.get(hash) ?? null
  }

  const cellOf = (table: string, { name, type }: Column, cells: Cells): Piece[] => {
    const value = cells[name] ?? null
    if (value === null) return ['\\N']
    if (table === 'job' && (name === 'number' || name === 'title' || name === 'reference')) return [{ put: name }]
    if (table === 'job' && name === 'head_hash') return [{ put: 'head' }]
    if (table === 'event') {
      const at = Number(cells.seq) - 1
      if (name === 'body') return [{ put: 'body', at }]
      if (name === 'hash') return [{ put: 'hash', at }]
      if (name === 'prev_hash') return [{ put: 'previous', at }]
    }
    if (type === 'timestamp with time zone') {
      const isLater = story.ending === 'unfinished' && MUCH_LATER.has(`${table}.${name}`)
      return [{ put: isLater ? 'muchLater' : 'time', ms: Number(value) }]
    }
    if (table === 'budget_entry' && name === 'account_key' && /\d{4}-\d\d-\d\d$/.test(value)) {
      return [escapeCell(value.slice(0, -10)), { put: 'day', ms: Number(cells.reserved_at) }]
    }
    return split(value, escapeCell)
  }

  const rows = found.map(({ table, cells }) => {
    const pieces = rowColumns(columns, table).flatMap((column, index) => [
      ...(index === 0 ? [] : ['\t']),
      ...cellOf(table, column, cells),
    ])
    const content = contentColumns[table]
    if (content !== undefined) pieces.push(`\t${placeOf(contents, table, content, cells)}`)
    return { table, pieces: joined([...pieces, '\n']) }
  })
  const events = of('event')
  const input = await client.query<{ bytes: Buffer }>('SELECT bytes FROM blob_chunk WHERE sha256 = $1', [
    job.input_sha256,
  ])
  return {
    story,
    workflow: { key: story.workflow, version: version.version, name: version.name, sha256: version.sha256 },
    inputSha256: job.input_sha256 ?? '',
    input: JSON.parse(input.rows[0]?.bytes.toString('utf8') ?? '{}') as Record<string, unknown>,
    ids: ids.length,
    jobAt: ids.indexOf(jobId),
    responses: responses.length,
    letters,
    createdAt: Number(job.created_at),
    lastAt: Number(events.at(-1)?.at),
    dueAt: job.due_at == null ? null : Number(job.due_at),
    bodies: events.map(({ body }) => joined(split(body ?? '', (text) => text))),
    rows,
    search,
  }
}

/** Those that each history has for itself. */
export function rowColumns(columns: Columns, table: string): Column[] {
  const shared = contentColumns[table] ?? []
  return (columns.get(table) ?? []).filter(({ name }) => !shared.includes(name))
}

/** Where the content of this row stands among those of its table. */
function placeOf(contents: Contents, table: string, names: readonly string[], cells: Cells): number {
  const values = names.map((name) => cells[name] ?? null).map((value) => (value === null ? '\\N' : escapeCell(value)))
  const line = values.join('\t')
  const lines = contents.get(table) ?? []
  contents.set(table, lines)
  const at = lines.indexOf(line)
  return at < 0 ? lines.push(line) - 1 : at
}

/** Which letter before it a round lets another correct. */
function correctedOf(
  round: Cells,
  deliveries: readonly Cells[],
  letterHashes: readonly string[],
  ids: readonly string[],
): Letter['corrects'] {
  const earlier = deliveries.find(({ id }) => id != null && id === round.delivery_corrects)
  if (earlier === undefined) return null
  return {
    letter: letterHashes.indexOf(earlier.delivery_hash ?? ''),
    id: ids.indexOf(earlier.id ?? ''),
    number: Number(earlier.number),
    at: Number(earlier.tried_at ?? earlier.changed_at),
    isKnown: earlier.state === 'delivered',
  }
}

/** They are kept from coming due by themselves: nothing that was generated is sent anywhere or asked about. */
const MUCH_LATER = new Set(['delivery.not_before', 'delivery.next_try_at', 'attempt_watch.next_look_at'])

/** A round that was opened again on the same result has an e-mail with its own date: that of its bytes. */
async function openedAt(client: pg.ClientBase, round: Cells): Promise<number> {
  const { rows } = await client.query<{ bytes: Buffer }>('SELECT bytes FROM blob_chunk WHERE sha256 = $1', [
    round.delivery_sha256,
  ])
  const date = /^Date: (.*)$/im.exec(rows[0]?.bytes.toString('utf8') ?? '')?.[1]
  return date === undefined ? Number(round.opened_at) : Date.parse(date)
}

/** Neighbouring texts as one. */
function joined(pieces: Piece[]): Piece[] {
  const result: Piece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    if (typeof piece === 'string' && typeof last === 'string') result[result.length - 1] = last + piece
    else if (piece !== '') result.push(piece)
  }
  return result
}

/** As COPY's text format writes a value. */
export function escapeCell(text: string): string {
  return text.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character)
}
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Every blob of the stories, and their requests without the id of the attempt that sent them. */
export async function readBlobs(client: pg.ClientBase): Promise<{ blobs: Blob[]; requests: Map<string, string> }> {
  const { rows } = await client.query<Blob>(
    `SELECT sha256, string_agg(bytes, ''::bytea ORDER BY position) AS bytes FROM blob_chunk GROUP BY sha256 ORDER BY sha256`,
  )
  const asked = await client.query<{ sha256: string }>('SELECT DISTINCT request_sha256 AS sha256 FROM attempt')
  const own = new Set(asked.rows.map(({ sha256 }) => sha256))
  const requests = new Map<string, string>()
  const blobs = new Map<string, Blob>()
  for (const { sha256, bytes } of rows) {
    if (!own.has(sha256)) {
      blobs.set(sha256, { sha256, bytes })
      continue
    }
    const request = { ...(JSON.parse(bytes.toString('utf8')) as object), metadata: {} }
    const shared = Buffer.from(JSON.stringify(request))
    const hash = createHash('sha256').update(shared).digest('hex')
    requests.set(sha256, hash)
    blobs.set(hash, { sha256: hash, bytes: shared })
  }
  return { blobs: [...blobs.values()], requests }
}

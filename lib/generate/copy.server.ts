/** COPY, table by table, a batch at a time: the memory that it takes does not grow with the number of jobs. */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as breathe } from 'node:timers/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Sink } from './multiply'
import type { Blob, Columns, Contents } from './patterns.server'
import { contentColumns, rowColumns, tableNames } from './patterns.server'
import type { SharedDocument } from './stories.server'

/** Every so many histories the connection gets its turn: the batch before is sent while the next is written. */
const TURN = 25

/** What COPY is given at a time: many short lines as one text. */
const CHUNK_LINES = 500

export type CopyOptions = {
  columns: Columns
  contents: Contents
  /** So many histories are written before they are sent. */
  batch: number
  /** Tables that were emptied in this transaction: their rows are stored as old ones, which nothing has to visit again. */
  frozen: ReadonlySet<string>
}

/**
 * Writes each of `histories` by `write`, and copies what came of them.
 * @returns how many rows.
 */
export async function copyInto<T>(
  client: pg.ClientBase,
  { columns, contents, batch, frozen }: CopyOptions,
  histories: Iterable<T>,
  write: (history: T, index: number, sink: Sink) => void,
): Promise<number> {
  let lines = new Map<string, string[]>()
  let rows = 0
  const line = (table: string, text: string) => {
    const before = lines.get(table)
    if (before === undefined) lines.set(table, [text])
    else before.push(text)
    rows += 1
  }
  const sink: Sink = {
    line,
    blob({ sha256, bytes }) {
      line('blob', `${sha256}\t${bytes.length}\n`)
      line('blob_chunk', `${sha256}\t0\t\\\\x${bytes.toString('hex')}\n`)
    },
  }
  const names = (table: string) => listed(rowColumns(columns, table).map(({ name }) => name))
  const into: [table: string, columns: string][] = [
    ['blob', 'sha256, size'],
    ['blob_chunk', 'sha256, position, bytes'],
    ...tableNames.map((table): [string, string] => [table, names(table)]),
  ]
  for (const table of Object.keys(contentColumns)) await stage(client, table, names(table), contents.get(table) ?? [])
  const send = async (batchLines: ReadonlyMap<string, string[]>) => {
    for (const [table, list] of into) {
      const texts = batchLines.get(table)
      if (texts === undefined) continue
      const content = contentColumns[table]
      if (content === undefined)
        await copy(client, `${table} (${list})`, texts, frozen.has(table) ? ' WITH (FREEZE)' : '')
      else {
        await copy(client, `staged_${table}`, texts)
        await client.query(
          `INSERT INTO ${table} (${list}, ${listed(content)})
           SELECT ${list}, ${listed(content)} FROM staged_${table} JOIN content_of_${table} USING (content)`,
        )
        await client.query(`TRUNCATE staged_${table}`)
      }
    }
  }
  let sending: Promise<void> = Promise.resolve()
  const flush = async () => {
    await sending
    const full = lines
    lines = new Map()
    sending = send(full)
    // It is awaited before the next; until then its failure belongs to nobody yet.
    sending.catch(() => undefined)
  }
  let index = 0
  for (const history of histories) {
    write(history, index, sink)
    index += 1
    if (index % batch === 0) await flush()
    else if (index % TURN === 0) await breathe()
  }
  await flush()
  await sending
  return rows
}

const listed = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ')

async function copy(client: pg.ClientBase, target: string, lines: readonly string[], options = ''): Promise<void> {
  await pipeline(Readable.from(chunksOf(lines)), client.query(copyFrom(`COPY ${target} FROM STDIN${options}`)))
}

/**
 * Long texts that many histories share go to the database once: each row comes with the place of its own, and is put
 * together there.
 */
async function stage(client: pg.ClientBase, table: string, names: string, lines: readonly string[]): Promise<void> {
  const content = listed(contentColumns[table] ?? [])
  await client.query(
    `CREATE TEMP TABLE staged_${table} ON COMMIT DROP AS SELECT ${names}, 0 AS content FROM ${table} WITH NO DATA;
     CREATE TEMP TABLE content_of_${table} ON COMMIT DROP AS SELECT 0 AS content, ${content} FROM ${table} WITH NO DATA`,
  )
  await copy(
    client,
    `content_of_${table}`,
    lines.map((line, place) => `${place}\t${line}\n`),
  )
  await client.query(`ANALYZE content_of_${table}`)
}

function* chunksOf(lines: readonly string[]): Generator<Buffer> {
  for (let from = 0; from < lines.length; from += CHUNK_LINES) {
    yield Buffer.from(lines.slice(from, from + CHUNK_LINES).join(''))
  }
}

/** Bytes that many histories share, each at most one chunk. Those that are there already stay. */
export async function storeBlobs(client: pg.ClientBase, blobs: readonly Blob[]): Promise<void> {
  // Their keys may be gone for the moment: what is there is asked for, rather than run into.
  await client.query(
    `WITH put AS (
       INSERT INTO blob (sha256, size) SELECT n.sha256, length(n.bytes) FROM unnest($1::text[], $2::bytea[]) AS n (sha256, bytes)
        WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.sha256 = n.sha256) RETURNING sha256)
     INSERT INTO blob_chunk (sha256, position, bytes)
     SELECT n.sha256, 0, n.bytes FROM unnest($1::text[], $2::bytea[]) AS n (sha256, bytes) JOIN put USING (sha256)`,
    [blobs.map(({ sha256 }) => sha256), blobs.map(({ bytes }) => bytes)],
  )
}

/** The documents of the stories, in the name of one of the people, with ids of `idOf`. @returns the ids by name. */
export async function storeDocuments(
  client: pg.ClientBase,
  documents: readonly SharedDocument[],
  userId: string,
  idOf: () => string,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const { name, media_type, size, sha256, text_sha256, pages, characters } of documents) {
    const id = idOf()
    ids.set(name, id)
    await client.query(
      `INSERT INTO document (id, name, media_type, size, sha256, text_sha256, pages, characters, uploaded_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, name, media_type, size, sha256, text_sha256, pages, characters, `user:${userId}`],
    )
  }
  return ids
}

/** COPY, table by table, a batch at a time: the memory that it takes does not grow with the number of jobs. */
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Sink } from './multiply'
import type { Blob, Columns } from './patterns.server'
import { tableNames } from './patterns.server'
import type { SharedDocument } from './stories.server'

/**
 * Writes each of `histories` by `write`, and copies what came of them.
 * @returns how many rows.
 */
export async function copyInto<T>(
  client: pg.ClientBase,
  columns: Columns,
  batch: number,
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
  const names = (table: string) => (columns.get(table) ?? []).map(({ name }) => `"${name}"`).join(', ')
  const into: [table: string, columns: string][] = [
    ['blob', 'sha256, size'],
    ['blob_chunk', 'sha256, position, bytes'],
    ...tableNames.map((table): [string, string] => [table, names(table)]),
  ]
  const flush = async () => {
    for (const [table, list] of into) {
      const text = lines.get(table)
      if (text === undefined) continue
      const stream = client.query(copyFrom(`COPY ${table} (${list}) FROM STDIN`))
      stream.end(text.join(''))
      await finished(stream)
    }
    lines = new Map()
  }
  let index = 0
  for (const history of histories) {
    write(history, index, sink)
    index += 1
    if (index % batch === 0) await flush()
  }
  await flush()
  return rows
}

const FILLED = [...tableNames, 'blob', 'blob_chunk']

/**
 * Takes from the tables what is asked of each row by itself, for the rest of the transaction: triggers and foreign keys.
 * @returns what puts it back, as it was. The foreign keys are checked then, all rows at once.
 */
export async function withoutRowChecks(client: pg.ClientBase): Promise<() => Promise<void>> {
  // What was stored one by one until here is checked now: a table with a check to come lets no trigger be switched off.
  await client.query('SET CONSTRAINTS ALL IMMEDIATE')
  const { rows: keys } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY ($1::regclass[]) ORDER BY conrelid, conname`,
    [FILLED],
  )
  for (const { table, name } of keys) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`)
  for (const table of FILLED) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
  return async () => {
    for (const table of FILLED) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
    for (const { table, name, definition } of keys) {
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`)
    }
  }
}

/** Bytes that many histories share, each at most one chunk. Those that are there already stay. */
export async function storeBlobs(client: pg.ClientBase, blobs: readonly Blob[]): Promise<void> {
  for (const { sha256, bytes } of blobs) {
    const { rowCount } = await client.query('INSERT INTO blob (sha256, size) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      sha256,
      bytes.length,
    ])
    if (rowCount === 0) continue
    await client.query('INSERT INTO blob_chunk (sha256, position, bytes) VALUES ($1, 0, $2)', [sha256, bytes])
  }
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

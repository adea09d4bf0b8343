/** What is asked of each row by itself is taken from the tables while they are filled, and put back as it was. */
import type pg from 'pg'
import { tableNames } from './patterns.server'

const FILLED = [...tableNames, 'blob', 'blob_chunk']

export type Cleared = {
  /** The tables that were empty, and may be filled with rows that are stored as old ones. */
  empty: ReadonlySet<string>
  /** Puts everything back. All rows are checked then, all at once. */
  putBack: () => Promise<void>
}

type Named = { table: string; name: string; definition: string }

/**
 * Takes triggers, keys and indexes from the tables that are filled, for the rest of the transaction: an index is built
 * many times faster over all rows than row by row.
 */
export async function clearTables(client: pg.ClientBase): Promise<Cleared> {
  // What was stored one by one until here is checked now: a table with a check to come lets no trigger be switched off.
  await client.query('SET CONSTRAINTS ALL IMMEDIATE')
  // Of this transaction alone: the indexes of millions of rows are sorted in memory, and nothing is compiled for them.
  await client.query(`SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '128MB'; SET LOCAL jit = off`)
  // Foreign keys of other tables too, where they point here: they stand on the keys that go.
  const { rows: keys } = await client.query<Named & { type: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition, contype AS type
       FROM pg_constraint
      WHERE contype = 'f' AND (conrelid = ANY ($1::regclass[]) OR confrelid = ANY ($1::regclass[]))
         OR contype IN ('p', 'u') AND conrelid = ANY ($1::regclass[])
      ORDER BY contype = 'f' DESC, conrelid, conname`,
    [FILLED],
  )
  const { rows: indexes } = await client.query<Named>(
    `SELECT i.indrelid::regclass::text AS table, i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
       FROM pg_index i
      WHERE i.indrelid = ANY ($1::regclass[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid)
      ORDER BY i.indrelid, i.indexrelid`,
    [FILLED],
  )
  for (const { table, name } of keys) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`)
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`)
  for (const table of FILLED) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
  const empty = new Set<string>()
  for (const table of FILLED) {
    const { rows } = await client.query<{ full: boolean }>(`SELECT EXISTS (SELECT 1 FROM ${table}) AS full`)
    if (rows[0]?.full === true) continue
    // Made new in this transaction: where the log is minimal, what fills it is not written twice.
    await client.query(`TRUNCATE ${table}`)
    empty.add(table)
  }
  return {
    empty,
    async putBack() {
      for (const table of FILLED) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
      for (const { definition } of indexes) await client.query(definition)
      for (const { table, name, definition } of keys.toReversed()) {
        await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`)
      }
    },
  }
}

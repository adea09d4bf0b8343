/** Plain SQL over whichever connection is at hand: the application's client, or one of `pg` in the middle of a transaction. */
import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Tx } from '@/lib/store/db.server'

/** Runs one statement and gives its rows. Values that are no text are cast in the statement. */
export type Query = <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>

/** Each statement is prepared once for the connection: a walk asks the same few of them thousands of times. */
export function queryOf(client: pg.ClientBase): Query {
  const names = new Map<string, string>()
  return async <Row extends object>(text: string, values: unknown[] = []) => {
    const name = names.get(text) ?? `audit_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    names.set(text, name)
    return (await client.query<Row>({ name, text, values })).rows
  }
}

export function queryOfTx(tx: Tx): Query {
  return <Row extends object>(sql: string, values: unknown[] = []) => tx.$queryRawUnsafe<Row[]>(sql, ...values)
}

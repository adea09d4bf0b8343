/** What somebody might add to a store, or write into rows that go on changing, so that people read something else. */
import type { Tampering, World } from './tamper'

type Row = { key: string; job: string }

/** One of the rows that `sql` gives of jobs that an anchor has; null where there is none. */
async function pickRow({ client, chance, jobs }: World, sql: string): Promise<Row | null> {
  const { rows } = await client.query<Row>(
    `SELECT key::text, job::text FROM (${sql}) AS found (key, job) WHERE job = ANY ($1::uuid[]) ORDER BY key`,
    [jobs],
  )
  return rows.length === 0 ? null : chance.pick(rows)
}

const rows = (name: string, sql: string, run: (world: World, row: Row) => Promise<unknown>): Tampering => ({
  name,
  of: 'rows',
  run: async (world) => {
    const row = await pickRow(world, sql)
    if (row === null) return null
    await run(world, row)
    return `${row.key} of ${row.job}`
  },
})

const allOf = (table: string, where = 'true') => `SELECT id, job_id FROM ${table} WHERE ${where}`

/** A copy of the row in `table`, with other columns. @param also an expression of JSON over the row `r`. */
const added = (name: string, table: string, also: string, where?: string): Tampering =>
  rows(name, allOf(table, where), ({ client }, { key }) =>
    client.query(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(r, ${also} || jsonb_build_object('id', gen_random_uuid()))).*
         FROM ${table} r WHERE id = $1`,
      [key],
    ),
  )

const written = (name: string, table: string, set: string, where: string): Tampering =>
  rows(name, allOf(table, where), ({ client }, { key }) =>
    client.query(`UPDATE ${table} SET ${set} WHERE id = $1`, [key]),
  )

const next = (table: string, column: string) =>
  `(SELECT max(o.${column}) + 1 FROM ${table} o WHERE o.job_id = r.job_id)`

/** The last event of the job that no row of `table` names. */
const freeEvent = (table: string) =>
  `(SELECT max(e.seq) FROM event e WHERE e.job_id = r.job_id AND NOT EXISTS (
      SELECT 1 FROM ${table} o WHERE o.job_id = e.job_id AND o.event_seq = e.seq))`

export const ROWS: Tampering[] = [
  added(
    'a decision is added',
    'decision',
    `jsonb_build_object('event_seq', ${freeEvent('decision')}, 'command', 'uphold', 'at', r.at + interval '1 minute')`,
  ),
  added('a result is added', 'result', `jsonb_build_object('revision', r.revision + 1_000, 'text', 'In its place.')`),
  added('a call is added', 'tool_call', `jsonb_build_object('position', r.position + 1_000, 'name', 'other')`),
  added(
    'a delivery is added',
    'delivery',
    `jsonb_build_object('number', ${next('delivery', 'number')}, 'event_seq', ${freeEvent('delivery')}, 'message_id', 'dlv_added')`,
  ),
  added(
    'a round is added',
    'review_round',
    `jsonb_build_object('number', ${next('review_round', 'number')})`,
    'closed_at IS NOT NULL',
  ),
  added(
    'an attempt is added',
    'attempt',
    `jsonb_build_object('number', ${next('attempt', 'number')}, 'fence', ${next('attempt', 'fence')}, 'response_id', r.response_id || '-2')`,
    'ended_at IS NOT NULL',
  ),
  added('a mark is added', 'claim_mark', `jsonb_build_object('verdict', 'contradicted')`),
  rows(
    'a try is added',
    'SELECT d.id, d.job_id FROM delivery d WHERE EXISTS (SELECT 1 FROM delivery_try t WHERE t.delivery_id = d.id)',
    ({ client }, { key }) =>
      client.query(
        `INSERT INTO delivery_try SELECT (jsonb_populate_record(t, jsonb_build_object('number', t.number + 1))).*
           FROM delivery_try t WHERE delivery_id = $1 ORDER BY number DESC LIMIT 1`,
        [key],
      ),
  ),
  written('a delivery stands otherwise', 'delivery', `state = 'failed'`, `state = 'delivered' AND kind <> 'by_hand'`),
  written('a delivery has another code', 'delivery', `code = 'http_404'`, `state IN ('delivered', 'failed')`),
  written('a delivery has another reference', 'delivery', `reference = reference || '1'`, 'reference IS NOT NULL'),
  written(
    'a delivery was tried at another time',
    'delivery',
    `tried_at = tried_at - interval '1 day'`,
    `tried_at IS NOT NULL AND state <> 'sending' AND EXISTS (SELECT 1 FROM delivery_try t WHERE t.delivery_id = delivery.id)`,
  ),
  written('a decision is taken back', 'decision', 'voided_at = at', 'voided_at IS NULL'),
  written(
    'a decision counts again',
    'decision',
    'voided_at = NULL',
    `voided_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM decision o WHERE o.round_id = decision.round_id AND o.id <> decision.id)`,
  ),
  written('a mark says otherwise', 'claim_mark', `verdict = 'none'`, `verdict <> 'none'`),
  rows('a mark is deleted', allOf('claim_mark'), ({ client }, { key }) =>
    client.query('DELETE FROM claim_mark WHERE id = $1', [key]),
  ),
  rows('a job failed for another reason', 'SELECT id, id FROM job', ({ client }, { key }) =>
    client.query(`UPDATE job SET failure_class = 'policy', failure_code = 'content_filter' WHERE id = $1`, [key]),
  ),
  rows(
    'a job has another priority than somebody gave it',
    `SELECT job_id, job_id FROM event WHERE command = 'prioritise'`,
    ({ client }, { key }) => client.query('UPDATE job SET priority = priority + 1 WHERE id = $1', [key]),
  ),
]

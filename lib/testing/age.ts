/** Makes the past of a job older: as if everything that happened to it had happened earlier. For tests of what is months old. */
import pg from 'pg'
import { eventHash, GENESIS } from '@/lib/store/event-chain'

/** Where the times of a job stand, and how its rows are found by its id. */
const TABLES: Record<string, string> = {
  job: 'id = $1',
  event: 'job_id = $1',
  attempt: 'job_id = $1',
  attempt_watch: 'attempt_id IN (SELECT id FROM attempt WHERE job_id = $1)',
  result: 'job_id = $1',
  review_round: 'job_id = $1',
  decision: 'job_id = $1',
  review_claim: 'job_id = $1',
  claim_mark: 'job_id = $1',
  observation: 'job_id = $1',
  tool_call: 'job_id = $1',
  delivery: 'job_id = $1',
  delivery_try: 'delivery_id IN (SELECT id FROM delivery WHERE job_id = $1)',
  notice: 'job_id = $1',
}

const ISO = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g

/**
 * Moves each time of a settled job back by `ms`, and makes its chain anew over the older events.
 * @param ownerUrl as the owner of the database, who alone may switch its rules off.
 */
export async function ageJob(ownerUrl: string, jobId: string, ms: number): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    for (const table of Object.keys(TABLES)) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
    await moveTimes(client, jobId, ms)
    await chainAnew(client, jobId, ms)
    for (const table of Object.keys(TABLES)) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

async function moveTimes(client: pg.Client, jobId: string, ms: number): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' AND table_name = ANY ($1)`,
    [Object.keys(TABLES)],
  )
  for (const { table, column } of rows) {
    await client.query(
      `UPDATE ${table} SET ${column} = ${column} - $2 * interval '1 millisecond' WHERE ${TABLES[table]}`,
      [jobId, ms],
    )
  }
}

async function chainAnew(client: pg.Client, jobId: string, ms: number): Promise<void> {
  const { rows } = await client.query<{ seq: number; body: string }>(
    'SELECT seq, body FROM event WHERE job_id = $1 ORDER BY seq',
    [jobId],
  )
  let head = GENESIS
  for (const { seq, body } of rows) {
    const older = body.replace(ISO, (time) => new Date(Date.parse(time) - ms).toISOString())
    const hash = eventHash(jobId, seq, head, older)
    await client.query('UPDATE event SET body = $3, prev_hash = $4, hash = $5 WHERE job_id = $1 AND seq = $2', [
      jobId,
      seq,
      older,
      head,
      hash,
    ])
    head = hash
  }
  await client.query('UPDATE job SET head_hash = $2 WHERE id = $1', [jobId, head])
}

/** What somebody might try who holds the application's connection and writes SQL by hand, perfect events included. */
import pg from 'pg'
import type { Job } from '@/lib/generated/prisma/client'
import { type Command, isSettled, type State } from '@/lib/lifecycle/table'
import { SESSION_OPTIONS } from '@/lib/store/db.server'
import { type EventActor, type EventDetail, eventHash } from '@/lib/store/event-chain'

export type Statement = [sql: string, ...values: unknown[]]

/** A connection as the application's: the owner's URL, with the role set. */
export async function rawClient(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, options: SESSION_OPTIONS })
  // The server closes it when the database is dropped.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Runs statements in one transaction, and throws what the database says of them. */
export async function inOneTransaction(client: pg.Client, ...statements: Statement[]): Promise<void> {
  await client.query('BEGIN')
  try {
    for (const [sql, ...values] of statements) await client.query(sql, values)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

export type Forgery = {
  command: Command
  to: State
  actor: EventActor
  detail?: EventDetail
  /** Left as it is unless given. */
  dueAt?: Date
}

/** The UPDATE of the job and the INSERT of its event, agreeing with each other to the letter. */
export function forgedMove(job: Job, { command, to, actor, detail, dueAt }: Forgery): Statement[] {
  const at = new Date()
  const due = dueAt ?? job.dueAt
  const settledAt = isSettled(to) ? at : null
  const body = JSON.stringify({
    v: 1,
    command,
    from: job.state,
    to,
    at: at.toISOString(),
    actor,
    transport: 'api',
    dueAt: due?.toISOString() ?? null,
    settledAt: settledAt?.toISOString() ?? null,
    ...detail,
  })
  const seq = job.version + 1
  const hash = eventHash(job.id, seq, job.headHash, body)
  return [
    [
      `UPDATE job SET state = $2, settled_at = $3, due_at = $4, changed_at = $5, version = $6, last_command = $7, head_hash = $8
        WHERE id = $1`,
      job.id,
      to,
      settledAt,
      due,
      at,
      seq,
      command,
      hash,
    ],
    [
      `INSERT INTO event (job_id, seq, at, command, from_state, to_state, actor_kind, actor_id, transport, body, prev_hash, hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'api', $9, $10, $11)`,
      job.id,
      seq,
      at,
      command,
      job.state,
      to,
      actor.kind,
      actor.id,
      body,
      job.headHash,
      hash,
    ],
  ]
}

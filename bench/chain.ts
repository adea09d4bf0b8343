/**
 * What the chain costs: the same writes with it (hash, head, trigger, what waits for an anchor) and without, in one run, in
 * turns. All other rules are off for both, so that nothing else is measured.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { takeAnchor } from '@/lib/audit/anchor.server'
import { queryOf } from '@/lib/audit/query.server'
import { migrate } from '@/lib/start/migrate.server'
import { startPostgres } from '@/lib/start/postgres.server'
import { connect } from '@/lib/store/db.server'
import { eventHash } from '@/lib/store/event-chain'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { type Measured, measureOf, percentile, timed } from './measure'

const JOBS = 1_000
/** Each in turns: so many rounds of both, of so many writes. */
const ROUNDS = 40
const WRITES = 50
const BULK_ROUNDS = 12

const BESIDE = { statistic: 'median', beside: 'the same rows without it' } as const

type Head = { id: string; version: number; head: string }

export async function chainMeasures(): Promise<Measured[]> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-bench-chain-'))
  const postgres = await startPostgres(dataDir)
  const client = new pg.Client({ connectionString: postgres.url })
  try {
    await migrate(postgres.url)
    const db = connect(postgres.url, 1)
    await publishBuiltins(db)
    await db.$disconnect()
    await client.connect()
    const jobs = await prepare(client)
    return await measure(client, jobs)
  } finally {
    await client.end()
    await postgres.stop()
    fs.rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Jobs with one event each, twice: in the tables themselves, and in copies of them that have no hashes. */
async function prepare(client: pg.Client): Promise<Head[]> {
  await client.query('ALTER TABLE job DISABLE TRIGGER USER')
  await client.query('ALTER TABLE event DISABLE TRIGGER USER')
  await client.query(
    `INSERT INTO job (id, workflow_version_id, workflow_key, title, state, version, head_hash, last_command, changed_at, input_sha256,
            next_kind, next_rank)
     SELECT gen_random_uuid(), v.id, v.key, 'A job of the bench', 'queued', 1, '', 'create', now(), repeat('0', 64), 'wait_send', 0
       FROM generate_series(1, $1) CROSS JOIN (SELECT id, key FROM workflow_version LIMIT 1) v`,
    [JOBS],
  )
  await client.query(
    `INSERT INTO event (job_id, seq, at, command, to_state, actor_kind, transport, body, prev_hash, hash)
     SELECT id, 1, now(), 'create', 'queued', 'system', 'timer', $1, repeat('0', 64), event_hash(id, 1, repeat('0', 64), $1) FROM job`,
    [bodyOf(1)],
  )
  await client.query('UPDATE job j SET head_hash = e.hash FROM event e WHERE e.job_id = j.id')
  await client.query('CREATE TABLE plain_job (LIKE job INCLUDING ALL)')
  await client.query('CREATE TABLE plain_event (LIKE event INCLUDING ALL)')
  await client.query('INSERT INTO plain_job SELECT * FROM job')
  await client.query('INSERT INTO plain_event SELECT * FROM event')
  await client.query('ALTER TABLE plain_job DROP COLUMN head_hash')
  await client.query('ALTER TABLE plain_event DROP COLUMN prev_hash, DROP COLUMN hash')
  await client.query('ALTER TABLE plain_event ADD FOREIGN KEY (job_id) REFERENCES plain_job (id)')
  await client.query(
    'ALTER TABLE event ENABLE TRIGGER event_continues_the_chain, ENABLE TRIGGER event_waits_for_its_anchor',
  )
  await client.query('ANALYZE')
  const { rows } = await client.query<Head>('SELECT id, version, head_hash AS head FROM job ORDER BY number')
  return rows
}

/** As long as most are. */
function bodyOf(seq: number): string {
  return JSON.stringify({
    v: 1,
    command: seq === 1 ? 'create' : 'comment',
    from: seq === 1 ? null : 'queued',
    to: 'queued',
    at: '2026-11-30T12:00:00.000Z',
    actor: { kind: 'system', id: null },
    transport: 'timer',
    dueAt: '2026-12-01T12:00:00.000Z',
    settledAt: null,
    note: 'a'.repeat(64),
    attempt: seq,
  })
}

const AT = new Date('2026-11-30T12:00:00Z')
const COLUMNS = 'job_id, seq, at, command, from_state, to_state, actor_kind, transport, body'
const VALUES = `$1::uuid, $2::int, $3::timestamptz, 'comment', 'queued', 'queued', 'system', 'timer', $4`

async function chained(client: pg.Client, job: Head): Promise<void> {
  const seq = job.version + 1
  const body = bodyOf(seq)
  const hash = eventHash(job.id, seq, job.head, body)
  await client.query('BEGIN')
  await client.query({
    name: 'chained_job',
    text: `UPDATE job SET version = $2, head_hash = $3, changed_at = $4 WHERE id = $1 AND version = $2 - 1`,
    values: [job.id, seq, hash, AT],
  })
  await client.query({
    name: 'chained_event',
    text: `INSERT INTO event (${COLUMNS}, prev_hash, hash) VALUES (${VALUES}, $5, $6)`,
    values: [job.id, seq, AT, body, job.head, hash],
  })
  await client.query('COMMIT')
  job.version = seq
  job.head = hash
}

async function plain(client: pg.Client, job: { id: string; version: number }): Promise<void> {
  const seq = job.version + 1
  await client.query('BEGIN')
  await client.query({
    name: 'plain_job',
    text: `UPDATE plain_job SET version = $2, changed_at = $3 WHERE id = $1 AND version = $2 - 1`,
    values: [job.id, seq, AT],
  })
  await client.query({
    name: 'plain_event',
    text: `INSERT INTO plain_event (${COLUMNS}) VALUES (${VALUES})`,
    values: [job.id, seq, AT, bodyOf(seq)],
  })
  await client.query('COMMIT')
  job.version = seq
}

/** One event for each job, by one statement, so that waiting for the disk does not hide the work. */
async function bulk(client: pg.Client, jobs: Head[], withChain: boolean): Promise<void> {
  const rows = jobs.map(({ id, version, head }) => {
    const body = bodyOf(version + 1)
    return { id, seq: version + 1, body, head, hash: withChain ? eventHash(id, version + 1, head, body) : '' }
  })
  const ids = rows.map(({ id }) => id)
  const seqs = rows.map(({ seq }) => seq)
  const bodies = rows.map(({ body }) => body)
  const values = `'${AT.toISOString()}'::timestamptz, 'comment', 'queued', 'queued', 'system', 'timer'`
  await client.query('BEGIN')
  if (withChain) {
    const hashes = rows.map(({ hash }) => hash)
    await client.query(
      `UPDATE job j SET version = r.seq, head_hash = r.hash FROM unnest($1::uuid[], $2::int[], $3::text[]) AS r (id, seq, hash)
        WHERE j.id = r.id AND j.version = r.seq - 1`,
      [ids, seqs, hashes],
    )
    await client.query(
      `INSERT INTO event (${COLUMNS}, prev_hash, hash)
       SELECT id, seq, ${values}, body, head, hash FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[]) AS r (id, seq, body, head, hash)`,
      [ids, seqs, bodies, rows.map(({ head }) => head), hashes],
    )
  } else {
    await client.query(
      `UPDATE plain_job j SET version = r.seq FROM unnest($1::uuid[], $2::int[]) AS r (id, seq) WHERE j.id = r.id AND j.version = r.seq - 1`,
      [ids, seqs],
    )
    await client.query(
      `INSERT INTO plain_event (${COLUMNS}) SELECT id, seq, ${values}, body FROM unnest($1::uuid[], $2::int[], $3::text[]) AS r (id, seq, body)`,
      [ids, seqs, bodies],
    )
  }
  await client.query('COMMIT')
  for (const [index, job] of jobs.entries()) {
    job.version += 1
    if (withChain) job.head = rows[index]?.hash ?? ''
  }
}

async function measure(client: pg.Client, jobs: Head[]): Promise<Measured[]> {
  const copies = jobs.map((job) => ({ ...job }))
  const single = { ours: [] as number[], theirs: [] as number[] }
  const ratios: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const from = (round * WRITES) % JOBS
    const ours: number[] = []
    const theirs: number[] = []
    // In turns, and each of the two is first as often as the other.
    for (let index = from; index < from + WRITES; index += 1) {
      const [job, copy] = [jobs[index], copies[index]]
      if (job === undefined || copy === undefined) continue
      const write = async () => ours.push(await timed(() => chained(client, job)))
      const writePlain = async () => theirs.push(await timed(() => plain(client, copy)))
      for (const one of index % 2 === 0 ? [write, writePlain] : [writePlain, write]) await one()
    }
    ratios.push(percentile(ours, 0.5) / percentile(theirs, 0.5))
    single.ours.push(...ours)
    single.theirs.push(...theirs)
  }
  tell('a durable write', ratios)

  const many = { ours: [] as number[], theirs: [] as number[] }
  for (let round = 0; round < BULK_ROUNDS; round += 1) {
    const order = round % 2 === 0 ? [true, false] : [false, true]
    for (const withChain of order) {
      const time = await timed(() => bulk(client, withChain ? jobs : copies, withChain))
      many[withChain ? 'ours' : 'theirs'].push(time)
    }
  }
  tell(
    '1,000 events in one transaction',
    many.ours.map((time, index) => time / (many.theirs[index] ?? Number.NaN)),
  )

  const anchors: number[] = []
  const query = queryOf(client)
  for (let round = 0; round < BULK_ROUNDS; round += 1) {
    await client.query('DELETE FROM anchor_pending')
    await bulk(client, jobs, true)
    anchors.push(
      await timed(async () => {
        await client.query('BEGIN')
        await takeAnchor(query, new Date())
        await client.query('COMMIT')
      }),
    )
  }
  return [
    measureOf('a durable write with its chain', single.ours, { ...BESIDE, theirs: single.theirs }),
    measureOf('1,000 events with their chain, one transaction', many.ours, { ...BESIDE, theirs: many.theirs }),
    measureOf('an anchor over 1,000 changed jobs', anchors),
  ]
}

/** Above 1: the chain costs so much more. */
function tell(what: string, ratios: readonly number[]): void {
  const [low, median, high] = [0.1, 0.5, 0.9].map((share) => percentile(ratios, share).toFixed(2))
  console.log(`The chain: ${what} takes ${median}× of one without (80 % of the rounds from ${low}× to ${high}×).`)
}

/** pg-boss, in a database of its own on the PostgreSQL of the store, with as many jobs. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { fileOf } from '@/lib/generate/material'
import { atEnd } from '../cleanup'
import type { Bench } from '../store'
import { installPeer, PEER } from './install'

/** What is used of it: its own types are only there once it is installed. */
type PgBoss = {
  on(event: 'error', hear: (error: Error) => void): void
  start(): Promise<unknown>
  stop(options: object): Promise<void>
  createQueue(name: string, options?: object): Promise<void>
  deleteQueue(name: string): Promise<void>
  send(name: string, data: object, options?: object): Promise<string | null>
  work(
    name: string,
    options: object,
    handler: (jobs: { id: string; data: { id?: string } }[]) => Promise<void>,
  ): Promise<string>
  offWork(name: string): Promise<void>
}

/** How its workers are set: as they come, or as fast as they go. */
export type Setting = 'as it comes' | 'at its best'

const AT_BEST = { batchSize: 20, pollingIntervalSeconds: 0.5 }

export type Boss = {
  url: string
  /** Makes a queue with a name of its own. */
  fresh(): Promise<string>
  send(queue: string, data: object): Promise<unknown>
  work(queue: string, take: (data: { id?: string }) => void, setting?: Setting): Promise<void>
  drop(queue: string): Promise<void>
  close(): Promise<void>
}

const DATABASE = 'peer'
/** The queue with the jobs that are only looked at. */
export const HISTORY = 'history'

export const peerUrl = ({ url }: Pick<Bench, 'url'>) => url.replace(/\/[^/]+$/, `/${DATABASE}`)

/** @returns the constructor of the version that the bench installs. */
export async function loadBoss(): Promise<new (options: object) => PgBoss> {
  installPeer()
  const entry = pathToFileURL(path.join(PEER, 'node_modules', 'pg-boss', 'dist', 'index.js')).href
  const module = (await import(entry)) as { PgBoss: new (options: object) => PgBoss }
  return module.PgBoss
}

/** Its heartbeats and checks as short as they may be: `kill -9` is noticed after fifteen minutes otherwise. */
export const AT_ITS_SHORTEST = { superviseIntervalSeconds: 1, monitorIntervalSeconds: 1, maintenanceIntervalSeconds: 1 }

/**
 * Starts it over its database, which is made and filled the first time.
 * @param checks how often it looks at its own queues: each look counts all jobs, and takes longer the more there are.
 */
export async function openBoss(
  bench: Pick<Bench, 'url' | 'superuserUrl' | 'jobs'>,
  checks: 'at their shortest' | 'as they come' = 'at their shortest',
): Promise<Boss> {
  const PgBoss = await loadBoss()
  const url = peerUrl(bench)
  await makeDatabase(bench)
  const often = checks === 'at their shortest' ? AT_ITS_SHORTEST : {}
  const boss = new PgBoss({ connectionString: url, max: 20, useListenNotify: true, ...often })
  boss.on('error', (error) => console.error(`pg-boss: ${error.message}`))
  await boss.start()
  const close = atEnd(() => boss.stop({ graceful: false }))
  await fill(boss, url, bench.jobs)
  let made = 0
  return {
    url,
    async fresh() {
      made += 1
      const name = `bench-${Date.now()}-${made}`
      await boss.createQueue(name, { notify: true, heartbeatSeconds: 10, retryLimit: 5, retryDelay: 0 })
      return name
    },
    send: (queue, data) => boss.send(queue, data),
    async work(queue, take, setting = 'at its best') {
      await boss.work(queue, setting === 'at its best' ? AT_BEST : {}, async (jobs) => {
        for (const { data } of jobs) take(data)
      })
    },
    async drop(queue) {
      await boss.offWork(queue)
      await boss.deleteQueue(queue)
    },
    close: () => close.now(),
  }
}

async function makeDatabase({ superuserUrl }: Pick<Bench, 'superuserUrl'>): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER holdpoint`)
  } finally {
    await client.end()
  }
}

/** As many jobs as the store has, of about a kilobyte, in the states of ours; kept with the store. */
async function fill(boss: PgBoss, url: string, jobs: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await boss.createQueue(HISTORY, { deleteAfterSeconds: 0 })
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pgboss.job WHERE name = $1`,
      [HISTORY],
    )
    if ((rows[0]?.count ?? 0) >= jobs) return
    console.log(`Filling pg-boss with ${jobs.toLocaleString('en')} jobs …`)
    await client.query('BEGIN')
    await client.query('DELETE FROM pgboss.job WHERE name = $1', [HISTORY])
    await client.query(
      `INSERT INTO pgboss.job (name, data, state, created_on, started_on, completed_on, start_after, retry_limit)
       SELECT $1, jsonb_build_object('question', 'Is the customer owed a full refund, and who pays for the return?',
                'order', 'KC-' || (10000 + n % 90000), 'file', 'HF-' || lpad(n::text, 8, '0'), 'text', repeat('All of it was sent back in time. ', 25)),
              (CASE WHEN n % 8 = 0 THEN 'created' WHEN n % 16 = 1 THEN 'failed' ELSE 'completed' END)::pgboss.job_state,
              at, CASE WHEN n % 8 = 0 THEN NULL ELSE at + interval '1 second' END,
              CASE WHEN n % 8 = 0 THEN NULL ELSE at + interval '41 seconds' END,
              at + CASE WHEN n % 8 = 0 THEN interval '1 year' ELSE interval '0' END, 2
         FROM generate_series(1, $2::int) AS n, LATERAL (SELECT now() - interval '6 days' * (1 - n::float / $2) AS at) made`,
      [HISTORY, jobs],
    )
    await client.query('COMMIT')
    await client.query('VACUUM (ANALYZE)')
  } finally {
    await client.end()
  }
}

/** A string that stands in the payload of one job in the middle, theirs and ours. */
export const fileInTheMiddle = (jobs: number) => fileOf(Math.round(jobs / 2))

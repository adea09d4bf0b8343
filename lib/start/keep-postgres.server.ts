/** The embedded PostgreSQL of a running Holdpoint: one supervisor at a time, and started again when it dies. */
import pg from 'pg'
import { type Postgres, startPostgres } from '@/lib/start/postgres.server'
import { alreadyRuns } from '@/lib/start/run-file.server'

/** Held by the supervisor in the database `postgres` for as long as it runs. */
const SUPERVISOR_LOCK = 7_270_738
const LONGEST_PAUSE_MS = 10_000
/** The connection of a supervisor that was killed may be noticed a moment later. */
const LOCK_PATIENCE_MS = 3_000

/**
 * Starts the PostgreSQL of `dataDir` (or takes over one that a killed supervisor left), and keeps it running.
 * @throws {StartError} when another supervisor runs from the same folder.
 */
export async function keepPostgres(dataDir: string, say: (line: string) => void): Promise<Postgres> {
  let postgres = await startPostgres(dataDir, { say })
  if (!postgres.started) say('Found PostgreSQL running from an earlier start.')
  let isStopping = false
  let guard = await takeLock(postgres, dataDir)

  const watch = (client: pg.Client) => {
    client.on('end', () => {
      if (!isStopping) void startAgain(1)
    })
  }
  const startAgain = async (tries: number): Promise<void> => {
    say('PostgreSQL ended. Starting it again …')
    try {
      postgres = await startPostgres(dataDir, { say })
      guard = await takeLock(postgres, dataDir)
      watch(guard)
    } catch (error) {
      say(error instanceof Error ? error.message : String(error))
      await new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** tries, LONGEST_PAUSE_MS)))
      if (!isStopping) await startAgain(tries + 1)
    }
  }
  watch(guard)

  return {
    ...postgres,
    async stop() {
      isStopping = true
      await guard.end().catch(() => {})
      await postgres.stop()
    },
  }
}

async function takeLock(postgres: Postgres, dataDir: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: postgres.superuserUrl,
    application_name: 'holdpoint supervisor',
    keepAlive: true,
  })
  client.on('error', () => {})
  await client.connect()
  const deadline = Date.now() + LOCK_PATIENCE_MS
  for (;;) {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS taken', [SUPERVISOR_LOCK])
    if (rows[0].taken) return client
    if (Date.now() > deadline) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await client.end()
  throw alreadyRuns(dataDir)
}

/** Whether a supervisor holds the database: then nobody else may stop it. */
export async function isSupervised(postgres: Postgres): Promise<boolean> {
  const client = new pg.Client({ connectionString: postgres.superuserUrl })
  await client.connect()
  try {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS taken', [SUPERVISOR_LOCK])
    return !rows[0].taken
  } finally {
    await client.end()
  }
}

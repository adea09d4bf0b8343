/** `holdpoint doctor`: what is configured, reachable and out of date, in plain words. Secrets are never printed. */
import fs from 'node:fs'
import pg from 'pg'
import type { Env } from '@/lib/env.server'
import { databaseFailure, hostOf } from '@/lib/start/checks.server'
import { APPLIED_MIGRATIONS, type AppliedMigration, pendingMigrations } from '@/lib/start/migrations.server'
import { findPostgres } from '@/lib/start/postgres.server'
import { WORKER_SILENCE_MS } from '@/lib/start/readiness.server'
import { findRunning } from '@/lib/start/run-file.server'

export type Finding = {
  what: string
  /** 'broken' is needed and does not work; 'note' is worth knowing. */
  verdict: 'fine' | 'note' | 'broken'
  sentence: string
}

const OLDEST_NODE = 24
const OLDEST_POSTGRES = 15
const LITTLE_DISK_BYTES = 1_000_000_000

/** Looks at everything that Holdpoint needs. Starts and changes nothing. */
export async function examine(env: Env): Promise<Finding[]> {
  return [node(), here(env), ...(await database(env)), await provider(env), dataDir(env), ...settings(env)]
}

/** Prints one line a finding, and a last line that sums them up. */
export function printReport(findings: readonly Finding[]) {
  const marks = { fine: 'ok    ', note: 'note  ', broken: 'BROKEN' }
  for (const { what, verdict, sentence } of findings) console.log(`${marks[verdict]}  ${what.padEnd(10)} ${sentence}`)
  const broken = findings.filter(({ verdict }) => verdict === 'broken').length
  console.log(broken === 0 ? 'Nothing that is needed is broken.' : `${broken} needed thing(s) broken.`)
}

function node(): Finding {
  const version = process.versions.node
  const isOld = Number.parseInt(version, 10) < OLDEST_NODE
  if (isOld) return { what: 'node', verdict: 'broken', sentence: `${version} is too old: ${OLDEST_NODE} or later.` }
  return { what: 'node', verdict: 'fine', sentence: version }
}

function here({ HOLDPOINT_DATA_DIR }: Env): Finding {
  const run = findRunning(HOLDPOINT_DATA_DIR)
  if (run) return { what: 'running', verdict: 'fine', sentence: `http://localhost:${run.port}, process ${run.pid}.` }
  return { what: 'running', verdict: 'note', sentence: 'No "npm start" runs from this data folder.' }
}

async function database(env: Env): Promise<Finding[]> {
  if (env.DATABASE_URL) return lookAt(env.DATABASE_URL, `DATABASE_URL (${hostOf(env.DATABASE_URL)})`)
  const postgres = await findPostgres(env.HOLDPOINT_DATA_DIR)
  if (postgres) return lookAt(postgres.url, `the embedded one, in ${postgres.folder}`)
  const sentence = 'DATABASE_URL is not set, and the embedded one is not running: "npm start" starts it.'
  return [{ what: 'database', verdict: 'note', sentence }]
}

async function lookAt(url: string, name: string): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return [await version(client, name), ...(await migrations(client))]
  } catch (error) {
    return [{ what: 'database', verdict: 'broken', sentence: `The database, ${name}, ${databaseFailure(error)}.` }]
  } finally {
    await client.end().catch(() => {})
  }
}

async function version(client: pg.Client, name: string): Promise<Finding> {
  const { rows } = await client.query("SELECT current_setting('server_version') AS version")
  const found: string = rows[0].version
  const isOld = Number.parseInt(found, 10) < OLDEST_POSTGRES
  const sentence = `PostgreSQL ${found}: ${name}.${isOld ? ` Version ${OLDEST_POSTGRES} or later is needed.` : ''}`
  return { what: 'database', verdict: isOld ? 'broken' : 'fine', sentence }
}

async function migrations(client: pg.Client): Promise<Finding[]> {
  const { rows } = await client.query("SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS known")
  const applied = rows[0].known ? (await client.query<AppliedMigration>(APPLIED_MIGRATIONS)).rows : []
  const pending = pendingMigrations(applied)
  if (pending.length > 0) {
    const sentence = `${pending.length} not applied (${pending.join(', ')}): run "npm run migrate", or start again.`
    return [{ what: 'migrations', verdict: 'broken', sentence }]
  }
  return [
    { what: 'migrations', verdict: 'fine', sentence: `All ${applied.length} are applied.` },
    await workers(client),
    await owners(client),
  ]
}

async function workers(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query(
    `SELECT count(*) FILTER (WHERE beat_at > now() - $1 * interval '1 millisecond')::int AS alive,
            max(beat_at) AS last FROM worker WHERE stopped_at IS NULL`,
    [WORKER_SILENCE_MS],
  )
  const { alive, last } = rows[0] as { alive: number; last: Date | null }
  if (alive > 0) return { what: 'workers', verdict: 'fine', sentence: `${alive} running.` }
  const when = last ? `the last one was heard at ${last.toISOString()}` : 'none is registered'
  return { what: 'workers', verdict: 'note', sentence: `None running (${when}): jobs wait until one does.` }
}

async function owners(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query(
    "SELECT count(*)::int AS count FROM user_account WHERE 'owner' = ANY(roles) AND has_password AND deactivated_at IS NULL",
  )
  if (rows[0].count > 0) return { what: 'owners', verdict: 'fine', sentence: `${rows[0].count} can sign in.` }
  const sentence = 'None has chosen a password yet: "npm start" prints a sign-in link.'
  return { what: 'owners', verdict: 'note', sentence }
}

async function provider(env: Env): Promise<Finding> {
  const isReal = Boolean(env.OPENAI_API_KEY || env.OPENAI_BASE_URL)
  const run = isReal ? null : findRunning(env.HOLDPOINT_DATA_DIR)
  const base = env.OPENAI_BASE_URL ?? run?.provider.OPENAI_BASE_URL ?? (isReal ? 'https://api.openai.com/v1' : null)
  if (!base) {
    return { what: 'provider', verdict: 'note', sentence: 'No OPENAI_API_KEY: "npm start" brings the sandbox.' }
  }
  const name = isReal ? new URL(base).host : `the sandbox (no OPENAI_API_KEY), ${base}`
  try {
    // Lists models: free, and refused with 401 when the key is wrong.
    const key = env.OPENAI_API_KEY ?? run?.provider.OPENAI_API_KEY
    const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {}
    const answer = await fetch(`${base.replace(/\/$/, '')}/models`, { headers, signal: AbortSignal.timeout(5_000) })
    await answer.body?.cancel()
    if (answer.status === 401 || answer.status === 403) {
      return { what: 'provider', verdict: 'broken', sentence: `${name} refuses the key (${answer.status}).` }
    }
    return { what: 'provider', verdict: 'fine', sentence: `${name} answers.` }
  } catch {
    if (isReal) return { what: 'provider', verdict: 'broken', sentence: `${name} cannot be reached.` }
    return { what: 'provider', verdict: 'note', sentence: 'The sandbox is not running: "npm start" brings it.' }
  }
}

function dataDir(env: Env): Finding {
  const folder = env.HOLDPOINT_DATA_DIR
  if (!fs.existsSync(folder)) {
    return { what: 'data', verdict: 'note', sentence: `${folder} does not exist yet: "npm start" makes it.` }
  }
  try {
    fs.accessSync(folder, fs.constants.R_OK | fs.constants.W_OK)
  } catch {
    return { what: 'data', verdict: 'broken', sentence: `${folder} cannot be written by this user.` }
  }
  const { bavail, bsize } = fs.statfsSync(folder)
  const free = bavail * bsize
  const sentence = `${folder}, ${(free / 1e9).toFixed(1)} GB free.`
  return { what: 'data', verdict: free < LITTLE_DISK_BYTES ? 'note' : 'fine', sentence }
}

function settings(env: Env): Finding[] {
  const secrets = ['HOLDPOINT_SECRET', 'OPENAI_API_KEY', 'OPENAI_WEBHOOK_SECRET'] as const
  const said = secrets.map((name) => `${name} ${env[name] ? 'is set' : 'is not set'}`)
  const plain = `PORT ${env.PORT}, HOLDPOINT_POLL_MS ${env.HOLDPOINT_POLL_MS}, HOLDPOINT_RETRY_MS ${env.HOLDPOINT_RETRY_MS}`
  return [{ what: 'settings', verdict: 'fine', sentence: `${plain}; ${said.join(', ')}.` }]
}

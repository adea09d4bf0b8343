/**
 * The embedded PostgreSQL: made, started, found again and stopped. It listens on 127.0.0.1 alone, has a session of its
 * own (so that Ctrl-C does not reach it) and survives its parent: the next start finds it and goes on with it.
 */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import pg from 'pg'
import {
  type Binaries,
  findBinaries,
  isServerOf,
  type OsUser,
  osUser,
  ProgramError,
  runProgram,
} from '@/lib/start/postgres-binaries.server'
import { type Cluster, placeCluster, readCluster } from '@/lib/start/postgres-cluster.server'
import { StartError } from '@/lib/start/start-error'

/** A running embedded PostgreSQL. */
export type Postgres = {
  /** As the owner of the database `holdpoint`, who is no superuser. */
  url: string
  /** As the superuser, to the database `postgres`. */
  superuserUrl: string
  port: number
  /** The folder with its data. */
  folder: string
  /** False where it was found running. */
  started: boolean
  /** Stops the server at once: transactions that are open are rolled back. */
  stop(): Promise<void>
}

export type PostgresOptions = {
  /** Fast and forgetful: nothing is flushed to the disk, and 300 connections are allowed. */
  forTests?: boolean
  /** Told, in short lines, what is being done. */
  say?: (line: string) => void
}

const SETTINGS = [
  "listen_addresses = '127.0.0.1'",
  "unix_socket_directories = ''",
  "timezone = 'UTC'",
  "log_timezone = 'UTC'",
  'logging_collector = on',
  "log_directory = 'log'",
  // One file a weekday, written over a week later: the log cannot fill the disk.
  "log_filename = 'postgresql-%a.log'",
  'log_truncate_on_rotation = on',
  'log_rotation_size = 0',
]
// Two web servers and three workers on one machine fit in here.
const SETTINGS_FOR_USE = ['max_connections = 200']
const SETTINGS_FOR_TESTS = [
  'fsync = off',
  'synchronous_commit = off',
  'full_page_writes = off',
  'wal_level = minimal',
  'max_wal_senders = 0',
  'max_connections = 300',
]

const START_TRIES = 5

/**
 * Brings up the PostgreSQL of the data folder `dataDir`: makes it the first time, finds it when it runs already.
 * @throws {StartError} when that cannot be done, with the reason in one sentence.
 */
export async function startPostgres(dataDir: string, options: PostgresOptions = {}): Promise<Postgres> {
  const say = options.say ?? (() => {})
  const cluster = placeCluster(dataDir, say)
  const user = osUser(ownerOf(cluster.folder))
  const binaries = findBinaries(user)
  if (!fs.existsSync(path.join(cluster.folder, 'PG_VERSION'))) {
    say('Making the database …')
    await makeCluster(cluster, binaries, user, options.forTests === true)
  }
  checkVersion(cluster, binaries)
  const found = await runningServer(cluster)
  const port = found ?? (await startServer(cluster, binaries, user, say))
  await prepare(cluster, port)
  return { ...handle(cluster, binaries, user, port), started: found === null }
}

/** The PostgreSQL of the data folder `dataDir` if it runs now, else null. Starts and makes nothing. */
export async function findPostgres(dataDir: string): Promise<Postgres | null> {
  const cluster = readCluster(dataDir)
  if (!cluster || !fs.existsSync(path.join(cluster.folder, 'PG_VERSION'))) return null
  const port = await runningServer(cluster)
  if (port === null) return null
  const user = osUser(ownerOf(cluster.folder))
  return { ...handle(cluster, findBinaries(user), user, port), started: false }
}

function handle(cluster: Cluster, binaries: Binaries, user: OsUser | null, port: number): Omit<Postgres, 'started'> {
  return {
    url: `postgresql://holdpoint:${cluster.ownerPassword}@127.0.0.1:${port}/holdpoint`,
    superuserUrl: superuserUrl(cluster, port),
    port,
    folder: cluster.folder,
    async stop() {
      if (readPidFile(cluster) === null) return
      await runProgram(binaries, user, 'pg_ctl', ['stop', '-D', cluster.folder, '-m', 'fast', '-w', '-t', '30'])
    },
  }
}

const superuserUrl = (cluster: Cluster, port: number) =>
  `postgresql://postgres:${cluster.superuserPassword}@127.0.0.1:${port}/postgres`

function ownerOf(folder: string): { uid: number; gid: number } | undefined {
  const found = fs.statSync(folder, { throwIfNoEntry: false })
  return found ? { uid: found.uid, gid: found.gid } : undefined
}

function checkVersion(cluster: Cluster, binaries: Binaries) {
  const made = fs.readFileSync(path.join(cluster.folder, 'PG_VERSION'), 'utf8').trim()
  if (binaries.version.startsWith(`${made}.`)) return
  throw new StartError(
    `The database in ${cluster.folder} was made by PostgreSQL ${made}, and this Holdpoint brings ${binaries.version}: dump it with the Holdpoint that made it, or set DATABASE_URL.`,
  )
}

// Made beside and renamed: a start that is killed half-way leaves nothing that looks like a database.
async function makeCluster(cluster: Cluster, binaries: Binaries, user: OsUser | null, forTests: boolean) {
  const making = `${cluster.folder}.new-${randomBytes(4).toString('hex')}`
  const passwords = `${making}.password`
  fs.mkdirSync(making, { mode: 0o700 })
  fs.writeFileSync(passwords, cluster.superuserPassword, { mode: 0o600 })
  if (user) {
    fs.chownSync(making, user.uid, user.gid)
    fs.chownSync(passwords, user.uid, user.gid)
  }
  try {
    await initdb(making, passwords, binaries, user, forTests)
    const settings = [...SETTINGS, ...(forTests ? SETTINGS_FOR_TESTS : SETTINGS_FOR_USE)]
    fs.appendFileSync(path.join(making, 'postgresql.conf'), `\n# Holdpoint\n${settings.join('\n')}\n`)
    fs.renameSync(making, cluster.folder)
  } catch (error) {
    // Another start may have finished first.
    if (!fs.existsSync(path.join(cluster.folder, 'PG_VERSION'))) throw plain(error, 'The database could not be made')
  } finally {
    fs.rmSync(making, { recursive: true, force: true })
    fs.rmSync(passwords, { force: true })
  }
}

async function initdb(folder: string, passwords: string, binaries: Binaries, user: OsUser | null, forTests: boolean) {
  const args = ['-D', folder, '-U', 'postgres', `--pwfile=${passwords}`, '--auth=scram-sha-256', '--encoding=UTF8']
  if (forTests) args.push('--no-sync')
  // Sorted and folded by PostgreSQL itself, so that it is the same on every machine.
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  try {
    await runProgram(binaries, user, 'initdb', [...args, ...locale, '--locale=C.UTF-8'])
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error
    // macOS before 15 has no C.UTF-8 of its own.
    await runProgram(binaries, user, 'initdb', [...args, ...locale, '--locale=C'])
  }
}

async function startServer(
  cluster: Cluster,
  binaries: Binaries,
  user: OsUser | null,
  say: (line: string) => void,
): Promise<number> {
  disownPidFile(cluster)
  let failure: unknown
  for (let tries = 0; tries < START_TRIES; tries++) {
    // The port of the last start, if it is free: others may still look for the database there.
    const port = await freePort(cluster.port())
    say(`Starting PostgreSQL ${binaries.version.replace(/\.0-.*$/, '')} on port ${port} …`)
    try {
      const log = path.join(cluster.folder, 'start.log')
      const args = ['start', '-D', cluster.folder, '-l', log, '-w', '-t', '60', '-o', `-p ${port}`]
      await runProgram(binaries, user, 'pg_ctl', args)
      cluster.rememberPort(port)
      return port
    } catch (error) {
      // Another process may have started it at the same moment, or taken the port.
      const running = await runningServer(cluster)
      if (running !== null) return running
      failure = error
      // The last processes of a server that was killed hold its memory for a moment.
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }
  throw plain(failure, `PostgreSQL did not start (see ${path.join(cluster.folder, 'start.log')})`)
}

function plain(error: unknown, what: string): StartError {
  const reason = error instanceof Error ? error.message : String(error)
  return new StartError(`${what}: ${reason.replace(/\s+/g, ' ')}`, { cause: error })
}

type PidFile = { pid: number; port: number }

// The file's lines: pid, data folder, start time, port, … (PostgreSQL's miscadmin.h).
function readPidFile(cluster: Cluster): PidFile | null {
  let text: string
  try {
    text = fs.readFileSync(path.join(cluster.folder, 'postmaster.pid'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const lines = text.split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  return Number.isInteger(pid) ? { pid, port: Number.parseInt(lines[3] ?? '', 10) } : null
}

// A process may have been given the number of a server that died: PostgreSQL would then refuse to start. A number that
// nobody has lets it check the rest of the file (its shared memory) by itself and go on.
function disownPidFile(cluster: Cluster) {
  const file = path.join(cluster.folder, 'postmaster.pid')
  const found = readPidFile(cluster)
  if (!found || isServerOf(found.pid, cluster.folder)) return
  const rest = fs.readFileSync(file, 'utf8').split('\n').slice(1)
  fs.writeFileSync(file, ['4194303', ...rest].join('\n'))
}

// The port of the server that runs in the folder; null when none does. Waits while it is starting up.
async function runningServer(cluster: Cluster): Promise<number | null> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const found = readPidFile(cluster)
    if (!found || !isServerOf(found.pid, cluster.folder)) return null
    if (await answers(cluster, found.port)) return found.port
    if (Date.now() > deadline)
      throw new StartError(
        `PostgreSQL (process ${found.pid}) runs in ${cluster.folder} but does not answer: stop that process and start again.`,
      )
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function answers(cluster: Cluster, port: number): Promise<boolean> {
  if (!Number.isInteger(port)) return false
  const client = new pg.Client({ connectionString: superuserUrl(cluster, port), connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

/** A port of 127.0.0.1 that is free now: `wanted` if it is. */
export function freePort(wanted: number | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.on('error', (error) => (wanted === null ? reject(error) : resolve(freePort(null))))
    server.listen(wanted ?? 0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}

// The owner's role and database. Asked at every start, because a start may have been killed before it made them.
async function prepare(cluster: Cluster, port: number) {
  const client = new pg.Client({ connectionString: superuserUrl(cluster, port) })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock(4711)')
    const { rows } = await client.query(
      `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'holdpoint') AS role,
              EXISTS (SELECT FROM pg_database WHERE datname = 'holdpoint') AS database`,
    )
    if (!rows[0].role) await client.query(`CREATE ROLE holdpoint LOGIN CREATEROLE PASSWORD '${cluster.ownerPassword}'`)
    if (!rows[0].database) await client.query('CREATE DATABASE holdpoint OWNER holdpoint')
  } finally {
    await client.end()
  }
}

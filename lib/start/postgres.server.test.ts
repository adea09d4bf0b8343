import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isSupervised, keepPostgres } from '@/lib/start/keep-postgres.server'
import { findPostgres, type Postgres, startPostgres } from '@/lib/start/postgres.server'

let folder = ''
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-postgres-'))
})
afterEach(async () => {
  await (await findPostgres(folder))?.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

async function ask(postgres: Postgres, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0]
  } finally {
    await client.end()
  }
}

/** Starts the database in a process of its own, and kills that process outright. */
function startAndKill(): Promise<void> {
  const program = `
    import { startPostgres } from '@/lib/start/postgres.server'
    await startPostgres(${JSON.stringify(folder)}, { forTests: true })
    process.kill(process.pid, 'SIGKILL')`
  const file = path.resolve('lib/start', `.start-and-kill-${process.pid}.ts`)
  fs.writeFileSync(file, program)
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: 'ignore' })
    child.on('error', reject)
    child.on('exit', (_, signal) => {
      fs.rmSync(file)
      if (signal === 'SIGKILL') resolve()
      else reject(new Error('The database did not start.'))
    })
  })
}

const pidFile = (postgres: Postgres) => path.join(postgres.folder, 'postmaster.pid')

test('a database whose parent was killed is found and used again', async () => {
  await startAndKill()
  const postgres = await startPostgres(folder)
  expect(postgres.started).toBe(false)
  expect(await ask(postgres, 'SELECT current_user::text')).toBe('holdpoint')
  await postgres.stop()
  expect(await findPostgres(folder)).toBeNull()
})

test('what is stored is there after a stop, on the same port', async () => {
  const first = await startPostgres(folder, { forTests: true })
  await ask(first, 'CREATE TABLE kept AS SELECT 42 AS answer')
  await first.stop()
  const second = await startPostgres(folder)
  expect(second.port).toBe(first.port)
  expect(await ask(second, 'SELECT answer FROM kept')).toBe(42)
})

test('a data folder that was moved takes its database along', async () => {
  // The folder above must be one that PostgreSQL's own user can walk through, or the data lies elsewhere.
  fs.chmodSync(folder, 0o711)
  const before = path.join(folder, 'before')
  const first = await startPostgres(before, { forTests: true })
  await ask(first, 'CREATE TABLE kept AS SELECT 42 AS answer')
  await first.stop()
  const after = path.join(folder, 'after')
  fs.renameSync(before, after)
  const second = await startPostgres(after)
  try {
    expect(second.folder).toBe(path.join(after, 'postgres'))
    expect(await ask(second, 'SELECT answer FROM kept')).toBe(42)
  } finally {
    await second.stop()
  }
})

test('a pid file that names another living process does not stop the start', async () => {
  const first = await startPostgres(folder, { forTests: true })
  const left = fs.readFileSync(pidFile(first), 'utf8')
  await first.stop()
  fs.writeFileSync(pidFile(first), left.replace(/^\d+/, String(process.pid)))
  const second = await startPostgres(folder)
  expect(second.started).toBe(true)
})

test('the database is UTF-8 and folds letters beyond ASCII, and its owner is no superuser', async () => {
  const postgres = await startPostgres(folder, { forTests: true })
  expect(await ask(postgres, 'SHOW server_encoding')).toBe('UTF8')
  expect(await ask(postgres, "SELECT lower('ÄÉÎ')")).toBe('äéî')
  expect(await ask(postgres, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).toBe(false)
})

test('two starts at once share one database', async () => {
  const [one, other] = await Promise.all([
    startPostgres(folder, { forTests: true }),
    startPostgres(folder, { forTests: true }),
  ])
  expect(one.url).toBe(other.url)
})

test('a database that is kept is started again when it dies, and only one may keep it', async () => {
  const said: string[] = []
  let heard: () => void = () => {}
  const kept = await keepPostgres(folder, (line) => {
    said.push(line)
    heard()
  })
  await expect(keepPostgres(folder, () => {})).rejects.toThrow(/^Holdpoint already runs from /)
  expect(await isSupervised(kept)).toBe(true)

  const isRestarting = new Promise<void>((resolve) => {
    heard = () => said.includes('PostgreSQL ended. Starting it again …') && resolve()
  })
  process.kill(Number.parseInt(fs.readFileSync(pidFile(kept), 'utf8'), 10), 'SIGKILL')
  await isRestarting
  await expect.poll(async () => (await findPostgres(folder)) !== null && isSupervised(kept)).toBe(true)
  expect(await ask(kept, 'SELECT 1')).toBe(1)
  await kept.stop()
})

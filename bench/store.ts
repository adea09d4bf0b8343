/**
 * A PostgreSQL of the bench's own with generated stores, settings as in use: what is committed is on the disk. A store is
 * kept in bench/work/ until what makes it changes.
 */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { deserialize, serialize } from 'node:v8'
import pg from 'pg'
import type { Actor } from '@/lib/access/actor'
import { createKey } from '@/lib/access/keys.server'
import { createUser } from '@/lib/access/people.server'
import { generate } from '@/lib/generate/generate.server'
import { withScratch } from '@/lib/generate/scratch.server'
import { type Told, tellStories } from '@/lib/generate/stories.server'
import { migrate } from '@/lib/start/migrate.server'
import { type Postgres, startPostgres } from '@/lib/start/postgres.server'
import { connect, type Db } from '@/lib/store/db.server'
import { atEnd } from './cleanup'

export const WORK = path.join('bench', 'work')
export const PASSWORD = 'a password of the bench'
export const REVIEWERS = 50
const SEED = 1

export type Reviewer = Actor & { userId: string; email: string; key: string }

export type Bench = {
  /** As the owner. */
  url: string
  superuserUrl: string
  dataDir: string
  /** As a web server has it: ten connections. */
  db: Db
  reviewers: Reviewer[]
  jobs: number
  waiting: number
  /** What making it took: seconds and bytes. */
  made: Made
}

type Made = { seconds: number; rows: number; bytes: number; at: string }

export type StoreSize = { jobs: number; waiting: number }

/** Opens the store of this size, made before or now. It is changed by nobody who does not say so: `ownCopy`. */
export async function openStore({ jobs, waiting }: StoreSize): Promise<Bench & AsyncDisposable> {
  const key = keyOf(jobs, waiting)
  const dataDir = path.join(WORK, 'stores', key)
  removeOthers(key, { jobs, waiting })
  const marker = path.join(dataDir, 'made.json')
  if (!fs.existsSync(marker)) await makeStore(dataDir, { jobs, waiting })
  let postgres = await startPostgres(dataDir)
  let close = atEnd(() => postgres.stop())
  if (await isTooOld(postgres.url)) {
    console.log('The kept store is too old: jobs in it have passed their deadline. It is made anew.')
    await close.now()
    removeStore(dataDir)
    await makeStore(dataDir, { jobs, waiting })
    postgres = await startPostgres(dataDir)
    close = atEnd(() => postgres.stop())
  }
  const made = JSON.parse(fs.readFileSync(marker, 'utf8')) as Made
  console.log(
    `${jobs.toLocaleString('en')} jobs, ${waiting.toLocaleString('en')} of them waiting: ${gigabytes(made.bytes)} GB, made in ${Math.round(made.seconds)} s at ${made.at}.`,
  )
  const db = connect(postgres.url)
  const disconnect = atEnd(() => db.$disconnect())
  const reviewers = await reviewersOf(db)
  return {
    url: postgres.url,
    superuserUrl: postgres.superuserUrl,
    dataDir,
    db,
    reviewers,
    jobs,
    waiting,
    made,
    [Symbol.asyncDispose]: async () => {
      await disconnect.now()
      await close.now()
    },
  }
}

/** A store for those who change it: a copy, which goes when it is closed. Nothing else may be connected to the original. */
export async function ownCopy(size: StoreSize): Promise<Bench & AsyncDisposable> {
  const original = await openStore(size)
  await original.db.$disconnect()
  const name = 'holdpoint_copy'
  const root = new pg.Client({ connectionString: original.superuserUrl })
  await root.connect()
  const endRoot = atEnd(async () => {
    await root.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await root.end()
  })
  await root.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await root.query(`CREATE DATABASE ${name} TEMPLATE holdpoint OWNER holdpoint STRATEGY file_copy`)
  const url = original.url.replace(/\/holdpoint$/, `/${name}`)
  const db = connect(url)
  const disconnect = atEnd(() => db.$disconnect())
  return {
    ...original,
    url,
    db,
    [Symbol.asyncDispose]: async () => {
      await disconnect.now()
      await endRoot.now()
      await original[Symbol.asyncDispose]()
    },
  }
}

/** Where some of those that wait have passed their deadline, a worker would have other work than what is measured. */
async function isTooOld(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ share: number }>(
      `SELECT coalesce(avg((due_at < now() + interval '30 minutes')::int), 0)::float AS share FROM job WHERE state = 'awaiting_review'`,
    )
    return (rows[0]?.share ?? 0) > 0.02
  } finally {
    await client.end()
  }
}

const gigabytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1)

/** What a store is made of: another seed, size, migration or generator makes another. */
function keyOf(jobs: number, waiting: number): string {
  const hash = createHash('sha256').update(`${SEED} ${jobs} ${waiting} ${REVIEWERS} ${sourceHash()}`)
  return `${jobs}-${waiting}-${hash.digest('hex').slice(0, 12)}`
}

function sourceHash(): string {
  const hash = createHash('sha256')
  for (const folder of [path.join('prisma', 'migrations'), path.join('lib', 'generate')]) {
    const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    for (const file of files.map((entry) => path.join(entry.parentPath, entry.name)).toSorted()) {
      if (!file.includes('.test.')) hash.update(file).update(fs.readFileSync(file))
    }
  }
  return hash.digest('hex')
}

/** A store of the same size that was made otherwise is of no use any more, and takes gigabytes. */
function removeOthers(key: string, { jobs, waiting }: StoreSize): void {
  const folder = path.join(WORK, 'stores')
  if (!fs.existsSync(folder)) return
  for (const name of fs.readdirSync(folder)) {
    if (name !== key && name.startsWith(`${jobs}-${waiting}-`)) removeStore(path.join(folder, name))
  }
}

/** As root its data may stand elsewhere: `postgres.json` says where. */
function removeStore(dataDir: string): void {
  const file = path.join(dataDir, 'postgres.json')
  if (fs.existsSync(file)) {
    const { folder } = JSON.parse(fs.readFileSync(file, 'utf8')) as { folder: string }
    fs.rmSync(folder, { recursive: true, force: true })
  }
  fs.rmSync(dataDir, { recursive: true, force: true })
}

/** While a store is filled nothing has to survive a crash: a store that was not finished is made anew. */
const WHILE_FILLING = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  autovacuum: 'off',
  shared_buffers: '512MB',
}

async function makeStore(dataDir: string, { jobs, waiting }: StoreSize): Promise<void> {
  removeStore(dataDir)
  fs.mkdirSync(dataDir, { recursive: true })
  const removeUnfinished = atEnd(() => removeStore(dataDir))
  const told = await toldStories()
  const begun = performance.now()
  const filling = await restartWith(await startPostgres(dataDir), dataDir, async (client) => {
    for (const [name, value] of Object.entries(WHILE_FILLING))
      await client.query(`ALTER SYSTEM SET ${name} = '${value}'`)
  })
  const stopFilling = atEnd(() => filling.stop())
  const db = connect(filling.url)
  const disconnect = atEnd(() => db.$disconnect())
  await migrate(filling.url)
  const { rows } = await generate({ url: filling.url, db }, told, {
    jobs,
    waiting,
    reviewers: REVIEWERS,
    seed: SEED,
    // A worker runs beside some of the measures: nothing of this is its business.
    unfinished: false,
    intoExisting: false,
    say: (line) => console.log(`  ${((performance.now() - begun) / 1_000).toFixed(0).padStart(4)} s  ${line}`),
  })
  for (let index = 1; index <= REVIEWERS; index += 1) await makeReviewer(db, index)
  await disconnect.now()
  const ready = await restartWith(filling, dataDir, async (client) => {
    // As in use, and able to say which statements cost what.
    await client.query('ALTER SYSTEM RESET ALL')
    await client.query(`ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`)
    await client.query('CHECKPOINT')
  })
  const bytes = await sizeOf(ready.superuserUrl)
  await ready.stop()
  const seconds = (performance.now() - begun) / 1_000
  const made: Made = { seconds, rows, bytes, at: new Date().toISOString() }
  fs.writeFileSync(path.join(dataDir, 'made.json'), JSON.stringify(made))
  await stopFilling.now()
  removeUnfinished.forget()
}

async function restartWith(
  postgres: Postgres,
  dataDir: string,
  change: (client: pg.Client) => Promise<void>,
): Promise<Postgres> {
  const client = new pg.Client({ connectionString: postgres.superuserUrl })
  await client.connect()
  await change(client)
  await client.end()
  await postgres.stop()
  return startPostgres(dataDir)
}

async function sizeOf(superuserUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ bytes: string }>(`SELECT pg_database_size('holdpoint') AS bytes`)
    return Number(rows[0]?.bytes)
  } finally {
    await client.end()
  }
}

/** The stories take the engine a minute: what they left behind is kept too. */
async function toldStories(): Promise<Told> {
  const file = path.join(WORK, `told-${sourceHash().slice(0, 12)}.bin`)
  if (fs.existsSync(file)) return deserialize(fs.readFileSync(file)) as Told
  console.log('Telling the stories …')
  const told = await withScratch(tellStories)
  for (const old of fs.readdirSync(WORK).filter((name) => name.startsWith('told-'))) fs.rmSync(path.join(WORK, old))
  // How a story is told is code, and of no use once it was.
  const patterns = told.patterns.map(({ story: { tell: _tell, ...story }, ...pattern }) => ({ ...pattern, story }))
  fs.writeFileSync(file, serialize({ ...told, patterns }))
  return told
}

async function makeReviewer(db: Db, index: number): Promise<void> {
  const roles = ['reviewer'] as const
  await createUser(db, { email: emailOf(index), name: `Reviewer ${index}`, password: PASSWORD, roles: [...roles] })
}

const emailOf = (index: number) => `reviewer-${index}@bench.invalid`

/** With a new key each: only the hash of a key is kept. */
async function reviewersOf(db: Db): Promise<Reviewer[]> {
  const reviewers: Reviewer[] = []
  const roles = ['reviewer'] as const
  for (let index = 1; index <= REVIEWERS; index += 1) {
    const { id: userId, name, email } = await db.user.findUniqueOrThrow({ where: { email: emailOf(index) } })
    const { key } = await createKey(db, { name: email, roles: [...roles], userId, createdBy: null })
    reviewers.push({ kind: 'person', userId, apiKeyId: null, name, email, roles, key })
  }
  return reviewers
}

/** A real PostgreSQL database for one test, copied from the migrated template of the run. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { connect, type Db } from '@/lib/store/db.server'

export type TestDatabase = {
  /** As the owner, who is no superuser: what DATABASE_URL is for the application. */
  url: string
  /** As a superuser: for what only an attacker with the keys to the house can do. */
  superuserUrl: string
  /** As the application's role. */
  db: Db
  /** As the owner. */
  ownerPool: pg.Pool
  [Symbol.asyncDispose](): Promise<void>
}

export type TestDatabaseOptions = {
  /** False gives a database with nothing in it. */
  migrated?: boolean
  /** Connections of `db` (10 by default). */
  max?: number
}

/** What many ask for at once on a busy machine takes longer than the product would wait. */
const PATIENT = { connectionMs: 60_000, beginMs: 120_000, transactionMs: 120_000 }

/** Makes a database. `await using database = await testDatabase()` drops it at the end of the test. */
export async function testDatabase({ migrated = true, max = 10 }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject('postgresUrl')
  const name = `test_${randomBytes(8).toString('hex')}`
  const template = migrated ? 'holdpoint' : 'template0'
  const strategy = migrated ? 'STRATEGY file_copy' : ''
  await run(server, `CREATE DATABASE ${name} TEMPLATE ${template} OWNER holdpoint ${strategy}`)
  const url = withDatabase(inject('ownerUrl'), name)
  const db = connect(url, max, PATIENT)
  const ownerPool = new pg.Pool({ connectionString: url, max: 10 })
  // The server closes what is left open when the database is dropped.
  ownerPool.on('error', () => {})
  return {
    url,
    superuserUrl: withDatabase(server, name),
    db,
    ownerPool,
    async [Symbol.asyncDispose]() {
      await db.$disconnect()
      await ownerPool.end()
      await drop(server, name)
    },
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

const GOODBYE_MS = 30_000

// Connections that were just closed are gone a moment later. Forced to end in between, they would report an error that
// nobody listens for any more; forced all the same is what a test has left open.
async function drop(server: string, name: string) {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    // The clock of the test may stand still.
    const deadline = performance.now() + GOODBYE_MS
    while (performance.now() < deadline) {
      const { rows } = await client.query('SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = $1', [
        name,
      ])
      if (rows[0].open === 0) break
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
  } finally {
    await client.end()
  }
}

async function run(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

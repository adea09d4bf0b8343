/** One PostgreSQL for the whole run of vitest, with one migrated database that every test's own is copied from. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { publishBuiltinRules } from '@/lib/rules/store.server'
import { migrate } from '@/lib/start/migrate.server'
import { startPostgres } from '@/lib/start/postgres.server'
import { connect } from '@/lib/store/db.server'

declare module 'vitest' {
  export interface ProvidedContext {
    /** As the superuser, to the database `postgres`. */
    postgresUrl: string
    /** As the owner, to the template. */
    ownerUrl: string
  }
}

export default async function setup(project: TestProject) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-test-'))
  const postgres = await startPostgres(folder, { forTests: true })
  const stop = async () => {
    await postgres.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
  try {
    await migrate(postgres.url)
    await publishRules(postgres.url)
    // Analysed, so that the first queries of every copy are planned as on a store in use; closed, so that it can be copied.
    await run(postgres.url, 'ANALYZE')
    await run(postgres.superuserUrl, 'ALTER DATABASE holdpoint WITH ALLOW_CONNECTIONS false IS_TEMPLATE true')
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('postgresUrl', postgres.superuserUrl)
  project.provide('ownerUrl', postgres.url)
  return stop
}

/** Every test begins with version 1 of the failure rules, as every installation does. */
async function publishRules(url: string) {
  const db = connect(url, 1)
  await publishBuiltinRules(db)
  await db.$disconnect()
}

async function run(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

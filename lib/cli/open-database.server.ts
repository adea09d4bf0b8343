/** The database for the time of one command: DATABASE_URL, or the embedded one, started if it is not running. */
import type { Env } from '@/lib/env.server'
import { requireDatabase } from '@/lib/start/checks.server'
import { isSupervised } from '@/lib/start/keep-postgres.server'
import { migrate } from '@/lib/start/migrate.server'
import { startPostgres } from '@/lib/start/postgres.server'
import { connect, type Db } from '@/lib/store/db.server'

export type OpenDatabase = {
  /** As the application's role. */
  db: Db
  /** As the owner. */
  url: string
}

/**
 * Runs `work` with the database of this installation, migrated.
 * @throws {StartError} when it cannot be reached or started.
 */
export async function withDatabase<T>(env: Env, work: (database: OpenDatabase) => Promise<T>): Promise<T> {
  const { url, close } = await findDatabase(env)
  try {
    await migrate(url)
    const db = connect(url, 2)
    try {
      return await work({ db, url })
    } finally {
      await db.$disconnect()
    }
  } finally {
    await close()
  }
}

async function findDatabase(env: Env): Promise<{ url: string; close: () => Promise<void> }> {
  if (env.DATABASE_URL) {
    await requireDatabase(env.DATABASE_URL)
    return { url: env.DATABASE_URL, close: async () => {} }
  }
  const postgres = await startPostgres(env.HOLDPOINT_DATA_DIR)
  const close = async () => {
    // `npm start` may have begun meanwhile, and is using it.
    if (postgres.started && !(await isSupervised(postgres))) await postgres.stop()
  }
  return { url: postgres.url, close }
}

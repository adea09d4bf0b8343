/** A PostgreSQL for as long as the stories are told: they are lived by the real engine, which no other may touch. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { migrate } from '@/lib/start/migrate.server'
import { startPostgres } from '@/lib/start/postgres.server'

/**
 * Runs `work` with the owner's URL of an empty migrated database, and removes it.
 * @throws {StartError} where no PostgreSQL can be started here.
 */
export async function withScratch<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-stories-'))
  try {
    // Fast and forgetful: nothing of it is kept.
    const postgres = await startPostgres(folder, { forTests: true })
    try {
      await migrate(postgres.url)
      return await work(postgres.url)
    } finally {
      await postgres.stop()
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * A data folder with a migrated database, made once for all tests and copied for each product that one starts: making it
 * takes as long as many a test. Its PostgreSQL flushes nothing to the disk, as nothing of it outlives the tests.
 */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { migrate } from '@/lib/start/migrate.server'
import { startPostgres } from '@/lib/start/postgres.server'

/** @returns the folder, and what removes it. */
export async function prepareData(): Promise<{ folder: string; remove: () => void }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-prepared-'))
  const remove = () => fs.rmSync(folder, { recursive: true, force: true })
  try {
    const postgres = await startPostgres(folder, { forTests: true })
    try {
      await migrate(postgres.url)
    } finally {
      await postgres.stop()
    }
  } catch (error) {
    remove()
    throw error
  }
  return { folder, remove }
}

/** Copies the folder of `prepareData` into the empty folder `to`, with whom its files belong to. */
export function copyPrepared(prepared: string, to: string): void {
  execFileSync('cp', ['-a', `${prepared}/.`, to])
  // It remembers where its database was, which is still there.
  const file = path.join(to, 'postgres.json')
  const remembered = JSON.parse(fs.readFileSync(file, 'utf8')) as { folder: string }
  fs.writeFileSync(file, JSON.stringify({ ...remembered, folder: path.join(to, 'postgres') }))
  fs.rmSync(path.join(to, 'postgres.port'), { force: true })
}

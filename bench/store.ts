/** A PostgreSQL of the bench's own with a generated store, settings as in use: what is committed is on the disk. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Actor } from '@/lib/access/actor'
import { createKey } from '@/lib/access/keys.server'
import { createUser } from '@/lib/access/people.server'
import { generate } from '@/lib/generate/generate.server'
import { withScratch } from '@/lib/generate/scratch.server'
import { tellStories } from '@/lib/generate/stories.server'
import { migrate } from '@/lib/start/migrate.server'
import { startPostgres } from '@/lib/start/postgres.server'
import { connect, type Db } from '@/lib/store/db.server'

export const PASSWORD = 'a password of the bench'
export const REVIEWERS = 50

export type Reviewer = Actor & { userId: string; email: string; key: string }

export type Bench = {
  url: string
  dataDir: string
  /** As a web server has it: ten connections. */
  db: Db
  reviewers: Reviewer[]
  waiting: number
}

/** @param jobs how many jobs, of which `waiting` wait for people. */
export async function openBench({
  jobs,
  waiting,
}: {
  jobs: number
  waiting: number
}): Promise<Bench & AsyncDisposable> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-bench-'))
  const told = await withScratch(tellStories)
  const postgres = await startPostgres(dataDir)
  const db = connect(postgres.url)
  const close = async () => {
    await db.$disconnect()
    await postgres.stop()
    fs.rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await migrate(postgres.url)
    const { milliseconds } = await generate({ url: postgres.url, db }, told, {
      jobs,
      waiting,
      reviewers: REVIEWERS,
      seed: 1,
      // A worker runs beside some of the measures: nothing of this is its business.
      unfinished: false,
      intoExisting: false,
    })
    console.log(`${jobs} jobs, ${waiting} of them waiting, generated in ${(milliseconds / 1_000).toFixed(1)} s.`)
    const reviewers: Reviewer[] = []
    for (let index = 1; index <= REVIEWERS; index += 1) reviewers.push(await reviewerOf(db, index))
    return { url: postgres.url, dataDir, db, reviewers, waiting, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

async function reviewerOf(db: Db, index: number): Promise<Reviewer> {
  const email = `reviewer-${index}@bench.invalid`
  const name = `Reviewer ${index}`
  const roles = ['reviewer'] as const
  const { id: userId } = await createUser(db, { email, name, password: PASSWORD, roles: [...roles] })
  const { key } = await createKey(db, { name: email, roles: [...roles], userId, createdBy: null })
  return { kind: 'person', userId, apiKeyId: null, name, email, roles, key }
}

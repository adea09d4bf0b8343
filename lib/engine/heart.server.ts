/**
 * A worker's row among the workers, and its beat: over a connection of its own, so that others see that it lives however
 * long its jobs and duties wait for one.
 */

import { hostname } from 'node:os'
import { connect, type Db, type Tx } from '@/lib/store/db.server'
import { WORKER_BEAT_MS } from './context'
import { startDuties } from './duties.server'

export type HeartOptions = {
  id: string
  version: string
  /** Whether something starts another worker in its place when it leaves. */
  isKept: boolean
  log: (line: string) => void
}

export type Heart = {
  /** Resolves when somebody has asked this worker to leave. */
  askedToLeave: Promise<void>
  /** Notes under which ids the job engine locks what this worker holds. */
  holdBy: (lockIds: readonly string[]) => Promise<void>
  /** Beats no more, and says that it left. */
  leave: () => Promise<void>
  /** Beats no more, and says nothing of it: others find that it is silent. */
  fallSilent: () => Promise<void>
}

/** Registers a worker, which beats from then on. @throws where it cannot be registered. */
export async function startHeart(databaseUrl: string, { id, version, isKept, log }: HeartOptions): Promise<Heart> {
  const db = connect(databaseUrl, 1)
  try {
    await register(db, { id, version, isKept })
  } catch (error) {
    await db.$disconnect()
    throw error
  }
  const asked = Promise.withResolvers<void>()
  const work = async () => {
    if (await beat(db, id)) asked.resolve()
  }
  const beating = startDuties([{ everyMs: WORKER_BEAT_MS, work }], log)
  const endWith = async (lastWord: () => Promise<unknown>) => {
    await beating.stop()
    try {
      await lastWord()
    } finally {
      await db.$disconnect()
    }
  }
  return {
    askedToLeave: asked.promise,
    holdBy: async (lockIds) => {
      await db.$executeRaw`UPDATE worker SET lock_ids = ${[...lockIds]} WHERE id = ${id}::uuid`
    },
    leave: () =>
      endWith(() => db.$executeRaw`UPDATE worker SET stopped_at = now(), ended_how = 'left' WHERE id = ${id}::uuid`),
    fallSilent: () => endWith(async () => undefined),
  }
}

async function register(db: Db, { id, version, isKept }: Omit<HeartOptions, 'log'>): Promise<void> {
  await db.$executeRaw`
    INSERT INTO worker (id, lock_ids, host, pid, version, is_kept, started_at, beat_at)
    VALUES (${id}::uuid, '{}', ${hostname()}, ${process.pid}, ${version}, ${isKept}, now(), now())`
}

/** Says that a worker lives, by the database's clock: workers' own clocks may differ. @returns whether it is to leave. */
export async function beat(tx: Tx, id: string): Promise<boolean> {
  // A worker that was taken for dead and lives on says so again.
  const [row] = await tx.$queryRaw<{ is_asked: boolean }[]>`
    UPDATE worker SET beat_at = now(), stopped_at = NULL, ended_how = NULL,
                      leave_requested_at = CASE WHEN ended_how = 'written_off' THEN NULL ELSE leave_requested_at END
     WHERE id = ${id}::uuid
    RETURNING leave_requested_at IS NOT NULL AS is_asked`
  return row?.is_asked === true
}

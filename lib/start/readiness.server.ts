/** Whether a web server can do its work now: for load balancers, for `npm start`, and for people who look. */
import { APPLIED_MIGRATIONS, type AppliedMigration, pendingMigrations } from '@/lib/start/migrations.server'
import type { Db } from '@/lib/store/db.server'

/** A worker beats every few seconds; one that has been silent for this long does no work. */
export const WORKER_SILENCE_MS = 15_000
const DATABASE_PATIENCE_MS = 2_000

export type Readiness = {
  isReady: boolean
  /** Why not, in a sentence; empty when ready. */
  detail: string
  components: {
    database: 'up' | 'down'
    migrations: 'applied' | 'pending' | 'unknown'
    /** For information: without a worker jobs wait, and nothing is lost. */
    worker: 'alive' | 'none' | 'unknown'
  }
}

class TooLate extends Error {
  override name = 'TooLate'
}

/** Looks at the database, for at most two seconds. Never fails. `open` gives the client (and may itself fail). */
export async function readiness(open: () => Db): Promise<Readiness> {
  try {
    const looked = await within(look(open()), DATABASE_PATIENCE_MS)
    if (looked.pending.length === 0) return ready(looked.isWorkerAlive)
    return {
      isReady: false,
      detail: `The database lacks ${looked.pending.length} migration(s): run "npm run migrate".`,
      components: { database: 'up', migrations: 'pending', worker: 'unknown' },
    }
  } catch (error) {
    const late = error instanceof TooLate
    return {
      isReady: false,
      detail: late ? 'The database did not answer within 2 s.' : 'The database cannot be reached.',
      components: { database: 'down', migrations: 'unknown', worker: 'unknown' },
    }
  }
}

function ready(isWorkerAlive: boolean): Readiness {
  return {
    isReady: true,
    detail: '',
    components: { database: 'up', migrations: 'applied', worker: isWorkerAlive ? 'alive' : 'none' },
  }
}

async function look(db: Db): Promise<{ pending: string[]; isWorkerAlive: boolean }> {
  const [known] = await db.$queryRaw<
    { found: boolean }[]
  >`SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS found`
  const applied = known?.found ? await db.$queryRawUnsafe<AppliedMigration[]>(APPLIED_MIGRATIONS) : []
  const pending = pendingMigrations(applied)
  if (pending.length > 0) return { pending, isWorkerAlive: false }
  const since = new Date(Date.now() - WORKER_SILENCE_MS)
  const alive = await db.worker.count({ where: { stoppedAt: null, beatAt: { gt: since } } })
  return { pending, isWorkerAlive: alive > 0 }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate()), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

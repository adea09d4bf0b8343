/** Whether a worker is gone, by the database's clock: workers' own clocks may differ. */
import type { Tx } from '@/lib/store/db.server'
import { WORKER_DEAD_AFTER_MS } from './context'

/** True for a worker that has stopped, has not beaten for too long, or is nobody. */
export async function isWorkerDead(tx: Tx, workerId: string | null): Promise<boolean> {
  if (workerId === null) return true
  const rows = await tx.$queryRaw<{ dead: boolean }[]>`
    SELECT stopped_at IS NOT NULL OR beat_at < now() - make_interval(secs => ${WORKER_DEAD_AFTER_MS / 1000}) AS dead
      FROM worker WHERE id = ${workerId}::uuid`
  return rows[0]?.dead ?? true
}

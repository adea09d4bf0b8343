/** Which workers are missed. */
import { WORKER_DEAD_AFTER_MS } from '@/lib/engine/context'
import { Prisma } from '@/lib/generated/prisma/client'

/**
 * A worker `w` that fell silent without leaving is missed until one is started on its host, or somebody says that it
 * will not come back: however long ago that was.
 */
export const IS_MISSED = Prisma.sql`(
  (w.ended_how = 'gone'
    OR (w.stopped_at IS NULL AND w.beat_at < now() - make_interval(secs => ${WORKER_DEAD_AFTER_MS / 1000})))
  AND NOT EXISTS (SELECT 1 FROM worker n WHERE n.host = w.host AND n.started_at > w.beat_at AND n.ended_how IS DISTINCT FROM 'gone'))`

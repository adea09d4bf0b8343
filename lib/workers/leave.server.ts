/** Asking a worker to finish what it has in hand and to leave, and saying that one will not come back. */
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import { WORKER_DEAD_AFTER_MS } from '@/lib/engine/context'
import type { Db } from '@/lib/store/db.server'
import { Forbidden, NotFound } from '@/lib/store/errors'

export type Asked =
  | { kind: 'asked'; isKept: boolean }
  /** Somebody asked before, or it is not there any more. */
  | { kind: 'already' }

/** Asks a worker to leave: it hears so with its next beat. @throws {Forbidden} or {NotFound} */
export async function askToLeave(db: Db, actor: Actor, id: string): Promise<Asked> {
  const by = requireLead(actor)
  const [row] = await db.$queryRaw<{ is_kept: boolean }[]>`
    UPDATE worker SET leave_requested_at = now(), leave_requested_by = ${by}
     WHERE id = ${id}::uuid AND stopped_at IS NULL AND leave_requested_at IS NULL
    RETURNING is_kept`
  if (row !== undefined) return { kind: 'asked', isKept: row.is_kept }
  await requireWorker(db, id)
  return { kind: 'already' }
}

/**
 * Says of a worker that fell silent that it will not come back, so that nobody is told of it any more. One that beats
 * again after all is alive, whatever was said. @returns false where it is not gone. @throws {Forbidden} or {NotFound}
 */
export async function writeOff(db: Db, actor: Actor, id: string): Promise<boolean> {
  const by = requireLead(actor)
  const changed = await db.$executeRaw`
    UPDATE worker SET ended_how = 'written_off', stopped_at = coalesce(stopped_at, now()),
                      leave_requested_at = now(), leave_requested_by = ${by}
     WHERE id = ${id}::uuid
       AND (ended_how = 'gone'
            OR (stopped_at IS NULL AND beat_at < now() - make_interval(secs => ${WORKER_DEAD_AFTER_MS / 1000})))`
  if (changed === 0) await requireWorker(db, id)
  return changed > 0
}

async function requireWorker(db: Db, id: string): Promise<void> {
  if ((await db.worker.count({ where: { id } })) === 0) throw new NotFound('There is no such worker.')
}

function requireLead(actor: Actor): string {
  if (!hasRole(actor, 'lead') || actor.userId === null) {
    throw new Forbidden('Only a lead or an owner may ask a worker to leave.')
  }
  return actor.userId
}

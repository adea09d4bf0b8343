/** Counts what was refused at the door, by the minute: a flood of forgeries fills no table. */
import type { Db } from '@/lib/store/db.server'
import type { Disbelief } from './signature'

export type RefusalReason = Disbelief | 'too_large' | 'not_json' | 'no_secret'

type Tally = { waiting: Map<RefusalReason, number>; turn: Promise<void> | null }

/** Of each database of this process: what is still to be written, and the writing that is under way. */
const tallies = new WeakMap<Db, Tally>()

/**
 * Counts one refusal. One write is under way at a time, whatever comes in: what is refused meanwhile goes with the next
 * one. Resolves when it is written; a count that cannot be written is let go, for the refusal stands all the same.
 */
export async function countRefusal(db: Db, reason: RefusalReason): Promise<void> {
  const tally = tallies.get(db) ?? { waiting: new Map(), turn: null }
  tallies.set(db, tally)
  tally.waiting.set(reason, (tally.waiting.get(reason) ?? 0) + 1)
  await tally.turn
  if (tally.waiting.size > 0) tally.turn ??= writeAll(db, tally)
  await tally.turn
}

async function writeAll(db: Db, tally: Tally): Promise<void> {
  const counts = [...tally.waiting]
  tally.waiting.clear()
  try {
    for (const [reason, count] of counts) await add(db, reason, count)
  } catch {
    // The database is away, or has no place left.
  } finally {
    tally.turn = null
  }
}

async function add(db: Db, reason: RefusalReason, count: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO webhook_refusal (minute, reason, count, last_at)
    VALUES (date_trunc('minute', now()), ${reason}, ${count}::int, now())
    ON CONFLICT (minute, reason)
    DO UPDATE SET count = webhook_refusal.count + excluded.count, last_at = excluded.last_at`
}

/** The clock of a job's deadline: it stands still while sending of its workflow does. */

import { openStop, standstillMs } from '@/lib/money/stops.server'
import { LostRace } from '@/lib/store/errors'
import { type Facts, lockFacts } from '@/lib/store/facts.server'
import { move, SYSTEM, transact } from '@/lib/store/move.server'
import type { EngineContext } from './context'

/** Less than this is not worth a line in the history. In milliseconds. */
const NOTABLE_MS = 1_000

/**
 * Where the deadline of a queued or running job stands: its clock runs, stands still, or was moved just now by the time
 * in which it stood still.
 */
export async function readClock(context: EngineContext, { job }: Facts): Promise<'runs' | 'stands still' | 'moved'> {
  if (job.state !== 'queued' && job.state !== 'running') return 'runs'
  if ((await openStop(context.db, job.workflowKey)) !== null) return 'stands still'
  const stood = await standstillMs(context.db, job.workflowKey, job.clockAt ?? job.createdAt, context.now())
  if (stood < NOTABLE_MS || job.dueAt === null) return 'runs'
  await postpone(context, job.id)
  return 'moved'
}

async function postpone(context: EngineContext, jobId: string): Promise<void> {
  await transact(context.db, async (tx) => {
    const { job } = await lockFacts(tx, jobId)
    const now = context.now()
    if ((job.state !== 'queued' && job.state !== 'running') || job.dueAt === null)
      throw new LostRace('the job moved on')
    const stood = await standstillMs(tx, job.workflowKey, job.clockAt ?? job.createdAt, now)
    await move(tx, job, {
      command: 'postpone',
      actor: SYSTEM,
      transport: 'timer',
      now,
      set: { dueAt: new Date(job.dueAt.getTime() + stood), clockAt: now },
      round: null,
      wakeAt: now,
      detail: { stoodStillMs: Math.round(stood) },
    })
  })
}

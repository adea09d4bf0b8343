/** What keeps jobs from being sent, as lists and pages of jobs say it. */
import type { Job } from '@/lib/generated/prisma/client'
import { stoppedKeys } from '@/lib/money/stops.server'
import type { Tx } from '@/lib/store/db.server'
import { liveCalls } from './turn.server'
import { waitWords } from './words'

export type QueueSight = {
  /** The workflows whose sending stands still. */
  stopped: ReadonlySet<string>
  /** Of jobs that asked for their turn and did not get it: why, as a sentence. */
  waits: ReadonlyMap<string, string>
}

/** What is to be said of these jobs. A query or two more where one of them is queued. */
export async function queueSight(
  tx: Tx,
  jobs: readonly Pick<Job, 'id' | 'workflowKey' | 'state'>[],
): Promise<QueueSight> {
  const queued = jobs.filter(({ state }) => state === 'queued').map(({ id }) => id)
  const [stopped, waiting] = await Promise.all([
    stoppedKeys(tx),
    queued.length === 0 ? [] : tx.queueWait.findMany({ where: { jobId: { in: queued } } }),
  ])
  const keys = [...new Set(waiting.map(({ workflowKey }) => workflowKey))]
  const figures = new Map(await Promise.all(keys.map(async (key) => [key, await figuresOf(tx, key)] as const)))
  const waits = waiting.map(({ jobId, workflowKey, why }): [string, string] => [
    jobId,
    waitWords(why as 'place' | 'rate' | 'provider', figures.get(workflowKey) ?? NO_FIGURES),
  ])
  return { stopped, waits: new Map(waits) }
}

const NO_FIGURES = { live: 0, mostLive: null, sendsPerMinute: null }

async function figuresOf(tx: Tx, workflowKey: string) {
  const control = await tx.queueControl.findUnique({ where: { workflowKey } })
  const mostLive = control?.mostLive ?? null
  const live = mostLive === null ? 0 : await liveCalls(tx, workflowKey)
  return { live, mostLive, sendsPerMinute: control?.sendsPerMinute ?? null }
}

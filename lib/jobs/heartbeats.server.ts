/** How the watch over running jobs is going. A route of its own: it changes with every look, a list does not. */
import type { Actor } from '@/lib/access/actor'
import { readScope } from '@/lib/access/can'
import type { Tx } from '@/lib/store/db.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionOf } from '@/lib/workflows/store.server'
import type { Heartbeat, Heartbeats } from './view'

/** "95 % of these take under …" is said only once so many have finished. */
export const ENOUGH_HISTORY = 20
/** Beyond the time of the next look by so much, nobody is looking. */
const LATE_LOOK_MS = 60_000

/** The heartbeats of those of `jobIds` that have a live attempt and that `actor` may see. At most 200. */
export async function readHeartbeats(tx: Tx, actor: Actor, jobIds: string[], now = new Date()): Promise<Heartbeats> {
  const attempts = await tx.attempt.findMany({
    where: { endedAt: null, job: { AND: [readScope(actor), { id: { in: jobIds.slice(0, 200) } }] } },
    include: { watch: true, job: { include: { workflowVersion: true } } },
  })
  const keys = [...new Set(attempts.map((attempt) => attempt.job.workflowKey))]
  const usual = new Map(await Promise.all(keys.map(async (key) => [key, await usually(tx, key, now)] as const)))
  const alive = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM worker WHERE stopped_at IS NULL AND beat_at > now() - interval '8 seconds'`
  const workersAlive = alive[0]?.count ?? 0

  const items = attempts.flatMap((attempt): Heartbeat[] => {
    const { watch, job } = attempt
    if (watch === null) return []
    const definition = definitionOf(job.workflowVersion)
    const usualOf = usual.get(job.workflowKey) ?? null
    return [
      {
        jobId: job.id,
        lastLookedAt: watch.lastLookedAt?.toISOString() ?? null,
        lastChangedAt: watch.lastChangedAt.toISOString(),
        nextLookAt: watch.nextLookAt?.toISOString() ?? null,
        looks: watch.looks,
        failedLooks: watch.failedLooks,
        lastError: watch.lastError,
        verdict: verdictOf({ watch, sentAt: attempt.sentAt, definition, usual: usualOf, workersAlive, now }),
        usually: usualOf,
      },
    ]
  })
  return { now: now.toISOString(), workersAlive, items }
}

type Watch = { lastChangedAt: Date; nextLookAt: Date | null }

/** Slow, stuck and "we have stopped looking" are three different things. */
export function verdictOf({
  watch,
  sentAt,
  definition,
  usual,
  workersAlive,
  now,
}: {
  watch: Watch
  sentAt: Date
  definition: Pick<WorkflowDefinition, 'limits'>
  usual: Heartbeat['usually']
  workersAlive: number
  now: Date
}): Heartbeat['verdict'] {
  const lookWasDue = watch.nextLookAt ?? sentAt
  if (now.getTime() - lookWasDue.getTime() > LATE_LOOK_MS || (workersAlive === 0 && lookWasDue < now))
    return 'not_looking'
  // At the whole of the limit the engine gives the call up; people are told at half of it.
  const stuckAt = watch.lastChangedAt.getTime() + (definition.limits.noProgressMinutes / 2) * 60_000
  if (now.getTime() >= stuckAt) return 'stuck'
  if (usual !== null && now.getTime() - sentAt.getTime() > usual.p95Ms) return 'slow'
  return 'moving'
}

/** Of each workflow, what was found and when: it moves slowly, and every open page asks for it every few seconds. */
const found = new Map<string, { at: number; value: Heartbeat['usually'] }>()
const KEPT_MS = 60_000

/** How long 95 % of the last 200 completed attempts of a workflow took, as seen from here; null without enough of them. */
async function usually(tx: Tx, workflowKey: string, now: Date): Promise<Heartbeat['usually']> {
  const kept = found.get(workflowKey)
  if (kept !== undefined && Math.abs(now.getTime() - kept.at) < KEPT_MS) return kept.value
  const value = await readUsually(tx, workflowKey)
  found.set(workflowKey, { at: now.getTime(), value })
  return value
}

async function readUsually(tx: Tx, workflowKey: string): Promise<Heartbeat['usually']> {
  const rows = await tx.$queryRaw<{ p95: number | null; samples: number }[]>`
    SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS p95, count(*)::int AS samples FROM (
      SELECT extract(epoch FROM (a.seen_final_at - a.sent_at)) * 1000 AS ms
        FROM attempt a JOIN job j ON j.id = a.job_id
       WHERE j.workflow_key = ${workflowKey} AND a.provider_status = 'completed' AND a.seen_final_at IS NOT NULL
       ORDER BY a.seen_final_at DESC LIMIT 200) last`
  const row = rows[0]
  if (row === undefined || row.p95 === null || row.samples < ENOUGH_HISTORY) return null
  return { p95Ms: Math.round(row.p95), samples: row.samples }
}

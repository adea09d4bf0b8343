/** Stopped queues: sending of a workflow stands still until a lead resumes it. Nothing is lost, and no clock runs. */
import { v7 as uuidv7 } from 'uuid'
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import type { QueueStop } from '@/lib/generated/prisma/client'
import type { QueueStopView } from '@/lib/jobs/view'
import type { Db, Tx } from '@/lib/store/db.server'
import { Forbidden, InvalidInput, NotFound } from '@/lib/store/errors'
import { transact } from '@/lib/store/move.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { PAUSED, stopWords } from './stop-words'
import type { RecentStop, ShownStop } from './view'

/** The provider's own words, at most: shown to a lead as they are. In UTF-16 units. */
const LONGEST_MESSAGE = 2_000
const LONGEST_NOTE = 2_000

export type StopAsk = {
  workflowKey: string
  /** A budget of ours (`BudgetStop`), or the code of the provider. */
  reason: string
  /** The provider's own words; null where it was not the provider. */
  message: string | null
  /** The job and the attempt that met it. */
  jobId: string | null
  attemptId: string | null
  now: Date
}

/** Stops sending of the workflow. Where it stands still already, the first reason stays. @returns whether it was this. */
export async function stopQueue(
  tx: Tx,
  { workflowKey, reason, message, jobId, attemptId, now }: StopAsk,
): Promise<boolean> {
  const words = message === null ? null : sanitiseText(message.slice(0, LONGEST_MESSAGE))
  const stopped = await tx.$executeRaw`
    INSERT INTO queue_stop (id, workflow_key, reason, message, since, job_id, attempt_id)
    VALUES (${uuidv7()}::uuid, ${workflowKey}, ${codeOf(reason)}, ${words}, ${now}::timestamptz, ${jobId}::uuid, ${attemptId}::uuid)
    ON CONFLICT (workflow_key) WHERE resumed_at IS NULL DO NOTHING`
  return stopped > 0
}

/** A provider may use any code; only a person pauses. */
function codeOf(reason: string): string {
  return reason === PAUSED ? 'no_code' : sanitiseText(reason)
}

/** The stop because of which sending of the workflow stands still; null where it does not. */
export async function openStop(tx: Tx, workflowKey: string): Promise<QueueStop | null> {
  return tx.queueStop.findFirst({ where: { workflowKey, resumedAt: null } })
}

/** The workflows whose sending stands still. */
export async function stoppedKeys(tx: Tx): Promise<Set<string>> {
  const stops = await tx.queueStop.findMany({ where: { resumedAt: null }, select: { workflowKey: true } })
  return new Set(stops.map(({ workflowKey }) => workflowKey))
}

/** Every open stop, the oldest first. One cheap query where there is none, as nearly always. */
export async function openStops(tx: Tx): Promise<ShownStop[]> {
  const stops = await tx.queueStop.findMany({ where: { resumedAt: null }, orderBy: [{ since: 'asc' }, { id: 'asc' }] })
  if (stops.length === 0) return []
  const keys = stops.map(({ workflowKey }) => workflowKey)
  const [people, names, waiting, jobs] = await Promise.all([
    peopleBehind(tx, stops),
    workflowNames(tx, keys),
    tx.job.groupBy({ by: ['workflowKey'], where: { workflowKey: { in: keys }, state: 'queued' }, _count: true }),
    tx.job.findMany({
      where: { id: { in: stops.flatMap(({ jobId }) => (jobId === null ? [] : [jobId])) } },
      select: { id: true, number: true },
    }),
  ])
  return stops.map((stop) => ({
    workflow: { key: stop.workflowKey, name: names.get(stop.workflowKey) ?? stop.workflowKey },
    reason: stop.reason,
    ...stopWords(stop.reason),
    by: stop.stoppedBy === null ? null : (people.get(stop.stoppedBy) ?? null),
    note: stop.stopNote,
    message: stop.message,
    since: stop.since.toISOString(),
    waiting: waiting.find(({ workflowKey }) => workflowKey === stop.workflowKey)?._count ?? 0,
    metBy: jobs.find(({ id }) => id === stop.jobId)?.number ?? null,
  }))
}

/** Why sending of this workflow stands still, as the page of a job says it; null where it does not. */
export async function stopOf(tx: Tx, workflowKey: string): Promise<QueueStopView | null> {
  const stop = await openStop(tx, workflowKey)
  if (stop === null) return null
  const [people, names, waiting] = await Promise.all([
    peopleBehind(tx, [stop]),
    workflowNames(tx, [workflowKey]),
    tx.job.count({ where: { workflowKey, state: 'queued' } }),
  ])
  return {
    workflow: { key: workflowKey, name: names.get(workflowKey) ?? workflowKey },
    reason: stop.reason,
    sentence: stopWords(stop.reason).sentence,
    by: stop.stoppedBy === null ? null : (people.get(stop.stoppedBy) ?? null),
    note: stop.stopNote,
    since: stop.since.toISOString(),
    waiting,
  }
}

/** The names of those who paused, by id. One query only where somebody did. */
async function peopleBehind(tx: Tx, stops: readonly QueueStop[]): Promise<Map<string, string>> {
  const ids = stops.flatMap(({ stoppedBy }) => (stoppedBy === null ? [] : [stoppedBy]))
  if (ids.length === 0) return new Map()
  const people = await tx.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  return new Map(people.map(({ id, name }) => [id, name]))
}

/** The names of workflows by key, as their current versions have them. */
export async function workflowNames(tx: Tx, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<{ key: string; name: string }[]>`
    SELECT w.key, v.name FROM workflow w JOIN workflow_version v ON v.key = w.key AND v.version = w.current_version
     WHERE w.key = ANY(${[...keys]}::text[])`
  return new Map(rows.map(({ key, name }) => [key, name]))
}

/** No stop and no job has it, and every other comes after it. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

export type Resumed = {
  /** True where it was this that ended the stop; false where nothing stood still any more. */
  didResume: boolean
  /** Jobs that were woken. */
  woken: number
}

/**
 * So many jobs are woken in one transaction: each call of `holdpoint_wake` holds a lock to its end, and the lock table
 * of PostgreSQL and the time of a transaction have room for some thousands.
 */
const WOKEN_AT_A_TIME = 500

/**
 * Lets sending of the workflow go on, and wakes every job that waits for it. What stopped it may still be so: then the
 * first job that meets it stops it again. The end of the stop stands by itself: where the waking breaks off, the sweeper
 * of the workers finds the jobs that are left.
 * @throws {Forbidden} where `actor` is no lead. @throws {NotFound} where there is no such workflow.
 */
export async function resumeQueue(
  db: Db,
  actor: Actor,
  workflowKey: string,
  note: string | null,
  now: Date,
  atATime = WOKEN_AT_A_TIME,
): Promise<Resumed> {
  if (!hasRole(actor, 'lead') || actor.userId === null) throw new Forbidden('Only a lead lets sending go on.')
  const resumedBy = actor.userId
  const words = note === null || note.trim() === '' ? null : sanitiseText(note.trim().slice(0, LONGEST_NOTE))
  const didResume = await db.$transaction(async (tx) => {
    if ((await tx.workflow.count({ where: { key: workflowKey } })) === 0) {
      throw new NotFound('There is no such workflow.')
    }
    const open = await openStop(tx, workflowKey)
    if (open?.reason === PAUSED && words === null) {
      const detail = 'Say why it goes on: a person paused it, and the history keeps both.'
      throw new InvalidInput(detail, [{ pointer: '/note', detail }])
    }
    const { count } = await tx.queueStop.updateMany({
      where: { id: open?.id ?? NOBODY, resumedAt: null },
      data: { resumedAt: now, resumedBy, note: words },
    })
    return count > 0
  })
  return { didResume, woken: didResume ? await wakeWaiting(db, workflowKey, atATime) : 0 }
}

/** Wakes every queued or running job of the workflow, some at a time. @returns how many. */
async function wakeWaiting(db: Db, workflowKey: string, atATime: number): Promise<number> {
  let woken = 0
  let last = NOBODY
  for (;;) {
    const from = last
    const rows = await transact(
      db,
      (tx) => tx.$queryRaw<{ id: string }[]>`
        SELECT j.id::text, holdpoint_wake(j.id, now())::text
          FROM (SELECT id FROM job
                 WHERE workflow_key = ${workflowKey} AND state IN ('queued', 'running') AND id > ${from}::uuid
                 ORDER BY id LIMIT ${atATime}::int) j`,
    )
    woken += rows.length
    last = rows.at(-1)?.id ?? from
    if (rows.length < atATime) return woken
  }
}

/**
 * For how long, in milliseconds, sending of the workflow stood still between two moments. A stop that ended before it
 * began, by the clocks of two hosts, takes nothing away.
 */
export async function standstillMs(tx: Tx, workflowKey: string, from: Date, to: Date): Promise<number> {
  const rows = await tx.$queryRaw<{ ms: number }[]>`
    SELECT coalesce(sum(extract(epoch FROM greatest(
             least(coalesce(resumed_at, ${to}::timestamptz), ${to}::timestamptz) - greatest(since, ${from}::timestamptz),
             interval '0'))) * 1000, 0)::float8 AS ms
      FROM queue_stop
     WHERE workflow_key = ${workflowKey} AND since < ${to}::timestamptz
       AND coalesce(resumed_at, ${to}::timestamptz) > ${from}::timestamptz`
  return Math.round(rows[0]?.ms ?? 0)
}

/** What stopped and went on again lately, the newest first. */
export async function recentStops(tx: Tx, most: number): Promise<RecentStop[]> {
  const stops = await tx.queueStop.findMany({
    where: { resumedAt: { not: null } },
    orderBy: [{ resumedAt: 'desc' }, { id: 'desc' }],
    take: most,
  })
  const people = await tx.user.findMany({
    where: { id: { in: stops.flatMap(({ resumedBy }) => (resumedBy === null ? [] : [resumedBy])) } },
    select: { id: true, name: true },
  })
  const names = await workflowNames(
    tx,
    stops.map(({ workflowKey }) => workflowKey),
  )
  return stops.map((stop) => ({
    id: stop.id,
    workflow: names.get(stop.workflowKey) ?? stop.workflowKey,
    sentence: stopWords(stop.reason).sentence,
    since: stop.since.toISOString(),
    resumedAt: stop.resumedAt?.toISOString() ?? null,
    by: people.find(({ id }) => id === stop.resumedBy)?.name ?? null,
    note: stop.note,
  }))
}

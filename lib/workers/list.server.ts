/** The workers: who beats, what each holds, and who is gone. By the database's clock, as they beat. */
import type { Actor } from '@/lib/access/actor'
import { readScope } from '@/lib/access/can'
import { WORKER_DEAD_AFTER_MS } from '@/lib/engine/context'
import type { Tx } from '@/lib/store/db.server'
import { IS_MISSED } from './missed.server'
import type { Doing, HeldJob, WorkerState, WorkersView, WorkerView } from './view'

/** More workers than this on one page are no list any more. */
const MOST_PRESENT = 200
const ABSENT_SHOWN = 50
const HELD_SHOWN = 20

type Row = {
  id: string
  host: string
  pid: number
  version: string
  is_kept: boolean
  started_at: Date
  beat_at: Date
  stopped_at: Date | null
  ended_how: string | null
  leave_requested_at: Date | null
  leave_requested_by: string | null
  is_silent: boolean
  now: Date
}

/** Everything that the page of workers shows. Jobs are named where `actor` may see them. */
export async function readWorkers(tx: Tx, actor: Actor): Promise<WorkersView> {
  const rows = await tx.$queryRaw<Row[]>`
    (SELECT id::text, host, pid, version, is_kept, started_at, beat_at, stopped_at, ended_how, leave_requested_at, leave_requested_by,
            beat_at < now() - make_interval(secs => ${WORKER_DEAD_AFTER_MS / 1000}) AS is_silent, now() AS now
       FROM worker w WHERE stopped_at IS NULL AND (beat_at > now() - interval '1 day' OR ${IS_MISSED})
      ORDER BY host, started_at LIMIT ${MOST_PRESENT}::int)
    UNION ALL
    (SELECT id::text, host, pid, version, is_kept, started_at, beat_at, stopped_at, ended_how, leave_requested_at, leave_requested_by, true, now()
       FROM worker w WHERE stopped_at IS NOT NULL AND (beat_at > now() - interval '1 day' OR ${IS_MISSED})
      -- Those that are missed first: nobody could write them off where they did not stand.
      ORDER BY ${IS_MISSED} DESC, beat_at DESC LIMIT ${ABSENT_SHOWN}::int)`
  const held = await readHeld(tx, actor, rows)
  const by = [...new Set(rows.flatMap((row) => (row.leave_requested_by === null ? [] : [row.leave_requested_by])))]
  const people = await tx.user.findMany({ where: { id: { in: by } }, select: { id: true, name: true } })
  const names = new Map(people.map(({ id, name }) => [id, name]))
  const views = rows.map((row) => viewOf(row, held.get(row.id) ?? [], names))
  const present = views.filter(({ endedAt }) => endedAt === null)
  return {
    asOf: (rows[0]?.now ?? new Date()).toISOString(),
    present,
    absent: views.filter(({ endedAt }) => endedAt !== null),
    versions: versionsOf(present.filter(({ state }) => state !== 'silent')),
  }
}

function viewOf(row: Row, held: HeldJob[], names: Map<string, string>): WorkerView {
  const { id, host, pid, version, started_at, beat_at, stopped_at, leave_requested_at, leave_requested_by } = row
  return {
    id,
    host,
    pid,
    version,
    state: stateOf(row),
    isKept: row.is_kept,
    startedAt: started_at.toISOString(),
    beatAt: beat_at.toISOString(),
    endedAt: stopped_at?.toISOString() ?? null,
    asked:
      leave_requested_at === null
        ? null
        : {
            by: names.get(leave_requested_by ?? '') ?? 'Somebody who is no longer here',
            at: leave_requested_at.toISOString(),
          },
    holds: held.slice(0, HELD_SHOWN),
    more: Math.max(0, held.length - HELD_SHOWN),
  }
}

function stateOf({ stopped_at, ended_how, is_silent, leave_requested_at }: Row): WorkerState {
  if (stopped_at !== null) return ended_how === 'gone' || ended_how === 'written_off' ? ended_how : 'left'
  if (is_silent) return 'silent'
  return leave_requested_at === null ? 'alive' : 'leaving'
}

function versionsOf(present: readonly WorkerView[]): WorkersView['versions'] {
  const counts = new Map<string, number>()
  for (const { version } of present) counts.set(version, (counts.get(version) ?? 0) + 1)
  return [...counts]
    .map(([version, workers]) => ({ version, workers }))
    .toSorted((a, b) => b.workers - a.workers || (a.version < b.version ? -1 : 1))
}

type Held = { worker_id: string; job_id: string; since: Date; doing: Doing }

/** What each worker works on now: the jobs that the job engine has locked for it, and what of them is under way. */
async function readHeld(tx: Tx, actor: Actor, workers: readonly Row[]): Promise<Map<string, HeldJob[]>> {
  const ids = workers.map(({ id }) => id)
  const held = await tx.$queryRaw<Held[]>`
    SELECT h.worker_id::text, h.job_id::text, h.since,
           CASE WHEN EXISTS (SELECT 1 FROM attempt a WHERE a.job_id = h.job_id AND a.ended_at IS NULL
                              AND a.provider_status = 'sending' AND a.worker_id = h.worker_id) THEN 'sending'
                WHEN EXISTS (SELECT 1 FROM delivery d WHERE d.job_id = h.job_id AND d.state IN ('pending', 'sending')
                              AND d.worker_id = h.worker_id) THEN 'delivering'
                WHEN EXISTS (SELECT 1 FROM tool_call c WHERE c.job_id = h.job_id AND c.state = 'sending') THEN 'calling'
                ELSE 'looking' END AS doing
      FROM holdpoint_held() h WHERE h.worker_id::text = ANY(${ids}::text[])
     ORDER BY h.since`
  const jobs = await tx.job.findMany({
    where: { AND: [readScope(actor), { id: { in: held.map(({ job_id }) => job_id) } }] },
    select: { id: true, number: true, title: true },
  })
  const byId = new Map(jobs.map((job) => [job.id, job]))
  const found = new Map<string, HeldJob[]>()
  for (const { worker_id, job_id, since, doing } of held) {
    const job = byId.get(job_id)
    if (job === undefined) continue
    const { number, title } = job
    found.set(worker_id, [...(found.get(worker_id) ?? []), { number, title, doing, since: since.toISOString() }])
  }
  return found
}

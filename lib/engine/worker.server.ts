/** The worker: runs the engine on wake-ups, beats, takes over from the dead, and sweeps up what nobody will wake. */

import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Logger, type Runner, run, type WorkerEvents } from 'graphile-worker'
import { v7 as uuidv7 } from 'uuid'
import type { MailEnvironment } from '@/lib/mail/set-up'
import type { Provider } from '@/lib/provider/types'
import type { Db } from '@/lib/store/db.server'
import { wake, wakeLater } from '@/lib/store/move.server'
import { type EngineContext, WORKER_BEAT_MS, WORKER_DEAD_AFTER_MS, WORKER_STOPS_WITHIN_MS } from './context'
import { type Duty, periodicDuties, startDuties } from './duties.server'
import { beat, startHeart } from './heart.server'
import { reconcile } from './reconcile.server'

export type WorkerOptions = {
  db: Db
  /** The owner's URL: the job engine's own tables are not for the application's role. */
  databaseUrl: string
  provider: Provider
  pollMs: number
  retryMs: number
  /** Jobs looked at side by side. */
  concurrency?: number
  version: string
  /** Whether something starts another in its place when it leaves. */
  isKept?: boolean
  /** How letters leave; absent: this worker sends none. */
  mail?: MailEnvironment
  log?: (line: string) => void
  /** Told of each job that it is woken for, before the job is looked at: for whoever measures. */
  onWake?: (jobId: string) => void
}

export type RunningWorker = {
  id: string
  /**
   * Finishes what it has in hand, takes nothing new, and leaves. Waits for it for less than a minute, because whoever
   * stops a process does not wait for ever; `patient`: for as long as it takes.
   */
  stop: (how?: { patient: boolean }) => Promise<void>
  /** Resolves when somebody has asked this worker to leave. */
  askedToLeave: Promise<void>
  /** Resolves when the runner has ended, rejects when it broke. */
  ended: Promise<void>
}

const SWEEP_EVERY_MS = 5_000
const SWEEP_AT_MOST = 200

/** Starts a worker. Several may run, on one host or many, over one database. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const {
    db,
    databaseUrl,
    provider,
    pollMs,
    retryMs,
    concurrency = 10,
    version,
    isKept = false,
    mail,
    log = () => {},
    onWake,
  } = options
  const id = uuidv7()
  const context: EngineContext = {
    db,
    provider,
    workerId: id,
    now: () => new Date(),
    random: Math.random,
    pollMs,
    retryMs,
    log,
  }
  const lockIds: string[] = []
  const events: WorkerEvents = new EventEmitter()
  events.on('pool:create', ({ workerPool }) => lockIds.push(workerPool.id))

  // Before it takes anything: whatever holds a job must be known to live.
  const heart = await startHeart(databaseUrl, { id, version, isKept, log })
  const step = patientStep(context)
  let runner: Runner | undefined
  try {
    runner = await run({
      connectionString: databaseUrl,
      concurrency,
      pollInterval: 1_000,
      noHandleSignals: true,
      events,
      logger: quiet(log),
      parsedCronItems: [],
      taskList: {
        reconcile: (payload) => {
          const { jobId } = payload as { jobId: string }
          onWake?.(jobId)
          return step(jobId)
        },
      },
    })
    await heart.holdBy(lockIds)
  } catch (error) {
    if (runner !== undefined) await stopRunner(runner, false)
    await heart.fallSilent()
    throw error
  }
  const started = runner
  const duties = startDuties(dutiesOf(context, mail), log)
  return {
    id,
    ended: started.promise,
    askedToLeave: heart.askedToLeave,
    stop: async ({ patient } = { patient: false }) => {
      // It beats until its last call is answered and saved, or others would take it for dead meanwhile.
      await Promise.all([stopRunner(started, patient), duties.stop()])
      await heart.leave()
    },
  }
}

/** Tells of warnings and errors of the job engine; what went well is in the history of the jobs. */
function quiet(log: (line: string) => void): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log(message)
  })
}

/** A runner that broke cannot be stopped any more: it is not waited for without end. */
async function stopRunner(runner: Runner, patient: boolean): Promise<void> {
  const stopped = runner.stop().then(
    () => runner.promise,
    () => undefined,
  )
  if (patient) return stopped.catch(() => undefined)
  const late = new AbortController()
  await Promise.race([
    stopped.catch(() => undefined),
    pause(WORKER_STOPS_WITHIN_MS, undefined, { ref: false, signal: late.signal }).catch(() => undefined),
  ])
  late.abort()
}

const LONGEST_BACKOFF_MS = 60_000

/**
 * A step that never fails: a failed one is told, and tried again after 1 s, 2 s, 4 s … up to a minute. The job engine's
 * own backoff grows to hours, and its rows would look like wake-ups that are still to come.
 */
function patientStep(context: EngineContext): (jobId: string) => Promise<void> {
  const failures = new Map<string, number>()
  return async (jobId) => {
    try {
      await reconcile(context, jobId)
      failures.delete(jobId)
    } catch (error) {
      const count = (failures.get(jobId) ?? 0) + 1
      failures.set(jobId, count)
      context.log(
        `A step of job ${jobId} failed and is tried again: ${error instanceof Error ? error.message : String(error)}`,
      )
      const wait = Math.min(500 * 2 ** Math.min(count, 10), LONGEST_BACKOFF_MS)
      // While the database is away no wake-up can be left either: the sweeper finds the job when it is back.
      await wakeLater(context.db, jobId, new Date(Date.now() + wait)).catch(() => undefined)
    }
  }
}

/** Everything that this worker does on timers of its own, beside the jobs that it is woken for. */
function dutiesOf(context: EngineContext, mail: MailEnvironment | undefined): Duty[] {
  const { db, workerId, log } = context
  return [
    { everyMs: WORKER_BEAT_MS, work: () => takeOver(db, { by: workerId, log }) },
    { everyMs: SWEEP_EVERY_MS, work: () => sweep(db) },
    ...periodicDuties(context, mail),
  ]
}

/**
 * Unlocks what dead workers held, so that living ones go on with it. The worker `by` looks: it is not taken for dead, also
 * where it had no time to beat. Returns how many were dead.
 */
export async function takeOver(
  db: Db,
  { by = null, log = () => {} }: { by?: string | null; log?: (line: string) => void } = {},
): Promise<number> {
  if (by !== null) await beat(db, by)
  const deadAfter = `${WORKER_DEAD_AFTER_MS} milliseconds`
  const dead = await db.$transaction(async (tx) => {
    const gone = await tx.$queryRaw<{ id: string; host: string; pid: number }[]>`
      UPDATE worker SET stopped_at = now(), ended_how = 'gone'
       WHERE stopped_at IS NULL AND beat_at < now() - ${deadAfter}::interval AND id IS DISTINCT FROM ${by}::uuid
      RETURNING id::text, host, pid`
    // What it was sending is looked at now, not at the end of the sending limit.
    const sending = await tx.attempt.findMany({
      where: { workerId: { in: gone.map((worker) => worker.id) }, providerStatus: 'sending', endedAt: null },
      select: { jobId: true },
    })
    for (const { jobId } of sending) await wake(tx, jobId, new Date())
    return gone
  })
  await db.$executeRaw`SELECT holdpoint_unlock_dead(${deadAfter}::interval)`
  for (const worker of dead) log(`Worker ${worker.host}:${worker.pid} is gone; its work is taken over.`)
  return dead.length
}

/** Wakes unfinished jobs that have no wake-up due: none should exist, and none may stay lost. */
export async function sweep(db: Db): Promise<number> {
  const lost = await db.$queryRaw<{ id: string }[]>`SELECT holdpoint_unwoken(${SWEEP_AT_MOST}::int)::text AS id`
  for (const { id } of lost) await wake(db, id, new Date())
  return lost.length
}

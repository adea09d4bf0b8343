/** How soon a job is taken up: after it was woken, and after the worker that held it was killed. */

import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import pg from 'pg'
import type { Actor } from '@/lib/access/actor'
import { startWorker } from '@/lib/engine/worker.server'
import { createJob } from '@/lib/store/create.server'
import { wake } from '@/lib/store/move.server'
import { atEnd } from '../cleanup'
import { ASK, BenchProvider, everything } from '../engine'
import { type Measured, measureOf } from '../measure'
import { startNode, until } from '../processes'
import type { Bench } from '../store'

const WAKES = 300
const TIMES_OF_RAW = 1.5
const RECOVERY_TARGET_S = 15
const KILLS = 3
const CONCURRENCY = 10
const POLL_INTERVAL_MS = 1_000

export async function wakeMeasures(bench: Bench): Promise<Measured[]> {
  return [await wakeUps(bench), await recovery(bench)]
}

/** A job that nothing is due for is woken, and the same row is given to Graphile Worker alone: one after the other. */
async function wakeUps({ db, url }: Bench): Promise<Measured> {
  const jobs = await db.job.findMany({ where: { state: 'completed' }, take: WAKES, select: { id: true } })
  const begun = new Map<string, () => void>()
  const taken = (id: string) => begun.get(id)?.()
  // First, because making its tables tells every worker of the database to shut down.
  const raw = await rawWorker(url, taken)
  const worker = await startWorker({
    db,
    databaseUrl: url,
    provider: new BenchProvider(true),
    pollMs: 2_000,
    retryMs: 2_000,
    concurrency: CONCURRENCY,
    version: 'bench',
    log: (line) => console.error(`The worker: ${line}`),
    onWake: taken,
  })
  const stopWorker = atEnd(() => worker.stop())
  const queue = new pg.Client({ connectionString: url })
  await queue.connect()
  const endQueue = atEnd(() => queue.end())
  try {
    // What was due before this began goes first, and would be measured with it.
    await until('what was due before to be looked at', async () => (await standingOf(queue)).due === 0, 180, 500)
    const ours: number[] = []
    const theirs: number[] = []
    // The first ones connect and plan.
    for (const [index, { id }] of jobs.entries()) {
      const one = await taking(begun, id, () => wake(db, id, new Date()), queue)
      const other = await taking(begun, `raw-${id}`, () => raw.add(`raw-${id}`), queue)
      if (index < 20) continue
      ours.push(one)
      theirs.push(other)
    }
    return measureOf('from a wake-up to the first step', ours, {
      theirs,
      beside: 'Graphile Worker alone',
      target: { timesOfIt: TIMES_OF_RAW },
    })
  } finally {
    await endQueue.now()
    await raw.stop()
    await stopWorker.now()
  }
}

const TAKEN_WITHIN_MS = 60_000

/** Milliseconds from the call of `ask` to the moment at which its job is taken. @throws after a minute, with what is due. */
async function taking(
  begun: Map<string, () => void>,
  id: string,
  ask: () => Promise<unknown>,
  queue: pg.Client,
): Promise<number> {
  const start = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  begun.set(id, () => resolve(performance.now()))
  const late = setTimeout(async () => {
    const { due, held } = await standingOf(queue)
    reject(new Error(`nobody took ${id} within a minute: ${due} wake-ups are due, ${held} are held`))
  }, TAKEN_WITHIN_MS)
  try {
    await ask()
    return (await promise) - start
  } finally {
    clearTimeout(late)
    begun.delete(id)
  }
}

/** How many of our wake-ups are due and free, and how many a worker holds. */
async function standingOf(queue: pg.Client): Promise<{ due: number; held: number }> {
  const { rows } = await queue.query<{ due: number; held: number }>(
    `SELECT count(*) FILTER (WHERE is_available AND run_at <= now())::int AS due,
            count(*) FILTER (WHERE locked_at IS NOT NULL)::int AS held
       FROM graphile_worker._private_jobs`,
  )
  return rows[0] ?? { due: 0, held: 0 }
}

/** Graphile Worker by itself, with the settings of ours, in a schema of its own, asked over a pool of its own. */
async function rawWorker(url: string, taken: (id: string) => void) {
  const schema = 'graphile_raw'
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  const utils = await makeWorkerUtils({ pgPool: pool, schema })
  await utils.migrate()
  const runner = await run({
    connectionString: url,
    schema,
    concurrency: CONCURRENCY,
    pollInterval: POLL_INTERVAL_MS,
    noHandleSignals: true,
    parsedCronItems: [],
    // As ours: a line for each job would be timed with it.
    logger: new Logger(() => () => {}),
    taskList: { take: (payload) => taken((payload as { id: string }).id) },
  })
  const cleanup = atEnd(async () => {
    await runner.stop()
    await utils.release()
    await pool.query(`DROP SCHEMA ${schema} CASCADE`)
    await pool.end()
  })
  return {
    add: (id: string) => utils.addJob('take', { id }, { jobKey: id }),
    stop: () => cleanup.now(),
  }
}

async function recovery(bench: Bench): Promise<Measured> {
  const seconds: number[] = []
  for (let turn = 0; turn < KILLS; turn += 1) seconds.push(await recoverySeconds(bench))
  return measureOf('work of a killed worker is taken up again', seconds, {
    unit: 's',
    statistic: 'median',
    target: RECOVERY_TARGET_S,
  })
}

/** Seconds from `kill -9` of the worker that holds a job to the moment at which another does its next step. */
export async function recoverySeconds({ db, url }: Bench): Promise<number> {
  const requester: Actor = { ...everything, roles: ['owner'] }
  const { job } = await createJob(db, requester, ASK, { transport: 'api', idempotencyKey: null })
  // It hangs in its look at the provider: the job is in its hands when it is killed.
  const doomed = startNode(['--import', 'tsx', 'bench/scale/hanging-worker.ts'], { DATABASE_URL: url })
  await until('the worker to hold the job', () => doomed.printed().includes(`holds ${job.id}`), 90)
  let takenAt: number | null = null
  const provider = new BenchProvider(false)
  provider.onCall = (what) => {
    if (what === 'look') takenAt ??= performance.now()
  }
  const survivor = await startWorker({ db, databaseUrl: url, provider, pollMs: 100, retryMs: 100, version: 'bench' })
  const stop = atEnd(() => survivor.stop())
  try {
    const killedAt = performance.now()
    doomed.kill('SIGKILL')
    await until('the job to be taken up again', () => takenAt !== null, 120)
    const isOver = async () => (await db.job.findUniqueOrThrow({ where: { id: job.id } })).state !== 'running'
    await until('its answer to be kept', isOver)
    return ((takenAt ?? killedAt) - killedAt) / 1_000
  } finally {
    await stop.now()
    await doomed.stop()
  }
}

/**
 * Jobs a second through a whole life: made, queued, sent, looked at, held, approved, each step an event of its chain.
 * Beside it the no-op jobs of pg-boss, which are put in, taken and done.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Actor } from '@/lib/access/actor'
import { startWorker } from '@/lib/engine/worker.server'
import { giveCommand } from '@/lib/store/command.server'
import { createJob } from '@/lib/store/create.server'
import { connect, type Db } from '@/lib/store/db.server'
import { atEnd } from '../cleanup'
import { ASK, BenchProvider, everything } from '../engine'
import { type Measured, measureOf } from '../measure'
import { type Boss, openBoss } from '../peer/boss'
import { until } from '../processes'
import type { Bench } from '../store'

const ROUNDS = 5
const JOBS = 200
/** Jobs of pg-boss do nothing: more of them, or a round would be over before it can be measured. */
const THEIR_JOBS = 2_000
/** People and programs at work at the same time. */
const AT_ONCE = 20

export async function lifeMeasures(bench: Bench): Promise<Measured[]> {
  const db = connect(bench.url, AT_ONCE)
  const closeDb = atEnd(() => db.$disconnect())
  const worker = await startWorker({
    db,
    databaseUrl: bench.url,
    provider: new BenchProvider(false),
    // As short as it may be: the waiting for the model is not what is measured.
    pollMs: 1,
    retryMs: 100,
    concurrency: AT_ONCE,
    version: 'bench',
  })
  const stopWorker = atEnd(() => worker.stop())
  // Nothing is killed here: what it does for that would take its time.
  const boss = await openBoss(bench, 'as they come')
  try {
    const ours: number[] = []
    const theirs: number[] = []
    await lives(db, bench, AT_ONCE)
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await lives(db, bench, JOBS))
      theirs.push(await noOps(boss, THEIR_JOBS))
    }
    return [
      measureOf('a whole life, from made to approved', ours, {
        unit: 'jobs/s',
        statistic: 'median',
        more: true,
        theirs,
        beside: 'no-op jobs of pg-boss',
        note: 'Ours commit some ten times a job, each with its event; theirs are put in, taken and done. Both with synchronous_commit; pg-boss checks its queues as often as it comes.',
      }),
    ]
  } finally {
    await boss.close()
    await stopWorker.now()
    await closeDb.now()
  }
}

/** @returns jobs a second. */
async function lives(db: Db, { reviewers }: Bench, count: number): Promise<number> {
  const requester: Actor = { ...everything, roles: ['owner'] }
  const left = new Set<string>()
  const begun = performance.now()
  const seen = new Set<string>()
  const making = atOnce(count, async () => {
    const { job } = await createJob(db, requester, ASK, { transport: 'api', idempotencyKey: null })
    left.add(job.id)
  })
  let made = false
  const approving = (async () => {
    for (;;) {
      const rounds = await db.reviewRound.findMany({
        where: { jobId: { in: [...left].filter((id) => !seen.has(id)) }, closedAt: null, kind: 'result' },
        select: { jobId: true, resultHash: true, deliveryHash: true },
      })
      for (const { jobId } of rounds) seen.add(jobId)
      await Promise.all(
        rounds.map(async ({ jobId, resultHash, deliveryHash }, index) => {
          const reviewer = reviewers[index % reviewers.length]
          if (reviewer === undefined) throw new Error('there is no reviewer')
          const hashes = { resultHash: resultHash ?? '', ...(deliveryHash === null ? {} : { deliveryHash }) }
          await giveCommand(db, reviewer, jobId, { command: 'approve', ...hashes, params: { reason: 'known' } }, 'api')
          left.delete(jobId)
        }),
      )
      if (made && left.size === 0) return
      // Whoever asks without a pause takes the processor from what is measured.
      if (rounds.length === 0) await pause(20)
    }
  })()
  await making
  made = true
  await approving
  return count / ((performance.now() - begun) / 1_000)
}

async function noOps(boss: Boss, count: number): Promise<number> {
  const queue = await boss.fresh()
  let done = 0
  const begun = performance.now()
  await boss.work(queue, () => {
    done += 1
  })
  await atOnce(count, () => boss.send(queue, { question: ASK.input.question }))
  await until('the jobs of pg-boss', () => done >= count, 600, 5)
  const seconds = (performance.now() - begun) / 1_000
  await boss.drop(queue)
  return count / seconds
}

/** `count` times `work`, so many of them at a time. */
async function atOnce(count: number, work: () => Promise<unknown>): Promise<void> {
  let started = 0
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, count) }, async () => {
      while (started < count) {
        started += 1
        await work()
      }
    }),
  )
}

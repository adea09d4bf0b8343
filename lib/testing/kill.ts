/** A worker killed as by `kill -9` at a named place, and another that goes on after it: everything real but the model. */
import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Actor } from '@/lib/access/actor'
import type { Failpoint } from '@/lib/engine/failpoints'
import type { Job } from '@/lib/generated/prisma/client'
import { readJob } from '@/lib/jobs/detail.server'
import { isSettled, type State } from '@/lib/lifecycle/table'
import type { Rehearsal } from '@/lib/provider/types'
import { startSandbox } from '@/lib/sandbox/http.server'
import { giveCommand } from '@/lib/store/command.server'
import type { Db } from '@/lib/store/db.server'
import { firstBrokenEvent, fold } from '@/lib/store/event-chain'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { toolServer } from './calls'
import { testDatabase } from './database'
import { publishLeaving } from './deliveries'
import { reportJob } from './engine'
import { person } from './people'
import { killAll, spawnWorker } from './worker-process'

export type AfterKill = {
  job: Job
  /** The signal that ended the first worker. */
  killedBy: NodeJS.Signals | null
  /** Creates that the provider itself counted, by attempt id. */
  creates: Record<string, number>
  attempts: { id: string; number: number; providerStatus: string; endedAt: Date | null }[]
  /** Kind of the open round, if there is one. */
  round: string | null
  /** The chain of events holds and folds to the row. */
  historyHolds: boolean
  /** Unfinished jobs that nothing is going to wake. */
  unwoken: number
  /** What was let leave. */
  deliveries: { state: string; tries: number; messageId: string }[]
  /** The ids of the requests that reached the receiver, in order. */
  arrived: string[]
}

/** What the job goes through so that the place is reached. */
function rehearsalFor(failpoint: Failpoint): Rehearsal | undefined {
  if (failpoint.startsWith('requeue:')) return { behaviour: 'failed_server_error', seconds: 0.4 }
  if (failpoint.startsWith('cancel:')) return { behaviour: 'slow', seconds: 600 }
  return { behaviour: 'slow', seconds: 0.4 }
}

/** Runs one job, kills its worker at `failpoint`, starts another worker, and waits until the job stands still. */
export async function killAt(failpoint: Failpoint): Promise<AfterKill> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-kill-'))
  await using database = await testDatabase()
  const { db } = database
  const [sandbox, receiver] = await Promise.all([startSandbox({ dir: path.join(folder, 'sandbox') }), toolServer()])
  const workers: ChildProcess[] = []
  const start = (name?: Failpoint) => {
    const worker = spawnWorker(database.url, sandbox.baseUrl, name === undefined ? {} : { HOLDPOINT_FAILPOINT: name })
    workers.push(worker)
    return worker
  }
  try {
    await publishBuiltins(db)
    const owner = await person(db, ['owner'])
    const leaves = failpoint.startsWith('deliver:')
    if (leaves) await publishLeaving(db, receiver.url)
    const job = await reportJob(db, owner, {
      rehearsal: rehearsalFor(failpoint),
      ...(leaves ? { workflow: 'leaves' } : {}),
    })
    const first = start(failpoint)
    if (leaves) {
      await until(async () => (await db.job.count({ where: { id: job.id, state: 'awaiting_review' } })) === 1)
      await approve(db, owner, job.id)
    }
    if (failpoint.startsWith('cancel:')) {
      await until(async () => (await db.attempt.count({ where: { jobId: job.id, responseId: { not: null } } })) === 1)
      await giveCommand(db, owner, job.id, { command: 'abandon', note: 'stopped' }, 'api')
    }
    await until(async () => first.exitCode !== null || first.signalCode !== null)
    const killedBy = first.signalCode
    start()
    await until(async () => {
      const now = await db.job.findUniqueOrThrow({
        where: { id: job.id },
        include: { attempts: { where: { endedAt: null } }, deliveries: true },
      })
      const stands = isSettled(now.state as State) || now.state === 'awaiting_review'
      const isLeaving = now.deliveries.some(({ state }) => state === 'pending' || state === 'sending')
      return stands && !isLeaving && now.attempts.every((attempt) => attempt.providerStatus === 'unknown')
    })
    const after = await db.job.findUniqueOrThrow({
      where: { id: job.id },
      include: {
        attempts: { orderBy: { number: 'asc' } },
        rounds: { where: { closedAt: null } },
        events: { orderBy: { seq: 'asc' } },
        deliveries: { orderBy: { number: 'asc' } },
      },
    })
    const counters = (await (await fetch(new URL('/sandbox/counters', sandbox.baseUrl))).json()) as {
      attempts: Record<string, number>
    }
    const unwoken = await db.$queryRaw<unknown[]>`SELECT holdpoint_unwoken(10)::text`
    const { attempts, rounds, events, deliveries, ...row } = after
    const folded = fold(events)
    return {
      job: row,
      killedBy,
      creates: counters.attempts,
      attempts,
      round: rounds[0]?.kind ?? null,
      historyHolds:
        firstBrokenEvent(row.id, events) === null && folded?.state === row.state && folded.version === row.version,
      unwoken: unwoken.length,
      deliveries,
      arrived: receiver.received.map(({ id }) => id),
    }
  } finally {
    await killAll(workers)
    await Promise.all([sandbox.close(), receiver.close()])
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Approves what waits, as it is read. */
async function approve(db: Db, actor: Actor, jobId: string): Promise<void> {
  const job = await readJob(db, actor, jobId)
  const deliveryHash = job?.reviews.at(-1)?.delivery?.hash
  await giveCommand(db, actor, jobId, { command: 'approve', resultHash: job?.result?.hash, deliveryHash }, 'api')
}

const PATIENCE_MS = 300_000

/** Waits for a condition, asking every 100 ms. @throws after five minutes. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    if (await condition()) return
    await pause(100)
  }
  throw new Error('the condition did not come true within five minutes')
}

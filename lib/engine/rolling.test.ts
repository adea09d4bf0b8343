import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { readJob } from '@/lib/jobs/detail.server'
import { startSandbox } from '@/lib/sandbox/http.server'
import { giveCommand } from '@/lib/store/command.server'
import { firstBrokenEvent } from '@/lib/store/event-chain'
import { toolServer } from '@/lib/testing/calls'
import { testDatabase } from '@/lib/testing/database'
import { publishLeaving } from '@/lib/testing/deliveries'
import { reportJob } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { killAll, spawnWorker } from '@/lib/testing/worker-process'
import { askToLeave } from '@/lib/workers/leave.server'
import { readWorkers } from '@/lib/workers/list.server'
import { publishBuiltins } from '@/lib/workflows/store.server'

const WORKERS = 3
const JOBS_EACH_TIME = 8
// Each start of a process takes seconds, and many more on a busy machine.
const PATIENCE = { timeout: 240_000, interval: 200 }

test('a rolling restart of three workers under load loses nothing, pays nothing twice and sends nothing twice', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-rolling-'))
  await using database = await testDatabase()
  const { db, url } = database
  const [sandbox, receiver] = await Promise.all([startSandbox({ dir: folder }), toolServer()])
  const processes: ChildProcess[] = []
  const start = () => {
    processes.push(spawnWorker(url, sandbox.baseUrl))
    return processes.at(-1) as ChildProcess
  }
  try {
    await publishBuiltins(db)
    await publishLeaving(db, receiver.url)
    const owner = await person(db, ['owner'])
    const load = () =>
      Promise.all(
        Array.from({ length: JOBS_EACH_TIME }, (_, index) =>
          reportJob(db, owner, { workflow: 'leaves', rehearsal: { behaviour: 'slow', seconds: 0.2 + index * 0.1 } }),
        ),
      )
    /** Approves whatever waits for it, so that it leaves. */
    const approveAll = async () => {
      for (const { id } of await db.job.findMany({ where: { state: 'awaiting_review' }, select: { id: true } })) {
        const job = await readJob(db, owner, id)
        const deliveryHash = job?.reviews.at(-1)?.delivery?.hash
        await giveCommand(db, owner, id, { command: 'approve', resultHash: job?.result?.hash, deliveryHash }, 'api')
      }
    }
    const present = async () => (await readWorkers(db, owner)).present.filter(({ state }) => state === 'alive')
    const first = Array.from({ length: WORKERS }, start)
    await vi.waitFor(async () => expect(await present()).toHaveLength(WORKERS), PATIENCE)

    for (const old of first) {
      await load()
      await approveAll()
      // One of those that are to go: with the next one in its place first, as a rolling restart does.
      start()
      await vi.waitFor(async () => expect(await present()).toHaveLength(WORKERS + 1), PATIENCE)
      const { id } = await db.worker.findFirstOrThrow({ where: { pid: old.pid ?? 0 } })
      expect(await askToLeave(db, owner, id)).toEqual({ kind: 'asked', isKept: false })
      expect(await askToLeave(db, owner, id)).toEqual({ kind: 'already' })
      await vi.waitFor(() => expect(old.exitCode).toBe(0), PATIENCE)
      expect(await db.worker.findUniqueOrThrow({ where: { id } })).toMatchObject({ endedHow: 'left' })
    }

    const count = WORKERS * JOBS_EACH_TIME
    await vi.waitFor(async () => {
      await approveAll()
      expect(await db.delivery.count({ where: { state: 'delivered' } })).toBe(count)
    }, PATIENCE)
    const jobs = await db.job.findMany({ include: { attempts: true, events: { orderBy: { seq: 'asc' } } } })
    expect(jobs.map(({ state }) => state)).toEqual(Array.from({ length: count }, () => 'completed'))
    expect(jobs.filter(({ attempts }) => attempts.length !== 1)).toEqual([])
    expect(jobs.filter(({ id, events }) => firstBrokenEvent(id, events) !== null)).toEqual([])
    const counters = (await (await fetch(new URL('/sandbox/counters', sandbox.baseUrl))).json()) as {
      attempts: Record<string, number>
    }
    expect(Object.values(counters.attempts), 'paid once each').toEqual(Array.from({ length: count }, () => 1))
    const arrived = receiver.received.map(({ id }) => id)
    expect(new Set(arrived).size, 'sent once each').toBe(arrived.length)
    expect(arrived).toHaveLength(count)
    // Whoever left was not taken for dead, and nobody is told so.
    expect(await db.worker.count({ where: { endedHow: 'gone' } })).toBe(0)
    expect(await db.alert.count()).toBe(0)
  } finally {
    await killAll(processes)
    await Promise.all([sandbox.close(), receiver.close()])
    fs.rmSync(folder, { recursive: true, force: true })
  }
})

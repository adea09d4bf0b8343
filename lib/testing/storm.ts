/** A storm: many jobs, two workers, and a provider that loses and refuses calls at random. Everything real but the model. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { reconcile } from '@/lib/engine/reconcile.server'
import type { Job } from '@/lib/generated/prisma/client'
import { isSettled, type State } from '@/lib/lifecycle/table'
import { exampleRequest } from '@/lib/provider/contract'
import { createBySdkDefaults } from '@/lib/provider/control-arm'
import { createProvider } from '@/lib/provider/openai.server'
import type { Behaviour, Rehearsal } from '@/lib/provider/types'
import { startSandbox } from '@/lib/sandbox/http.server'
import type { Limits } from '@/lib/sandbox/limits'
import type { Counters } from '@/lib/sandbox/store.server'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { testDatabase } from './database'
import { reportJob, testEngine } from './engine'
import { person } from './people'
import { Wired } from './wired'

/** Shares of all creates; the rest is answered as usual. */
export type Weather = Partial<Record<Behaviour, number>>

/** 30 % lost answers, and as many refusals. */
export const STORM: Weather = { lost_answer: 0.3, rate_limited: 0.2, error_500: 0.1 }

export type AfterStorm = {
  /** What the provider itself counted. */
  counters: Counters
  jobs: Job[]
  /** Sent calls by job and attempt, as the database has them. */
  attempts: { jobId: string; providerStatus: string; failureCode: string | null }[]
  /** Until every job stood still, by the test's clock. */
  minutes: number
}

export type StormOptions = {
  jobs: number
  weather: Weather
  seed: number
  limits?: Limits
  /** By how much the clock moves from one round of steps to the next. */
  stepMs?: number
}

/** Lets the storm pass over the jobs until each is settled or waits for a person. @throws where one never does. */
export async function rideStorm({
  jobs: count,
  weather,
  seed,
  limits,
  stepMs = 1_500,
}: StormOptions): Promise<AfterStorm> {
  const dir = mkdtempSync(path.join(tmpdir(), 'holdpoint-storm-'))
  let now = () => Date.now()
  const sandbox = await startSandbox({ dir, seconds: 0, now: () => now(), ...(limits ? { limits } : {}) })
  await using database = await testDatabase({ max: 20 })
  try {
    const { db } = database
    await publishBuiltins(db)
    const owner = await person(db, ['owner'])
    const client = createProvider({ name: 'sandbox', apiKey: 'sandbox', baseUrl: sandbox.baseUrl })
    const { context, pass } = await testEngine(db, new Wired(client, forecast(weather, seed)))
    now = () => context.now().getTime()
    const startedAt = now()
    const ids: string[] = []
    for (let nth = 0; nth < count; nth += 1) ids.push((await reportJob(db, owner)).id)
    const deadline = startedAt + 110 * 60_000
    for (;;) {
      const jobs = await db.job.findMany({ where: { id: { in: ids } } })
      const open = jobs.filter(({ state }) => !isSettled(state as State) && state !== 'awaiting_review')
      if (open.length === 0) break
      if (now() > deadline) throw new Error(`${open.length} of ${count} jobs never came to rest`)
      // Each by two workers at once: whoever loses the race changes nothing.
      await inChunks(open, 6, ({ id }) => Promise.all([reconcile(context, id), reconcile(context, id)]))
      pass(stepMs)
    }
    const response = await fetch(`http://127.0.0.1:${sandbox.port}/sandbox/counters`)
    return {
      counters: (await response.json()) as Counters,
      jobs: await db.job.findMany({ where: { id: { in: ids } } }),
      attempts: await db.attempt.findMany({
        where: { jobId: { in: ids } },
        select: { jobId: true, providerStatus: true, failureCode: true },
      }),
      minutes: (now() - startedAt) / 60_000,
    }
  } finally {
    await sandbox.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The control arm: as many calls in the same weather, by the SDK as it comes. @returns what the provider counted. */
export async function rideBySdkDefaults({ jobs: count, weather, seed }: StormOptions): Promise<Counters> {
  const dir = mkdtempSync(path.join(tmpdir(), 'holdpoint-storm-'))
  const sandbox = await startSandbox({ dir, seconds: 0 })
  try {
    const next = forecast(weather, seed)
    const calls = Array.from({ length: count }, (_, nth) => {
      const metadata = { job_id: `job-${nth}`, attempt_id: `attempt-${nth}`, attempt_number: '1' }
      return createBySdkDefaults(sandbox.baseUrl, exampleRequest({ metadata }), next())
    })
    await Promise.all(calls)
    const response = await fetch(`http://127.0.0.1:${sandbox.port}/sandbox/counters`)
    return (await response.json()) as Counters
  } finally {
    await sandbox.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** What each create meets, the same for the same seed. */
function forecast(weather: Weather, seed: number): () => Rehearsal {
  const random = seeded(seed)
  return () => {
    let left = random()
    for (const [behaviour, share] of Object.entries(weather) as [Behaviour, number][]) {
      left -= share
      if (left < 0) return { behaviour, attempts: 'every', seconds: 0 }
    }
    return { behaviour: 'none', seconds: 0 }
  }
}

/** Numbers in [0, 1) that a seed decides (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

async function inChunks<T>(all: readonly T[], size: number, work: (one: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < all.length; at += size) await Promise.all(all.slice(at, at + size).map(work))
}

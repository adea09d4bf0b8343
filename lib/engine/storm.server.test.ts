import { describe, expect, test } from 'vitest'
import { type AfterStorm, rideBySdkDefaults, rideStorm, STORM } from '@/lib/testing/storm'

// A small one; `npm run soak` sends a large one.
const JOBS = 40
const SEED = 7

describe('a storm of lost answers, 429s and 500s', () => {
  test('sends no attempt twice, loses no job, and leaves what was lost to people', async () => {
    const after = await rideStorm({ jobs: JOBS, weather: STORM, seed: SEED, stepMs: 5_000 })
    expectOneCallAnAttempt(after)
    expectEachJobToStandSomewhere(after)
    expect(after.counters.creates.lost, 'there was a storm').toBeGreaterThan(JOBS / 10)
    expect(after.counters.creates.refused, 'there was a storm').toBeGreaterThan(JOBS / 10)
  })

  test('would have sent some twice with the retries that the SDK makes by itself', async () => {
    const { attempts } = await rideBySdkDefaults({ jobs: JOBS, weather: STORM, seed: SEED })
    expect(Object.values(attempts).filter((times) => times > 1).length).toBeGreaterThan(JOBS / 10)
  })

  test('fails no job at a rate limit that lets all of them through in time', async () => {
    const limits = { requests: 8, tokens: 1_000_000 }
    const after = await rideStorm({ jobs: 24, weather: {}, seed: SEED, limits, stepMs: 4_000 })
    expectOneCallAnAttempt(after)
    expect(after.minutes, 'the limit was felt').toBeGreaterThan(1)
    expect(after.jobs.filter(({ state }) => state !== 'awaiting_review')).toEqual([])
  })

  test('fails no job where most calls meet a 429, however often', async () => {
    const after = await rideStorm({ jobs: 10, weather: { rate_limited: 0.8 }, seed: SEED, stepMs: 10_000 })
    expectOneCallAnAttempt(after)
    expect(after.counters.creates.refused, 'there was a storm').toBeGreaterThan(20)
    expect(after.jobs.filter(({ state }) => state !== 'awaiting_review')).toEqual([])
  })
})

function expectOneCallAnAttempt({ counters, attempts }: AfterStorm): void {
  expect(Object.values(counters.attempts).filter((times) => times !== 1)).toEqual([])
  expect(counters.creates.total).toBe(attempts.length)
}

/** Whatever was lost waits for a person; whatever failed had met a refusal in every attempt. */
function expectEachJobToStandSomewhere({ jobs, attempts }: AfterStorm): void {
  for (const job of jobs) {
    const own = attempts.filter(({ jobId }) => jobId === job.id)
    const isLost = own.some(({ providerStatus }) => providerStatus === 'unknown')
    if (isLost) expect(job).toMatchObject({ state: 'awaiting_review', nextKind: 'resolve_unknown' })
    else if (job.state === 'failed') expect(own.map(({ providerStatus }) => providerStatus)).not.toContain('completed')
    else expect(job).toMatchObject({ state: 'awaiting_review', nextKind: 'decide' })
  }
}

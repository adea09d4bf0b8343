import { expect, test } from 'vitest'
import { rideStorm, STORM } from '@/lib/testing/storm'

test.each([1, 2, 3])('a thousand jobs ride out storm %i, and no attempt is sent twice', async (seed) => {
  const { counters, attempts, jobs } = await rideStorm({ jobs: 1_000, weather: STORM, seed })
  expect(Object.values(counters.attempts).filter((times) => times !== 1)).toEqual([])
  expect(counters.creates.total).toBe(attempts.length)
  const lost = new Set(attempts.filter((one) => one.providerStatus === 'unknown').map(({ jobId }) => jobId))
  expect(lost.size).toBeGreaterThan(100)
  for (const job of jobs.filter(({ id }) => lost.has(id))) expect(job.nextKind).toBe('resolve_unknown')
})

import { expect, test } from 'vitest'
import { rideStorm, STORM } from '@/lib/testing/storm'

test.each([1, 2, 3])('three hundred jobs ride out storm %i, and no attempt is sent twice', async (seed) => {
  const { counters, attempts, jobs } = await rideStorm({ jobs: 300, weather: STORM, seed, stepMs: 5_000 })
  expect(Object.values(counters.attempts).filter((times) => times !== 1)).toEqual([])
  expect(counters.creates.total).toBe(attempts.length)
  const lost = new Set(attempts.filter((one) => one.providerStatus === 'unknown').map(({ jobId }) => jobId))
  expect(lost.size).toBeGreaterThan(50)
  for (const job of jobs.filter(({ id }) => lost.has(id))) expect(job.nextKind).toBe('resolve_unknown')
})

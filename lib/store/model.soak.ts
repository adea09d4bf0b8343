import { test } from 'vitest'
import { walkJobs } from '@/lib/testing/walks'

test('of many long walks of jobs that deliver, in none anything leaves that does not stand approved', async () => {
  await walkJobs({ walks: Number(process.env.HOLDPOINT_SOAK_WALKS ?? 400), longest: 80 })
}, 7_200_000)

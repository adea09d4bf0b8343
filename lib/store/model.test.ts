import { test } from 'vitest'
import { walkJobs } from '@/lib/testing/walks'

test('whatever people and the engine do in whatever order, only what stands approved leaves, and the rows say so', async () => {
  await walkJobs({ walks: 24, longest: 60 })
})

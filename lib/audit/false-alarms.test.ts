import { expect, test } from 'vitest'
import { tamperingFound } from '@/lib/testing/tampering-found'
import { walkJobs } from '@/lib/testing/walks'

test('whatever people and the engine do, nothing that they did is taken for tampering', async () => {
  let anchored = 0
  await walkJobs({
    walks: 6,
    longest: 40,
    afterWalk: async ({ w }) => {
      expect(await tamperingFound(w)).toEqual([])
      expect(await w.db.anchorPending.count()).toBe(0)
      anchored += await w.db.anchorLeaf.count()
    },
  })
  expect(anchored).toBeGreaterThan(5)
})

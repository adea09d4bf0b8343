import { expect, test } from 'vitest'
import { walkJobs } from '@/lib/testing/walks'
import { anchorWhatChanged } from './anchor.server'
import type { Finding } from './findings'
import { queryOf } from './query.server'
import { verifyStore } from './verify-store.server'

test('whatever people and the engine do, nothing that they did is taken for tampering', async () => {
  let anchored = 0
  await walkJobs({
    walks: 6,
    longest: 40,
    afterWalk: async ({ w }) => {
      anchored += (await anchorWhatChanged(w.db, () => new Date())) ?? 0
      const found: Finding[] = []
      const client = await w.ownerPool.connect()
      try {
        await verifyStore(queryOf(client), { onFinding: (finding) => found.push(finding) })
      } finally {
        client.release()
      }
      expect(found).toEqual([])
      expect(await w.db.anchorPending.count()).toBe(0)
    },
  })
  expect(anchored).toBeGreaterThan(5)
})

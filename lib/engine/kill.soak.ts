import { describe, test } from 'vitest'
import { killAt } from '@/lib/testing/kill'
import { expectNothingLostAndNothingPaidTwice } from '@/lib/testing/kill-expectations'
import { failpoints } from './failpoints'

describe.concurrent('a worker killed with kill -9', () => {
  test.each(failpoints)('at %s loses nothing and pays nothing twice', { timeout: 180_000 }, async (failpoint) => {
    expectNothingLostAndNothingPaidTwice(failpoint, await killAt(failpoint))
  })
})

import { describe, test } from 'vitest'
import { killAt } from '@/lib/testing/kill'
import { expectNothingLostAndNothingPaidTwice } from '@/lib/testing/kill-expectations'
import type { Failpoint } from './failpoints'

// A few of each; `npm run soak` kills at every failpoint.
const few: Failpoint[] = [
  'create:after-call',
  'conclude:before-commit',
  'requeue:before-commit',
  'cancel:after-call',
  'deliver:before-send',
  'deliver:after-send',
]

describe.concurrent('a worker killed with kill -9', () => {
  test.each(few)('at %s loses nothing and pays nothing twice', async (failpoint) => {
    expectNothingLostAndNothingPaidTwice(failpoint, await killAt(failpoint))
  })
})

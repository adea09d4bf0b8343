import { test } from 'vitest'
import { expectOrdersToChangeNothing } from '@/lib/testing/orders-expectations'

// A few; `npm run soak` tries many.
test('jobs end the same in whatever order their webhooks come, and with none at all', () =>
  expectOrdersToChangeNothing({ numRuns: 5 }))

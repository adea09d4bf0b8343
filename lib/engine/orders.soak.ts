import { test } from 'vitest'
import { expectOrdersToChangeNothing } from '@/lib/testing/orders-expectations'

test('jobs end the same in whatever order their webhooks come, and with none at all', () =>
  expectOrdersToChangeNothing({ numRuns: 300 }))

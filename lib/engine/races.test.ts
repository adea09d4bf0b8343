import { test } from 'vitest'
import { expectRacesToLoseNothing } from '@/lib/testing/races-expectations'

// A few; `npm run soak` tries many.
test('adopt, cancel, abandon, resend and a late success lose nothing, whoever is first', () =>
  expectRacesToLoseNothing({ numRuns: 10 }))

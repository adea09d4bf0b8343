import { test } from 'vitest'
import { expectRacesToLoseNothing } from '@/lib/testing/races-expectations'

// A few; `npm run soak` tries many.
test('adopt, cancel, abandon, resend and a late success lose nothing, whoever is first', { timeout: 120_000 }, () =>
  expectRacesToLoseNothing({ numRuns: 10 }),
)

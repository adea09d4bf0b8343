import { test } from 'vitest'
import { expectRacesToLoseNothing } from '@/lib/testing/races-expectations'

test('adopt, cancel, abandon, resend and a late success lose nothing, whoever is first', () =>
  expectRacesToLoseNothing({ numRuns: 500 }))

import { test } from 'vitest'
import { raceDecisions } from '@/lib/testing/decisions'

test('of 200 people who decide, edit and hold a claim at the same moment, 1,000 times over, one wins each time', async () => {
  await raceDecisions({ rounds: Number(process.env.HOLDPOINT_SOAK_ROUNDS ?? 1_000), deciders: 200 })
}, 7_200_000)

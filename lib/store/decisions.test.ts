import { test } from 'vitest'
import { raceDecisions } from '@/lib/testing/decisions'

test('of many people who decide, edit and hold a claim at the same moment, one wins each time', async () => {
  await raceDecisions({ rounds: 20, deciders: 40 })
})

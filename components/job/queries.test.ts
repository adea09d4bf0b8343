import { expect, it } from 'vitest'
import type { JobView } from '@/lib/jobs/view'
import { pollJobEvery } from './queries'

const NOW = Date.parse('2026-11-24T12:00:00Z')
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString()

type Delivery = Pick<JobView['deliveries'][number], 'kind' | 'state' | 'notBefore' | 'nextTryAt' | 'changedAt'>

function everyMs(delivery: Partial<Delivery>): number {
  const whole = { kind: 'http', state: 'pending', notBefore: at(0), nextTryAt: null, changedAt: at(0), ...delivery }
  const job = { state: 'completed', changedAt: at(-900), deliveries: [whole as JobView['deliveries'][number]] } as const
  return pollJobEvery({ ...job, deliveries: [...job.deliveries] }, NOW)
}

it('watches a delivery closely that is about to leave', () => {
  expect(everyMs({ notBefore: at(8), changedAt: at(-2) })).toBe(1_500)
})

it('watches one closely that is sent again long after it was first due', () => {
  expect(everyMs({ notBefore: at(-600), changedAt: at(-3) })).toBe(1_500)
})

it('asks seldom for one that is tried again in an hour, or that left', () => {
  expect(everyMs({ state: 'sending', nextTryAt: at(3_600) })).toBe(15_000)
  expect(everyMs({ state: 'delivered' })).toBe(30_000)
})

/** What must hold after any kill, wherever it struck. */
import { expect } from 'vitest'
import type { Failpoint } from '@/lib/engine/failpoints'
import type { AfterKill } from './kill'

/** Between the commit of `sending` and the saved response id nobody can know whether the call was taken. */
const LOSES_THE_ANSWER: Failpoint[] = [
  'start:after-commit',
  'create:before-call',
  'create:after-call',
  'create:before-save',
]

/** Nothing lost, nothing paid twice by itself, history whole; and the right end for the place. */
export function expectNothingLostAndNothingPaidTwice(failpoint: Failpoint, after: AfterKill): void {
  expect(after.killedBy, 'the worker was killed at the failpoint').toBe('SIGKILL')
  for (const [attemptId, count] of Object.entries(after.creates)) {
    expect(after.attempts.map((attempt) => attempt.id)).toContain(attemptId)
    expect(count, 'creates of one attempt').toBe(1)
  }
  expect(after.historyHolds).toBe(true)
  expect(after.unwoken).toBe(0)
  if (LOSES_THE_ANSWER.includes(failpoint)) {
    expect(after).toMatchObject({ round: 'unknown', job: { state: 'awaiting_review' } })
    expect(after.attempts).toHaveLength(1)
  } else if (failpoint.startsWith('deliver:')) {
    expectOneDelivery(failpoint, after)
  } else if (failpoint.startsWith('cancel:')) {
    expect(after.job.state).toBe('abandoned')
    expect(after.attempts).toMatchObject([{ providerStatus: 'cancelled', endedAt: expect.any(Date) }])
  } else {
    expect(after).toMatchObject({ round: 'result', job: { state: 'awaiting_review' } })
    expect(after.attempts).toHaveLength(failpoint.startsWith('requeue:') ? 2 : 1)
  }
}

/** One delivery in effect: never none, never under two ids. What was killed after it was sent may arrive once more. */
function expectOneDelivery(failpoint: Failpoint, { job, deliveries, arrived }: AfterKill): void {
  expect(job.state).toBe('completed')
  expect(deliveries).toMatchObject([{ state: 'delivered', tries: failpoint === 'deliver:after-save' ? 1 : 2 }])
  expect(new Set(arrived)).toEqual(new Set(deliveries.map(({ messageId }) => messageId)))
  expect(arrived, 'requests that reached the receiver').toHaveLength(failpoint === 'deliver:after-send' ? 2 : 1)
}

import { expect, test } from 'vitest'
import { afterOne, allowedNow, nextAllowed } from './rate'

const MINUTE_MS = 60_000

/** Sends as soon as it may, by looks `everyMs` apart. */
function sends(perMinute: number, { everyMs, forMs }: { everyMs: number; forMs: number }): number[] {
  const sent: number[] = []
  let fullAt: Date | null = null
  for (let at = 0; at < forMs; at += everyMs) {
    const now = new Date(at)
    while (allowedNow(perMinute, fullAt, now) > 0) {
      sent.push(at)
      fullAt = afterOne(perMinute, fullAt, now)
    }
  }
  return sent
}

test.each([1, 2, 5, 10, 30, 60, 300])(
  'at %i a minute no minute ever has more, whenever somebody looks',
  (perMinute) => {
    for (const everyMs of [50, 500, 1_700]) {
      const sent = sends(perMinute, { everyMs, forMs: 3 * MINUTE_MS })
      const most = Math.max(...sent.map((from) => sent.filter((at) => at >= from && at < from + MINUTE_MS).length))
      expect(most).toBeLessThanOrEqual(perMinute)
    }
  },
)

test.each([1, 10, 60, 600])('at %i a minute most of it is used, though wake-ups come late', (perMinute) => {
  const sent = sends(perMinute, { everyMs: 500, forMs: 10 * MINUTE_MS })
  expect(sent.length).toBeGreaterThanOrEqual(8.5 * perMinute)
})

test('the next one may go when the bucket has room again', () => {
  const now = new Date(1_000)
  expect(nextAllowed(6, null, now)).toEqual(now)
  const full = afterOne(6, null, now)
  expect(allowedNow(6, full, now)).toBe(0)
  expect(nextAllowed(6, full, now)).toEqual(new Date(11_000))
  expect(allowedNow(6, full, new Date(11_000))).toBe(1)
})

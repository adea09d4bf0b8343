import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EndedAttempt, judgeWebhooks, nextLookInMs } from './polling'

const calm = { failedLooks: 0, retryAfterMs: null, random: 0.5 }

test('looks come further apart as a response grows older, and never further than half a minute', () => {
  expect([0, 10_000, 60_000, 600_000, 86_400_000].map((age) => nextLookInMs(age, 2_000, calm))).toEqual([
    2_000, 2_000, 6_000, 30_000, 30_000,
  ])
})

test('looks that fail come further apart, and come back to normal', () => {
  expect([1, 2, 3, 9].map((failedLooks) => nextLookInMs(0, 2_000, { ...calm, failedLooks }))).toEqual([
    4_000, 8_000, 16_000, 60_000,
  ])
})

test('a look never comes before the provider asked, nor earlier than the shortest gap less its jitter', () => {
  fc.assert(
    fc.property(
      fc.nat(1e9),
      fc.integer({ min: 1, max: 120_000 }),
      fc.nat(50),
      fc.option(fc.nat(600_000)),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (age, shortest, failedLooks, retryAfterMs, random) => {
        const gap = nextLookInMs(age, shortest, { failedLooks, retryAfterMs, random })
        expect(gap).toBeGreaterThanOrEqual(retryAfterMs ?? 0)
        expect(gap).toBeGreaterThanOrEqual(Math.floor(shortest * 0.8))
        expect(Number.isSafeInteger(gap)).toBe(true)
      },
    ),
  )
})

test('while webhooks arrive, looks are as far apart as the response is old, at most three minutes', () => {
  const arriving = { ...calm, webhooks: 'arriving' as const }
  expect([0, 10_000, 60_000, 600_000].map((age) => nextLookInMs(age, 2_000, arriving))).toEqual([
    2_000, 10_000, 60_000, 180_000,
  ])
  expect(nextLookInMs(600_000, 2_000, { ...arriving, failedLooks: 1 })).toBe(60_000)
})

describe('whether webhooks are seen to arrive', () => {
  const now = new Date('2026-11-24T12:00:00Z')
  const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
  /** Attempts that ended so many minutes ago; its webhook came `afterSeconds` later, or never. */
  const ended = (minutes: number, afterSeconds: number | null): EndedAttempt => ({
    finalAt: minutesAgo(minutes),
    webhookAt: afterSeconds === null ? null : new Date(minutesAgo(minutes).getTime() + afterSeconds * 1_000),
  })
  const told = (count: number, from = 5) => Array.from({ length: count }, (_, index) => ended(from + index, 1))

  test.each([
    ['nothing has ended', [], 'silent'],
    ['too few have', told(2), 'silent'],
    ['each of three had its own', told(3), 'arriving'],
    ['all ended too long ago', told(9, 61), 'silent'],
    ['the newest one is missed', [ended(3, null), ...told(30)], 'silent'],
    ['the newest one may still come', [ended(1, null), ...told(3)], 'arriving'],
    ['the third newest is missed', [...told(2), ended(10, null), ...told(30, 20)], 'silent'],
    ['one of eleven is missed, and three came since', [...told(3), ended(9, null), ...told(7, 10)], 'arriving'],
    ['two of twelve are missed', [...told(3), ended(9, null), ended(10, null), ...told(7, 11)], 'silent'],
    ['the newest one came later than two minutes', [ended(5, 121), ...told(30, 6)], 'silent'],
    ['one came before its end was seen', [ended(5, -30), ...told(3, 6)], 'arriving'],
  ] as const)('when %s', (_what, attempts, news) => {
    expect(judgeWebhooks([...attempts], now).news).toBe(news)
    expect(judgeWebhooks([...attempts].reverse(), now).news).toBe(news)
  })
})

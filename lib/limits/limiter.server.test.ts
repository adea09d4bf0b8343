import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { noteLimits, takeTurn } from './limiter.server'

const NOW = new Date('2026-11-24T10:00:00.000Z')
const told = {
  limitRequests: 60,
  remainingRequests: 5,
  resetRequestsMs: 55_000,
  limitTokens: null,
  remainingTokens: null,
  resetTokensMs: null,
}

test('twenty workers share what is left: no more calls go than the provider said', async () => {
  await using database = await testDatabase({ max: 20 })
  const { db } = database
  await noteLimits(db, 'openai', 'm-1', { limits: told, rateLimited: false, retryAfterMs: null }, NOW, 0)
  const turns = await Promise.all(
    Array.from({ length: 20 }, () => db.$transaction((tx) => takeTurn(tx, 'openai', 'm-1', 100, NOW))),
  )
  expect(turns.filter(({ go }) => go)).toHaveLength(5)
  // Other models and providers have limits of their own.
  expect(await db.$transaction((tx) => takeTurn(tx, 'openai', 'm-2', 100, NOW))).toEqual({ go: true })
})

test('of twenty workers one tries after a refusal, and a turn that was rolled back was never taken', async () => {
  await using database = await testDatabase({ max: 20 })
  const { db } = database
  await noteLimits(db, 'openai', 'm-1', { limits: null, rateLimited: true, retryAfterMs: 4_000 }, NOW, 0)
  const later = new Date(NOW.getTime() + 4_000)
  await expect(
    db.$transaction(async (tx) => {
      expect(await takeTurn(tx, 'openai', 'm-1', 100, later)).toEqual({ go: true })
      throw new Error('the process died')
    }),
  ).rejects.toThrow('died')
  const turns = await Promise.all(
    Array.from({ length: 20 }, () => db.$transaction((tx) => takeTurn(tx, 'openai', 'm-1', 100, later))),
  )
  expect(turns.filter(({ go }) => go)).toHaveLength(1)
})

test('an answer that tells nothing writes nothing', async () => {
  await using database = await testDatabase()
  const { db } = database
  await noteLimits(db, 'openai', 'm-1', { limits: null, rateLimited: false, retryAfterMs: null }, NOW, 0)
  expect(await db.rateLimit.count()).toBe(0)
})

test('numbers beyond reason are stored as the largest that there is', async () => {
  await using database = await testDatabase()
  const { db } = database
  const wild = { ...told, limitTokens: 9e15, remainingTokens: 9e15, resetTokensMs: 9e15, resetRequestsMs: 9e15 }
  await noteLimits(db, 'openai', 'm-1', { limits: wild, rateLimited: false, retryAfterMs: null }, NOW, 0)
  expect(await db.$transaction((tx) => takeTurn(tx, 'openai', 'm-1', 100, NOW))).toEqual({ go: true })
})

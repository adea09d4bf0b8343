import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LimitState, noted, type ToldLimits, turnOf, unknownLimits } from './turns'

const START = new Date('2026-11-23T10:00:00Z')
const count = fc.option(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -5, max: 500 })), { nil: null })
const wait = fc.option(fc.double({ min: 0, max: 1e300, noNaN: true }), { nil: null })
const limits = fc.record({
  limitRequests: count,
  remainingRequests: count,
  resetRequestsMs: wait,
  limitTokens: count,
  remainingTokens: count,
  resetTokensMs: wait,
})
const answer = fc.record({
  limits: fc.option(limits, { nil: null }),
  rateLimited: fc.boolean(),
  // At most an hour leaves the border to the provider.
  retryAfterMs: fc.option(fc.integer({ min: 0, max: 3_600_000 }), { nil: null }),
  passedMs: fc.integer({ min: -60_000, max: 10_000_000 }),
  tokens: fc.integer({ min: 0, max: 1_000_000 }),
})

const isDate = (at: Date | null) => at === null || !Number.isNaN(at.getTime())
const isCount = (value: number | null) => value === null || Number.isSafeInteger(value)
const isSound = ({ requests, tokens, blockedUntil, updatedAt, strikes }: LimitState) =>
  [blockedUntil, updatedAt, requests.resetAt, tokens.resetAt].every(isDate) &&
  [requests.remaining, tokens.remaining, strikes].every(isCount)

test('a limit that comes back after longer than any date is still one that can be stored', () => {
  const none = { limitRequests: null, remainingRequests: null, resetRequestsMs: null, resetTokensMs: null }
  const told = (limits: Partial<ToldLimits>) => ({
    limits: { ...none, limitTokens: null, remainingTokens: null, ...limits },
    rateLimited: false,
    retryAfterMs: null,
  })
  let state = noted(unknownLimits(START), told({ limitTokens: 1, remainingTokens: 0 }), START, 0.5)
  state = noted(state, told({ limitTokens: 15, remainingTokens: 14, resetTokensMs: 8e15 }), START, 0.5)
  expect(isSound(state)).toBe(true)
  expect(turnOf(state, 15, START)).toMatchObject({ go: false, until: expect.any(Date) })
})

test('whatever an answer says of limits can be stored, and says when to ask again', () => {
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1, maxLength: 6 }), (answers) => {
      let state = unknownLimits(START)
      let now = START.getTime()
      for (const { passedMs, tokens, ...told } of answers) {
        now += passedMs
        state = noted(state, told, new Date(now), 0.5)
        expect(isSound(state)).toBe(true)
        const turn = turnOf(state, tokens, new Date(now))
        if (turn.go) state = turn.state
        else expect(isDate(turn.until) && Number.isFinite(turn.gapMs)).toBe(true)
        expect(isSound(state)).toBe(true)
      }
    }),
    { numRuns: 2_000 },
  )
})

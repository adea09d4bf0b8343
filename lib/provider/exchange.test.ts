import { describe, expect, it, test } from 'vitest'
import { parseDuration, readRateLimits, readRetryAfter, readTransportError } from './exchange.server'

const now = Date.parse('2026-03-01T12:00:00Z')
const hour = 3_600_000

describe('how long to wait', () => {
  it.each([
    ['retry-after-ms', '1234.2', 1_235],
    ['retry-after-ms', '100000000000000000', hour],
    ['retry-after', '172800', hour],
    ['retry-after', 'Tue, 03 Mar 2026 12:00:00 GMT', hour],
    ['retry-after', 'Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['retry-after', 'Sat, 28 Feb 2026 12:00:00 GMT', 0],
    ['retry-after', '9'.repeat(400), null],
    ['retry-after-ms', '9'.repeat(400), null],
    ['retry-after-ms', '1e17', null],
    ['retry-after', '9'.repeat(307), hour],
  ])('is read from %s: %s', (name, value, expected) => {
    expect(readRetryAfter(new Headers({ [name]: value }), now)).toBe(expected)
  })

  it('is read from the seconds where the milliseconds make no sense', () => {
    expect(readRetryAfter(new Headers({ 'retry-after-ms': 'x', 'retry-after': '2' }), now)).toBe(2_000)
  })
})

describe('how much may still be sent', () => {
  it('is read from the headers', () => {
    const headers = new Headers({
      'x-ratelimit-limit-requests': '5000',
      'x-ratelimit-remaining-requests': '4999',
      'x-ratelimit-reset-requests': '12ms',
      'x-ratelimit-limit-tokens': '160000',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '6m0s',
    })
    expect(readRateLimits(headers)).toEqual({
      limitRequests: 5_000,
      remainingRequests: 4_999,
      resetRequestsMs: 12,
      limitTokens: 160_000,
      remainingTokens: 0,
      resetTokensMs: 360_000,
    })
  })

  it('is not known without them, and in part where some make no sense', () => {
    expect(readRateLimits(null)).toBeNull()
    expect(readRateLimits(new Headers({ 'x-ratelimit-limit-requests': 'many' }))).toBeNull()
    const some = new Headers({ 'x-ratelimit-remaining-requests': '-1', 'x-ratelimit-remaining-tokens': '7' })
    expect(readRateLimits(some)).toMatchObject({ remainingRequests: null, remainingTokens: 7, limitTokens: null })
  })

  it.each([
    ['1s', 1_000],
    ['6m0s', 360_000],
    ['120ms', 120],
    ['1h2m3.5s', 3_723_500],
    ['59.7ms', 60],
    ['2', 2_000],
    ['', null],
    ['soon', null],
    ['1s later', null],
    ['-1s', null],
    [`${'9'.repeat(400)}s`, null],
  ])('lasts %s', (value, expected) => {
    expect(parseDuration(value)).toBe(expected)
  })
})

const failed = (code: string, syscall?: string) => new TypeError('fetch failed', { cause: { code, syscall } })

test('an unreachable network means "not sent" only where it kept us from connecting', () => {
  for (const code of ['EHOSTUNREACH', 'ENETUNREACH']) {
    expect(readTransportError(failed(code, 'connect'))).toEqual({ code, notSent: true })
    for (const syscall of ['read', 'write', undefined]) {
      expect(readTransportError(failed(code, syscall)), `${code} ${syscall}`).toEqual({ code, notSent: false })
    }
  }
  expect(readTransportError(failed('ECONNREFUSED', 'connect')).notSent).toBe(true)
  expect(readTransportError(failed('ENOTFOUND', 'getaddrinfo')).notSent).toBe(true)
  expect(readTransportError(failed('ECONNRESET', 'read')).notSent).toBe(false)
})

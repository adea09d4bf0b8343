import { describe, expect, it, test } from 'vitest'
import { readRetryAfter, readTransportError } from './exchange.server'

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

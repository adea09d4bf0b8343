import { describe, expect, it } from 'vitest'
import { clock, exact, relative, span } from './relative-time'

const now = Date.parse('2026-11-23T16:00:00.000Z')
const ago = (seconds: number) => relative(now - seconds * 1000, now, 'UTC')

describe('relative time', () => {
  it.each([
    [0.4, 'just now'],
    [4, '4 s ago'],
    [59.9, '59 s ago'],
    [60, '1 min ago'],
    [3600 + 20 * 60, '1 h 20 min ago'],
    [3600 * 7 + 60, '7 h ago'],
    [3600 * 47, '47 h ago'],
    [3600 * 48, '2 days ago'],
  ])('says %d s as "%s"', (seconds, words) => {
    expect(ago(seconds)).toBe(words)
  })

  it('says what is to come', () => {
    expect(ago(-12 * 60)).toBe('in 12 min')
  })

  it('says the date beyond a week, with the year where it is another one', () => {
    expect(ago(86_400 * 10)).toBe('13 Nov')
    expect(ago(86_400 * 400)).toBe('19 Oct 2025')
  })

  it('never turns a span negative', () => {
    expect(span(-5_000)).toBe('5 s')
  })
})

describe('the clock', () => {
  it('names the day only where it is not today', () => {
    expect(clock(now + 3_600_000, now, 'UTC')).toBe('17:00')
    expect(clock(now + 86_400_000, now, 'UTC')).toBe('Tue 16:00')
    expect(clock(now + 86_400_000 * 9, now, 'UTC')).toBe('2 Dec 16:00')
  })

  it('takes the reader’s zone to tell what today is', () => {
    expect(clock(now + 7 * 3_600_000, now, 'UTC')).toBe('23:00')
    expect(clock(now + 7 * 3_600_000, now, 'Europe/Berlin')).toBe('Tue 00:00')
  })

  it('is exact to the second, with its zone', () => {
    expect(exact(now + 7_000, 'UTC')).toBe('23 Nov 2026, 16:00:07 UTC')
  })
})

import { expect, it } from 'vitest'
import { createSignInLimit } from '@/lib/access/sign-in-limit'

const MINUTE = 60_000

it('asks to wait after ten failures in five minutes, until the oldest of them is that old', () => {
  let now = 1_000_000
  const limit = createSignInLimit(() => now)
  for (let tries = 0; tries < 10; tries += 1) {
    expect(limit.waitMs('a@example.com', null)).toBe(0)
    limit.failed('A@example.com', null)
    now += 1_000
  }
  expect(limit.waitMs('a@example.com', null)).toBe(5 * MINUTE - 10_000)
  expect(limit.waitMs('b@example.com', null)).toBe(0)
  now += 5 * MINUTE - 10_000
  expect(limit.waitMs('a@example.com', null)).toBe(0)
})

it('forgets the failures of a person who signs in', () => {
  const limit = createSignInLimit(() => 0)
  for (let tries = 0; tries < 10; tries += 1) limit.failed('a@example.com', null)
  limit.succeeded('a@example.com')
  expect(limit.waitMs('a@example.com', null)).toBe(0)
})

it('counts one address over all the e-mails that it tries', () => {
  const limit = createSignInLimit(() => 0)
  for (let tries = 0; tries < 100; tries += 1) limit.failed(`${tries}@example.com`, '192.0.2.1')
  expect(limit.waitMs('new@example.com', '192.0.2.1')).toBe(5 * MINUTE)
  expect(limit.waitMs('new@example.com', '192.0.2.2')).toBe(0)
})

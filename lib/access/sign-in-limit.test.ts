import { expect, it } from 'vitest'
import { createSignInLimit, type SignInLimit, type Try } from '@/lib/access/sign-in-limit'

const MINUTE = 60_000

/** Begins a try that may begin. */
function begin(limit: SignInLimit, email: string, address: string | null = null): Try {
  const begun = limit.begin(email, address)
  if ('waitMs' in begun) throw new Error(`it had to wait for ${begun.waitMs} ms`)
  return begun
}

it('asks to wait after ten tries in five minutes, until the oldest of them is that old', () => {
  let now = 1_000_000
  const limit = createSignInLimit(() => now)
  for (let tries = 0; tries < 10; tries += 1) {
    begin(limit, tries % 2 === 0 ? 'A@example.com' : 'a@example.com')
    now += 1_000
  }
  expect(limit.begin('a@example.com', null)).toEqual({ waitMs: 5 * MINUTE - 10_000 })
  begin(limit, 'b@example.com')
  now += 5 * MINUTE - 10_000
  begin(limit, 'a@example.com')
  expect(limit.begin('a@example.com', null)).toEqual({ waitMs: 1_000 })
})

it('forgets the failures of a person who signs in, and not the tries that began after that', () => {
  let now = 0
  const limit = createSignInLimit(() => now)
  for (let tries = 0; tries < 8; tries += 1) begin(limit, 'a@example.com')
  now += 1
  const right = begin(limit, 'a@example.com')
  now += 1
  begin(limit, 'a@example.com')
  right.succeeded()
  for (let tries = 0; tries < 9; tries += 1) begin(limit, 'a@example.com')
  expect(limit.begin('a@example.com', null)).toHaveProperty('waitMs')
})

it('does not count a try that was answered neither yes nor no', () => {
  const limit = createSignInLimit(() => 0)
  for (let tries = 0; tries < 200; tries += 1) begin(limit, 'a@example.com', '192.0.2.1').tookNoPlace()
  begin(limit, 'a@example.com', '192.0.2.1')
})

it('counts one address over all the e-mails that it tries, without those that sign in', () => {
  const limit = createSignInLimit(() => 0)
  for (let tries = 0; tries < 100; tries += 1) begin(limit, `${tries}@example.com`, '192.0.2.1').succeeded()
  for (let tries = 0; tries < 100; tries += 1) begin(limit, `${tries}@example.com`, '192.0.2.1')
  expect(limit.begin('new@example.com', '192.0.2.1')).toEqual({ waitMs: 5 * MINUTE })
  begin(limit, 'new@example.com', '192.0.2.2')
})

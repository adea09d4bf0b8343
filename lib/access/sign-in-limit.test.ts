import { expect, it } from 'vitest'
import { createSignInLimit, type SignInLimit, type Try } from '@/lib/access/sign-in-limit'

const MINUTE = 60_000

/** Begins a try that may begin. */
function begin(limit: SignInLimit, email: string, address: string | null = null): Try {
  const begun = limit.begin(email, address)
  if ('waitMs' in begun) throw new Error(`it had to wait for ${begun.waitMs} ms`)
  return begun
}

it('asks to wait after ten failures in five minutes, until the oldest of them is that old', () => {
  let now = 1_000_000
  const limit = createSignInLimit(() => now)
  for (let tries = 0; tries < 10; tries += 1) {
    begin(limit, tries % 2 === 0 ? 'A@example.com' : 'a@example.com').failed()
    now += 1_000
  }
  expect(limit.begin('a@example.com', null)).toEqual({ waitMs: 5 * MINUTE - 10_000 })
  begin(limit, 'b@example.com')
  now += 5 * MINUTE - 10_000
  begin(limit, 'a@example.com').failed()
  expect(limit.begin('a@example.com', null)).toEqual({ waitMs: 1_000 })
})

it('lets no more than ten be looked at together, and asks to wait a second where no failure is in the way', () => {
  const limit = createSignInLimit(() => 0)
  const tries = Array.from({ length: 10 }, () => begin(limit, 'a@example.com'))
  expect(limit.begin('a@example.com', null)).toEqual({ waitMs: 1_000 })
  tries[0]?.succeeded()
  const last = begin(limit, 'a@example.com')
  expect(limit.begin('a@example.com', null)).toEqual({ waitMs: 1_000 })
  for (const one of tries.slice(1)) one.failed()
  expect(limit.begin('a@example.com', null)).toEqual({ waitMs: 1_000 })
  last.failed()
  expect(limit.begin('a@example.com', null)).toEqual({ waitMs: 5 * MINUTE })
})

it('never lets more than ten of one e-mail be wrong within five minutes, however they come and go', () => {
  let now = 0
  const limit = createSignInLimit(() => now)
  const wrong: number[] = []
  const underWay: Try[] = []
  for (let step = 0; step < 2_000; step += 1) {
    now += 1_000 * (step % 7)
    const begun = limit.begin('a@example.com', null)
    if (!('waitMs' in begun)) underWay.push(begun)
    // They are answered out of turn, and some only after many others.
    const answered = step % 3 === 0 ? underWay.splice((step * 5) % (underWay.length + 1), 1) : []
    for (const one of step % 50 === 0 ? [...underWay.splice(0), ...answered] : answered) {
      one.failed()
      wrong.push(now)
    }
    expect(wrong.filter((at) => at > now - 5 * MINUTE).length + underWay.length).toBeLessThanOrEqual(10)
  }
  expect(wrong.length, 'and lets some be').toBeGreaterThan(50)
})

it('forgets the failures of a person who signs in, and not those from after they began to', () => {
  let now = 0
  const limit = createSignInLimit(() => now)
  for (let tries = 0; tries < 8; tries += 1) begin(limit, 'a@example.com').failed()
  now += 1
  const right = begin(limit, 'a@example.com')
  now += 1
  begin(limit, 'a@example.com').failed()
  right.succeeded()
  for (let tries = 0; tries < 9; tries += 1) begin(limit, 'a@example.com').failed()
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
  const together = Array.from({ length: 100 }, (_, index) => begin(limit, `${index}@example.com`, '192.0.2.1'))
  expect(limit.begin('new@example.com', '192.0.2.1')).toEqual({ waitMs: 1_000 })
  for (const one of together) one.failed()
  expect(limit.begin('new@example.com', '192.0.2.1')).toEqual({ waitMs: 5 * MINUTE })
  begin(limit, 'new@example.com', '192.0.2.2')
})

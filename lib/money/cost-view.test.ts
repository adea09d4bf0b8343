import { expect, test } from 'vitest'
import { attemptCost, jobCost } from './cost-view'
import { dollars, exactDollars } from './micros'

const attempt = (number: number, costMicros: bigint | null, provider = 'openai', why: string | null = null) => ({
  number,
  provider,
  costMicros,
  costLines: { lines: [], why },
})

test('a job costs what its attempts cost, to the millionth', () => {
  expect(jobCost([attempt(1, 100_000n), attempt(2, 200_000n)])).toMatchObject({
    usd: 0.3,
    isRehearsed: false,
    why: null,
  })
  expect(jobCost([])).toMatchObject({ usd: 0, isRehearsed: false, lines: [] })
})

test('it is not known as soon as that of one attempt is not, and says why', () => {
  expect(jobCost([attempt(1, 5n), attempt(2, null, 'openai', 'The answer was lost.')])).toMatchObject({
    usd: null,
    why: 'The answer was lost.',
  })
  expect(attemptCost({ provider: 'openai', costMicros: null, costLines: null }).why).toBe(
    'It is worked out when the call has ended.',
  )
})

test('only where the sandbox answered all of it, it was a rehearsal', () => {
  expect(jobCost([attempt(1, 5n, 'sandbox')]).isRehearsed).toBe(true)
  expect(jobCost([attempt(1, 5n, 'sandbox'), attempt(2, 5n)]).isRehearsed).toBe(false)
})

test('amounts are shown with as many decimals as they need to say something', () => {
  expect([0, 0.000002, 0.0123, 0.5, 1.239, 1234.5].map(dollars)).toEqual([
    '$0.00',
    '$0.000002',
    '$0.0123',
    '$0.50',
    '$1.24',
    '$1,234.50',
  ])
  expect([5, 0.0025, 0.123456].map(exactDollars)).toEqual(['$5.00', '$0.0025', '$0.123456'])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OwnCheck } from '@/lib/workflows/definition'
import { runOwnChecks } from './own-checks'

const check = (at: string, must: OwnCheck['must']) => ({ checks: [{ id: 'one', label: 'It holds', at, must }] })
const answer = { amount: 1_200, lines: [{ sum: 1 }, { sum: 2 }], name: 'Dana', empty: '', 'a/b': true }

test.each<[string, string, OwnCheck['must'], string | null]>([
  ['what is there', '/name', { be: 'present' }, null],
  ['what is empty', '/empty', { be: 'present' }, 'At /empty stands ""; it must not be empty.'],
  ['what is not there', '/nothing', { be: 'present' }, 'Nothing stands at /nothing.'],
  ['a number within its limit', '/amount', { be: 'at_most', value: 1_200 }, null],
  [
    'a number above it',
    '/amount',
    { be: 'at_most', value: 1_000 },
    'At /amount stands 1200; it must be a number of at most 1000.',
  ],
  [
    'a text where a number must be',
    '/name',
    { be: 'at_least', value: 0 },
    'At /name stands "Dana"; it must be a number of at least 0.',
  ],
  ['each element', '/lines/*/sum', { be: 'at_least', value: 1 }, null],
  [
    'the first element that does not hold',
    '/lines/*/sum',
    { be: 'equal', value: 1 },
    'At /lines/1/sum stands 2; it must be 1.',
  ],
  ['one of several', '/name', { be: 'one_of', values: ['Dana', 'Eva'] }, null],
  ['a pattern', '/name', { be: 'matching', pattern: '^D' }, null],
  ['a pattern that is none', '/name', { be: 'matching', pattern: '(' }, 'At /name stands "Dana"; it must match (.'],
  ['a key with a slash', '/a~1b', { be: 'equal', value: true }, null],
])('looks at %s', (_what, at, must, fault) => {
  const [found] = runOwnChecks(check(at, must), answer)
  expect(found?.outcome).toBe(fault === null ? 'pass' : 'fail')
  if (fault !== null) expect(found?.detail).toBe(fault)
})

test('an element that lacks it does not hide behind those that have it', () => {
  const lines = { lines: [{ sum: 1 }, {}, 3] }
  expect(runOwnChecks(check('/lines/*/sum', { be: 'present' }), lines)[0]?.detail).toBe(
    'Nothing stands at /lines/1/sum.',
  )
})

test('a pattern that would never end is stopped, and the check does not pass', () => {
  const endless = { be: 'matching', pattern: '^(a+)+$' } as const
  const one = { id: 'one', label: 'It holds', at: '/text', must: endless }
  const checks = Array.from({ length: 50 }, (_, index) => ({ ...one, id: `c${index}` }))
  const started = performance.now()
  const found = runOwnChecks({ checks }, { text: `${'a'.repeat(60)}!` })
  // All of them together get one share of time.
  expect(performance.now() - started).toBeLessThan(5_000)
  expect(found).toHaveLength(50)
  for (const { outcome, detail } of found) {
    expect({ outcome, detail }).toEqual({ outcome: 'fail', detail: expect.stringContaining('took too long') })
  }
})

test('what is no JSON passes none', () => {
  expect(runOwnChecks(check('/name', { be: 'present' }), undefined)[0]).toMatchObject({
    key: 'own:one',
    outcome: 'fail',
    detail: 'The answer is not JSON.',
  })
})

test('whatever a model answers, a check says pass or fail', () => {
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom('', '/*', '/*/*', '/a/b', '/__proto__/x'), (json, at) => {
      expect(['pass', 'fail']).toContain(runOwnChecks(check(at, { be: 'present' }), json)[0]?.outcome)
    }),
  )
})

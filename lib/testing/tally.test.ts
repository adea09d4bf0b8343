import { expect, test } from 'vitest'
import { countPlaywright, countVitest, sumUp } from '@/lib/testing/tally'

test('a file that fails before its first test counts as a failure', () => {
  const testResults = [
    { status: 'passed', assertionResults: [{}, {}] },
    { status: 'failed', assertionResults: [] },
  ]
  expect(countVitest({ numPassedTests: 2, numFailedTests: 0, testResults })).toEqual({ passed: 2, failed: 1 })
})

test('flaky tests and errors outside tests count as failures', () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1 }
  expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 3, failed: 3 })
})

test('a runner that ended badly is a failure, whatever its report says', () => {
  const fine = { tally: { passed: 3, failed: 0 }, code: 0 }
  expect(sumUp([fine, fine])).toEqual({ passed: 6, failed: 0 })
  expect(sumUp([fine, { ...fine, code: 1 }])).toEqual({ passed: 6, failed: 1 })
  expect(sumUp([fine, { tally: { passed: 1, failed: 2 }, code: 1 }])).toEqual({ passed: 4, failed: 2 })
  expect(sumUp([fine, { tally: null, code: 0 }])).toEqual({ passed: 3, failed: 1 })
  expect(sumUp([fine, { tally: { passed: 0, failed: 0 }, code: 0 }])).toEqual({ passed: 3, failed: 1 })
})

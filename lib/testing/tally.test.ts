import { expect, test } from 'vitest'
import { countPlaywright, countVitest } from '@/lib/testing/tally'

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

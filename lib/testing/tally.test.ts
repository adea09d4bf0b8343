import { expect, test } from 'vitest'
import { countPlaywright, countVitest, failuresOfPlaywright, failuresOfVitest, sumUp } from '@/lib/testing/tally'

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

test('what failed is named, with the beginning of its message, in both reports', () => {
  const long = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n')
  const passed = { fullName: 'adds', status: 'passed', failureMessages: [] }
  const failed = { fullName: 'takes away', status: 'failed', failureMessages: [`\u001b[31m${long}\u001b[39m`] }
  const testResults = [
    { name: 'sum.test.ts', status: 'failed', message: '', assertionResults: [passed, failed] },
    { name: 'broken.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] },
    { name: 'fine.test.ts', status: 'passed', message: '', assertionResults: [passed] },
  ]
  const [one, two, ...more] = failuresOfVitest({ testResults })
  expect(one?.where).toBe('sum.test.ts › takes away')
  expect(one?.message.split('\n').at(0)).toBe('line 0')
  expect(one?.message).not.toContain('line 39')
  expect(two).toEqual({ where: 'broken.test.ts', message: 'Cannot find module' })
  expect(more).toEqual([])

  const spec = (title: string, message?: string) => ({
    title,
    ok: message === undefined,
    tests: [{ results: [message === undefined ? { status: 'passed' } : { status: 'failed', error: { message } }] }],
  })
  const suites = [
    {
      title: 'watch.spec.ts',
      specs: [spec('reads')],
      suites: [{ title: 'late', specs: [spec('waits', 'Timed out')] }],
    },
  ]
  expect(failuresOfPlaywright({ suites, errors: [{ message: 'no browser' }] })).toEqual([
    { where: 'watch.spec.ts › late › waits', message: 'Timed out' },
    { where: 'outside of a test', message: 'no browser' },
  ])
})

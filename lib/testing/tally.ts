/** How many tests passed and failed, from the JSON reports of the two runners. */
import { z } from 'zod'

export type Tally = { passed: number; failed: number }

// https://vitest.dev/guide/reporters.html#json-reporter
const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

/** A file that failed before its first test counts as one failure. */
export function countVitest(report: unknown): Tally {
  const { numPassedTests, numFailedTests, testResults } = vitestReport.parse(report)
  const unrun = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  return { passed: numPassedTests, failed: numFailedTests + unrun.length }
}

// https://playwright.dev/docs/test-reporters#json-reporter
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors: z.array(z.unknown()),
})

/** A flaky test counts as failed; so does each error outside a test, such as in the global setup. */
export function countPlaywright(report: unknown): Tally {
  const { stats, errors } = playwrightReport.parse(report)
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length }
}

/**
 * One sum over the runners, of which each gave a report (null where it left none) and an exit code. A runner that ended
 * badly or ran nothing counts as a failure, even where every test of its report passed: something outside a test broke.
 */
export function sumUp(runs: readonly { tally: Tally | null; code: number }[]): Tally {
  const sum = { passed: 0, failed: 0 }
  for (const { tally, code } of runs) {
    const { passed, failed } = tally ?? { passed: 0, failed: 0 }
    const isBad = code !== 0 || passed + failed === 0
    sum.passed += passed
    sum.failed += isBad ? Math.max(failed, 1) : failed
  }
  return sum
}

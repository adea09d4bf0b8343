/** How many tests passed and failed, and which failed and why, from the JSON reports of the two runners. */
import { stripVTControlCharacters } from 'node:util'
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

/** A test that failed: where it stands, and the beginning of what it said. */
export type Failure = { where: string; message: string }

const vitestFailures = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
})

/** The failures of a report of vitest, files that broke before their first test among them. */
export function failuresOfVitest(report: unknown): Failure[] {
  return vitestFailures.parse(report).testResults.flatMap(({ name, status, message = '', assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed')
    if (tests.length === 0) return status === 'failed' ? [{ where: name, message: headOf(message) }] : []
    return tests.map(({ fullName, failureMessages }) => ({
      where: `${name} › ${fullName}`,
      message: headOf(failureMessages?.[0] ?? ''),
    }))
  })
}

const playwrightSpec = z.object({
  title: z.string(),
  ok: z.boolean(),
  tests: z.array(
    z.object({
      results: z.array(
        z.object({ status: z.string(), error: z.object({ message: z.string().optional() }).optional() }),
      ),
    }),
  ),
})
type Suite = { title: string; specs?: z.infer<typeof playwrightSpec>[] | undefined; suites?: Suite[] | undefined }
const playwrightSuite: z.ZodType<Suite> = z.lazy(() =>
  z.object({
    title: z.string(),
    specs: z.array(playwrightSpec).optional(),
    suites: z.array(playwrightSuite).optional(),
  }),
)
const playwrightFailures = z.object({
  suites: z.array(playwrightSuite),
  errors: z.array(z.object({ message: z.string().optional() })),
})

/** The failures of a report of Playwright, errors outside of tests among them. */
export function failuresOfPlaywright(report: unknown): Failure[] {
  const { suites, errors } = playwrightFailures.parse(report)
  const within = (suite: Suite, path: readonly string[]): Failure[] => {
    const here = [...path, suite.title]
    const own = (suite.specs ?? [])
      .filter(({ ok }) => !ok)
      .map(({ title, tests }) => ({
        where: [...here, title].join(' › '),
        message: headOf(tests.flatMap(({ results }) => results).find(({ error }) => error)?.error?.message ?? ''),
      }))
    return [...own, ...(suite.suites ?? []).flatMap((inner) => within(inner, here))]
  }
  const outside = errors.map(({ message = '' }) => ({ where: 'outside of a test', message: headOf(message) }))
  return [...suites.flatMap((suite) => within(suite, [])), ...outside]
}

/** Lines of a message that are kept: what was expected, what came, and the first places of the stack. */
const HEAD = 12

/** Without the colours, which a file of a log does not show. */
const headOf = (message: string) => stripVTControlCharacters(message).trim().split('\n').slice(0, HEAD).join('\n')

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

/** `npm test`: rules and store with vitest, then errands in a browser with Playwright, then one honest sum. */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { ensureClient } from '@/lib/start/build.server'
import { scratchInMemory } from '@/lib/testing/scratch'
import { countPlaywright, countVitest, failuresOfPlaywright, failuresOfVitest, sumUp } from '@/lib/testing/tally'

const RESULTS = path.resolve('test-results')
const VITEST_REPORT = path.join(RESULTS, 'vitest.json')
const PLAYWRIGHT_REPORT = path.join(RESULTS, 'playwright.json')

function run(args: string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

function read<T>(file: string, take: (report: unknown) => T): T | null {
  return fs.existsSync(file) ? take(JSON.parse(fs.readFileSync(file, 'utf8'))) : null
}

fs.mkdirSync(RESULTS, { recursive: true })
for (const report of [VITEST_REPORT, PLAYWRIGHT_REPORT]) fs.rmSync(report, { force: true })
await ensureClient((line) => console.log(line))

// Whoever says where temporary files go has their way.
const scratch = process.env.TMPDIR ? null : scratchInMemory()
if (scratch !== null) process.env.TMPDIR = scratch.folder

const vitestCode = await run([
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${VITEST_REPORT}`,
])
const reporter = process.env.CI ? 'line' : 'list'
const playwrightCode = await run(['node_modules/@playwright/test/cli.js', 'test', `--reporter=${reporter},json`], {
  PLAYWRIGHT_JSON_OUTPUT_FILE: PLAYWRIGHT_REPORT,
})
scratch?.remove()

const { passed, failed } = sumUp([
  { tally: read(VITEST_REPORT, countVitest), code: vitestCode },
  { tally: read(PLAYWRIGHT_REPORT, countPlaywright), code: playwrightCode },
])
// What vitest found lies thousands of lines above: said again where whoever reads a log looks first.
const failures = [
  ...(read(VITEST_REPORT, failuresOfVitest) ?? []),
  ...(read(PLAYWRIGHT_REPORT, failuresOfPlaywright) ?? []),
]
for (const { where, message } of failures) console.log(`\nFailed: ${where}\n${message}\n`)
if (vitestCode !== 0) console.log(`vitest ended with code ${vitestCode}.`)
if (playwrightCode !== 0) console.log(`Playwright ended with code ${playwrightCode}.`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

/** Finds a browser for the tests; they are never skipped for want of one. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { chromium } from '@playwright/test'

/** Chromium without its own windows and tool bars: a fresh profile is there in a third of the time. */
const SHELL = 'chromium-headless-shell'
const WHOLE = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const OFF_THE_PATH = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

/**
 * The program of a browser: one that Playwright has, else one of this machine, else one that apt-get installs where
 * this user may. In CI the shell is installed though there is a whole Chromium.
 * @throws {Error} saying what to install.
 */
export function findBrowser(): string {
  const inCi = () => (process.env.CI ? installed([SHELL]) : null)
  return (
    ofPlaywright() ?? ofMachine([SHELL]) ?? inCi() ?? ofMachine(WHOLE) ?? installed([SHELL, 'chromium']) ?? missing()
  )
}

function ofPlaywright(): string | null {
  const program = chromium.executablePath()
  return program && fs.existsSync(program) ? program : null
}

function ofMachine(names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  const onThePath = names.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  const candidates = names === WHOLE ? [...onThePath, ...OFF_THE_PATH] : onThePath
  return candidates.find((candidate) => fs.existsSync(candidate)) ?? null
}

/** The first of `packages` that can be installed; each is named as its program. */
function installed(packages: readonly string[]): string | null {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return null
  apt('update', '-q')
  for (const name of packages) {
    console.log(`Installing ${name} with apt-get …`)
    apt('install', '-y', '-q', '--no-install-recommends', name)
    const program = ofMachine([name])
    if (program !== null) return program
  }
  return null
}

function apt(...args: string[]): void {
  const env: NodeJS.ProcessEnv = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  if (status !== 0) console.error(stderr.trim())
}

function missing(): never {
  throw new Error(
    'The browser tests need a browser, and none was found: install Chromium or Chrome so that it is on the PATH, or run "npx playwright install chromium".',
  )
}

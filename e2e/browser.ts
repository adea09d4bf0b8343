/** Finds a browser for the tests; they are never skipped for want of one. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { chromium } from '@playwright/test'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const OFF_THE_PATH = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

/**
 * The program of a browser: one that Playwright has, else one of this machine, else one that apt-get installs where
 * this user may.
 * @throws {Error} saying what to install.
 */
export function findBrowser(): string {
  return ofPlaywright() ?? ofMachine() ?? installed() ?? missing()
}

function ofPlaywright(): string | null {
  const program = chromium.executablePath()
  return program && fs.existsSync(program) ? program : null
}

function ofMachine(): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...OFF_THE_PATH]
  return candidates.find((candidate) => fs.existsSync(candidate)) ?? null
}

function installed(): string | null {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return null
  console.log('No browser found: installing chromium with apt-get …')
  const env: NodeJS.ProcessEnv = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
  ]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (status !== 0) console.error(stderr.trim())
  }
  return ofMachine()
}

function missing(): never {
  throw new Error(
    'The browser tests need a browser, and none was found: install Chromium or Chrome so that it is on the PATH, or run "npx playwright install chromium".',
  )
}

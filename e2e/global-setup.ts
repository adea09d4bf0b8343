/** Starts the whole product once, as a person would, on a free port and in a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { findBrowser } from './browser'

type Ready = { url: string; databaseUrl: string; ownerLink: string | null }

export default async function setup() {
  process.env.HOLDPOINT_E2E_BROWSER = findBrowser()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-e2e-'))
  const supervisor = spawn(process.execPath, ['--import', 'tsx', 'lib/start/main.ts'], {
    env: await environment(folder),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const log = collect(supervisor)
  const ready = await whenReady(supervisor, log).catch((error: unknown) => {
    fs.rmSync(folder, { recursive: true, force: true })
    throw error
  })
  process.env.HOLDPOINT_E2E_URL = ready.url
  process.env.HOLDPOINT_E2E_DATABASE_URL = ready.databaseUrl
  process.env.HOLDPOINT_E2E_OWNER_LINK = ready.ownerLink ?? ''

  return async () => {
    const code = await stop(supervisor)
    fs.mkdirSync('test-results', { recursive: true })
    fs.writeFileSync('test-results/holdpoint.log', log.join(''))
    fs.rmSync(folder, { recursive: true, force: true })
    if (code !== 0) throw new Error(`Holdpoint did not stop cleanly (code ${code}): see test-results/holdpoint.log.`)
  }
}

async function environment(folder: string): Promise<NodeJS.ProcessEnv> {
  // What this machine is set up for must not reach the test: no real provider, no real database.
  const { DATABASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_WEBHOOK_SECRET, HOLDPOINT_SECRET, ...rest } =
    process.env
  return {
    ...rest,
    NODE_ENV: 'production',
    PORT: String(await freePort()),
    HOLDPOINT_DATA_DIR: folder,
    HOLDPOINT_POLL_MS: '100',
    HOLDPOINT_RETRY_MS: '100',
    // How long the sandbox takes for an answer when nothing else was asked of it.
    SANDBOX_SECONDS: '1',
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function collect(child: ChildProcess): string[] {
  const log: string[] = []
  child.stdout?.on('data', (chunk) => log.push(String(chunk)))
  child.stderr?.on('data', (chunk) => log.push(String(chunk)))
  return log
}

function whenReady(child: ChildProcess, log: string[]): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => resolve(message as Ready))
    child.on('error', reject)
    child.on('close', (code) => reject(new Error(`Holdpoint did not start (code ${code}):\n${log.join('')}`)))
  })
}

function stop(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve(child.exitCode)
    child.on('exit', resolve)
    child.kill('SIGTERM')
  })
}

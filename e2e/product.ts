/** The whole product, started as a person starts it, on a port and in a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { readRunFile } from '@/lib/start/run-file.server'
import { connect } from '@/lib/store/db.server'
import { copyPrepared } from './prepared'

export type Ready = { url: string; databaseUrl: string; ownerLink: string | null }

export type Product = Ready & {
  /** What it has printed so far. */
  printed(): string
  /** Sends a signal and gives the exit code (null where a signal ended it). */
  end(signal: NodeJS.Signals): Promise<number | null>
}

export type OwnProduct = Product & {
  dataDir: string
  /** Where its sandbox provider listens, without a path; null where another provider was given. */
  sandboxUrl: string | null
  /** Stops it and removes its data. @returns the exit code. */
  close(): Promise<number | null>
}

/**
 * Starts the product over a data folder that goes when it is closed: a copy of `prepared` (HOLDPOINT_E2E_PREPARED), or
 * empty where there is none. `extra` is added to its environment.
 */
export async function launchOwn(
  extra: Record<string, string> = {},
  prepared = process.env.HOLDPOINT_E2E_PREPARED,
): Promise<OwnProduct> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-e2e-'))
  if (prepared) copyPrepared(prepared, dataDir)
  const remove = () => fs.rmSync(dataDir, { recursive: true, force: true })
  const product = await launch(dataDir, await freePort(), extra).catch((error: unknown) => {
    remove()
    throw error
  })
  await switchAlertsOff(product.databaseUrl)
  const provider = readRunFile(dataDir)?.provider.OPENAI_BASE_URL
  return {
    ...product,
    dataDir,
    sandboxUrl: provider === undefined ? null : new URL(provider).origin,
    close: async () => {
      const code = await product.end('SIGTERM')
      remove()
      return code
    },
  }
}

/** Tests make failures on purpose: leads are told of none, unless a test is about that and switches a rule on. */
async function switchAlertsOff(databaseUrl: string) {
  const db = connect(databaseUrl, 1)
  try {
    await db.alertRule.updateMany({ data: { isOn: false } })
  } finally {
    await db.$disconnect()
  }
}

/** Starts the product over `dataDir` and waits until it says that it is ready. */
export async function launch(dataDir: string, port: number, extra: Record<string, string> = {}): Promise<Product> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'lib/start/main.ts'], {
    env: { ...environment(dataDir, port), ...extra },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const log: string[] = []
  child.stdout?.on('data', (chunk) => log.push(String(chunk)))
  child.stderr?.on('data', (chunk) => log.push(String(chunk)))
  const ready = await whenReady(child, log)
  return { ...ready, printed: () => log.join(''), end: (signal) => end(child, signal) }
}

function environment(dataDir: string, port: number): NodeJS.ProcessEnv {
  // What this machine is set up for must not reach the test: no real provider, no real database.
  const { DATABASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_WEBHOOK_SECRET, HOLDPOINT_SECRET, ...rest } =
    process.env
  return {
    ...rest,
    NODE_ENV: 'production',
    PORT: String(port),
    HOLDPOINT_DATA_DIR: dataDir,
    HOLDPOINT_POLL_MS: '100',
    HOLDPOINT_RETRY_MS: '100',
    // How long the sandbox takes for an answer when nothing else was asked of it.
    SANDBOX_SECONDS: '1',
  }
}

function whenReady(child: ChildProcess, log: string[]): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => resolve(message as Ready))
    child.on('error', reject)
    child.on('close', (code) => reject(new Error(`Holdpoint did not start (code ${code}):\n${log.join('')}`)))
  })
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode)
    child.on('exit', resolve)
    child.kill(signal)
  })
}

/** A port of this machine that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}

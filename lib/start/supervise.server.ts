/** `npm start`: brings up everything in order, keeps it running, and stops it in the opposite order. */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { WORKER_STOPS_WITHIN_MS } from '@/lib/engine/context'
import { type Env, parseEnv } from '@/lib/env.server'
import { ensureBuild, ensureClient } from '@/lib/start/build.server'
import { requireDatabase, requirePort, tryPort } from '@/lib/start/checks.server'
import { type KeptChild, keepRunning } from '@/lib/start/child.server'
import { keepPostgres } from '@/lib/start/keep-postgres.server'
import { ensureDataDir } from '@/lib/start/postgres-cluster.server'
import { claimDataDir, findRunning, type RunFile, readRunFile, writeRunFile } from '@/lib/start/run-file.server'
import { StartError } from '@/lib/start/start-error'
import { webArgs } from '@/lib/start/web-args'

export type Holdpoint = {
  /** The address of the web server. */
  url: string
  /** As the owner of the database. */
  databaseUrl: string
  /** A link that signs the first owner in once; null when an owner can sign in already. */
  ownerLink: string | null
  /** Stops web and worker, then the sandbox provider, then PostgreSQL. */
  stop(): Promise<void>
}

export type StartOptions = {
  /** Run from the sources, as they change (`npm run dev`). */
  isDevelopment: boolean
  say: (line: string) => void
  /** Aborted by who has changed their mind: what goes on is ended, and what was started is stopped. */
  signal: AbortSignal
}

const READY_MS = 60_000
/** A web server whose supervisor was killed may take this long to let go of the port. */
const LEFTOVER_MS = 15_000

/** The built-in workflows are there before the first page that offers them. A worker brings them too, for many hosts. */
async function bringBuiltins(databaseUrl: string): Promise<void> {
  const { connect } = await import('@/lib/store/db.server')
  const { publishBuiltins } = await import('@/lib/workflows/store.server')
  const database = connect(databaseUrl, 1)
  try {
    await publishBuiltins(database)
  } finally {
    await database.$disconnect()
  }
}

/**
 * Starts Holdpoint from the environment.
 * @throws {StartError} or {EnvError}: one sentence for the person at the terminal. What was started is stopped again.
 */
export async function start(options: StartOptions): Promise<Holdpoint> {
  const env = parseEnv(process.env)
  // Stopped from the end: the last that was started goes first.
  const stops: (() => Promise<void>)[] = []
  const stop = once(async () => {
    for (const step of stops.toReversed()) await step()
  })
  try {
    return { ...(await bringUp(env, options, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Running = Omit<Holdpoint, 'stop'>

async function bringUp(
  env: Env,
  { isDevelopment, say, signal }: StartOptions,
  stops: (() => Promise<void>)[],
): Promise<Running> {
  ensureDataDir(env.HOLDPOINT_DATA_DIR)
  await waitForLeftovers(env)
  claimDataDir(env.HOLDPOINT_DATA_DIR, env.PORT)
  await requirePort(env.PORT, env.HOLDPOINT_HOST)
  await ensureClient(say, signal)
  if (!isDevelopment) await ensureBuild(say, signal)
  signal.throwIfAborted()

  const databaseUrl = await bringDatabase(env, say, stops)
  signal.throwIfAborted()
  const { migrate } = await import('@/lib/start/migrate.server')
  const applied = await migrate(databaseUrl)
  if (applied.length > 0) say(`Migrated the database (${applied.length} applied).`)
  await bringBuiltins(databaseUrl)

  const run: RunFile = { pid: process.pid, port: env.PORT, provider: {} }
  if (!env.OPENAI_API_KEY && !env.OPENAI_BASE_URL) run.provider = await bringSandbox(env, say, stops)
  writeRunFile(env.HOLDPOINT_DATA_DIR, run)
  signal.throwIfAborted()

  const shared = { DATABASE_URL: databaseUrl, ...run.provider }
  const worker = bringWorker(isDevelopment, shared, say)
  const web = bringWeb(env, isDevelopment, shared, say)
  stops.push(async () => {
    await Promise.all([web.stop(), worker.stop()])
  })

  const url = `http://localhost:${env.PORT}`
  await untilReady(env, signal)
  return { url, databaseUrl, ownerLink: await firstOwnerLink(url, databaseUrl) }
}

async function bringDatabase(env: Env, say: (line: string) => void, stops: (() => Promise<void>)[]): Promise<string> {
  if (env.DATABASE_URL) {
    await requireDatabase(env.DATABASE_URL)
    return env.DATABASE_URL
  }
  const postgres = await keepPostgres(env.HOLDPOINT_DATA_DIR, say)
  stops.push(() => postgres.stop())
  return postgres.url
}

async function bringSandbox(
  env: Env,
  say: (line: string) => void,
  stops: (() => Promise<void>)[],
): Promise<Record<string, string>> {
  say('No OPENAI_API_KEY: starting the sandbox provider, which calls no model …')
  const folder = path.join(env.HOLDPOINT_DATA_DIR, 'sandbox')
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Started again after a fall, it must be where the others look for it.
  let port = 0
  let heard: (port: number) => void = () => {}
  const listening = new Promise<number>((resolve) => {
    heard = resolve
  })
  const webhooks = sandboxWebhooks(env)
  const sandbox = keepRunning({
    name: 'the sandbox provider',
    args: () => ['--import', 'tsx', 'lib/sandbox/main.ts'],
    env: () => ({ SANDBOX_PORT: String(port), SANDBOX_DIR: folder, ...webhooks }),
    patienceMs: 5_000,
    say,
    isNoise: (line) => line.startsWith('sandbox listening'),
    onMessage: (message) => {
      port = (message as { port: number }).port
      heard(port)
    },
  })
  stops.push(() => sandbox.stop())
  const found = await within(listening, 20_000, 'The sandbox provider did not start within 20 s.')
  return {
    HOLDPOINT_PROVIDER: 'sandbox',
    OPENAI_BASE_URL: `http://127.0.0.1:${found}/v1`,
    OPENAI_API_KEY: 'sandbox',
    ...(webhooks ? { OPENAI_WEBHOOK_SECRET: webhooks.OPENAI_WEBHOOK_SECRET } : {}),
  }
}

/** Where the sandbox sends its webhooks, and what they are signed with; null where it is to send none. */
function sandboxWebhooks(env: Env) {
  if (env.HOLDPOINT_SANDBOX_WEBHOOKS === 'off') return null
  return {
    HOLDPOINT_SANDBOX_WEBHOOK_URL: `http://${nearHost(env)}:${env.PORT}/api/webhooks/openai`,
    // New at each start: both sides of it start with this process.
    OPENAI_WEBHOOK_SECRET: env.OPENAI_WEBHOOK_SECRET ?? `whsec_${randomBytes(32).toString('base64')}`,
  }
}

/** Where this machine finds a server that listens on HOLDPOINT_HOST. */
function nearHost({ HOLDPOINT_HOST }: Env): string {
  return HOLDPOINT_HOST === '0.0.0.0' ? '127.0.0.1' : HOLDPOINT_HOST === '::' ? '[::1]' : HOLDPOINT_HOST
}

const TSX = 'node_modules/tsx/dist/cli.mjs'
const WORKER = 'lib/engine/worker-main.ts'
/** It may be in the middle of a paid call, and saves the answer before it ends. */
export const WORKER_PATIENCE_MS = WORKER_STOPS_WITHIN_MS + 5_000

function bringWorker(isDevelopment: boolean, env: Record<string, string>, say: (line: string) => void): KeptChild {
  return keepRunning({
    name: 'the worker',
    // node's own --watch would run outside the leash, and outlive a supervisor that was killed.
    args: () => [...(isDevelopment ? [TSX, 'watch', '--clear-screen=false'] : ['--import', 'tsx']), WORKER],
    // What `tsx watch` runs is not started again when it leaves: only when a file changes.
    env: () => ({ ...env, HOLDPOINT_WORKER_KEPT: isDevelopment ? '0' : '1' }),
    patienceMs: WORKER_PATIENCE_MS,
    say,
    mayLeave: true,
    isNoise: (line) => line === 'worker: ready',
  })
}

function bringWeb(
  { PORT, HOLDPOINT_HOST }: Env,
  isDevelopment: boolean,
  env: Record<string, string>,
  say: (line: string) => void,
): KeptChild {
  const mode = isDevelopment ? 'development' : 'production'
  return keepRunning({
    name: 'the web server',
    args: () => webArgs(PORT, HOLDPOINT_HOST, isDevelopment),
    env: () => ({ ...env, NODE_ENV: mode, NEXT_TELEMETRY_DISABLED: '1' }),
    // It waits for requests in flight, and for browsers that keep a connection open.
    patienceMs: 5_000,
    say,
    // Next's own greeting names an address before anything behind it is ready; as it stops it shows the cursor again.
    isNoise: (line) => /^\s*(▲|✓|- (Local|Network):)/.test(line) || line.trim() === '\u001b[?25h',
  })
}

async function untilReady(env: Env, signal: AbortSignal) {
  const address = `http://${nearHost(env)}:${env.PORT}/api/health/ready`
  const deadline = Date.now() + READY_MS
  let last = 'it does not answer'
  while (Date.now() < deadline) {
    signal.throwIfAborted()
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(5_000) })
      if (answer.status === 200) return
      last = `it answers ${answer.status} ${await answer.text()}`
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new StartError(`Holdpoint did not become ready within ${READY_MS / 1_000} s: ${last}.`)
}

async function firstOwnerLink(url: string, databaseUrl: string): Promise<string | null> {
  const { connect } = await import('@/lib/store/db.server')
  const { createFirstOwnerLink } = await import('@/lib/access/links.server')
  const db = connect(databaseUrl, 1)
  try {
    return await createFirstOwnerLink(url, db)
  } finally {
    await db.$disconnect()
  }
}

// The supervisor of an earlier start was killed outright: its children are about to stop by themselves.
async function waitForLeftovers({ HOLDPOINT_DATA_DIR, PORT, HOLDPOINT_HOST }: Env) {
  const left = readRunFile(HOLDPOINT_DATA_DIR)
  if (!left || left.port !== PORT || findRunning(HOLDPOINT_DATA_DIR)) return
  const deadline = Date.now() + LEFTOVER_MS
  while (Date.now() < deadline && (await tryPort(PORT, HOLDPOINT_HOST)) === 'EADDRINUSE')
    await new Promise((resolve) => setTimeout(resolve, 100))
}

async function within<T>(work: Promise<T>, ms: number, sentence: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StartError(sentence)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= work()
    return running
  }
}

/** `npm run web`, `npm run worker`, `npm run migrate`: one part alone, for many hosts over one database. */
import { spawn } from 'node:child_process'
import { type Env, parseEnv } from '@/lib/env.server'
import { ensureBuild, ensureClient } from '@/lib/start/build.server'
import { requireDatabase, requirePort } from '@/lib/start/checks.server'
import { requireNode } from '@/lib/start/node-version'
import { findPostgres } from '@/lib/start/postgres.server'
import { readRunFile } from '@/lib/start/run-file.server'
import { StartError } from '@/lib/start/start-error'
import { webArgs } from '@/lib/start/web-args'

const say = (line: string) => console.log(line)

async function findDatabase(env: Env): Promise<string> {
  if (env.DATABASE_URL) {
    await requireDatabase(env.DATABASE_URL)
    return env.DATABASE_URL
  }
  const postgres = await findPostgres(env.HOLDPOINT_DATA_DIR)
  if (postgres) return postgres.url
  throw new StartError('DATABASE_URL is not set, and no "npm start" runs on this machine whose database could be used.')
}

// Beside a running `npm start`, its sandbox provider is this part's too.
function findProvider(env: Env): Record<string, string> {
  if (env.OPENAI_API_KEY || env.OPENAI_BASE_URL) return {}
  const provider = env.DATABASE_URL ? {} : readRunFile(env.HOLDPOINT_DATA_DIR)?.provider
  if (provider?.OPENAI_BASE_URL) return provider
  throw new StartError('No provider is set: give OPENAI_API_KEY, or OPENAI_BASE_URL for another server of that API.')
}

async function runMigrate(env: Env) {
  const url = await findDatabase(env)
  const { migrate } = await import('@/lib/start/migrate.server')
  const applied = await migrate(url)
  for (const name of applied) say(`Applied ${name}.`)
  say('The database is up to date.')
}

async function runWeb(env: Env) {
  await requirePort(env.PORT, env.HOLDPOINT_HOST)
  const shared = { DATABASE_URL: await findDatabase(env), ...findProvider(env) }
  await ensureBuild(say)
  await follow(webArgs(env.PORT, env.HOLDPOINT_HOST), {
    ...shared,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  })
}

async function runWorker(env: Env) {
  const shared = { DATABASE_URL: await findDatabase(env), ...findProvider(env) }
  await follow(['--import', 'tsx', 'lib/engine/worker-main.ts'], shared)
}

// Runs node with `args` to its end, passing on what it prints, the signals, and its exit code.
function follow(args: string[], env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      // 128 + the signal's number is how shells and Next say "stopped as asked".
      const isStopped = signal === 'SIGINT' || signal === 'SIGTERM' || code === 130 || code === 143
      process.exitCode = isStopped ? 0 : (code ?? 1)
      resolve()
    })
  })
}

const PARTS: Record<string, (env: Env) => Promise<void>> = { migrate: runMigrate, web: runWeb, worker: runWorker }

async function main() {
  requireNode(process.versions.node)
  const part = PARTS[process.argv[2] ?? '']
  if (!part) throw new StartError(`Give one of: ${Object.keys(PARTS).join(', ')}.`)
  const env = parseEnv(process.env)
  await ensureClient(say)
  await part(env)
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    const isExpected = error instanceof Error && (error.name === 'StartError' || error.name === 'EnvError')
    process.stderr.write(`${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
)

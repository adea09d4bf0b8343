/** `npm run worker`: one worker process. Any number may run over one database. */
import { setTimeout as pause } from 'node:timers/promises'
import { env } from '@/lib/env.server'
import { provider } from '@/lib/provider/current.server'
import { db } from '@/lib/store/db.server'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { type RunningWorker, startWorker } from './worker.server'

const log = (line: string) => process.stdout.write(`worker: ${line}\n`)

let worker: RunningWorker | undefined
let isStopping = false

async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  await worker?.stop()
  await db().$disconnect()
  process.exit(0)
}

process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())
// Its parent is gone: nobody would stop it any more.
process.on('disconnect', () => void stop())

/** Runs until it is told to stop. While the database is away it tries again, a little later each time. */
async function main(): Promise<void> {
  const { DATABASE_URL, HOLDPOINT_POLL_MS, HOLDPOINT_RETRY_MS } = env()
  if (DATABASE_URL === undefined) throw new Error('DATABASE_URL is not set. Run `npm start`, or set it.')
  for (let failures = 0; !isStopping; ) {
    try {
      await publishBuiltins(db())
      worker = await startWorker({
        db: db(),
        databaseUrl: DATABASE_URL,
        provider: provider(),
        pollMs: HOLDPOINT_POLL_MS,
        retryMs: HOLDPOINT_RETRY_MS,
        version: process.env.npm_package_version ?? 'unknown',
        log,
      })
      failures = 0
      log('ready')
      await worker.ended
    } catch (error) {
      failures += 1
      log(`stopped: ${error instanceof Error ? error.message : String(error)}`)
    }
    if (!isStopping) await pause(Math.min(500 * 2 ** failures, 10_000))
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})

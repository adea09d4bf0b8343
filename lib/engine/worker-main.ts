/** `npm run worker`: one worker process. Any number may run over one database. */
import { setTimeout as pause } from 'node:timers/promises'
import { env } from '@/lib/env.server'
import { seedPrices } from '@/lib/money/price-list.server'
import { provider } from '@/lib/provider/current.server'
import { publishBuiltinRules } from '@/lib/rules/store.server'
import { db } from '@/lib/store/db.server'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { type RunningWorker, startWorker } from './worker.server'

const log = (line: string) => process.stdout.write(`worker: ${line}\n`)

let worker: RunningWorker | undefined
let isStopping = false

async function stop(how = { patient: false }): Promise<void> {
  if (isStopping) return
  isStopping = true
  try {
    await worker?.stop(how)
    await db().$disconnect()
  } finally {
    // Where the database is away, its row says nothing of it: others find that it is silent.
    process.exit(0)
  }
}

process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())
// Its parent is gone: nobody would stop it any more.
process.on('disconnect', () => void stop())

/**
 * What breaks the runner from inside, such as a query of the job engine that nobody awaited when the database went
 * away. The process lives on: it may hold the answer to a paid call that is not saved yet.
 */
function whenBroken(): Promise<never> {
  return new Promise((_resolve, reject) => {
    process.removeAllListeners('unhandledRejection')
    process.on('unhandledRejection', reject)
  })
}

/** Runs until it is told to stop. While the database is away it tries again, a little later each time. */
async function main(): Promise<void> {
  const { DATABASE_URL, HOLDPOINT_POLL_MS, HOLDPOINT_RETRY_MS } = env()
  if (DATABASE_URL === undefined) throw new Error('DATABASE_URL is not set. Run `npm start`, or set it.')
  for (let failures = 0; !isStopping; ) {
    const broken = whenBroken()
    try {
      await publishBuiltins(db())
      await publishBuiltinRules(db())
      await seedPrices(db())
      worker = await startWorker({
        db: db(),
        databaseUrl: DATABASE_URL,
        provider: provider(),
        pollMs: HOLDPOINT_POLL_MS,
        retryMs: HOLDPOINT_RETRY_MS,
        version: process.env.npm_package_version ?? 'unknown',
        isKept: process.env.HOLDPOINT_WORKER_KEPT === '1',
        mail: env(),
        log,
      })
      failures = 0
      log('ready')
      void worker.askedToLeave.then(() => {
        log('was asked to leave: it finishes what it has in hand')
        return stop({ patient: true })
      })
      await Promise.race([worker.ended, broken])
    } catch (error) {
      failures += 1
      log(`stopped: ${error instanceof Error ? error.message : String(error)}`)
    }
    if (isStopping) return
    // The old one must not go on beating: what its runner held would stay locked.
    await worker?.stop().catch(() => undefined)
    worker = undefined
    await pause(Math.min(500 * 2 ** failures, 10_000))
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})

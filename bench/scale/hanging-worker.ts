/** A worker that takes a job in hand and never comes back from its look: to be killed. */
import { startWorker } from '@/lib/engine/worker.server'
import { connect } from '@/lib/store/db.server'
import { BenchProvider } from '../engine'

const url = process.env.DATABASE_URL ?? ''

class Hanging extends BenchProvider {
  override async retrieve(id: string): Promise<never> {
    const attempt = await db.attempt.findFirst({ where: { responseId: id } })
    process.stdout.write(`holds ${attempt?.jobId}\n`)
    return new Promise<never>(() => undefined)
  }
}

const db = connect(url)
await startWorker({
  db,
  databaseUrl: url,
  provider: new Hanging(true),
  pollMs: 100,
  retryMs: 100,
  version: 'bench',
  log: (line) => process.stderr.write(`${line}\n`),
})

/** A worker of pg-boss that takes a job in hand and never comes back: to be killed. */
import { AT_ITS_SHORTEST, loadBoss } from './boss'

const [queue = ''] = process.argv.slice(2)
const PgBoss = await loadBoss()
const boss = new PgBoss({ connectionString: process.env.DATABASE_URL, useListenNotify: true, ...AT_ITS_SHORTEST })
boss.on('error', (error) => process.stderr.write(`${error.message}\n`))
await boss.start()
await boss.work(queue, { pollingIntervalSeconds: 0.5 }, async ([job]) => {
  process.stdout.write(`holds ${job?.data.id}\n`)
  await new Promise<never>(() => undefined)
})

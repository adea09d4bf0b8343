/**
 * What a web server does beside answering: it looks at the rules of alerts, because somebody must be there to say that
 * no worker is. Only then does it also send what workers would.
 */
import { hostname } from 'node:os'
import { type Env, env } from '@/lib/env.server'
import { sendDueMail } from '@/lib/notices/mail.server'
import { WORKER_SILENCE_MS } from '@/lib/start/readiness.server'
import { type Db, db } from '@/lib/store/db.server'
import { parseAllowList } from '@/lib/tools/addresses'
import { evaluateAlerts } from './evaluate.server'
import { sendAlertMessages } from './messages.server'

const TURN_EVERY_MS = 5_000

export type Watch = { stop: () => Promise<void> }

export type WatchOptions = {
  /** Gives the client, and may itself fail. */
  open: () => Db
  env: Env
  log: (line: string) => void
}

/** Begins, and goes on until it is stopped. A turn that failed is told once, and made again. */
export function watchAlerts({ open, env: given, log }: WatchOptions): Watch {
  let isStopped = false
  let wasWell = true
  let timer: NodeJS.Timeout | undefined
  let current: Promise<void> = Promise.resolve()
  const next = () => {
    // The watch alone keeps no process alive.
    if (!isStopped) timer = setTimeout(begin, TURN_EVERY_MS).unref()
  }
  const begin = () => {
    current = turn(open, given, log).then(
      () => {
        wasWell = true
      },
      (error: unknown) => {
        // While the database is away, that is said by everything else, and every five seconds would be too much.
        if (wasWell) log(`The alerts could not be looked at: ${error instanceof Error ? error.message : String(error)}`)
        wasWell = false
      },
    )
    void current.then(next)
  }
  next()
  return {
    stop: async () => {
      isStopped = true
      clearTimeout(timer)
      await current
    },
  }
}

// One watch for the process, kept across the module reloads of `next dev`.
const holder = globalThis as unknown as { holdpointAlertWatch?: Watch }

/** Begins the watch of this web server, with the first of its requests; every later call does nothing. */
export function keepWatch(): void {
  holder.holdpointAlertWatch ??= watchAlerts({ open: db, env: env(), log: (line) => console.warn(line) })
}

/** One turn. */
export async function turn(open: () => Db, given: Env, log: (line: string) => void): Promise<void> {
  const database = open()
  await evaluateAlerts(database, { by: `web server ${hostname()}:${process.pid}` })
  if (await isWorkerAlive(database)) return
  const now = () => new Date()
  await sendAlertMessages({
    db: database,
    allowed: parseAllowList(given.HOLDPOINT_ALLOW_PRIVATE),
    now,
    random: Math.random,
  })
  // Without a server of its own it would put letters into a folder that workers, who have one, would have sent.
  if (given.HOLDPOINT_SMTP_URL !== undefined) await sendDueMail({ db: database, environment: given, now, log })
}

async function isWorkerAlive(tx: Db): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ alive: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM worker
                    WHERE stopped_at IS NULL AND beat_at > now() - make_interval(secs => ${WORKER_SILENCE_MS / 1000})) AS alive`
  return row?.alive ?? false
}

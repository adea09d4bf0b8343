/** Hears what other processes change, over LISTEN/NOTIFY, on a connection of its own that mends itself. */
import { Client, escapeIdentifier } from 'pg'
import { SESSION_OPTIONS } from '@/lib/store/db.server'

export type Listener = {
  /** False while the connection is away: whatever was remembered may be out of date, so do not serve it. */
  isUp(): boolean
  close(): Promise<void>
}

/** How often a quiet connection is tried: a peer that vanished sends no error by itself. */
const BEAT_MS = 10_000
const ANSWER_WITHIN_MS = 5_000
const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 5_000

/**
 * Listens on `channel` until closed. Messages sent while the connection was away are lost, so `onReconnect` runs
 * each time the listening begins, the first time included: forget there what the messages would have corrected.
 * `url` is that of the process unless given.
 */
export function listen(
  channel: string,
  onMessage: (payload: string) => void,
  onReconnect: () => void,
  url = process.env.DATABASE_URL,
): Listener {
  let client: Client | null = null
  let up = false
  let closed = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined

  function later(milliseconds: number, what: () => void): void {
    clearTimeout(timer)
    timer = setTimeout(what, milliseconds)
    timer.unref()
  }

  function drop(lost: Client): void {
    if (client !== lost) return
    client = null
    up = false
    // Nobody waits for a peer that may be gone; what it still says is not heard.
    lost.removeAllListeners('notification')
    lost.end().catch(() => undefined)
    if (closed) return
    const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures)
    failures += 1
    later(wait * (0.5 + Math.random() / 2), connect)
  }

  function beat(current: Client): void {
    later(BEAT_MS, () => {
      current.query('SELECT 1').then(
        () => {
          if (client === current) beat(current)
        },
        () => drop(current),
      )
    })
  }

  function connect(): void {
    const current = new Client({
      connectionString: url,
      options: SESSION_OPTIONS,
      application_name: 'holdpoint listen',
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
    })
    client = current
    // Without a handler, a connection that breaks would end the process.
    current.on('error', () => drop(current))
    current.on('end', () => drop(current))
    current.on('notification', (message) => onMessage(message.payload ?? ''))
    current
      .connect()
      .then(() => current.query(`LISTEN ${escapeIdentifier(channel)}`))
      .then(
        () => {
          if (client !== current) return
          up = true
          failures = 0
          onReconnect()
          beat(current)
        },
        () => drop(current),
      )
  }

  connect()
  return {
    isUp: () => up,
    async close() {
      closed = true
      clearTimeout(timer)
      const last = client
      client = null
      up = false
      await last?.end().catch(() => undefined)
    },
  }
}

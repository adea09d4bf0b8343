/** The connection to PostgreSQL, as the application's role: it cannot change history. */
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '@/lib/generated/prisma/client'

/** The role of the application. The owner (whose URL this is) migrates and runs the job engine. */
export const APPLICATION_ROLE = 'holdpoint_app'

/**
 * What each connection of the application is told as it begins. Prisma sends moments without a zone, so the session's
 * zone is UTC whatever that of the server, the database or the user.
 */
export const SESSION_OPTIONS = `-c role=${APPLICATION_ROLE} -c timezone=UTC`

export type Db = PrismaClient
/** A transaction, or the client itself. */
export type Tx = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends' | '$use'>

export type ConnectLimits = {
  /** Whoever waits longer for a connection is told that the database is away. */
  connectionMs?: number
  /** No transaction waits longer to begin. */
  beginMs?: number
  /** No transaction that sets no limit of its own takes longer. */
  transactionMs?: number
}

/** Connects to `url` as the application's role, by at most `max` connections. The limits are in milliseconds. */
export function connect(
  url: string,
  max = 10,
  { connectionMs = 5_000, beginMs = 10_000, transactionMs = 15_000 }: ConnectLimits = {},
): Db {
  const adapter = new PrismaPg({
    connectionString: url,
    options: SESSION_OPTIONS,
    max,
    connectionTimeoutMillis: connectionMs,
    application_name: 'holdpoint',
  })
  return new PrismaClient({ adapter, transactionOptions: { maxWait: beginMs, timeout: transactionMs } })
}

// One client for the process, kept across the module reloads of `next dev`.
const holder = globalThis as unknown as { holdpointDb?: Db }

/** The client of this process. DATABASE_URL must be set; `npm start` sets it for its children. */
export function db(): Db {
  if (holder.holdpointDb) return holder.holdpointDb
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('DATABASE_URL is not set. Run `npm start`, which brings a database, or set it.')
  holder.holdpointDb = connect(url)
  return holder.holdpointDb
}

/** Telling "the database is away" from every other failure, by code, or by what is said where there is none. */

/** Prisma: not reachable, timed out, connection closed, no connection from the pool in time, too many connections. */
const PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'])
/** Kinds of the driver adapter's errors. */
const ADAPTER = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TlsConnectionError',
])
/** The system, and PostgreSQL while it starts, stops or has no place (class 57P, 08 and 53300). */
const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  '53300',
])

/**
 * What pg says, without a code, where no connection came free in time and where none could be made in time. Whether the
 * database or this process had too much to do cannot be told: either way nothing was asked.
 */
const WITHOUT_A_CODE = new Set(['timeout exceeded when trying to connect', 'timeout expired'])

/** True where the database could not be reached, so that nothing is known of what was asked. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; depth < 8 && typeof at === 'object' && at !== null; depth += 1) {
    const { code, kind, originalCode, message, cause } = at as {
      code?: unknown
      kind?: unknown
      originalCode?: unknown
      message?: unknown
      cause?: unknown
    }
    if (
      PRISMA.has(String(code)) ||
      SYSTEM.has(String(code)) ||
      SYSTEM.has(String(originalCode)) ||
      ADAPTER.has(String(kind)) ||
      WITHOUT_A_CODE.has(String(message))
    )
      return true
    at = cause
  }
  return false
}

/** True where PostgreSQL broke a deadlock or a serialisation conflict by this transaction: it may be run again. */
export function isDeadlock(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; depth < 8 && typeof at === 'object' && at !== null; depth += 1) {
    const { code, originalCode, cause } = at as { code?: unknown; originalCode?: unknown; cause?: unknown }
    if (code === 'P2034' || [code, originalCode].some((one) => one === '40P01' || one === '40001')) return true
    at = cause
  }
  return false
}

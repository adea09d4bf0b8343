/** What can be wrong before anything is started, each said in one sentence. */
import net from 'node:net'
import pg from 'pg'
import { StartError } from '@/lib/start/start-error'

/**
 * Makes sure that the web server can listen there.
 * @throws {StartError} saying which port is taken and how to choose another.
 */
export async function requirePort(port: number, host: string) {
  const code = await tryPort(port, host)
  if (code === null) return
  const other = port < 65_535 ? port + 1 : port - 1
  if (code === 'EADDRINUSE')
    throw new StartError(
      `Port ${port} is taken by another program: stop that one, or choose another port, for example PORT=${other} npm start.`,
    )
  if (code === 'EACCES')
    throw new StartError(
      `Port ${port} may not be used by this user: choose one above 1023, for example PORT=3000 npm start.`,
    )
  throw new StartError(`The web server cannot listen on ${host}:${port} (${code}): check PORT and HOLDPOINT_HOST.`)
}

/** Why nothing can listen there now (a code such as EADDRINUSE); null when something can. */
export function tryPort(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
}

// PostgreSQL's own codes (appendix A of its manual).
const REFUSALS: Record<string, string> = {
  '28P01': 'refuses the password',
  '28000': 'refuses this user',
  '3D000': 'has no database of that name',
  '53300': 'has no connection left',
  '57P03': 'is starting up or shutting down',
}

// The operating system's codes.
const NETWORK_REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'the host does not answer',
  EHOSTUNREACH: 'there is no way to that host',
}

/**
 * Makes sure that DATABASE_URL leads to a database.
 * @throws {StartError} with the host (never the password) and the reason.
 */
export async function requireDatabase(url: string) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT 1')
  } catch (cause) {
    const reason = databaseFailure(cause)
    throw new StartError(
      `The database at ${hostOf(url)} ${reason}: start or correct it, or check DATABASE_URL (without it, Holdpoint brings its own).`,
      { cause },
    )
  } finally {
    await client.end().catch(() => {})
  }
}

/** Why a database gives no answer, in words that follow "The database …". */
export function databaseFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  if (code === null) return 'does not answer within 5 seconds'
  const reason = NETWORK_REASONS[code]
  return REFUSALS[code] ?? `cannot be reached (${reason ? `${reason}, ` : ''}${code})`
}

/** Host, port and name of a database, without user and password. */
export function hostOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url)
  return `${host || (searchParams.get('host') ?? 'localhost')}${pathname}`
}

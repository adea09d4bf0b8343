/** The command line of the web server, the same whether it runs beside everything else or on a host of its own. */

const NEXT = 'node_modules/next/dist/bin/next'
const LET_GO = './lib/start/let-go.ts'

/**
 * How long, in milliseconds, the web server keeps a connection that nothing uses. Node's own 5 s are shorter than what
 * proxies (60 s as a rule) and clients keep, and whoever then sends into the closing connection finds it reset, not
 * knowing whether the request was taken: the side that closes first must not be this one.
 */
export const IDLE_CONNECTION_MS = 75_000

/** What node runs to serve the pages and the API at `port` of `host`; development watches files. */
export function webArgs(port: number, host: string, isDevelopment = false): string[] {
  const place = ['-p', String(port), '-H', host]
  if (isDevelopment) return [NEXT, 'dev', ...place]
  return ['--import', LET_GO, NEXT, 'start', ...place, '--keepAliveTimeout', String(IDLE_CONNECTION_MS)]
}

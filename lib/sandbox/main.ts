/**
 * The sandbox as a process of its own. Reads SANDBOX_PORT (a free one where absent or 0), SANDBOX_DIR, SANDBOX_SECONDS
 * and SANDBOX_REQUESTS_PER_MINUTE; sends webhooks where HOLDPOINT_SANDBOX_WEBHOOK_URL and OPENAI_WEBHOOK_SECRET are set.
 * Says where it listens on standard output and, where it was forked, to its parent as `{ port }`. Ends when the parent
 * goes away, or by SIGTERM or SIGINT.
 */
import { startSandbox } from './http.server'
import { generousLimits } from './limits'

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function readNumber(name: string, most: number): number | undefined {
  const given = process.env[name]
  if (!given) return undefined
  const value = Number(given)
  if (!(value >= 0 && value <= most)) fail(`${name} must be a number between 0 and ${most}.`)
  return value
}

const dir = process.env.SANDBOX_DIR
if (!dir) fail('SANDBOX_DIR must name a folder for the files of the sandbox.')
const port = readNumber('SANDBOX_PORT', 65_535)
const seconds = readNumber('SANDBOX_SECONDS', 86_400)
const requests = readNumber('SANDBOX_REQUESTS_PER_MINUTE', 1_000_000)
const { HOLDPOINT_SANDBOX_WEBHOOK_URL: url, OPENAI_WEBHOOK_SECRET: secret } = process.env

try {
  const sandbox = await startSandbox({
    dir,
    ...(port === undefined ? {} : { port }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(requests ? { limits: { ...generousLimits, requests } } : {}),
    ...(url && secret ? { webhook: { url, secret } } : {}),
  })
  let isStopping = false
  // Ctrl-C in a terminal comes as SIGINT here and as a lost parent at once.
  const stop = () => {
    if (isStopping) return
    isStopping = true
    sandbox.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('disconnect', stop)
  // A supervisor that only printed this line's port would miss a restart on another one: it is sent as well.
  process.stdout.write(`sandbox listening on http://127.0.0.1:${sandbox.port}\n`)
  process.send?.({ port: sandbox.port })
} catch (cause) {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  if (code === 'EADDRINUSE') fail(`The sandbox cannot listen on port ${port}: it is taken.`)
  fail(`The sandbox cannot start: ${cause instanceof Error ? cause.message : String(cause)}`)
}

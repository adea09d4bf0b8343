/** `npm start` and `npm run dev`. */
import { requireNode } from '@/lib/start/node-version'

const say = (line: string) => console.log(line)

/** One sentence on standard error, for what a person can put right; everything else with its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isExpected = error.name === 'StartError' || error.name === 'EnvError'
  return isExpected ? error.message : (error.stack ?? error.message)
}

async function main() {
  requireNode(process.versions.node)
  // Only now: what stands behind it does not even load on an old Node.
  const { start } = await import('@/lib/start/supervise.server')
  const begun = Date.now()
  let holdpoint: Awaited<ReturnType<typeof start>> | undefined
  let isStopping = false

  const changedMind = new AbortController()
  const starting = start({ isDevelopment: process.argv.includes('--dev'), say, signal: changedMind.signal })
  const stop = async () => {
    // npm and the terminal both pass Ctrl-C on: the second one says nothing new.
    if (isStopping) return
    isStopping = true
    say('Stopping …')
    changedMind.abort()
    holdpoint ??= await starting.catch(() => undefined)
    await holdpoint?.stop()
    say('Stopped.')
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  process.on('disconnect', stop)

  try {
    holdpoint = await starting
  } catch (error) {
    // Asked to stop half-way: what fails then is no news.
    if (!isStopping) throw error
  }
  if (isStopping || !holdpoint) return
  say('')
  say(`Holdpoint is ready at ${holdpoint.url} (after ${((Date.now() - begun) / 1_000).toFixed(1)} s).`)
  if (holdpoint.ownerLink) say(`Sign in as the first owner, once, with this link:\n${holdpoint.ownerLink}`)
  say('Ctrl-C stops everything.')
  process.send?.({ url: holdpoint.url, databaseUrl: holdpoint.databaseUrl, ownerLink: holdpoint.ownerLink })
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
})

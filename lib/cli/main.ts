/** `npm run -s holdpoint -- <command>`: what an administrator does from the command line. */
import { parseEnv } from '@/lib/env.server'
import { requireNode } from '@/lib/start/node-version'

/** Expected refusals are a sentence; anything else is shown whole. */
const EXPECTED = new Set(['StartError', 'EnvError', 'AccessRefused', 'CommanderError'])

async function main() {
  requireNode(process.versions.node)
  const { createProgram } = await import('@/lib/cli/program')
  await createProgram(() => parseEnv(process.env)).parseAsync(process.argv)
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    const isExpected = error instanceof Error && EXPECTED.has(error.name)
    process.stderr.write(`${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
)

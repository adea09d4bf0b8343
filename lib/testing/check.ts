/** `npm run check`: format, lint, import directions and types, side by side. */
import { spawn } from 'node:child_process'
import { ensureClient } from '@/lib/start/build.server'

const CHECKS: { name: string; steps: string[][] }[] = [
  {
    name: 'Format and lint',
    steps: [['node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--colors=off']],
  },
  {
    name: 'Types',
    // Next writes the types of the routes (PageProps, RouteContext) that the pages use.
    steps: [
      ['node_modules/next/dist/bin/next', 'typegen'],
      ['node_modules/typescript/bin/tsc', '--noEmit'],
    ],
  },
]

type Outcome = { isFine: boolean; printed: string }

function run(args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        printed += chunk
      })
    child.on('error', reject)
    child.on('close', (code) => resolve({ isFine: code === 0, printed }))
  })
}

async function check({ name, steps }: (typeof CHECKS)[number]): Promise<boolean> {
  for (const step of steps) {
    const { isFine, printed } = await run(step)
    if (isFine) continue
    console.log(`${printed.trimEnd()}\n${name}: failed.`)
    return false
  }
  console.log(`${name}: fine.`)
  return true
}

await ensureClient((line) => console.log(line))
const outcomes = await Promise.all(CHECKS.map(check))
process.exit(outcomes.every(Boolean) ? 0 : 1)

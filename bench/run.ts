/**
 * `npm run bench [-- --only NAME] [--jobs N] [--waiting N]`: measures, prints a table and writes bench/results.json.
 * Nothing is asserted: a target that was missed is printed as one.
 */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Product } from '@/e2e/product'
import { decisionMeasures } from './decisions'
import { httpMeasures, startProduct } from './http'
import { inboxMeasures } from './inbox'
import { type Measure, tableOf } from './measure'
import { screenMeasures } from './screen'
import { type Bench, openBench } from './store'
import { webhookMeasures } from './webhooks'

const GROUPS = ['inbox', 'decisions', 'http', 'screen', 'webhooks'] as const
type Group = (typeof GROUPS)[number]

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    jobs: { type: 'string', default: '20000' },
    waiting: { type: 'string', default: '10000' },
  },
})
const only = GROUPS.find((group) => group === values.only)
if (values.only !== undefined && only === undefined) {
  console.error(`There is no group "${values.only}". There are: ${GROUPS.join(', ')}.`)
  process.exit(1)
}
const wanted = (group: Group) => only === undefined || only === group
const jobs = Number(values.jobs)
const waiting = Math.min(Number(values.waiting), Math.floor(jobs / 2))
const isBuilt = fs.existsSync(path.join('.next', 'BUILD_ID'))
const loadBefore = os.loadavg()[0] ?? 0

const measures: Measure[] = []
const left: string[] = []
if (GROUPS.slice(0, 4).some(wanted)) {
  await using bench = await openBench({ jobs, waiting })
  if (wanted('inbox')) measures.push(...(await inboxMeasures(bench)))
  if (wanted('decisions')) measures.push(...(await decisionMeasures(bench)))
  if (wanted('http') || wanted('screen')) await measureBuilt(bench)
}
if (wanted('webhooks')) {
  if (isBuilt) measures.push(...(await webhookMeasures()))
  else left.push('webhooks: there is no build. Run npm run build first.')
}
write()

async function measureBuilt(bench: Bench): Promise<void> {
  if (!isBuilt) {
    left.push('http, screen: there is no build. Run npm run build first.')
    return
  }
  const product = await startProduct(bench)
  try {
    if (wanted('http')) await attempt('http', product, (running) => httpMeasures(bench, running))
    if (wanted('screen')) await attempt('screen', product, (running) => screenMeasures(bench, running))
  } finally {
    await product.end('SIGTERM')
  }
}

/** A group that cannot be measured is left out, and it is said why: the others still count. */
async function attempt(group: Group, product: Product, work: (product: Product) => Promise<Measure[]>): Promise<void> {
  try {
    measures.push(...(await work(product)))
  } catch (error) {
    left.push(`${group}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function write(): void {
  const cores = os.cpus()
  const machine = {
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
    // Of the minute before: above half of the cores, something else was at work, and the figures are worse than they are.
    loadBefore: Math.round(loadBefore * 100) / 100,
    wasIdle: loadBefore < cores.length / 2,
  }
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const result = { machine, at: new Date().toISOString(), commit, jobs, waiting, measures, leftOut: left }
  const file = path.join('bench', 'results.json')
  fs.writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
  console.log(`\n${tableOf(measures)}\n`)
  for (const line of left) console.log(`Left out: ${line}`)
  if (!machine.wasIdle) {
    console.log(
      `The machine was not idle (load ${machine.loadBefore} on ${machine.cores} cores): measure again when it is.`,
    )
  }
  console.log(`Written to ${file}.`)
}

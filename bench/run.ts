/**
 * `npm run bench [-- --only NAME] [--jobs N] [--waiting N]`: measures, prints a table and writes bench/results.json.
 * Nothing is asserted: a target that was missed is printed as one.
 */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { chainMeasures } from './chain'
import { cleanUp, cleanUpWhenInterrupted } from './cleanup'
import { decisionMeasures } from './decisions'
import { httpMeasures, startProduct } from './http'
import { inboxMeasures } from './inbox'
import { isBehind, type Measure, type Measured, tableOf } from './measure'
import { peerMeasures } from './peer/measures'
import { lifeMeasures } from './scale/life'
import { pageMeasures } from './scale/pages'
import { pollMeasures } from './scale/poll'
import { queueMeasures } from './scale/queues'
import { searchMeasures } from './scale/search'
import { wakeMeasures } from './scale/wake'
import { screenMeasures } from './screen'
import { type Bench, openStore, ownCopy } from './store'
import { requireBuild } from './web'
import { webhookMeasures } from './webhooks'

/** Over a store of a desk's size, which they change: they get a copy. */
const DESK = ['inbox', 'decisions', 'http', 'screen'] as const
/** Over the large store, to which some add a few jobs. */
const SCALE: Record<string, (bench: Bench) => Promise<Measured[]>> = {
  pages: pageMeasures,
  search: searchMeasures,
  poll: pollMeasures,
  queues: queueMeasures,
  wake: wakeMeasures,
  peer: peerMeasures,
  life: lifeMeasures,
}
const GROUPS: string[] = [...DESK, 'webhooks', ...Object.keys(SCALE), 'chain']
const MOST_AT_THE_DESK = 20_000

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string', default: '1000000' },
    waiting: { type: 'string', default: '10000' },
  },
})
const unknown = values.only.flatMap((name) => name.split(',')).find((name) => !GROUPS.includes(name))
if (unknown !== undefined) {
  console.error(`There is no group "${unknown}". There are: ${GROUPS.join(', ')}.`)
  process.exit(1)
}
const only = values.only.flatMap((name) => name.split(','))
const wanted = (group: string) => only.length === 0 || only.includes(group)
const jobs = Number(values.jobs)
const deskJobs = Math.min(jobs, MOST_AT_THE_DESK)
const deskWaiting = Math.min(Number(values.waiting), Math.floor(deskJobs / 2))

type Group = { at: string; commit: string; jobs: number; seconds: number | null; leftOut: string | null }

const cores = os.cpus()
const loadBefore = os.loadavg()[0] ?? 0
const machine = {
  cpu: cores[0]?.model ?? 'unknown',
  cores: cores.length,
  memoryGb: Math.round(os.totalmem() / 2 ** 30),
  node: process.version,
  platform: `${os.type()} ${os.release()} ${os.arch()}`,
  // Of the minute before: above half of the cores, something else was at work, and the figures are worse than they are.
  loadBefore: Math.round(loadBefore * 100) / 100,
  wasIdle: loadBefore < cores.length / 2,
}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const measures: Measure[] = []
const groups: Record<string, Group> = {}

/** A group that cannot be measured is left out, and it is said why: the others still count. */
async function attempt(group: string, size: number, work: () => Promise<Measured[]>): Promise<void> {
  if (!wanted(group)) return
  console.log(`Measuring ${group} …`)
  const begun = performance.now()
  let leftOut: string | null = null
  try {
    measures.push(...(await work()).map((measure) => ({ group, ...measure })))
  } catch (error) {
    leftOut = error instanceof Error ? error.message : String(error)
    console.error(`Left out ${group}: ${leftOut}`)
  }
  const seconds = Math.round((performance.now() - begun) / 100) / 10
  groups[group] = { at: new Date().toISOString(), commit, jobs: size, seconds, leftOut }
}

async function measureDesk(): Promise<void> {
  if (!DESK.some(wanted)) return
  await using bench = await ownCopy({ jobs: deskJobs, waiting: deskWaiting })
  await attempt('inbox', deskJobs, () => inboxMeasures(bench))
  await attempt('decisions', deskJobs, () => decisionMeasures(bench))
  if (!wanted('http') && !wanted('screen')) return
  const withProduct = async (work: (product: Awaited<ReturnType<typeof startProduct>>) => Promise<Measured[]>) => {
    requireBuild()
    const product = await startProduct(bench)
    try {
      return await work(product)
    } finally {
      await product.end('SIGTERM')
    }
  }
  await attempt('http', deskJobs, () => withProduct((product) => httpMeasures(bench, product)))
  await attempt('screen', deskJobs, () => withProduct((product) => screenMeasures(bench, product)))
}

/** A small run has one store for all. */
async function measureScale(): Promise<void> {
  if (!Object.keys(SCALE).some(wanted)) return
  await using bench = await openStore({ jobs, waiting: jobs === deskJobs ? deskWaiting : Math.round(jobs / 8) })
  for (const [group, measure] of Object.entries(SCALE)) await attempt(group, jobs, () => measure(bench))
}

cleanUpWhenInterrupted()
try {
  await measureDesk()
  await attempt('webhooks', 0, async () => {
    requireBuild()
    return webhookMeasures()
  })
  await measureScale()
  await attempt('chain', 0, chainMeasures)
} finally {
  await cleanUp()
}
write()

type Results = { machine: object; groups: Record<string, Group & { machine: object }>; measures: Measure[] }

/** What was measured now takes the place of what was; groups that were not asked for stay as they were. */
function write(): void {
  const file = path.join('bench', 'results.json')
  const before = readResults(file)
  const now = Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, { ...group, machine }]))
  const results: Results = {
    machine,
    groups: { ...before?.groups, ...now },
    measures: [...(before?.measures ?? []).filter(({ group }) => !(group in now)), ...measures].toSorted(
      (one, other) => GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group),
    ),
  }
  fs.writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  console.log(`\n${tableOf(measures)}\n`)
  const behind = measures.filter(isBehind).length
  console.log(
    behind === 0
      ? 'Nothing is behind or missed.'
      : `${behind} of ${measures.length} are behind or missed: they stand on top.`,
  )
  for (const [name, { leftOut }] of Object.entries(groups))
    if (leftOut !== null) console.log(`Left out: ${name}: ${leftOut}`)
  if (!machine.wasIdle) {
    console.log(
      `The machine was not idle (load ${machine.loadBefore} on ${machine.cores} cores): measure again when it is.`,
    )
  }
  console.log(`Written to ${file}.`)
}

/** Null where there are none, or they are of another form. */
function readResults(file: string): Results | null {
  if (!fs.existsSync(file)) return null
  const found = JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Results>
  return found.groups === undefined ? null : (found as Results)
}

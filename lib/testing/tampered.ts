/** A store with every kind of history, which is tampered with again and again, and put back each time. */
import fs from 'node:fs'
import pg from 'pg'
import type { Actor } from '@/lib/access/actor'
import { anchorWhatChanged } from '@/lib/audit/anchor.server'
import type { Finding } from '@/lib/audit/findings'
import { queryOf } from '@/lib/audit/query.server'
import { verifyStore } from '@/lib/audit/verify-store.server'
import { generate } from '@/lib/generate/generate.server'
import { seeded } from '@/lib/generate/seeded'
import { tellStories } from '@/lib/generate/stories.server'
import type { GiveCommand } from '@/lib/jobs/view'
import { giveCommand } from '@/lib/store/command.server'
import type { Db } from '@/lib/store/db.server'
import type { DeliveryDefinition } from '@/lib/workflows/definition'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { type TestDatabase, testDatabase } from './database'
import { DELIVERY_DIR } from './deliveries'
import { type Engine, REPORT, testEngine } from './engine'
import { jobStanding, type Standing } from './histories'
import { person } from './people'
import { plainRules } from './plain-rules'
import { answered, hashesOf, INTO_A_FILE, publishUnder } from './policies'
import { TAMPERINGS, tamperable, type World } from './tamper'

export type Tampered = {
  client: pg.Client
  verify: () => Promise<Finding[]>
  [Symbol.asyncDispose](): Promise<void>
}

const JOBS = 40

/** `count` generated stores, with deliveries, revisions and calls, each with histories of its own. */
export async function openGenerated(count: number): Promise<Tampered[]> {
  await using scratch = await testDatabase()
  const told = await tellStories(scratch.url)
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const store = await testDatabase()
      const options = { jobs: JOBS, reviewers: 4, unfinished: true, intoExisting: false }
      await generate(store, told, { ...options, seed: index + 1 })
      return opened(store)
    }),
  )
}

const STANDINGS: Standing[] = [
  { state: 'queued', round: null },
  { state: 'running', round: null },
  { state: 'awaiting_review', round: 'result' },
  { state: 'awaiting_review', round: 'permission' },
  { state: 'completed', round: null },
  { state: 'abandoned', round: null },
  { state: 'failed', round: null },
]

/** A job in each state, made by the commands that lead there, and two that leave; over two anchors. */
export async function openSmall(): Promise<Tampered> {
  const store = await testDatabase()
  const { db } = store
  await publishBuiltins(db)
  const [owner, requester] = [await person(db, ['owner']), await person(db, ['requester'])]
  const engine = await testEngine(db)
  for (const standing of STANDINGS) {
    const { id } = await jobStanding({ db, engine, owner, requester }, standing)
    await giveCommand(db, owner, id, { command: 'comment', note: `A word about ${standing.state}.` }, 'api')
    if (standing.round === 'result') await anchorWhatChanged(db, () => new Date())
  }
  await leave({ db, engine, owner, requester })
  await anchorWhatChanged(db, () => new Date())
  return opened(store)
}

/** One delivery that was sent, and one that a person confirmed, each marked and edited before it was approved. */
async function leave(world: { db: Db; engine: Engine; owner: Actor; requester: Actor }): Promise<void> {
  const { db, engine, owner } = world
  const byHand: DeliveryDefinition = { kind: 'by_hand', instructions: 'Enter it in the books.' }
  for (const delivery of [byHand, INTO_A_FILE]) {
    const { id } = await answered(world, await publishUnder(db, { approvals: 1 }, { delivery }))
    const give = (command: string, ask: Partial<GiveCommand> = {}) =>
      giveCommand(db, owner, id, { command, ...ask }, 'api')
    const bound = async () => hashesOf(db, id)
    await give('prioritise', { params: { priority: 5 } })
    await give('mark', { ...(await bound()), params: { marks: [{ claim: 0, verdict: 'supported' }] } })
    await give('revise', { ...(await bound()), params: { text: REPORT.replace('Rent', 'The rent') } })
    await give('approve', await bound())
    if (delivery.kind === 'by_hand') await give('confirm', { params: { reference: 'Ledger 1042' } })
    else await engine.step(id)
  }
}

async function opened(store: TestDatabase): Promise<Tampered> {
  const client = new pg.Client({ connectionString: store.superuserUrl })
  // The server closes it when the database is dropped.
  client.on('error', () => {})
  await client.connect()
  const query = queryOf(client)
  return {
    client,
    verify: async () => {
      const found: Finding[] = []
      await verifyStore(query, { onFinding: (finding) => found.push(finding) })
      return found
    },
    async [Symbol.asyncDispose]() {
      await client.end()
      fs.rmSync(DELIVERY_DIR, { recursive: true, force: true })
      await store[Symbol.asyncDispose]()
    },
  }
}

export type Tampering = {
  cases: number
  /** What was done and not found. */
  missed: string[]
  /** What the control saw. */
  seenByControl: string[]
  /** How often each kind was tried. */
  kinds: Map<string, number>
  milliseconds: number
}

/** Rows that were changed and put back stay behind until their transaction ends. */
const CASES_A_TRANSACTION = 200

export async function tamper(store: Tampered, { cases, seed }: { cases: number; seed: number }): Promise<Tampering> {
  const { client, verify } = store
  const chance = seeded(seed)
  const rules = await plainRules(client)
  const world: World = { client, chance, ...(await tamperable(client)) }
  const begun = performance.now()
  const done: Tampering = { cases: 0, missed: [], seenByControl: [], kinds: new Map(), milliseconds: 0 }
  while (done.cases < cases) {
    await client.query('BEGIN')
    await client.query('SET LOCAL session_replication_role = replica')
    for (let one = 0; one < CASES_A_TRANSACTION && done.cases < cases; one += 1) {
      const tampering = chance.pick(TAMPERINGS)
      await client.query('SAVEPOINT untouched')
      const what = await tampering.run(world)
      if (what === null) {
        await client.query('RELEASE SAVEPOINT untouched')
        continue
      }
      const found = await verify()
      const { rows } = await client.query<{ name: string }>({ name: 'plain_rules', text: rules })
      await client.query('ROLLBACK TO SAVEPOINT untouched')
      await client.query('RELEASE SAVEPOINT untouched')
      if (found.length === 0) done.missed.push(`${tampering.name}: ${what}`)
      if (rows.length > 0)
        done.seenByControl.push(`${tampering.name}: ${what}: ${rows.map(({ name }) => name).join(', ')}`)
      done.kinds.set(tampering.name, (done.kinds.get(tampering.name) ?? 0) + 1)
      done.cases += 1
    }
    await client.query('ROLLBACK')
  }
  return { ...done, milliseconds: performance.now() - begun }
}

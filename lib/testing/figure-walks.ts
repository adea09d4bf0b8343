/** Random histories under several policies, with folds of the figures between them, some of which break off. */
import type { Actor } from '@/lib/access/actor'
import { allowedCommands } from '@/lib/access/can'
import { type Chance, seeded } from '@/lib/generate/seeded'
import type { GiveCommand } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import { foldFigures, sweepFlags } from '@/lib/queues/fold.server'
import { sayPresence } from '@/lib/review/presence.server'
import { giveCommand } from '@/lib/store/command.server'
import { createJob } from '@/lib/store/create.server'
import type { Db } from '@/lib/store/db.server'
import { InvalidInput, JobConflict } from '@/lib/store/errors'
import { factsForCan, loadFacts } from '@/lib/store/facts.server'
import { readBuiltins } from '@/lib/workflows/builtin.server'
import { publish, publishBuiltins } from '@/lib/workflows/store.server'
import { type TestDatabase, testDatabase } from './database'
import { accepted, completed, type Engine, errorOf, LEASE, REPORT, response, testEngine } from './engine'
import { person } from './people'

export type FigureWorld = {
  database: TestDatabase
  db: Db
  engine: Engine
  people: (Actor & { userId: string })[]
}

/** A store with workflows whose results are drawn as samples, or need two people. */
export async function figureWorld(): Promise<FigureWorld> {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const engine = await testEngine(db)
  const people = [await person(db, ['owner'], 'Owner'), await person(db, ['owner'], 'Other')]
  const report = readBuiltins().find(({ key }) => key === 'report')
  if (report === undefined) throw new Error('There is no built-in report.')
  const review = { requesterMayApprove: true, dueHours: 24, undoSeconds: 3_600 }
  // The engine of tests always draws a half: 60 % are all of them.
  await publish(db, { ...report, key: 'sampled', review: { ...review, approvals: 0, samplePercent: 60 } })
  await publish(db, { ...report, key: 'pair', review: { ...review, approvals: 2 } })
  return { database, db, engine, people }
}

async function askFor({ db, people, engine, chance }: Walk): Promise<string> {
  const ask = {
    workflow: chance.pick(['report', 'sampled', 'pair']),
    input: { question: 'When is the rent due?' },
    documents: [{ name: 'lease.md', text: LEASE }],
  }
  const options = { transport: 'api', idempotencyKey: null, now: engine.context.now() } as const
  const { job } = await createJob(db, chance.pick(people), ask, options)
  return job.id
}

type Walk = FigureWorld & { chance: Chance }

/**
 * Walks so many histories, up to `steps` each; a third of the steps is taken in one of the others. Folds come between,
 * two at once at times. @returns how many folds counted.
 */
export async function walkFigures(
  world: FigureWorld,
  { histories, steps, seed }: { histories: number; steps: number; seed: number },
): Promise<number> {
  const { db } = world
  const chance = seeded(seed)
  const walk = { ...world, chance }
  const jobs: string[] = []
  const fold = () => foldFigures(db, { force: true })
  let folds = 0
  for (let made = 0; made < histories; made += 1) {
    const id = await askFor(walk)
    jobs.push(id)
    for (let step = 0; step < steps; step += 1) await stepOf(walk, chance.below(3) === 0 ? chance.pick(jobs) : id)
    const roll = chance.below(6)
    if (roll < 2) folds += (await fold()) === null ? 0 : 1
    if (roll === 2) await breakOffAFold(world)
    if (roll === 3) await sweepFlags(db, world.engine.context.now())
    if (roll === 4) await Promise.all([fold(), fold()])
  }
  await fold()
  return folds
}

const lost = { httpStatus: null, requestId: null, milliseconds: 1, kind: 'lost' as const }

/** What the provider makes of the next call. */
function nextAnswer({ engine, chance: of }: Walk) {
  const seen = (id: string) => completed(`resp_${id}`, REPORT)
  engine.provider.onCreate = [
    ({ metadata }) => {
      const roll = of.below(10)
      const id = metadata.attempt_id ?? ''
      if (roll < 6) return { ...accepted(''), kind: 'accepted', seen: seen(id) }
      if (roll === 6) return { ...lost, error: errorOf({ code: 'ECONNRESET' }) }
      if (roll === 7) {
        // One that no rule knows, or one that is known to be malformed.
        const code = of.below(2) === 0 ? null : 'context_length_exceeded'
        return { ...lost, kind: 'refused', httpStatus: 400, error: errorOf({ httpStatus: 400, code }) }
      }
      if (roll === 8) return { ...accepted(''), kind: 'accepted', seen: response(`resp_${id}`, 'cancelled') }
      return accepted(`resp_${id}`)
    },
  ]
}

const GIVEN: Command[] = [
  'approve',
  'approve',
  'uphold',
  'undo',
  'retry',
  'abandon',
  'reopen',
  'claim',
  'claim',
  'claim',
  'release',
  'revise',
  'comment',
  'wait',
]

async function stepOf(walk: Walk, jobId: string): Promise<void> {
  const { engine, db, people, chance } = walk
  // At times a deadline passes.
  engine.pass(chance.below(30) === 0 ? 24 * 3_600_000 : chance.below(12) * 60_000)
  const roll = chance.below(10)
  if (roll < 3) {
    nextAnswer(walk)
    await engine.step(jobId)
    return
  }
  const actor = chance.pick(people)
  const now = engine.context.now()
  if (roll === 3) {
    await sayPresence(db, actor, jobId, { handsOnMs: 1_000 + chance.below(9_000) }, now)
    return
  }
  const facts = await loadFacts(db, jobId)
  const may = allowedCommands(actor, factsForCan(facts, now))
  const offered = GIVEN.filter((command) => may.includes(command))
  if (offered.length === 0) return
  const command = chance.pick(offered)
  const dueAt = new Date(now.getTime() + 20 * 3_600_000).toISOString()
  const ask: GiveCommand = {
    command,
    note: 'A note.',
    resultHash: facts.round?.resultHash ?? undefined,
    deliveryHash: facts.round?.deliveryHash ?? undefined,
    params:
      command === 'revise'
        ? { text: REPORT.replace('Rent', `Rent ${chance.hex(4)}`) }
        : command === 'retry'
          ? { dueAt, mayBePaidTwice: true }
          : command === 'reopen' || command === 'wait'
            ? { dueAt }
            : {},
  }
  await giveCommand(db, actor, jobId, ask, 'api', now).catch((error: unknown) => {
    if (!(error instanceof InvalidInput || error instanceof JobConflict)) throw error
  })
}

/** A fold whose worker dies before it commits. */
async function breakOffAFold({ database }: FigureWorld): Promise<void> {
  const client = await database.ownerPool.connect()
  await client.query('BEGIN')
  await client.query('SELECT holdpoint_fold_figures()')
  await client.query('ROLLBACK')
  client.release()
}

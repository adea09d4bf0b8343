/** Many people decide on one result at the same moment: who wins, and what the losers are told. */
import { expect } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { transitions } from '@/lib/lifecycle/table'
import { LEASE_MS } from '@/lib/review/lease'
import { giveCommand } from '@/lib/store/command.server'
import type { Db } from '@/lib/store/db.server'
import { JobConflict } from '@/lib/store/errors'
import { firstBrokenEvent, fold } from '@/lib/store/event-chain'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { testDatabase } from './database'
import { type Engine, REPORT, testEngine } from './engine'
import { person } from './people'
import { answered, hashesOf, INTO_A_FILE, publishUnder } from './policies'

/** What moves a job on, or changes what is decided on: of these one wins. */
const DECIDE = ['approve', 'abandon', 'retry', 'revise'] as const
type Decide = (typeof DECIDE)[number]

/** Runs `rounds` races of `deciders` people each over one database. Throws where one of them does not hold. */
export async function raceDecisions({ rounds, deciders }: { rounds: number; deciders: number }): Promise<void> {
  await using database = await testDatabase({ max: 30 })
  const { db } = database
  await publishBuiltins(db)
  const engine = await testEngine(db)
  const workflow = await publishUnder(db, { approvals: 1 }, { delivery: INTO_A_FILE })
  const people = await Promise.all(
    Array.from({ length: deciders }, (_, index) => person(db, ['lead'], `Lead ${index}`)),
  )
  const won = new Map<Decide, number>()
  for (let round = 0; round < rounds; round += 1) {
    const command = await race(db, engine, workflow, people, round)
    won.set(command, (won.get(command) ?? 0) + 1)
  }
  // A race that one command always wins shows nothing of the others.
  if (rounds >= 20) expect(won.size).toBeGreaterThan(1)
}

async function race(
  db: Db,
  engine: Engine,
  workflow: string,
  people: (Actor & { userId: string })[],
  round: number,
): Promise<Decide> {
  const requester = people[0]
  if (requester === undefined) throw new Error('nobody to decide')
  const job = await answered({ db, engine, requester }, workflow)
  const hashes = await hashesOf(db, job.id)
  // Each third race one of them holds it, with a lease that runs out while the others try.
  if (round % 3 === 0) await holdBriefly(db, job.id, people[round % people.length] ?? requester)
  const outcomes = await Promise.allSettled(
    shuffled(people, round).map((actor, index) => {
      const command = DECIDE[(index + round) % DECIDE.length] as Decide
      const params = command === 'revise' ? { text: REPORT.replace('Rent', `Rent by ${actor.name}`) } : {}
      const ask = { command, note: 'mine', params, expectedVersion: job.version, ...hashes }
      return giveCommand(db, actor, job.id, ask, 'api')
    }),
  )
  const winners = outcomes
    .filter((outcome) => outcome.status === 'fulfilled')
    .map(({ value }) => value.command as Decide)
  expect(winners).toHaveLength(1)
  const winner = winners[0] as Decide
  for (const outcome of outcomes) {
    if (outcome.status !== 'rejected') continue
    // Anything else would be answered as our own failure.
    if (!(outcome.reason instanceof JobConflict)) throw outcome.reason
    expect(outcome.reason.message).not.toBe('')
  }
  await expectOneEffect(db, job.id, winner)
  return winner
}

async function holdBriefly(db: Db, jobId: string, holder: Actor & { userId: string }): Promise<void> {
  // So that its lease has only a moment left when the race begins.
  const claimedAt = new Date(Date.now() - LEASE_MS + 60)
  await giveCommand(db, holder, jobId, { command: 'claim' }, 'api', claimedAt)
}

/** The history holds, goes along the table, folds to the row, and what it says happened once. */
async function expectOneEffect(db: Db, jobId: string, winner: Decide): Promise<void> {
  const events = await db.event.findMany({ where: { jobId }, orderBy: { seq: 'asc' } })
  expect(firstBrokenEvent(jobId, events)).toBeNull()
  const allowed = new Set(transitions().map(({ command, from, to }) => `${command} ${from} ${to}`))
  for (const { command, fromState, toState } of events) {
    expect(allowed.has(`${command} ${fromState} ${toState}`)).toBe(true)
  }
  expect(events.filter(({ command }) => (DECIDE as readonly string[]).includes(command))).toHaveLength(1)
  const job = await db.job.findUniqueOrThrow({ where: { id: jobId } })
  expect(fold(events)).toMatchObject({ state: job.state, version: job.version, headHash: job.headHash })
  expect(await db.decision.count({ where: { jobId } })).toBe(winner === 'revise' ? 0 : 1)
  expect(await db.delivery.count({ where: { jobId } })).toBe(winner === 'approve' ? 1 : 0)
  expect(await db.result.count({ where: { jobId } })).toBe(winner === 'revise' ? 2 : 1)
}

/** The same order for the same round, another for another. */
function shuffled<T>(items: readonly T[], round: number): T[] {
  return items
    .map((item, index) => ({ item, rank: ((index + 1) * 7919 + (round + 1) * 104_729) % 65_537 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}

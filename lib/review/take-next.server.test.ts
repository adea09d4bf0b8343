import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { Job } from '@/lib/generated/prisma/client'
import { giveCommand } from '@/lib/store/command.server'
import { Forbidden, NotFound } from '@/lib/store/errors'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { type Engine, testEngine } from '@/lib/testing/engine'
import { jobStanding } from '@/lib/testing/histories'
import { person, serviceKey } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { sayPresence } from './presence.server'
import { skip, takeNext } from './take-next.server'

let database: TestDatabase
let engine: Engine
let owner: Actor

beforeEach(async () => {
  database = await testDatabase({ max: 24 })
  await publishBuiltins(database.db)
  engine = await testEngine(database.db)
  owner = await person(database.db, ['owner'])
})
afterEach(() => database[Symbol.asyncDispose]())

async function waiting(count: number): Promise<Job[]> {
  const jobs: Job[] = []
  for (let made = 0; made < count; made += 1) {
    const standing = { state: 'awaiting_review', round: 'result' } as const
    jobs.push(await jobStanding({ db: database.db, engine, owner, requester: owner }, standing))
    engine.pass(1_000)
  }
  return jobs
}

const people = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => person(database.db, ['reviewer'], `Reviewer ${index}`)))

test('twenty reviewers who take the next at once each hold a different one', async () => {
  await waiting(20)
  const reviewers = await people(20)
  const taken = await Promise.all(reviewers.map((reviewer) => takeNext(database.db, reviewer)))
  expect(new Set(taken.map(({ id }) => id)).size).toBe(20)
  expect(taken.every(({ number }) => number !== null)).toBe(true)
  const claims = await database.db.reviewClaim.findMany({ where: { releasedAt: null } })
  expect(claims.map(({ jobId, userId }) => `${jobId} ${userId}`).sort()).toEqual(
    taken.map(({ id }, index) => `${id} ${reviewers[index]?.userId}`).sort(),
  )
  expect(await database.db.event.count({ where: { command: 'claim' } })).toBe(20)
  expect(await database.db.reviewWork.count({ where: { offeredAt: { not: null }, claimedAt: { not: null } } })).toBe(20)
})

test('where fewer wait than ask, the others are told that there is none', async () => {
  await waiting(3)
  const taken = await Promise.all((await people(8)).map((reviewer) => takeNext(database.db, reviewer)))
  expect(taken.filter(({ id }) => id !== null)).toHaveLength(3)
  expect(new Set(taken.map(({ id }) => id)).size).toBe(4)
})

test('the first of the inbox comes first, and neither what somebody looks at nor what is named', async () => {
  const [first, second, third, fourth] = await waiting(4)
  const [me, other] = (await people(2)) as [Awaited<ReturnType<typeof person>>, Awaited<ReturnType<typeof person>>]
  const now = new Date()
  const next = (ask: Parameters<typeof takeNext>[2] = {}) => takeNext(database.db, me, ask, now)
  await sayPresence(database.db, other, first?.id ?? '', { handsOnMs: 0 }, now)
  expect(await next({ not: [second?.id ?? ''] })).toEqual({ id: third?.id, number: third?.number })
  expect((await next()).id).toBe(second?.id)
  expect((await next()).id).toBe(fourth?.id)
  expect(await next()).toEqual({ id: null, number: null })
  await sayPresence(database.db, other, first?.id ?? '', { handsOnMs: 0, leaves: true }, now)
  expect((await next()).id).toBe(first?.id)
})

test('only of the workflow that is asked for', async () => {
  await waiting(1)
  const [me] = await people(1)
  if (me === undefined) throw new Error('nobody')
  expect((await takeNext(database.db, me, { workflow: 'digest' })).id).toBeNull()
  expect((await takeNext(database.db, me, { workflow: 'report' })).id).not.toBeNull()
})

test('what was skipped is given back, and offered again only after all others', async () => {
  const [first, second] = await waiting(2)
  const [me, other] = (await people(2)) as [Awaited<ReturnType<typeof person>>, Awaited<ReturnType<typeof person>>]
  expect((await takeNext(database.db, me)).id).toBe(first?.id)
  await skip(database.db, me, first?.id ?? '')
  expect(await database.db.reviewClaim.count({ where: { releasedAt: null } })).toBe(0)
  expect((await takeNext(database.db, me)).id).toBe(second?.id)
  await skip(database.db, me, second?.id ?? '')
  // Both were skipped: the one that was skipped longest ago. Nobody else minds.
  expect((await takeNext(database.db, other)).id).toBe(first?.id)
  expect((await takeNext(database.db, me)).id).toBe(second?.id)
})

test('a job of which nothing waits cannot be skipped', async () => {
  const job = await jobStanding({ db: database.db, engine, owner, requester: owner }, { state: 'queued', round: null })
  await expect(skip(database.db, owner, job.id)).rejects.toThrow(NotFound)
})

test('requesters and keys of services are handed nothing', async () => {
  await waiting(1)
  await expect(takeNext(database.db, await person(database.db, ['requester']))).rejects.toThrow(Forbidden)
  await expect(takeNext(database.db, await serviceKey(database.db, ['reviewer']))).rejects.toThrow(Forbidden)
})

test('a claim that has run out is handed out again', async () => {
  const [job] = await waiting(1)
  const [me, other] = (await people(2)) as [Awaited<ReturnType<typeof person>>, Awaited<ReturnType<typeof person>>]
  const now = new Date()
  await giveCommand(database.db, other, job?.id ?? '', { command: 'claim' }, 'browser', now)
  expect((await takeNext(database.db, me, {}, now)).id).toBeNull()
  expect((await takeNext(database.db, me, {}, new Date(now.getTime() + 6 * 60_000))).id).toBe(job?.id)
})

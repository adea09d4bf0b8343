import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { giveCommand } from '@/lib/store/command.server'
import { Forbidden } from '@/lib/store/errors'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { type Engine, testEngine } from '@/lib/testing/engine'
import { jobStanding } from '@/lib/testing/histories'
import { person, serviceKey } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { sayPresence } from './presence.server'
import { presenceMark, stopHearingPresence } from './presence-news.server'

let database: TestDatabase
let engine: Engine
let owner: Actor & { userId: string }

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  engine = await testEngine(database.db)
  owner = await person(database.db, ['owner'])
})
afterAll(() => database[Symbol.asyncDispose]())

const waiting = () =>
  jobStanding({ db: database.db, engine, owner, requester: owner }, { state: 'awaiting_review', round: 'result' })
const reviewer = (name: string) => person(database.db, ['reviewer'], name)

test('people at one job hear of each other, until they leave or fall silent', async () => {
  const [anna, ben, job] = [await reviewer('Anna'), await reviewer('Ben'), await waiting()]
  const start = new Date()
  const say = (who: Actor, ask: object = {}, now = start) =>
    sayPresence(database.db, who, job.id, { handsOnMs: 0, ...ask }, now)
  expect((await say(anna)).lookers).toEqual([])
  expect((await say(ben)).lookers).toEqual([{ id: anna.userId, name: 'Anna' }])
  expect((await say(anna)).lookers).toEqual([{ id: ben.userId, name: 'Ben' }])
  await say(ben, { leaves: true })
  expect((await say(anna)).lookers).toEqual([])
  await say(ben)
  expect((await say(anna, {}, new Date(start.getTime() + 31_000))).lookers).toEqual([])
})

test('time in use lengthens a claim, and a tab that only stands open does not', async () => {
  const [anna, job] = [await reviewer('Anna'), await waiting()]
  const now = new Date()
  await giveCommand(database.db, anna, job.id, { command: 'claim' }, 'browser', now)
  const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
  const until = async (handsOnMs: number, minutes: number) =>
    (await sayPresence(database.db, anna, job.id, { handsOnMs }, at(minutes))).leaseUntil
  expect(await until(0, 1)).toBe(at(5).toISOString())
  expect(await until(8_000, 4)).toBe(at(9).toISOString())
  expect(await until(0, 8)).toBe(at(9).toISOString())
  expect(await until(8_000, 9.1)).toBeNull()
  // Keeping a lease up is nothing that happened.
  expect(await database.db.event.count({ where: { jobId: job.id, command: 'claim' } })).toBe(1)
})

test('the figures know who opened it first when, and how long their hands were on it', async () => {
  const [anna, job] = [await reviewer('Anna'), await waiting()]
  const now = new Date()
  await sayPresence(database.db, anna, job.id, { handsOnMs: 0 }, now)
  await sayPresence(database.db, anna, job.id, { handsOnMs: 7_000 }, new Date(now.getTime() + 10_000))
  await sayPresence(database.db, anna, job.id, { handsOnMs: 3_000, leaves: true }, new Date(now.getTime() + 13_000))
  const work = await database.db.reviewWork.findFirstOrThrow({ where: { jobId: job.id, userId: anna.userId } })
  expect(work).toMatchObject({ openedAt: now, handsOnMs: 10_000, claimedAt: null, decidedAt: null })
})

test('whoever may not decide, and what no round asks for, leaves no mark in the figures', async () => {
  const requester = await person(database.db, ['requester'])
  const job = await waiting()
  await sayPresence(database.db, requester, job.id, { handsOnMs: 5_000 })
  const queued = await jobStanding({ db: database.db, engine, owner, requester }, { state: 'queued', round: null })
  await sayPresence(database.db, owner, queued.id, { handsOnMs: 5_000 })
  expect(await database.db.reviewWork.count({ where: { jobId: { in: [job.id, queued.id] } } })).toBe(0)
})

test('nobody sits before the key of a service', async () => {
  const job = await waiting()
  const key = await serviceKey(database.db, ['reviewer'])
  await expect(sayPresence(database.db, key, job.id, { handsOnMs: 0 })).rejects.toThrow(Forbidden)
})

test('news go out when somebody comes or leaves, and not while they stay', async () => {
  vi.stubEnv('DATABASE_URL', database.url)
  try {
    const [anna, ben, job] = [await reviewer('Anna'), await reviewer('Ben'), await waiting()]
    await vi.waitFor(() => expect(presenceMark()).not.toBeNull(), 120_000)
    const count = () => Number(presenceMark()?.split('-')[1])
    const before = count()
    const start = new Date()
    const say = (who: Actor, leaves = false, now = start) =>
      sayPresence(database.db, who, job.id, { handsOnMs: 0, leaves }, now)
    await say(anna)
    await say(anna)
    await say(ben)
    await say(anna)
    await say(ben, true)
    await say(ben, true)
    await vi.waitFor(() => expect(count()).toBe(before + 3), 120_000)
    // Silent for too long, she comes anew: nothing but that is heard since.
    await say(anna, false, new Date(start.getTime() + 40_000))
    await vi.waitFor(() => expect(count()).toBe(before + 4), 120_000)
  } finally {
    vi.unstubAllEnvs()
    await stopHearingPresence()
  }
})

import { describe, expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { completed, REPORT, reportJob, saw, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { ENOUGH_HISTORY, readHeartbeats, verdictOf } from './heartbeats.server'

const now = new Date('2026-11-23T12:00:00Z')
const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds)
const definition = { limits: { deadlineMinutes: 120, noProgressMinutes: 20 } }
const calm = {
  watch: { lastChangedAt: ago(5_000), nextLookAt: new Date(now.getTime() + 5_000) },
  sentAt: ago(10_000),
  definition,
  usual: null,
  workersAlive: 1,
  now,
}
const usual = { p95Ms: 60_000, samples: 40 }

describe('the verdict on a running attempt', () => {
  test('tells moving, slow, stuck and not looking apart', () => {
    expect(verdictOf(calm)).toBe('moving')
    expect(verdictOf({ ...calm, sentAt: ago(61_000), usual })).toBe('slow')
    expect(verdictOf({ ...calm, watch: { ...calm.watch, lastChangedAt: ago(10 * 60_000) } })).toBe('stuck')
    expect(verdictOf({ ...calm, watch: { ...calm.watch, nextLookAt: ago(61_000) } })).toBe('not_looking')
  })

  test('is "not looking" at once when a look is due and no worker is alive', () => {
    const due = { ...calm, watch: { ...calm.watch, nextLookAt: ago(1) } }
    expect(verdictOf(due)).toBe('moving')
    expect(verdictOf({ ...due, workersAlive: 0 })).toBe('not_looking')
    expect(verdictOf({ ...calm, workersAlive: 0 })).toBe('moving')
  })

  test('never says slow without history', () => {
    expect(verdictOf({ ...calm, sentAt: ago(15 * 60_000) })).toBe('moving')
  })
})

test('how long jobs usually take is said only once enough of them have finished', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const owner = await person(db, ['owner'])
  const engine = await testEngine(db)
  const job = await reportJob(db, owner)
  await engine.step(job.id)
  engine.provider.onLook = (id) => saw(completed(id, REPORT))
  const finish = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      const { id } = await reportJob(db, owner)
      await engine.step(id)
      engine.pass(10_000)
      await engine.step(id)
    }
  }
  await finish(ENOUGH_HISTORY - 1)
  expect((await readHeartbeats(db, owner, [job.id])).items).toMatchObject([{ jobId: job.id, usually: null }])
  await finish(1)
  // What was found is kept for a minute.
  const later = new Date(Date.now() + 61_000)
  expect((await readHeartbeats(db, owner, [job.id], later)).items).toMatchObject([
    { usually: { p95Ms: 10_000, samples: 20 } },
  ])
  const stranger = await person(db, ['requester'])
  expect((await readHeartbeats(db, stranger, [job.id])).items).toEqual([])
})

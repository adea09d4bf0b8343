import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { readJob } from '@/lib/jobs/detail.server'
import type { JobView } from '@/lib/jobs/view'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { type Engine, testEngine } from '@/lib/testing/engine'
import { jobStanding, type Standing } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { walkJobs } from '@/lib/testing/walks'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { readMoment } from './read-moment.server'

/** What a moment does not tell: what may be done now, whether its queue stood still, what its workflow asks for by now. */
function asThen(job: JobView): unknown {
  return {
    ...job,
    allowedCommands: [],
    undoUntil: null,
    stop: null,
    reviews: job.reviews.map((review) => ({ ...review, policy: { ...review.policy, changed: null } })),
    deliveries: job.deliveries.map((delivery) => {
      const untold = { nextTryAt: null, againstConfirming: null }
      if (delivery.state !== 'sending') return { ...delivery, ...untold }
      // The event says that a try began; what came of it was written down while no other event happened.
      const { tries: _t, log: _l, httpStatus: _h, code: _c, answer: _a, sentence: _s, ...rest } = delivery
      return { ...rest, ...untold }
    }),
  }
}

test('a job folded to any event is what its page showed when that was its last', async () => {
  let viewer: Actor | undefined
  const shown = new Map<number, JobView>()
  let compared = 0
  await walkJobs({
    walks: 5,
    longest: 30,
    afterStep: async ({ w, jobId }) => {
      viewer ??= await person(w.db, ['lead'], 'Whoever looks')
      const job = await readJob(w.db, viewer, jobId, w.engine.context.now())
      if (job !== null && !shown.has(job.version)) shown.set(job.version, job)
    },
    afterWalk: async ({ w, jobId }) => {
      // What still stands is as of now: a snooze may have run out since it was first read.
      const still = await readJob(w.db, viewer as Actor, jobId, w.engine.context.now())
      if (still !== null) shown.set(still.version, still)
      for (const [version, job] of shown) {
        const moment = await readMoment(w.db, viewer as Actor, jobId, version, w.engine.context.now())
        expect(moment).toMatchObject({ seq: version, at: job.changedAt, last: Math.max(...shown.keys()) })
        expect(asThen(moment?.job as JobView)).toEqual(asThen(job))
        compared += 1
      }
      shown.clear()
    },
  })
  // Walks in which nothing happened would show nothing.
  expect(compared).toBeGreaterThan(15)
})

describe('a job of every kind', () => {
  let database: TestDatabase
  let engine: Engine
  let owner: Actor
  let requester: Actor

  beforeAll(async () => {
    database = await testDatabase()
    await publishBuiltins(database.db)
    engine = await testEngine(database.db)
    ;[owner, requester] = await Promise.all([person(database.db, ['owner']), person(database.db, ['requester'])])
  })
  afterAll(() => database[Symbol.asyncDispose]())

  const standings: Standing[] = [
    { state: 'queued', round: null },
    { state: 'running', round: null },
    { state: 'awaiting_review', round: 'result' },
    { state: 'awaiting_review', round: 'permission' },
    { state: 'awaiting_review', round: 'unknown' },
    { state: 'awaiting_review', round: 'trouble' },
    { state: 'completed', round: null },
    { state: 'failed', round: null },
    { state: 'expired', round: null },
    { state: 'abandoned', round: null },
  ]

  test.each(standings)('folded to its last event is as it is: $state $round', async (standing) => {
    const { id } = await jobStanding({ db: database.db, engine, owner, requester }, standing)
    const now = await readJob(database.db, owner, id, engine.context.now())
    const moment = await readMoment(database.db, owner, id, now?.version ?? 0, engine.context.now())
    expect(moment?.job).toBeDefined()
    expect(asThen(moment?.job as JobView)).toEqual(asThen(now as JobView))
  })

  test('at its start had a call that nothing was known of yet', async () => {
    const { id } = await jobStanding({ db: database.db, engine, owner, requester }, { state: 'completed', round: null })
    const moment = await readMoment(database.db, owner, id, 2)
    expect(moment?.job).toMatchObject({ state: 'running', providerStatus: 'sending', result: null, trace: [] })
    expect(moment?.job.attempts).toMatchObject([{ responseId: null, usage: null, payload: null, endedAt: null }])
    expect(moment?.job.nextAction).toMatchObject({ kind: 'wait_run' })
    expect(moment?.job.events).toHaveLength(2)
  })

  test('has no moment before its first event, after its last, or for somebody who may not see it', async () => {
    const { id, version } = await jobStanding(
      { db: database.db, engine, owner, requester },
      { state: 'queued', round: null },
    )
    const stranger = await person(database.db, ['requester'])
    expect(await readMoment(database.db, owner, id, 0)).toBeNull()
    expect(await readMoment(database.db, owner, id, version + 1)).toBeNull()
    expect(await readMoment(database.db, stranger, id, version)).toBeNull()
    expect(await readMoment(database.db, requester, id, version)).not.toBeNull()
  })
})

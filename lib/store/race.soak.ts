import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { testEngine } from '@/lib/testing/engine'
import { currentHash, jobStanding } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { giveCommand } from './command.server'
import { JobConflict } from './errors'
import { firstBrokenEvent, fold } from './event-chain'

/** `npm test` races once; here often enough that a rare interleaving shows. */
const ROUNDS = 200

test(`of 20 people who decide at the same moment, ${ROUNDS} times over, one wins each time`, async () => {
  await using database = await testDatabase({ max: 30 })
  const { db } = database
  await publishBuiltins(db)
  const engine = await testEngine(db)
  const people = await Promise.all(Array.from({ length: 20 }, () => person(db, ['owner'])))
  const owner = people[0]
  if (owner === undefined) throw new Error('nobody to decide')
  for (let round = 0; round < ROUNDS; round += 1) {
    const job = await jobStanding(
      { db, engine, owner, requester: owner },
      { state: 'awaiting_review', round: 'result' },
    )
    const resultHash = await currentHash(db, job.id)
    const outcomes = await Promise.allSettled(
      people.map((actor, index) => {
        const command = ['approve', 'retry', 'abandon'][index % 3] as string
        return giveCommand(
          db,
          actor,
          job.id,
          { command, note: 'mine', resultHash, expectedVersion: job.version },
          'api',
        )
      }),
    )
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(JobConflict)
    }
    const events = await db.event.findMany({ where: { jobId: job.id }, orderBy: { seq: 'asc' } })
    expect(firstBrokenEvent(job.id, events)).toBeNull()
    expect(fold(events)?.version).toBe(job.version + 1)
    expect(await db.decision.count({ where: { jobId: job.id } })).toBe(1)
  }
})

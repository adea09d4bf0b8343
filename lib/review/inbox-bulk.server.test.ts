import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { testEngine } from '@/lib/testing/engine'
import { currentHash, jobStanding } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { giveInBulk } from './inbox-bulk.server'

test('of several each has an outcome of its own, and one that is refused stops none after it', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const engine = await testEngine(db)
  const owner = await person(db, ['owner'])
  const reviewer = await person(db, ['reviewer'])
  const rows = []
  for (let made = 0; made < 3; made += 1) {
    const job = await jobStanding(
      { db, engine, owner, requester: owner },
      { state: 'awaiting_review', round: 'result' },
    )
    const resultHash = (await currentHash(db, job.id)) ?? null
    rows.push({ id: job.id, version: job.version, resultHash, deliveryHash: null })
  }
  const [first, second, third] = rows
  if (first === undefined || second === undefined || third === undefined) throw new Error('three were made')
  const unknown = { ...first, id: randomUUID() }
  const asked = [first, unknown, { ...second, resultHash: null }, third]
  const outcomes = await giveInBulk(db, reviewer, { command: 'approve', note: 'Together.', rows: asked })
  expect(outcomes).toEqual([
    { id: first.id, ok: true, command: 'approve' },
    { id: unknown.id, ok: false, problem: expect.objectContaining({ status: 404 }) },
    { id: second.id, ok: false, problem: expect.objectContaining({ status: 422 }) },
    { id: third.id, ok: true, command: 'approve' },
  ])
  const states = await db.job.findMany({ where: { id: { in: rows.map(({ id }) => id) } }, orderBy: { number: 'asc' } })
  expect(states.map(({ state }) => state)).toEqual(['completed', 'awaiting_review', 'completed'])
})

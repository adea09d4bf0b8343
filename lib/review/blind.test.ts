import { expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { readJob } from '@/lib/jobs/detail.server'
import { listJobs } from '@/lib/jobs/list.server'
import { parseJobQuery } from '@/lib/jobs/query'
import { giveCommand } from '@/lib/store/command.server'
import type { Db } from '@/lib/store/db.server'
import { JobConflict } from '@/lib/store/errors'
import { testDatabase } from '@/lib/testing/database'
import { testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { answered, hashesOf, INTO_A_FILE, publishUnder } from '@/lib/testing/policies'
import { publishBuiltins } from '@/lib/workflows/store.server'

/** Everything that `viewer` can learn of a job without moving it on, refusals included. */
async function allThatIsTold(db: Db, viewer: Actor, jobId: string) {
  const told = async (ask: Record<string, unknown>) => {
    const given = giveCommand(db, viewer, jobId, { command: 'approve', ...ask }, 'api')
    const error = await given.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    return error instanceof JobConflict ? { message: error.message, ...error.last } : String(error)
  }
  const hashes = await hashesOf(db, jobId)
  const { items } = await listJobs(db, viewer, parseJobQuery(new URLSearchParams()))
  return {
    job: await readJob(db, viewer, jobId),
    row: items.find(({ id }) => id === jobId),
    otherHash: await told({ ...hashes, resultHash: 'f'.repeat(64) }),
    otherDelivery: await told({ ...hashes, deliveryHash: 'f'.repeat(64) }),
    wrongCommand: await told({ command: 'answer' }),
    oldVersion: await told({ ...hashes, resultHash: 'f'.repeat(64), expectedVersion: 1 }),
  }
}

/** Without what differs between any two jobs: ids, hashes, numbers and times. */
function plain(told: unknown): unknown {
  return JSON.parse(
    JSON.stringify(told)
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'id')
      .replace(/\b[0-9a-f]{64}\b/g, 'hash')
      .replace(/resp_[^"]*/g, 'resp')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
      .replace(/"(number|id)":"?\d+"?/g, '"$1":0')
      .replace(/\/[^"]*\.json/g, 'file'),
  )
}

test('in a blind round nobody can tell who approved from who wrote, marked, or let go', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const engine = await testEngine(db)
  const [requester, dana, eva, looker] = await Promise.all([
    person(db, ['requester'], 'Asker'),
    person(db, ['reviewer'], 'Dana'),
    person(db, ['reviewer'], 'Eva'),
    person(db, ['reviewer'], 'Looker'),
  ])
  const workflow = await publishUnder(db, { approvals: 3, blind: true }, { delivery: INTO_A_FILE })
  const one = await answered({ db, engine, requester }, workflow)
  const other = await answered({ db, engine, requester }, workflow)
  const give = async (actor: Actor, jobId: string, ask: { command: string; [key: string]: unknown }) =>
    giveCommand(db, actor, jobId, { ...(await hashesOf(db, jobId)), ...ask }, 'api')

  await give(dana, one.id, { command: 'claim' })
  await give(dana, one.id, { command: 'approve' })
  await give(eva, one.id, { command: 'claim' })
  await give(eva, one.id, { command: 'approve', note: 'It holds.' })

  await give(eva, other.id, { command: 'comment', note: 'Hm.' })
  await give(eva, other.id, { command: 'claim' })
  await give(dana, other.id, { command: 'mark', params: { marks: [{ claim: 0, verdict: 'contradicted' }] } })
  await give(eva, other.id, { command: 'release' })

  for (const viewer of [looker, requester, await person(db, ['lead'], 'Lead')]) {
    const told = await allThatIsTold(db, viewer, one.id)
    expect(plain(told)).toEqual(plain(await allThatIsTold(db, viewer, other.id)))
    expect(JSON.stringify(told)).not.toMatch(/Dana|Eva|endorse/)
    for (const { userId } of [dana, eva]) expect(JSON.stringify(told)).not.toContain(userId)
  }

  // Whoever guesses a hidden line could prove the guess by any hash that covers it.
  const seen = await readJob(db, looker, one.id)
  expect(seen?.events.map(({ isHidden, hash }) => `${isHidden} ${hash === null}`)).toEqual([
    ...Array(3).fill('false false'),
    ...Array(4).fill('true true'),
  ])
  await give(looker, one.id, { command: 'approve' })
  const over = await readJob(db, requester, one.id)
  expect(over?.events.filter(({ isHidden, hash }) => isHidden || hash === null)).toEqual([])
  expect(over?.reviews[0]?.decisions.map(({ by }) => by.name)).toEqual(['Dana', 'Eva', 'Looker'])
})

test('in a blind round whoever finds every place taken is not told by whom', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const engine = await testEngine(db)
  const people = await Promise.all(['Dana', 'Eva', 'Looker'].map((name) => person(db, ['reviewer'], name)))
  const [dana, eva, looker] = people as [Actor, Actor, Actor]
  const job = await answered(
    { db, engine, requester: await person(db, ['requester']) },
    await publishUnder(db, { approvals: 2, blind: true }),
  )
  await giveCommand(db, dana, job.id, { command: 'approve', ...(await hashesOf(db, job.id)) }, 'api')
  await giveCommand(db, eva, job.id, { command: 'claim' }, 'api')
  const taken = await giveCommand(db, looker, job.id, { command: 'claim' }, 'api').catch((thrown: unknown) => thrown)
  expect(taken).toBeInstanceOf(JobConflict)
  expect(taken).toMatchObject({ message: expect.stringContaining('blind'), last: { by: { kind: 'person', id: null } } })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { GiveCommand } from '@/lib/jobs/view'
import { giveCommand } from '@/lib/store/command.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { accepted, completed, type Engine, REPORT, reportJob, testEngine } from '@/lib/testing/engine'
import { currentHash } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { readBuiltins } from '@/lib/workflows/builtin.server'
import { publish, publishBuiltins } from '@/lib/workflows/store.server'
import { sampleFigures } from './samples.server'

let database: TestDatabase
let engine: Engine
let owner: Actor & { userId: string }

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  engine = await testEngine(database.db)
  owner = await person(database.db, ['owner'])
  const report = readBuiltins().find(({ key }) => key === 'report')
  if (report === undefined) throw new Error('There is no built-in report.')
  const review = { approvals: 0, requesterMayApprove: true, dueHours: 24, undoSeconds: 3_600 }
  // The engine of tests always draws a half: 60 % are all of them, 40 % none.
  await publish(database.db, { ...report, key: 'sampled', review: { ...review, samplePercent: 60 } })
  await publish(database.db, { ...report, key: 'unsampled', review: { ...review, samplePercent: 40 } })
})
afterAll(() => database[Symbol.asyncDispose]())

/** A job of the workflow whose result has just come in. */
async function finished(workflow: string) {
  const job = await reportJob(database.db, owner, { workflow })
  engine.provider.onCreate = [
    ({ metadata }) => ({ ...accepted(''), kind: 'accepted', seen: completed(`resp_${metadata.attempt_id}`, REPORT) }),
  ]
  return engine.step(job.id)
}

async function give(jobId: string, ask: GiveCommand) {
  engine.pass(1_000)
  const isHashed = ask.command === 'approve' || ask.command === 'revise'
  const resultHash = isHashed ? await currentHash(database.db, jobId) : undefined
  return giveCommand(database.db, owner, jobId, { ...ask, resultHash }, 'api', engine.context.now())
}

test('what people make of the samples is counted', async () => {
  const { db } = database
  expect(await sampleFigures(db, 'sampled')).toEqual({ drawn: 0, decided: 0, overturned: 0 })
  expect((await finished('unsampled')).state).toBe('completed')

  const ids: string[] = []
  while (ids.length < 6) ids.push((await finished('sampled')).id)
  const [waiting, right, revised, wrong, doubted, confirmed] = ids
  if (!waiting || !right || !revised || !wrong || !doubted || !confirmed) throw new Error('A job is missing.')
  expect(await sampleFigures(db, 'sampled')).toEqual({ drawn: 6, decided: 0, overturned: 0 })

  await give(right, { command: 'approve' })
  expect(await sampleFigures(db, 'sampled')).toEqual({ drawn: 6, decided: 1, overturned: 0 })

  await give(revised, { command: 'revise', params: { text: REPORT.replace('"Rent"', '"The rent"') } })
  await give(revised, { command: 'approve' })
  expect(await sampleFigures(db, 'sampled')).toEqual({ drawn: 6, decided: 2, overturned: 1 })

  await give(wrong, { command: 'abandon', note: 'It is wrong.' })
  expect(await sampleFigures(db, 'sampled')).toEqual({ drawn: 6, decided: 3, overturned: 2 })

  await give(doubted, { command: 'approve' })
  await give(doubted, { command: 'undo' })
  expect(await sampleFigures(db, 'sampled')).toEqual({ drawn: 6, decided: 3, overturned: 2 })
  await give(doubted, { command: 'abandon', note: 'It is wrong after all.' })
  expect(await sampleFigures(db, 'sampled')).toEqual({ drawn: 6, decided: 4, overturned: 3 })

  // Reopening later is another matter: the sample was approved.
  await give(confirmed, { command: 'approve' })
  await give(confirmed, { command: 'reopen', note: 'A customer asks.' })
  expect(await sampleFigures(db, 'sampled')).toEqual({ drawn: 6, decided: 5, overturned: 3 })
  expect(await sampleFigures(db, 'unsampled')).toEqual({ drawn: 0, decided: 0, overturned: 0 })

  engine.pass(25 * 3_600_000)
  expect((await engine.step(waiting)).state).toBe('expired')
  expect(await sampleFigures(db, 'sampled')).toEqual({ drawn: 6, decided: 5, overturned: 3 })
})

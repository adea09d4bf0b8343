import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { Job } from '@/lib/generated/prisma/client'
import { putText } from '@/lib/store/blobs.server'
import { giveCommand } from '@/lib/store/command.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { completed, REPORT, reportJob, saw, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { readSides } from './sides.server'
import { comparisonSchema } from './view'

const SECOND = REPORT.replace('early in the month', 'by the third working day')
const NOBODY = { left: null, right: null }

let database: TestDatabase
let owner: Actor & { userId: string }
/** Two attempts: the second with guidance and edited input, and of its result a revision. */
let job: Job
let revisedHash: string

beforeAll(async () => {
  database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  owner = await person(db, ['owner'], 'Dana')
  const engine = await testEngine(db)
  const search = { type: 'file_search_call', queries: ['rent'], results: [{ text: 'x'.repeat(9_000) }] }
  const message = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: REPORT }] }
  engine.provider.onLook = (id) => saw(completed(id, REPORT, { output: [search, message] }))
  const { id } = await reportJob(db, owner)
  await engine.stepUntil(id, ({ state }) => state === 'awaiting_review')
  engine.provider.onLook = (responseId) => saw(completed(responseId, SECOND))
  const params = { guidance: 'Name the day.', input: { question: 'On which day is the rent due?' } }
  await giveCommand(db, owner, id, { command: 'retry', note: 'Look again.', params }, 'api')
  job = await engine.stepUntil(id, ({ state }) => state === 'awaiting_review')
  const result = await db.result.findFirstOrThrow({ where: { jobId: id }, orderBy: { createdAt: 'desc' } })
  revisedHash = await putText(db, `${SECOND}\n`)
  await db.result.create({
    data: {
      ...result,
      id: crypto.randomUUID(),
      revision: 1,
      sha256: revisedHash,
      text: `${SECOND}\n`,
      json: result.json ?? undefined,
      evidence: result.evidence ?? [],
      checks: result.checks ?? [],
      createdBy: owner.userId,
    },
  })
})
afterAll(() => database[Symbol.asyncDispose]())

const read = async (left: string | null, right: string | null) => {
  const comparison = await readSides(database.db, owner, job.number, { left, right })
  if (comparison === null) throw new Error('no such job')
  // What is given fits the shape that the API promises.
  return comparisonSchema.parse(JSON.parse(JSON.stringify(comparison)))
}

test('each side has what it was given and what it gave', async () => {
  const { left, right, documents, isSameText } = await read('a1', 'a2')
  expect(left).toMatchObject({
    id: 'a1',
    by: null,
    result: { text: REPORT, isErased: false, characters: REPORT.length, claims: [{ support: 'exact' }] },
    input: { fields: { question: 'When is the rent due?' } },
    guidance: null,
    call: { model: 'gpt-5.5', providerStatus: 'completed', usage: { totalTokens: 15 } },
    stepCount: 2,
  })
  expect(right).toMatchObject({
    id: 'a2',
    result: { text: SECOND },
    input: { fields: { question: 'On which day is the rent due?' } },
    guidance: { text: 'Name the day.' },
    stepCount: 1,
  })
  expect(left?.settings).toEqual(right?.settings)
  expect(left?.settings).toHaveProperty('instructions')
  expect(left?.settings).not.toHaveProperty('input')
  expect(documents.map(({ name }) => name)).toEqual(['lease.md'])
  expect(isSameText).toBe(false)
})

test('of the trace it shows what was called with what, short, and not the answer again', async () => {
  const steps = (await read('a1', 'a2')).left?.steps ?? []
  expect(steps.map(({ type }) => type)).toEqual(['file_search_call', 'message'])
  expect(steps[0]).toMatchObject({ data: { queries: ['rent'] }, cut: true })
  expect(JSON.stringify(steps[0]?.data).length).toBeLessThanOrEqual(4 * 1024)
  expect(steps[1]?.data).toBeNull()
})

test('a revision is a side of its own, with who made it', async () => {
  const { left, right, choices } = await read('a2', 'a2r1')
  expect(choices.map(({ id, by }) => [id, by])).toEqual([
    ['a1', null],
    ['a2', null],
    ['a2r1', 'Dana'],
  ])
  expect(right).toMatchObject({ hash: revisedHash, revision: 1, result: { text: `${SECOND}\n` } })
  expect(left?.hash).not.toBe(right?.hash)
  expect((await read('a2', 'a2r0')).right?.id).toBe('a2')
})

describe('where it is not said which', () => {
  test('the newest is compared with the one before it', async () => {
    const { left, right } = await read(null, null)
    expect([left?.id, right?.id]).toEqual(['a2', 'a2r1'])
  })

  test('one that is named is compared with the one before it', async () => {
    const { left, right } = await read(null, 'a2')
    expect([left?.id, right?.id]).toEqual(['a1', 'a2'])
    expect((await read(null, 'a1')).left).toBeNull()
  })

  test('a side that is not there is not made up', async () => {
    const { left, right } = await read('a9', 'a2')
    expect([left, right?.id]).toEqual([null, 'a2'])
    expect((await read('a2', 'nonsense')).right).toBeNull()
  })
})

test('the same side twice is the same text', async () => {
  expect(await read('a2', 'a2')).toMatchObject({ isSameText: true, left: { id: 'a2' }, right: { id: 'a2' } })
})

test('what was erased is told, and nothing of it is shown', async () => {
  const guidance = (await read('a1', 'a2')).right?.guidance?.hash ?? ''
  const erase = 'UPDATE blob SET erased_at = now() WHERE sha256 = ANY($1)'
  await database.ownerPool.query(erase, [[revisedHash, guidance]])
  const { right, left, isSameText } = await read('a2', 'a2r1')
  expect(right?.result).toMatchObject({ isErased: true, text: '', claims: [] })
  expect(left?.guidance).toEqual({ hash: guidance, text: null })
  expect(isSameText).toBe(false)
})

test('who may not see the job is told of none', async () => {
  const stranger = await person(database.db, ['requester'])
  expect(await readSides(database.db, stranger, job.id, NOBODY)).toBeNull()
  expect(await readSides(database.db, owner, 'no such job', NOBODY)).toBeNull()
})

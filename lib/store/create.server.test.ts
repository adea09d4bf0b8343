import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { CreateJob } from '@/lib/jobs/view'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { LEASE, reportJob } from '@/lib/testing/engine'
import { person, serviceKey } from '@/lib/testing/people'
import { bringBack, publishBuiltins, retire } from '@/lib/workflows/store.server'
import { createJob } from './create.server'
import { IdempotencyMismatch, InvalidInput } from './errors'

let database: TestDatabase
let owner: Actor & { userId: string }

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  owner = await person(database.db, ['owner'])
})
afterAll(() => database[Symbol.asyncDispose]())

const ask: CreateJob = {
  workflow: 'report',
  input: { question: 'When?' },
  documents: [{ name: 'lease.md', text: LEASE }],
}
const create = (what: CreateJob, idempotencyKey: string | null = null, actor: Actor = owner) =>
  createJob(database.db, actor, what, { transport: 'api', idempotencyKey })

describe('asking for a job', () => {
  test('makes the job, its first event and its wake-up together', async () => {
    const { job, isNew } = await create(ask)
    expect(isNew).toBe(true)
    expect(job).toMatchObject({ state: 'queued', version: 1, nextKind: 'wait_send', title: 'When?' })
    expect(await database.db.event.count({ where: { jobId: job.id } })).toBe(1)
    const wakeUps = await database.ownerPool.query('SELECT 1 FROM graphile_worker._private_jobs WHERE key = $1', [
      `job:${job.id}`,
    ])
    expect(wakeUps.rowCount).toBe(1)
  })

  test('twice with the same key and body makes one job, even at the same moment', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => create(ask, 'same')))
    expect(new Set(made.map(({ job }) => job.id)).size).toBe(1)
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1)
  })

  test('with a key that came before with another body is refused', async () => {
    await create(ask, 'other')
    await expect(create({ ...ask, title: 'Another' }, 'other')).rejects.toBeInstanceOf(IdempotencyMismatch)
  })

  test('with a key and what it stands for makes one job, though the asking holds ids that are new each time', async () => {
    const options = { transport: 'browser', idempotencyKey: 'sample', sameAs: 'sample:rent' } as const
    const made = await Promise.all(
      ['one', 'two', 'three'].map((title) => createJob(database.db, owner, { ...ask, title }, options)),
    )
    expect(new Set(made.map(({ job }) => job.id)).size).toBe(1)
    const other = createJob(database.db, owner, ask, { ...options, sameAs: 'sample:invoice' })
    await expect(other).rejects.toBeInstanceOf(IdempotencyMismatch)
  })

  test('keeps the keys of different people apart', async () => {
    const other = await person(database.db, ['requester'])
    const [mine, theirs] = [await create(ask, 'shared'), await create(ask, 'shared', other)]
    expect(mine.job.id).not.toBe(theirs.job.id)
  })

  test.each<[string, Partial<CreateJob>, string]>([
    ['an unknown workflow', { workflow: 'nothing' }, '/workflow'],
    ['no question', { input: {} }, '/input'],
    ['an unknown field', { input: { question: 'x', more: 1 } }, '/input'],
    ['no documents', { documents: [] }, '/documents'],
    ['an empty document', { documents: [{ name: 'a.txt', text: ' ' }] }, '/documents/0/text'],
    ['a due time that has passed', { dueAt: '2020-01-01T00:00:00Z' }, '/dueAt'],
    ['more text than the model takes', { documents: [{ name: 'big.txt', text: 'x'.repeat(400_001) }] }, '/documents'],
    [
      'a document that is not there',
      { documents: [], documentIds: ['01a20a25-b396-720f-ae25-5b635e859808'] },
      '/documentIds/0',
    ],
  ])('with %s is refused before anything is stored, and says where', async (_what, change, pointer) => {
    const before = await database.db.job.count()
    const refused = await create({ ...ask, ...change }).then(
      () => null,
      (error: unknown) => error,
    )
    expect(refused).toBeInstanceOf(InvalidInput)
    expect((refused as InvalidInput).errors.map((error) => error.pointer).join(' ')).toContain(pointer)
    expect(await database.db.job.count()).toBe(before)
  })

  test('of a retired workflow is refused in words that say so, until it is brought back', async () => {
    const refusal = /"digest" is retired: no new jobs start with it/
    await retire(database.db, 'digest')
    await expect(create({ ...ask, workflow: 'digest', input: {} })).rejects.toThrow(refusal)
    await bringBack(database.db, 'digest')
    expect((await create({ ...ask, workflow: 'digest', input: {} })).isNew).toBe(true)
  })

  test('over somebody else’s upload is refused like one that is not there', async () => {
    const mine = await reportJob(database.db, owner)
    const { documentId } = await database.db.jobDocument.findFirstOrThrow({ where: { jobId: mine.id } })
    const other = await person(database.db, ['requester'])
    await expect(create({ ...ask, documents: [], documentIds: [documentId] }, null, other)).rejects.toBeInstanceOf(
      InvalidInput,
    )
  })

  test('with text that no column can hold keeps a readable copy of it', async () => {
    const { job } = await create({ ...ask, title: 'a\u0000b\ud800', reference: '\u0000' })
    expect(job).toMatchObject({ title: 'a\u2400b\ufffd', reference: '\u2400' })
  })

  test('by a service names the key and no person', async () => {
    const key = await serviceKey(database.db, ['requester'])
    const { job } = await create(ask, null, key)
    expect(job).toMatchObject({ requesterId: null, requesterKeyId: key.apiKeyId })
  })
})

import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { actors } from '@/lib/access/actors.server'
import { createKey } from '@/lib/access/keys.server'
import type { OldCall } from '@/lib/jobs/old-call'
import { giveCommand } from '@/lib/store/command.server'
import { db } from '@/lib/store/db.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { reportJob, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { GET } from './route'

let database: TestDatabase
let owner: Actor & { userId: string }

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  owner = await person(database.db, ['owner'])
})
beforeEach(() => {
  vi.stubEnv('DATABASE_URL', database.url)
  for (const name of ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'HOLDPOINT_PROVIDER']) vi.stubEnv(name, undefined)
})
afterAll(async () => {
  await actors().close()
  await db().$disconnect()
  await database[Symbol.asyncDispose]()
})

test('a web server without a provider says that the older call could not be asked about', async () => {
  const { step } = await testEngine(database.db)
  const job = await reportJob(database.db, owner)
  await step(job.id)
  await giveCommand(database.db, owner, job.id, { command: 'abandon', note: 'x' }, 'api')
  const { key } = await createKey(db(), { name: 'k', roles: ['owner'], userId: owner.userId, createdBy: null })
  const request = new Request('http://localhost/x', { headers: { authorization: `Bearer ${key}` } })
  const answer = await GET(request, { params: Promise.resolve({ id: job.id }) })
  expect(answer.status).toBe(200)
  expect(((await answer.json()) as OldCall).call).toMatchObject({
    live: 'unreachable',
    error: 'no_provider',
    canCancel: true,
    sentence: expect.stringContaining('could not be asked'),
  })
})

import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { GET as readOne } from '@/app/api/v1/queues/[workflow]/route'
import { GET as readAll } from '@/app/api/v1/queues/route'
import { actors } from '@/lib/access/actors.server'
import { createKey } from '@/lib/access/keys.server'
import { stopListening } from '@/lib/jobs/changes.server'
import { queueListSchema, queueWithHistorySchema } from '@/lib/queues/api-view'
import { db } from '@/lib/store/db.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { POST } from './route'

let database: TestDatabase
let lead: string

beforeAll(async () => {
  database = await testDatabase()
  vi.stubEnv('DATABASE_URL', database.url)
  await publishBuiltins(database.db)
  lead = await keyOf('lead', 'Lea Lead')
})
beforeEach(() => {
  vi.stubEnv('DATABASE_URL', database.url)
})
afterAll(async () => {
  await stopListening()
  await actors().close()
  await db().$disconnect()
  await database[Symbol.asyncDispose]()
})

async function keyOf(role: 'lead' | 'reviewer' | 'requester', name: string): Promise<string> {
  const { userId } = await person(database.db, [role], name)
  return (await createKey(database.db, { name: 'k', roles: [role], userId, createdBy: null })).key
}

const of = (workflow: string) => ({ params: Promise.resolve({ workflow }) })
const asking = (key: string, body?: unknown) =>
  new Request('http://localhost/x', {
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })

async function give(body: unknown, { key = lead, workflow = 'report' } = {}) {
  const answer = await POST(asking(key, body), of(workflow))
  return { status: answer.status, body: await answer.json() }
}

test('a lead pauses, resumes, drains, opens and limits a queue, and the history says who and why', async () => {
  const paused = await give({ command: 'pause', note: 'The provider is slow.' })
  expect(paused.status).toBe(200)
  expect(paused.body).toMatchObject({
    workflow: { key: 'report', name: 'Report' },
    takesJobs: true,
    stop: { by: 'Lea Lead', note: 'The provider is slow.' },
  })
  expect(await give({ command: 'pause', note: 'Again.' })).toMatchObject({ status: 409 })
  expect((await give({ command: 'resume', note: 'It is quick again.' })).body).toMatchObject({ stop: null })
  expect(await give({ command: 'resume', note: 'Again.' })).toMatchObject({
    status: 409,
    body: { detail: 'Sending does not stand still.' },
  })
  expect((await give({ command: 'drain', note: 'The workflow is mended.' })).body).toMatchObject({
    takesJobs: false,
    drained: { by: 'Lea Lead', note: 'The workflow is mended.' },
  })
  expect((await give({ command: 'open', note: 'It is mended.' })).body).toMatchObject({
    takesJobs: true,
    drained: null,
  })
  const limits = { mostLive: 4, sendsPerMinute: null }
  expect((await give({ command: 'limit', note: 'Four are enough.', ...limits })).body).toMatchObject(limits)

  const one = queueWithHistorySchema.parse(await (await readOne(asking(lead), of('report'))).json())
  expect(one.history.map(({ by, note }) => `${by}: ${note}`)).toEqual([
    'Lea Lead: Four are enough.',
    'Lea Lead: It is mended.',
    'Lea Lead: The workflow is mended.',
    'Lea Lead: It is quick again.',
    'Lea Lead: The provider is slow.',
  ])
  const { items } = queueListSchema.parse(await (await readAll(asking(lead))).json())
  expect(items.map(({ workflow }) => workflow.key)).toEqual(items.map(({ workflow }) => workflow.key).toSorted())
  expect(items.find(({ workflow }) => workflow.key === 'report')).toMatchObject(limits)
})

test('what cannot be done is refused with what is wrong and where', async () => {
  expect(await give({ command: 'drain', note: ' ' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/note', detail: 'Give a reason: it is kept in the history.' }] },
  })
  expect(await give({ command: 'limit', note: 'x', mostLive: 0, sendsPerMinute: null })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/mostLive' }] },
  })
  expect(await give({ command: 'close', note: 'x' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/command' }] },
  })
  expect(await give({ command: 'pause', note: 'x', until: 'noon' })).toMatchObject({ status: 422 })
  expect(await give({ command: 'pause', note: 'x' }, { workflow: 'none' })).toMatchObject({ status: 404 })
  expect((await readOne(asking(lead), of('none'))).status).toBe(404)
})

test('only a person who leads changes a queue, and whoever sees only their own jobs reads none', async () => {
  const reviewer = await keyOf('reviewer', 'Rita Reader')
  expect(await give({ command: 'drain', note: 'x' }, { key: reviewer })).toMatchObject({ status: 403 })
  expect((await readOne(asking(reviewer), of('digest'))).status).toBe(200)
  const { key: service } = await createKey(database.db, { name: 's', roles: ['lead'], userId: null, createdBy: null })
  expect(await give({ command: 'drain', note: 'x' }, { key: service })).toMatchObject({ status: 403 })
  const requester = await keyOf('requester', 'Rui Asks')
  for (const answer of [await readAll(asking(requester)), await readOne(asking(requester), of('digest'))]) {
    expect(answer.status).toBe(403)
  }
  expect(await database.db.queueControl.findMany({ where: { takesJobs: false } })).toEqual([])
})

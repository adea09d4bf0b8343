import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { actors } from '@/lib/access/actors.server'
import { createKey } from '@/lib/access/keys.server'
import { checkCaseFile } from '@/lib/audit/case-file-check'
import type { CaseView } from '@/lib/audit/case-view'
import { stopListening } from '@/lib/jobs/changes.server'
import type { Problem } from '@/lib/jobs/view'
import type { Role } from '@/lib/lifecycle/table'
import { giveCommand } from '@/lib/store/command.server'
import { db } from '@/lib/store/db.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { type Engine, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { answered, hashesOf, publishUnder } from '@/lib/testing/policies'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { GET } from './route'

let store: TestDatabase
let engine: Engine
let requester: Actor & { userId: string }
let reviewer: Actor & { userId: string }
let jobId: string

beforeAll(async () => {
  store = await testDatabase()
  await publishBuiltins(store.db)
  engine = await testEngine(store.db)
  requester = await person(store.db, ['requester'])
  reviewer = await person(store.db, ['reviewer'], 'Rae')
  jobId = (await answered({ db: store.db, engine, requester }, 'report')).id
})
beforeEach(() => {
  vi.stubEnv('DATABASE_URL', store.url)
})
afterAll(async () => {
  await stopListening()
  await actors().close()
  await db().$disconnect()
  await store[Symbol.asyncDispose]()
})

async function asking(
  userId: string,
  query: string,
  { id = jobId, role = 'reviewer' as Role } = {},
): Promise<Response> {
  const { key } = await createKey(store.db, { name: 'k', roles: [role], userId, createdBy: null })
  const request = new Request(`http://localhost/x${query}`, { headers: { authorization: `Bearer ${key}` } })
  return GET(request, { params: Promise.resolve({ id }) })
}

const takings = () => store.db.caseFileTaking.count({ where: { jobId } })

test('it says what it would have, and that is no taking', async () => {
  const answer = await asking(reviewer.userId, '')
  expect(answer.status).toBe(200)
  const view = (await answer.json()) as CaseView
  expect(view).toMatchObject({ version: 3, erased: 0, anchored: null, taken: { times: 0, last: null } })
  expect(await takings()).toBe(0)
})

test('it comes as a file, and who took it is told to the next', async () => {
  const zip = await asking(reviewer.userId, '?format=zip')
  expect(Object.fromEntries(zip.headers)).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': 'attachment; filename="job-1-case-file.zip"',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  const checked = checkCaseFile(new Uint8Array(await zip.arrayBuffer()), null)
  expect(checked.found).toEqual([])
  expect(checked.summary.join(' ')).toContain('No anchor has this job yet')
  const html = await asking(requester.userId, '?format=html', { role: 'requester' })
  expect(html.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
  expect(await html.text()).toMatch(/<\/html>\n$/)
  const view = (await (await asking(reviewer.userId, '')).json()) as CaseView
  expect(view.taken).toMatchObject({ times: 2, last: { format: 'html' } })
})

test('whoever may not read the job gets none, nor does anybody in a format that there is not', async () => {
  const stranger = await person(store.db, ['requester'])
  const before = await takings()
  expect((await asking(stranger.userId, '?format=zip', { role: 'requester' })).status).toBe(404)
  expect((await asking(reviewer.userId, '?format=pdf')).status).toBe(422)
  expect((await asking(reviewer.userId, '?format=zip', { id: "x' OR 1=1" })).status).toBe(404)
  const nobody = new Request('http://localhost/x?format=zip')
  expect((await GET(nobody, { params: Promise.resolve({ id: jobId }) })).status).toBe(401)
  expect(await takings()).toBe(before)
})

test('while a blind round is open nobody gets one that would tell how others decide', async () => {
  const workflow = await publishUnder(store.db, { approvals: 2, blind: true })
  const { id } = await answered({ db: store.db, engine, requester }, workflow)
  await giveCommand(store.db, reviewer, id, { command: 'approve', ...(await hashesOf(store.db, id)) }, 'api')
  const other = await person(store.db, ['reviewer'])
  for (const query of ['', '?format=html', '?format=zip']) {
    const answer = await asking(other.userId, query, { id })
    expect(answer.status).toBe(403)
    expect(((await answer.json()) as Problem).detail).toContain('A blind round is open')
  }
  await giveCommand(store.db, other, id, { command: 'approve', ...(await hashesOf(store.db, id)) }, 'api')
  expect((await asking(other.userId, '?format=zip', { id })).status).toBe(200)
})

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { GET as readPayload } from '@/app/api/v1/jobs/[id]/payload/route'
import type { Actor } from '@/lib/access/actor'
import { actors } from '@/lib/access/actors.server'
import { createKey } from '@/lib/access/keys.server'
import type { Job } from '@/lib/generated/prisma/client'
import { currentTag, stopListening } from '@/lib/jobs/changes.server'
import type { JobView } from '@/lib/jobs/view'
import { sayPresence } from '@/lib/review/presence.server'
import { giveCommand } from '@/lib/store/command.server'
import { db } from '@/lib/store/db.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { completed, REPORT, reportJob, saw, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { GET } from './route'

let database: TestDatabase
let owner: Actor & { userId: string }
let key: string
/** A job whose result waits for a decision. */
let job: Job

beforeAll(async () => {
  database = await testDatabase()
  vi.stubEnv('DATABASE_URL', database.url)
  await publishBuiltins(database.db)
  owner = await person(database.db, ['owner'])
  key = (await createKey(db(), { name: 'k', roles: ['owner'], userId: owner.userId, createdBy: null })).key
  const engine = await testEngine(database.db)
  engine.provider.onLook = (id) => saw(completed(id, REPORT))
  const { id } = await reportJob(database.db, owner)
  job = await engine.stepUntil(id, ({ state }) => state === 'awaiting_review')
})
beforeEach(() => {
  vi.stubEnv('DATABASE_URL', database.url)
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(async () => {
  await stopListening()
  await actors().close()
  await db().$disconnect()
  await database[Symbol.asyncDispose]()
})

const params = () => ({ params: Promise.resolve({ id: job.id }) })
const asking = (query = '', headers = {}) =>
  new Request(`http://localhost/x${query}`, { headers: { authorization: `Bearer ${key}`, ...headers } })

/** An answer after all news are in: until then its tag moves. */
async function quiet(): Promise<Response> {
  await vi.waitFor(() => expect(currentTag('job')).not.toBeNull(), 120_000)
  return vi.waitFor(async () => {
    const first = await GET(asking(), params())
    const again = await GET(asking('', { 'if-none-match': first.headers.get('etag') ?? '' }), params())
    expect(again.status).toBe(304)
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
    return first
  }, 120_000)
}

test('a poll hears that a lease and a snooze are over, and that a lease was lengthened', async () => {
  const give = (command: string, params = {}) =>
    giveCommand(database.db, owner, job.id, { command, note: 'later', params }, 'api')
  const minutes = (many: number) => Date.now() + many * 60_000
  const snoozedUntil = minutes(120)
  const leaseUntil = minutes(5)
  await give('snooze', { until: new Date(snoozedUntil).toISOString() })
  await give('claim')
  let last = await quiet()
  const read = async () => ((await last.clone().json()) as JobView).reviews.at(-1)
  const poll = async (at: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now: at })
    const answer = await GET(asking('', { 'if-none-match': last.headers.get('etag') ?? '' }), params())
    if (answer.status === 200) last = answer
    return answer.status
  }
  expect(await read()).toMatchObject({ claims: [{}], snooze: {} })
  expect(await poll(leaseUntil - 60_000)).toBe(304)
  // Somebody works on it in a tab: that is no news, yet it is held on.
  await sayPresence(database.db, owner, job.id, { handsOnMs: 1_000 })
  const next = minutes(5)
  expect(await poll(leaseUntil + 1_000)).toBe(200)
  expect(await read()).toMatchObject({ claims: [{}] })
  expect(await poll(next - 1_000)).toBe(304)
  expect(await poll(next + 1_000)).toBe(200)
  expect(await read()).toMatchObject({ claims: [], snooze: {} })
  expect(await poll(snoozedUntil - 1_000)).toBe(304)
  expect(await poll(snoozedUntil + 1)).toBe(200)
  expect(await read()).toMatchObject({ snooze: null })
  expect(await poll(snoozedUntil + 86_400_000)).toBe(304)
})

test('a poll hears that the time to take an approval back is over, though nothing was written', async () => {
  const { resultHash } = await database.db.reviewRound.findFirstOrThrow({ where: { jobId: job.id } })
  await giveCommand(database.db, owner, job.id, { command: 'approve', resultHash: resultHash ?? '' }, 'api')
  let first = await quiet()
  const poll = () => GET(asking('', { 'if-none-match': first.headers.get('etag') ?? '' }), params())
  const body = (await first.json()) as JobView
  expect(body.allowedCommands).toContain('undo')

  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(body.undoUntil ?? '') + 1 })
  const later = await poll()
  expect(later.status).toBe(200)
  expect(((await later.json()) as JobView).allowedCommands).not.toContain('undo')
  first = later
  expect((await poll()).status).toBe(304)
})

test('a payload is asked for by a number that an attempt can have', async () => {
  const statusOf = async (query: string) => (await readPayload(asking(query), params())).status
  for (const query of ['', '?attempt=', '?attempt=1']) expect(await statusOf(query), query).toBe(200)
  for (const number of ['2', '99999999999', '-99999999999', '1.5', 'one', '0']) {
    expect(await statusOf(`?attempt=${number}`), number).toBe(404)
  }
})

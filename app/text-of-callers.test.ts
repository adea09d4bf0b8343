import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { retireFromReasons } from '@/app/(app)/settings/reasons/actions'
import type { Actor } from '@/lib/access/actor'
import { actors } from '@/lib/access/actors.server'
import { createKey } from '@/lib/access/keys.server'
import { stopListening } from '@/lib/jobs/changes.server'
import { builtinRules } from '@/lib/rules/builtin'
import { checkedRules, currentRules, rulesHash } from '@/lib/rules/store.server'
import { db } from '@/lib/store/db.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { testEngine } from '@/lib/testing/engine'
import { jobStanding } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { giveJobCommand, submitJob } from './(app)/jobs/actions'
import { addAlertRule } from './(app)/queues/alerts/actions'
import { GET as readNews } from './(app)/queues/alerts/news/route'
import { pauseSending } from './(app)/queues/control-actions'
import { chooseJobs, resolveGroup } from './(app)/queues/failures/actions'
import { putInForce } from './(app)/rules/actions'
import { endMySession, saveMyProfile } from './(app)/settings/account/actions'
import { makeKey } from './(app)/settings/keys/actions'
import { resumeSending } from './(app)/settings/money/actions'
import { deactivatePerson } from './(app)/settings/people/actions'
import { POST as giveCommand } from './api/v1/jobs/[id]/commands/route'
import { GET as readLeaving } from './api/v1/jobs/[id]/leaving/route'
import { POST as takeNext } from './api/v1/review/next/route'

/** What PostgreSQL takes as no text: it is answered as any other text that nothing is called. */
const STRANGE = 'a\u0000\ud800'

let database: TestDatabase
let owner: Actor & { userId: string }
let key: string
let jobId: string

vi.mock('next/cache', () => ({ revalidatePath: () => {} }))
vi.mock('@/lib/access/session.server', async (original) => ({
  ...(await original<typeof import('@/lib/access/session.server')>()),
  readActor: async () => owner,
  requireActor: async () => owner,
  actorProfile: async () => ({ actor: owner, sessionId: 'mine' }),
}))

beforeAll(async () => {
  database = await testDatabase()
  vi.stubEnv('DATABASE_URL', database.url)
  await publishBuiltins(database.db)
  owner = await person(database.db, ['owner'])
  key = (await createKey(db(), { name: 'k', roles: ['owner'], userId: owner.userId, createdBy: null })).key
  const engine = await testEngine(database.db)
  const standing = { state: 'awaiting_review', round: 'result' } as const
  jobId = (await jobStanding({ db: database.db, engine, owner, requester: owner }, standing)).id
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

const asking = (query = '', body?: object) =>
  new Request(`http://localhost/x${query}`, {
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
const params = () => ({ params: Promise.resolve({ id: jobId }) })

describe('what no text column holds is no error of the server', () => {
  test.each<[string, () => Promise<Response>, number]>([
    ['the hash of what leaves', () => readLeaving(asking('?hash=%00'), params()), 404],
    ['the workflow of the alerts', () => readNews(asking('?workflow=%00')), 200],
    ['the workflow of the next item', () => takeNext(asking('', { workflow: STRANGE })), 200],
    ...(
      [
        { command: 'assign', params: { assignee: STRANGE } },
        { command: 'abandon', params: { reason: STRANGE } },
        { command: 'comment', note: 'x', params: { mentions: [STRANGE] } },
      ] as const
    ).map((ask): [string, () => Promise<Response>, number] => [
      `a parameter of ${ask.command}`,
      () => giveCommand(asking('', ask), params()),
      422,
    ]),
  ])('in %s', async (_what, ask, status) => {
    expect((await ask()).status).toBe(status)
  })

  const form = (fields: Record<string, string>) => {
    const data = new FormData()
    for (const [name, value] of Object.entries(fields)) data.set(name, value)
    return data
  }
  const rule = { threshold: 60, minutes: null, least: null, isOn: true, byEmail: false, address: null }

  async function putStrangeRules() {
    const { version: basedOn } = await currentRules(database.db)
    const rules = builtinRules.map((one, index) => (index === 0 ? { ...one, sentence: STRANGE } : one))
    return putInForce({ rules, note: STRANGE, basedOn, tried: rulesHash(checkedRules(rules)) })
  }

  test.each<[string, () => Promise<unknown>, object]>([
    ['the id of a job', () => giveJobCommand(STRANGE, { command: 'claim' }), { problem: { status: 404 } }],
    ['the workflow of a pause', () => pauseSending(STRANGE, 'because'), { ok: false }],
    ['the workflow of a resumption', () => resumeSending(STRANGE, 'because'), { ok: false }],
    ['a group of failures', () => resolveGroup(STRANGE, 'because'), { ok: false }],
    ['the group of a retry', () => chooseJobs(STRANGE), { ok: false }],
    [
      'the workflow and the people of an alert rule',
      () => addAlertRule({ ...rule, kind: 'oldest_waiting', workflowKey: STRANGE, people: [STRANGE] } as never),
      { ok: false },
    ],
    ['the note and a sentence of failure rules', putStrangeRules, { ok: true }],
    ['the key of a reason', () => retireFromReasons(STRANGE), { ok: false }],
    ['the id of a person', () => deactivatePerson(STRANGE), { ok: false }],
    ['the id of a session', () => endMySession(STRANGE), { ok: true }],
    ['a name', () => saveMyProfile(null, form({ name: STRANGE, email: 'a@example.test' })), { ok: true }],
    ['the name of a key', () => makeKey(null, form({ name: STRANGE, belongs: 'me', roles: 'owner' })), { ok: true }],
    [
      'the key of a submission',
      () => submitJob({ workflow: 'report', input: {} }, STRANGE),
      { problem: { status: 422 } },
    ],
  ])('in %s', async (_what, act, outcome) => {
    expect(await act()).toMatchObject(outcome)
  })
})

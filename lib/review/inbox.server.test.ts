import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { Job } from '@/lib/generated/prisma/client'
import { giveCommand } from '@/lib/store/command.server'
import { Forbidden } from '@/lib/store/errors'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { accepted, completed, type Engine, REPORT, reportJob, testEngine } from '@/lib/testing/engine'
import { currentHash, jobStanding } from '@/lib/testing/histories'
import { person, serviceKey } from '@/lib/testing/people'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionOf, publish, publishBuiltins } from '@/lib/workflows/store.server'
import { countInbox, readInbox } from './inbox.server'
import type { InboxQuery } from './inbox-query'
import { compareInInbox } from './order'
import { sayPresence } from './presence.server'
import { type Inbox, type InboxViewName, inboxSchema, inboxViews } from './view'

type Person = Actor & { userId: string }

let database: TestDatabase
let engine: Engine
let owner: Person
let requester: Person

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  engine = await testEngine(database.db)
  owner = await person(database.db, ['owner'], 'Olga Owner')
  requester = await person(database.db, ['requester'], 'Rik Requester')
})
afterAll(() => database[Symbol.asyncDispose]())

const db = () => database.db
const waiting = () => jobStanding({ db: db(), engine, owner, requester }, { state: 'awaiting_review', round: 'result' })

/** The built-in report under another key, with this review policy. */
async function workflowWith(key: string, review: Partial<WorkflowDefinition['review']>): Promise<string> {
  const { currentVersion: version } = await db().workflow.findUniqueOrThrow({ where: { key: 'report' } })
  const where = { key_version: { key: 'report', version } }
  const report = definitionOf(await db().workflowVersion.findUniqueOrThrow({ where }))
  await publish(db(), { ...report, key, name: key, review: { ...report.review, ...review } })
  return key
}

async function waitingUnder(workflow: string, by: Actor = requester, title?: string): Promise<Job> {
  const job = await reportJob(db(), by, { workflow, title })
  engine.provider.onCreate = [
    (request) => ({
      ...accepted(''),
      kind: 'accepted',
      seen: completed(`resp_${request.metadata.attempt_id}`, REPORT),
    }),
  ]
  return engine.step(job.id)
}

const give = (actor: Actor, job: Job, command: string, params: Record<string, unknown> = {}, note?: string) =>
  giveCommand(db(), actor, job.id, { command, params, note }, 'browser')

async function approve(actor: Actor, job: Job) {
  const resultHash = await currentHash(db(), job.id)
  return giveCommand(db(), actor, job.id, { command: 'approve', resultHash }, 'browser')
}

/** In which view `actor` has the job, and why it waits. */
async function seen(actor: Actor, job: Job, now = new Date()) {
  const found = []
  for (const view of inboxViews) {
    const { value } = await readInbox(db(), actor, { view, limit: 200 }, now)
    found.push(...value.items.filter(({ id }) => id === job.id))
  }
  expect(found.length).toBeLessThanOrEqual(1)
  const item = found[0]
  return item === undefined ? null : { view: item.view, why: item.why }
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

describe('whose it is to do', () => {
  type Case = [string, (me: Person, other: Person) => Promise<Job>, InboxViewName, RegExp | null]
  const cases: Case[] = [
    ['a result that nobody looks after', () => waiting(), 'anyone', null],
    [
      'what I claimed',
      async (me) => {
        const job = await waiting()
        await give(me, job, 'claim')
        return job
      },
      'mine',
      null,
    ],
    [
      'what is assigned to me',
      async (me) => {
        const job = await waiting()
        await give(owner, job, 'assign', { assignee: me.userId })
        return job
      },
      'mine',
      null,
    ],
    [
      'what is assigned to me and held by another',
      async (me, other) => {
        const job = await waiting()
        await give(owner, job, 'assign', { assignee: me.userId })
        await give(other, job, 'claim')
        return job
      },
      'mine',
      /Other Person works on it/,
    ],
    [
      'what is assigned to another',
      async (_me, other) => {
        const job = await waiting()
        await give(owner, job, 'assign', { assignee: other.userId })
        return job
      },
      'others',
      /assigned to Other Person/,
    ],
    [
      'what another holds alone',
      async (_me, other) => {
        const job = await waiting()
        await give(other, job, 'claim')
        return job
      },
      'others',
      /Other Person works on it/,
    ],
    [
      'what was snoozed',
      async (_me, other) => {
        const job = await waiting()
        await give(other, job, 'snooze', { until: inAnHour() }, 'The tenant is away.')
        return job
      },
      'snoozed',
      /Other Person put it away: The tenant is away\./,
    ],
    [
      'what is assigned to me and was snoozed',
      async (me, other) => {
        const job = await waiting()
        await give(owner, job, 'assign', { assignee: me.userId })
        await give(other, job, 'snooze', { until: inAnHour() }, 'Later.')
        return job
      },
      'snoozed',
      /Later/,
    ],
    [
      'one of two places, where another holds the other',
      async (_me, other) => {
        const job = await waitingUnder(await workflowWith('two', { approvals: 2 }))
        await give(other, job, 'claim')
        return job
      },
      'anyone',
      null,
    ],
    [
      'the last of two places, where another holds it',
      async (_me, other) => {
        const job = await waitingUnder(await workflowWith('two', { approvals: 2 }))
        await approve(owner, job)
        await give(other, job, 'claim')
        return job
      },
      'others',
      /Other Person works on it/,
    ],
    [
      'the last place, where somebody holds one without the role of what is left',
      async () => {
        const job = await waitingUnder(await workflowWith('steps', { approvals: 2, roles: ['support', 'reviewer'] }))
        await give(await person(db(), ['support']), job, 'claim')
        await approve(owner, job)
        return job
      },
      'anyone',
      null,
    ],
    [
      'what I approved already',
      async (me) => {
        const job = await waitingUnder(await workflowWith('two', { approvals: 2 }))
        await approve(me, job)
        return job
      },
      'others',
      /You have approved it/,
    ],
    [
      'what I asked for and may not approve',
      async (me) => waitingUnder(await workflowWith('four-eyes', { requesterMayApprove: false }), me),
      'others',
      /You asked for it/,
    ],
    [
      'what I asked for and may approve',
      async (me) => waitingUnder(await workflowWith('own', { requesterMayApprove: true }), me),
      'anyone',
      null,
    ],
    [
      'an approval for a role that I hold',
      async () => waitingUnder(await workflowWith('roles', { approvals: 2, roles: ['reviewer', 'lead'] })),
      'anyone',
      null,
    ],
    [
      'an approval for a role that I do not hold',
      async (_me, other) => {
        const job = await waitingUnder(await workflowWith('roles', { approvals: 2, roles: ['reviewer', 'lead'] }))
        await approve(other, job)
        return job
      },
      'others',
      /next approval is for a lead/,
    ],
  ]

  test.each(cases)('%s', async (_what, make, view, why) => {
    const me = await person(db(), ['reviewer', 'requester'], 'Me Myself')
    const other = await person(db(), ['reviewer'], 'Other Person')
    const found = await seen(me, await make(me, other))
    expect(found?.view).toBe(view)
    if (why === null) expect(found?.why).toBeNull()
    else expect(found?.why).toMatch(why)
  })

  test('results and tool calls wait for reviewers where support looks, and lost answers for either', async () => {
    const support = await person(db(), ['support'])
    const jobs = { db: db(), engine, owner, requester }
    const find = async (round: 'result' | 'permission' | 'unknown' | 'trouble') =>
      (await seen(support, await jobStanding(jobs, { state: 'awaiting_review', round })))?.view
    expect(await find('result')).toBe('others')
    expect(await find('permission')).toBe('others')
    expect(await find('unknown')).toBe('anyone')
    expect(await find('trouble')).toBe('anyone')
  })

  test('a claim and a snooze that have run out count no more', async () => {
    const me = await person(db(), ['reviewer'])
    const other = await person(db(), ['reviewer'])
    const job = await waiting()
    await give(other, job, 'claim')
    await give(other, job, 'snooze', { until: inAnHour() }, 'Later.')
    expect((await seen(me, job))?.view).toBe('snoozed')
    expect((await seen(me, job, new Date(Date.now() + 2 * 3_600_000)))?.view).toBe('anyone')
  })

  test('a decided job is in no view', async () => {
    const me = await person(db(), ['reviewer'])
    const job = await waiting()
    await approve(me, job)
    expect(await seen(me, job)).toBeNull()
  })
})

describe('the inbox', () => {
  test('is for whoever may decide', async () => {
    await expect(readInbox(db(), requester)).rejects.toThrow(Forbidden)
    await expect(countInbox(db(), requester)).rejects.toThrow(Forbidden)
  })

  test('shows the key of a service results as those of people', async () => {
    const key = await serviceKey(db(), ['reviewer'])
    const job = await waiting()
    expect(await seen(key, job)).toEqual({ view: 'others', why: expect.stringContaining('asks for a person') })
  })

  test('counts what its lists have, for everybody and under every filter', async () => {
    const people = [
      owner,
      await person(db(), ['reviewer']),
      await person(db(), ['support']),
      await person(db(), ['lead', 'requester']),
      await serviceKey(db(), ['reviewer']),
    ]
    const filters: Partial<InboxQuery>[] = [
      {},
      { kind: 'result' },
      { workflow: 'two' },
      { risk: 0, q: 'rent' },
      { q: '%' },
    ]
    const now = new Date()
    for (const actor of people) {
      for (const filter of filters) {
        for (const view of inboxViews) {
          const { items, pages } = await wholeList(actor, { view, ...filter }, now)
          expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
          expect(items.every((item) => item.view === view)).toBe(true)
          for (const { counts, workflows } of pages) {
            expect(counts[view]).toBe(items.length)
            const own = workflows.filter(({ key }) => (filter.workflow ?? key) === key)
            expect(own.reduce((sum, { count }) => sum + count, 0)).toBe(items.length)
          }
          if (Object.keys(filter).length > 0) continue
          expect((await countInbox(db(), actor, now)).value.counts[view]).toBe(items.length)
        }
      }
    }
  })

  /** Every row of a view, over small pages, so that a list has several. */
  async function wholeList(actor: Actor, query: Partial<InboxQuery>, now: Date) {
    const pages: Inbox[] = []
    let after: string | null = null
    do {
      const { value }: { value: Inbox } = await readInbox(db(), actor, { ...query, after, limit: 15 }, now)
      pages.push(inboxSchema.parse(value))
      after = value.nextCursor
    } while (after !== null)
    return { pages, items: pages.flatMap(({ items }) => items) }
  }

  test('stands in the order that is written down, on one page as over many', async () => {
    const now = new Date(Date.now() + 21 * 3_600_000)
    const whole = (await readInbox(db(), owner, { view: 'anyone', limit: 200 }, now)).value.items
    const placed = whole.map((item) => ({
      id: item.id,
      dueAt: item.round?.dueAt == null ? null : Date.parse(item.round.dueAt),
      risk: item.round?.risk ?? 0,
      since: Date.parse(item.round?.openedAt ?? item.changedAt),
      number: item.number,
    }))
    const sorted = [...placed].sort((a, b) => compareInInbox(a, b, now.getTime()))
    expect(placed.length).toBeGreaterThan(5)
    expect(placed.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id))
  })

  test('goes on in the order of its first page though time has passed', async () => {
    const made: string[] = []
    for (const title of ['Zebra one', 'Zebra two', 'Zebra three']) {
      made.push((await waitingUnder('report', requester, title)).id)
      engine.pass(1_000)
    }
    const rounds = await db().reviewRound.findMany({ where: { jobId: { in: made } } })
    const firstDue = Math.min(...rounds.map(({ dueAt }) => dueAt?.getTime() ?? Number.NaN))
    // All are due within a day at the first page, and within four hours at the second.
    const ask = { limit: 1, q: 'zebra' }
    const first = (await readInbox(db(), owner, ask, new Date(firstDue - 4.5 * 3_600_000))).value
    const later = new Date(firstDue - 3.8 * 3_600_000)
    const rest = (await readInbox(db(), owner, { ...ask, limit: 5, after: first.nextCursor }, later)).value
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(made)
  })

  test('says who looks at a row, but not to themself', async () => {
    const [me, other] = [await person(db(), ['reviewer'], 'Me'), await person(db(), ['reviewer'], 'Other')]
    const job = await waiting()
    const start = new Date()
    await sayPresence(db(), me, job.id, { handsOnMs: 0 }, start)
    await sayPresence(db(), other, job.id, { handsOnMs: 0 }, start)
    const lookers = async (actor: Actor, now = start) => {
      const { value } = await readInbox(db(), actor, { limit: 200 }, now)
      return value.items.find(({ id }) => id === job.id)?.lookers.map(({ name }) => name)
    }
    expect(await lookers(me)).toEqual(['Other'])
    expect(await lookers(owner)).toEqual(expect.arrayContaining(['Me', 'Other']))
    expect(await lookers(me, new Date(start.getTime() + 31_000))).toEqual([])
  })

  test('knows when its answer runs out by itself', async () => {
    const [me, other] = [await person(db(), ['reviewer']), await person(db(), ['reviewer'])]
    const job = await waiting()
    const now = new Date()
    const runsOut = async (at: Date) => (await readInbox(db(), me, {}, at)).changesAt?.getTime() ?? Number.NaN
    const { dueAt } = await db().reviewRound.findFirstOrThrow({ where: { jobId: job.id } })
    expect(await runsOut(now)).toBeLessThanOrEqual((dueAt?.getTime() ?? 0) - 4 * 3_600_000)
    await giveCommand(db(), other, job.id, { command: 'claim' }, 'browser', now)
    expect(await runsOut(now)).toBeLessThanOrEqual(now.getTime() + 5 * 60_000 + 5_000)
    await sayPresence(db(), other, job.id, { handsOnMs: 0 }, now)
    expect(await runsOut(now)).toBeLessThanOrEqual(now.getTime() + 30_000)
    expect(await runsOut(now)).toBeGreaterThan(now.getTime())
  })
})

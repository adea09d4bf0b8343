import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { Role, State } from '@/lib/lifecycle/table'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { type Engine, REPORT, testEngine } from '@/lib/testing/engine'
import { person, serviceKey } from '@/lib/testing/people'
import { answered, hashesOf, INTO_A_FILE, openRoundOf, type Policy, publishUnder } from '@/lib/testing/policies'
import { publish, publishBuiltins } from '@/lib/workflows/store.server'
import { giveCommand } from './command.server'
import { Forbidden, InvalidInput, JobConflict } from './errors'

let database: TestDatabase
let engine: Engine

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  engine = await testEngine(database.db)
})
afterAll(() => database[Symbol.asyncDispose]())

/** Whoever asked for the job, people by their role, the same person again, and a key of a service. */
type Who = 'requester' | Role | 'reviewer 2' | 'reviewer 3' | 'again' | 'service'
type Outcome = 'completed' | 'one of several' | 'refused' | 'conflict' | 'invalid'
type Row = {
  name: string
  policy: Policy
  /** Who approves, in turn, and what comes of it. */
  approvals: [Who, Outcome][]
  text?: string
}

const BARE = JSON.stringify({ ...JSON.parse(REPORT), findings: [{ claim: 'The rent is a gift.', citations: [] }] })
const two = { approvals: 2 }

const rows: Row[] = [
  { name: 'one reviewer', policy: { approvals: 1 }, approvals: [['reviewer', 'completed']] },
  {
    name: 'one reviewer, not by those who do not review',
    policy: { approvals: 1 },
    approvals: [
      ['support', 'refused'],
      ['requester', 'refused'],
      ['lead', 'completed'],
    ],
  },
  {
    name: 'one reviewer: a key of a service is nobody',
    policy: { approvals: 1 },
    approvals: [
      ['service', 'refused'],
      ['reviewer', 'completed'],
    ],
  },
  {
    name: 'two different people: the same one does not count twice',
    policy: two,
    approvals: [
      ['reviewer', 'one of several'],
      ['again', 'refused'],
      ['reviewer 2', 'completed'],
    ],
  },
  {
    name: 'three different people',
    policy: { approvals: 3 },
    approvals: [
      ['reviewer', 'one of several'],
      ['reviewer 2', 'one of several'],
      ['reviewer 3', 'completed'],
    ],
  },
  {
    name: 'whoever asked may not approve, an owner not excepted',
    policy: { ...two, requesterMayApprove: false },
    approvals: [
      ['owner', 'one of several'],
      ['requester', 'refused'],
      ['reviewer', 'completed'],
    ],
  },
  {
    name: 'named roles in their order',
    policy: { ...two, roles: ['reviewer', 'lead'] },
    approvals: [
      ['reviewer', 'one of several'],
      ['reviewer 2', 'refused'],
      ['lead', 'completed'],
    ],
  },
  {
    name: 'named roles: a wider role stands for a narrower one, once',
    policy: { ...two, roles: ['reviewer', 'owner'] },
    approvals: [
      ['lead', 'one of several'],
      ['again', 'refused'],
      ['owner', 'completed'],
    ],
  },
  {
    name: 'blind: each decides without the others',
    policy: { ...two, blind: true },
    approvals: [
      ['reviewer', 'one of several'],
      ['reviewer 2', 'completed'],
    ],
  },
  {
    name: 'by risk: a claim that nothing carries asks for two',
    policy: {
      approvals: 1,
      byRisk: [
        { id: 'bare', label: 'A claim is not carried', when: { if: 'claims_unsupported' }, ask: { approvals: 2 } },
      ],
    },
    text: BARE,
    approvals: [
      ['reviewer', 'one of several'],
      ['reviewer 2', 'completed'],
    ],
  },
  {
    name: 'by risk: a rule that does not apply changes nothing',
    policy: {
      approvals: 1,
      byRisk: [
        { id: 'bare', label: 'A claim is not carried', when: { if: 'claims_unsupported' }, ask: { approvals: 2 } },
      ],
    },
    approvals: [['reviewer', 'completed']],
  },
  {
    name: 'by risk: what leaves asks for two, in their roles',
    policy: {
      approvals: 1,
      byRisk: [
        { id: 'out', label: 'It leaves', when: { if: 'leaves' }, ask: { approvals: 2, roles: ['reviewer', 'lead'] } },
      ],
    },
    approvals: [
      ['reviewer', 'one of several'],
      ['reviewer 2', 'refused'],
      ['lead', 'completed'],
    ],
  },
  {
    name: 'by risk: a rule may forbid the requester',
    policy: {
      approvals: 1,
      requesterMayApprove: true,
      byRisk: [
        {
          id: 'title',
          label: 'It is about rent',
          when: { if: 'value', at: '/title', is: { be: 'equal', value: 'Rent' } },
          ask: { requesterMayApprove: false },
        },
      ],
    },
    approvals: [
      ['requester', 'refused'],
      ['reviewer', 'completed'],
    ],
  },
  {
    name: 'a sample: one person looks at what nobody would',
    policy: { approvals: 0, samplePercent: 100 },
    approvals: [['reviewer', 'completed']],
  },
]

describe.each(rows)('$name', ({ policy, approvals, text }) => {
  test('is what each person’s approval comes to, and nothing leaves before the last', async () => {
    const { db } = database
    const people = new Map<Who, Actor>()
    const requester = await person(db, ['requester', 'reviewer'])
    people.set('requester', approvals.some(([who]) => who === 'support') ? await person(db, ['requester']) : requester)
    const asker = people.get('requester') ?? requester
    const job = await answered(
      { db, engine, requester: asker },
      await publishUnder(db, policy, { delivery: INTO_A_FILE }),
      text,
    )
    expect(job.state).toBe('awaiting_review')

    let last: Actor = asker
    for (const [who, wanted] of approvals) {
      const actor = who === 'again' ? last : (people.get(who) ?? (await somebody(who)))
      people.set(who, actor)
      expect.soft(await approve(actor, job.id), `${who}`).toBe(wanted)
      last = actor
      const { state } = await db.job.findUniqueOrThrow({ where: { id: job.id } })
      expect.soft(await db.delivery.count({ where: { jobId: job.id } })).toBe((state as State) === 'completed' ? 1 : 0)
    }
  })
})

function somebody(who: Who): Promise<Actor> {
  if (who === 'service') return serviceKey(database.db, ['reviewer'])
  return person(database.db, [who.split(' ')[0] as Role])
}

async function approve(actor: Actor, jobId: string): Promise<Outcome> {
  const { db } = database
  try {
    const ask = { command: 'approve', note: 'It holds.', ...(await hashesOf(db, jobId)) }
    const given = await giveCommand(db, actor, jobId, ask, 'api')
    return given.command === 'approve' ? 'completed' : 'one of several'
  } catch (error) {
    if (error instanceof Forbidden) return 'refused'
    if (error instanceof JobConflict) return 'conflict'
    if (error instanceof InvalidInput) return 'invalid'
    throw error
  }
}

describe('a policy that asks for nobody', () => {
  test('accepts by itself, and what leaves goes into the outbox with it', async () => {
    const { db } = database
    const requester = await person(db, ['requester'])
    const key = await publishUnder(db, { approvals: 0 }, { delivery: INTO_A_FILE })
    const job = await answered({ db, engine, requester }, key)
    expect(job).toMatchObject({ state: 'completed', lastCommand: 'accept' })
    expect(await db.delivery.findMany({ where: { jobId: job.id } })).toMatchObject([{ roundId: null }])
  })

  test('draws so many percent as a sample, and no others', async () => {
    const { db } = database
    const requester = await person(db, ['requester'])
    const key = await publishUnder(db, { approvals: 0, samplePercent: 30 })
    const states: string[] = []
    for (const chance of [0, 0.29, 0.3, 0.99]) {
      engine.context.random = () => chance
      states.push((await answered({ db, engine, requester }, key)).state)
    }
    engine.context.random = () => 0.5
    expect(states).toEqual(['awaiting_review', 'awaiting_review', 'completed', 'completed'])
  })
})

describe('at the deadline', () => {
  test('a review expires where its policy says so, and is never approved', async () => {
    const { db } = database
    const key = await publishUnder(db, { approvals: 1, dueHours: 1 }, { delivery: INTO_A_FILE })
    const job = await answered({ db, engine, requester: await person(db, ['requester']) }, key)
    engine.pass(3_600_001)
    expect(await engine.step(job.id)).toMatchObject({ state: 'expired' })
    expect(await db.delivery.count({ where: { jobId: job.id } })).toBe(0)
    engine.pass(-3_600_001)
  })

  test('it is escalated once where its policy says so, and then expires', async () => {
    const { db } = database
    const key = await publishUnder(db, { approvals: 1, dueHours: 1, atDeadline: 'escalates', escalateHours: 2 })
    const job = await answered({ db, engine, requester: await person(db, ['requester']) }, key)
    engine.pass(3_600_001)
    const escalated = await engine.step(job.id)
    expect(escalated).toMatchObject({ state: 'awaiting_review', lastCommand: 'escalate' })
    const round = await openRoundOf(db, job.id)
    expect(round.escalatedAt).not.toBeNull()
    expect(round.dueAt).toEqual(escalated.dueAt)
    engine.pass(2 * 3_600_000)
    expect(await engine.step(job.id)).toMatchObject({ state: 'expired', lastCommand: 'expire' })
    engine.pass(-3 * 3_600_000 - 1)
  })
})

describe('a policy that was changed while something waits', () => {
  test('does not change what it waits for', async () => {
    const { db } = database
    const key = await publishUnder(db, { approvals: 1 })
    const job = await answered({ db, engine, requester: await person(db, ['requester']) }, key)
    const { definition } = await db.workflowVersion.findFirstOrThrow({ where: { key } })
    await publishAgain(key, definition as Record<string, unknown>)
    expect(await approve(await person(db, ['reviewer']), job.id)).toBe('completed')
  })
})

async function publishAgain(key: string, definition: Record<string, unknown>): Promise<void> {
  const { db } = database
  const review = { ...(definition.review as object), approvals: 3 }
  await publish(db, { ...definition, key, review } as never)
  const { currentVersion } = await db.workflow.findUniqueOrThrow({ where: { key } })
  expect(currentVersion).toBe(2)
}

describe('over a claim that nothing carries', () => {
  test('an approval says why, or the reviewer marked the claim as supported', async () => {
    const { db } = database
    const requester = await person(db, ['requester'])
    const key = await publishUnder(db, { approvals: 1 })
    const job = await answered({ db, engine, requester }, key, BARE)
    const reviewer = await person(db, ['reviewer'])
    const hashes = await hashesOf(db, job.id)
    const bare = giveCommand(db, reviewer, job.id, { command: 'approve', ...hashes }, 'api')
    await expect(bare).rejects.toThrow(/Give a reason: a claim of it is not carried/)
    const marks = [{ claim: 0, verdict: 'supported' }]
    await giveCommand(db, reviewer, job.id, { command: 'mark', params: { marks }, ...hashes }, 'api')
    const given = await giveCommand(db, reviewer, job.id, { command: 'approve', ...hashes }, 'api')
    expect(given.job.state).toBe('completed')
  })

  test('a claim that the reviewer marked as contradicted asks for a reason, and the list of reasons has one', async () => {
    const { db } = database
    const key = await publishUnder(db, { approvals: 1 })
    const job = await answered({ db, engine, requester: await person(db, ['requester']) }, key)
    const reviewer = await person(db, ['reviewer'])
    const hashes = await hashesOf(db, job.id)
    const marks = [{ claim: 0, verdict: 'contradicted' }]
    await giveCommand(db, reviewer, job.id, { command: 'mark', params: { marks }, ...hashes }, 'api')
    const approving = (params: Record<string, unknown>) =>
      giveCommand(db, reviewer, job.id, { command: 'approve', params, ...hashes }, 'api')
    await expect(approving({})).rejects.toThrow(/Give a reason/)
    await expect(approving({ reason: 'no-such-reason' })).rejects.toThrow(/not on the list/)
    expect((await approving({ reason: 'known' })).job.state).toBe('completed')
    expect(await db.decision.findFirst({ where: { jobId: job.id } })).toMatchObject({ reasonKey: 'known' })
  })
})

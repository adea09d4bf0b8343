import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { Job } from '@/lib/generated/prisma/client'
import {
  type Command,
  type CommandInfo,
  commandInfo,
  commandNames,
  type Role,
  roles,
  roundKindNames,
  type State,
  stateNames,
} from '@/lib/lifecycle/table'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { type Engine, REPORT, reportJob, testEngine } from '@/lib/testing/engine'
import { currentHash, jobStanding, type Standing } from '@/lib/testing/histories'
import { person, serviceKey } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { giveCommand } from './command.server'
import { Forbidden, InvalidInput, JobConflict, NotFound } from './errors'

let database: TestDatabase
let engine: Engine
let owner: Actor & { userId: string }

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  engine = await testEngine(database.db)
  owner = await person(database.db, ['owner'])
})
afterAll(() => database[Symbol.asyncDispose]())

const personCommands = commandNames.filter((command) => commandInfo(command).label !== null && command !== 'create')
const standings: Standing[] = stateNames.flatMap((state): Standing[] =>
  state === 'awaiting_review' ? roundKindNames.map((round) => ({ state, round })) : [{ state, round: null }],
)

/** What the table and the few rules beside it say, worked out here by hand so that the code is not its own judge. */
function expected(command: Command, { state, round }: Standing, role: Role): State | 'refused' {
  const row: CommandInfo = commandInfo(command)
  const holds = new Set<string>([role])
  if (role === 'lead' || role === 'owner') for (const more of ['reviewer', 'support']) holds.add(more)
  if (role === 'owner') for (const more of ['requester', 'lead']) holds.add(more)
  // The job is somebody else's: a bare requester does not even see it.
  if (role === 'requester') return 'refused'
  if (!row.by.some((giver) => holds.has(giver))) return 'refused'
  if (!row.from.includes(state)) return 'refused'
  if (row.rounds !== undefined && (round === null || !row.rounds.includes(round))) return 'refused'
  // One approval satisfies the built-in policy, so none is only an endorsement; `approve` and `endorse` are one.
  if (command === 'uphold') return 'refused'
  // Here no call is under way that could be waited for.
  if (command === 'wait' && round === 'trouble') return 'refused'
  if (command === 'undo') return 'refused'
  // Nobody has claimed it, and nothing of it was let leave.
  if (['release', 'redeliver', 'withdraw', 'confirm'].includes(command)) return 'refused'
  if (command === 'endorse') return 'completed'
  return row.to === 'same' ? state : row.to
}

/** No to every call that waits. */
async function denials(jobId: string) {
  const waiting = await database.db.toolCall.findMany({ where: { jobId, state: 'waiting' } })
  return waiting.map((call) => ({
    callId: call.id,
    allow: false,
    argumentsHash: call.argumentsSha256,
    reason: 'Not this one.',
  }))
}

/** What a command cannot be given without. */
async function paramsOf(command: Command, jobId: string): Promise<Record<string, unknown>> {
  switch (command) {
    case 'answer':
      return { answers: await denials(jobId) }
    case 'assign':
      return { assignee: owner.userId }
    case 'snooze':
      return { until: new Date(Date.now() + 60_000).toISOString() }
    case 'prioritise':
      return { priority: 7 }
    case 'reschedule':
      return { dueAt: new Date(Date.now() + 90_000_000).toISOString() }
    case 'mark':
      return { marks: [{ claim: 0, verdict: 'supported' }] }
    case 'revise':
      return { text: REPORT.replace('Rent', 'The rent') }
    default:
      return {}
  }
}

describe('every row of state, round, command and role', () => {
  describe.each(standings)('$state $round', (standing) => {
    test.each(personCommands)('%s', async (command) => {
      const requester = await person(database.db, ['requester'])
      let job: Job | null = null
      for (const role of roles) {
        const actor = await person(database.db, [role])
        // What was refused has left the job as it was, which is looked at below: the next one asks about the same.
        job ??= await jobStanding({ db: database.db, engine, owner, requester }, standing)
        expect(job.state).toBe(standing.state)
        const ask = {
          command,
          note: 'because',
          resultHash: ['approve', 'endorse', 'uphold', 'revise', 'mark'].includes(command)
            ? ((await currentHash(database.db, job.id)) ?? 'none')
            : undefined,
          params: { mayBePaidTwice: true, ...(await paramsOf(command, job.id)) },
        }
        const outcome = await giveCommand(database.db, actor, job.id, ask, 'api').then(
          (given) => given.job.state,
          (error: unknown) => {
            if (error instanceof Forbidden || error instanceof JobConflict || error instanceof NotFound)
              return 'refused'
            if (error instanceof InvalidInput && command === 'reopen') return 'refused'
            throw error
          },
        )
        const wanted = expected(command, standing, role)
        const needsResult = command === 'reopen' && (await currentHash(database.db, job.id)) === undefined
        expect.soft(outcome, `${command} by ${role}`).toBe(needsResult ? 'refused' : wanted)
        const after = await database.db.job.findUniqueOrThrow({ where: { id: job.id } })
        const events = await database.db.event.count({ where: { jobId: job.id } })
        expect(after.version).toBe(events)
        if (outcome === 'refused') expect(after).toEqual(job)
        expect(await database.db.reviewRound.count({ where: { jobId: job.id, closedAt: null } })).toBe(
          after.state === 'awaiting_review' ? 1 : 0,
        )
        if (outcome !== 'refused') job = null
      }
    })
  })
})

describe('a decision', () => {
  async function held(requester: Actor = owner) {
    return jobStanding({ db: database.db, engine, owner, requester }, { state: 'awaiting_review', round: 'result' })
  }

  test('takes effect once when twenty people decide at the same moment', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => person(database.db, ['lead'])))
    const job = await held()
    const resultHash = await currentHash(database.db, job.id)
    const outcomes = await Promise.allSettled(
      people.map((actor, index) => {
        const command = ['approve', 'retry', 'abandon'][index % 3] as string
        return giveCommand(
          database.db,
          actor,
          job.id,
          { command, note: 'mine', resultHash, expectedVersion: job.version },
          'api',
        )
      }),
    )
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(won).toHaveLength(1)
    for (const { reason } of lost) {
      expect(reason).toBeInstanceOf(JobConflict)
      expect((reason as JobConflict).last.command).toBe(won[0]?.value.command)
    }
    expect(await database.db.decision.count({ where: { jobId: job.id } })).toBe(1)
  })

  test('names the result that it is about', async () => {
    const job = await held()
    await expect(giveCommand(database.db, owner, job.id, { command: 'approve' }, 'api')).rejects.toThrow(
      'Name the result',
    )
  })

  test('on another result than the current one changes nothing', async () => {
    const job = await held()
    const ask = { command: 'approve', resultHash: 'f'.repeat(64) }
    await expect(giveCommand(database.db, owner, job.id, ask, 'api')).rejects.toBeInstanceOf(JobConflict)
    expect((await database.db.job.findUniqueOrThrow({ where: { id: job.id } })).version).toBe(job.version)
  })

  test('on an older version of the job changes nothing, and a comment does not make it older', async () => {
    const job = await held()
    const resultHash = await currentHash(database.db, job.id)
    await giveCommand(database.db, owner, job.id, { command: 'comment', note: 'looks good' }, 'api')
    const given = await giveCommand(
      database.db,
      owner,
      job.id,
      { command: 'approve', resultHash, expectedVersion: job.version },
      'api',
    )
    expect(given.job.state).toBe('completed')
    const stale = { command: 'reopen', note: 'wait', expectedVersion: job.version }
    await expect(giveCommand(database.db, owner, job.id, stale, 'api')).rejects.toBeInstanceOf(JobConflict)
  })

  test('that loses names what changed the decision, and not who took the job in hand', async () => {
    const job = await held()
    await giveCommand(database.db, owner, job.id, { command: 'claim' }, 'api')
    const last = async (command: string) => {
      const ask = { command, resultHash: 'f'.repeat(64) }
      const error = await giveCommand(database.db, owner, job.id, ask, 'api').catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(JobConflict)
      return (error as JobConflict).last.command
    }
    expect(await last('approve')).toBe('hold')
    // Marks are made beside a decision, as claims are.
    expect(await last('mark')).toBe('claim')
  })

  test('demands its reason', async () => {
    const job = await held()
    await expect(giveCommand(database.db, owner, job.id, { command: 'abandon', note: '  ' }, 'api')).rejects.toThrow(
      'Give a reason',
    )
  })

  test('of a service key cannot approve where the policy asks for people', async () => {
    const job = await held()
    const key = await serviceKey(database.db, ['reviewer'])
    const ask = { command: 'approve', resultHash: await currentHash(database.db, job.id) }
    await expect(giveCommand(database.db, key, job.id, ask, 'api')).rejects.toBeInstanceOf(Forbidden)
  })

  test('can be taken back by whoever made it, within the grace of the workflow', async () => {
    const job = await held()
    const at = new Date()
    const ask = { command: 'approve', resultHash: await currentHash(database.db, job.id) }
    await giveCommand(database.db, owner, job.id, ask, 'api', at)
    const late = new Date(at.getTime() + 61_000)
    await expect(giveCommand(database.db, owner, job.id, { command: 'undo' }, 'api', late)).rejects.toBeInstanceOf(
      Forbidden,
    )
    const other = await person(database.db, ['owner'])
    await expect(giveCommand(database.db, other, job.id, { command: 'undo' }, 'api', at)).rejects.toBeInstanceOf(
      Forbidden,
    )
    const undone = await giveCommand(
      database.db,
      owner,
      job.id,
      { command: 'undo' },
      'api',
      new Date(at.getTime() + 5_000),
    )
    expect(undone.job.state).toBe('awaiting_review')
    expect(await database.db.decision.findFirstOrThrow({ where: { jobId: job.id } })).toMatchObject({
      voidedAt: expect.any(Date),
    })
  })

  test('that was reopened can be upheld, with the earlier round still there', async () => {
    const job = await jobStanding(
      { db: database.db, engine, owner, requester: owner },
      { state: 'completed', round: null },
    )
    await giveCommand(database.db, owner, job.id, { command: 'reopen', note: 'a customer asks' }, 'api')
    const ask = { command: 'uphold', note: 'it was right', resultHash: await currentHash(database.db, job.id) }
    expect((await giveCommand(database.db, owner, job.id, ask, 'api')).job.state).toBe('completed')
    const rounds = await database.db.reviewRound.findMany({ where: { jobId: job.id }, orderBy: { number: 'asc' } })
    expect(rounds.map((round) => [round.openedBy, round.outcome])).toEqual([
      ['hold', 'approve'],
      ['reopen', 'uphold'],
    ])
  })

  test('cannot uphold what nobody had accepted', async () => {
    const job = await jobStanding(
      { db: database.db, engine, owner, requester: owner },
      { state: 'abandoned', round: null },
    )
    await giveCommand(database.db, owner, job.id, { command: 'reopen', note: 'look again' }, 'api')
    const ask = { command: 'uphold', note: 'fine', resultHash: await currentHash(database.db, job.id) }
    await expect(giveCommand(database.db, owner, job.id, ask, 'api')).rejects.toThrow('was not accepted before')
  })

  test('with guidance and edited input reaches the next attempt', async () => {
    const job = await held()
    const params = { guidance: 'Name the day.', input: { question: 'On which day is the rent due?' } }
    await giveCommand(database.db, owner, job.id, { command: 'retry', params }, 'api')
    await engine.step(job.id)
    const input = engine.provider.creates.at(-1)?.input
    expect(input).toContain('Name the day.')
    expect(input).toContain('On which day is the rent due?')
  })

  test('with input against the schema of the workflow is refused before anything is paid', async () => {
    const job = await held()
    const ask = { command: 'retry', params: { input: { question: 7 } } }
    await expect(giveCommand(database.db, owner, job.id, ask, 'api')).rejects.toMatchObject({
      errors: [{ pointer: '/params/input/question' }],
    })
  })
})

describe('a policy that asks for two people', () => {
  async function fourEyes() {
    const version = await database.db.workflowVersion.findFirstOrThrow({ where: { key: 'report' } })
    const definition = structuredClone(version.definition) as { review: Record<string, unknown>; key: string }
    definition.review = { ...definition.review, approvals: 2, requesterMayApprove: false }
    definition.key = 'four-eyes'
    await database.db.workflow.createMany({ data: [{ key: 'four-eyes', currentVersion: 1 }], skipDuplicates: true })
    await database.db.workflowVersion.createMany({
      data: [
        {
          key: 'four-eyes',
          version: 1,
          name: 'Four eyes',
          definition: definition as object,
          sha256: 'x',
          approvals: 2,
          requesterMayApprove: false,
        },
      ],
      skipDuplicates: true,
    })
    const requester = await person(database.db, ['requester', 'reviewer'])
    const job = await reportJob(database.db, requester, { workflow: 'four-eyes' })
    engine.provider.onCreate = []
    const { accepted, completed, REPORT } = await import('@/lib/testing/engine')
    engine.provider.onCreate = [
      (request) => ({
        ...accepted(''),
        kind: 'accepted',
        seen: completed(`resp_${request.metadata.attempt_id}`, REPORT),
      }),
    ]
    await engine.step(job.id)
    return { job, requester, resultHash: await currentHash(database.db, job.id) }
  }

  test('is satisfied by two different people, neither of them the requester', async () => {
    const { job, requester, resultHash } = await fourEyes()
    const [first, second] = [await person(database.db, ['reviewer']), await person(database.db, ['reviewer'])]
    const approve = { command: 'approve', resultHash }
    await expect(giveCommand(database.db, requester, job.id, approve, 'api')).rejects.toBeInstanceOf(Forbidden)
    expect(await giveCommand(database.db, first, job.id, approve, 'api')).toMatchObject({
      command: 'endorse',
      job: { state: 'awaiting_review' },
    })
    await expect(giveCommand(database.db, first, job.id, approve, 'api')).rejects.toBeInstanceOf(Forbidden)
    expect(await giveCommand(database.db, second, job.id, approve, 'api')).toMatchObject({
      command: 'approve',
      job: { state: 'completed' },
    })
  })

  test('counts both when they approve at the same moment', async () => {
    const { job, resultHash } = await fourEyes()
    const people = await Promise.all([person(database.db, ['reviewer']), person(database.db, ['reviewer'])])
    const given = await Promise.all(
      people.map((actor) => giveCommand(database.db, actor, job.id, { command: 'approve', resultHash }, 'api')),
    )
    expect(given.map(({ command }) => command).toSorted()).toEqual(['approve', 'endorse'])
  })
})

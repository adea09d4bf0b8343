import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { roundReason } from '@/lib/jobs/sentences'
import type { CreateJob } from '@/lib/jobs/view'
import { failureSentence } from '@/lib/lifecycle/failure'
import { describeNextAction } from '@/lib/lifecycle/next-action'
import { createProvider } from '@/lib/provider/openai.server'
import { type Behaviour, behaviours } from '@/lib/provider/rehearsal'
import type { Rehearsal } from '@/lib/provider/types'
import { isMeant } from '@/lib/sandbox/behaviours'
import { type Sandbox, startSandbox } from '@/lib/sandbox/http.server'
import type { Counters } from '@/lib/sandbox/store.server'
import { giveCommand } from '@/lib/store/command.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { type Engine, publishWithTools, reportJob, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { Wired } from '@/lib/testing/wired'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { type Ending, endings, toolEndings, wayEndings } from './endings'

/** Patient, since the machine may be busy, unless it is silence that is waited for. */
function connectTo(baseUrl: string, behaviour?: Behaviour) {
  const silence = (at: string) => (behaviour?.startsWith(`${at}_silence`) ? 3_000 : 10_000)
  const timeouts = { create: silence('create'), look: silence('look'), cancel: 10_000 }
  return createProvider({ name: 'sandbox', apiKey: 'sandbox', baseUrl, timeouts })
}

type World = { database: TestDatabase; owner: Actor; baseUrl: string }

async function openWorld(baseUrl: string): Promise<World> {
  const database = await testDatabase()
  await publishBuiltins(database.db)
  return { database, owner: await person(database.db, ['owner']), baseUrl }
}

/** An engine with a clock of its own, so that no line of the table passes the deadline of another. */
async function openEngine(
  { database, baseUrl }: World,
  behaviour?: Behaviour,
): Promise<{ engine: Engine; provider: Wired }> {
  const provider = new Wired(connectTo(baseUrl, behaviour))
  return { engine: await testEngine(database.db, provider), provider }
}

let dir: string
let sandbox: Sandbox
let shared: World
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'holdpoint-endings-'))
  sandbox = await startSandbox({ dir, seconds: 0 })
  shared = await openWorld(sandbox.baseUrl)
})
afterAll(async () => {
  await shared.database[Symbol.asyncDispose]()
  await sandbox.close()
  rmSync(dir, { recursive: true, force: true })
})

async function counters(): Promise<Counters> {
  const response = await fetch(`http://127.0.0.1:${sandbox.port}/sandbox/counters`)
  return (await response.json()) as Counters
}

/** Longer than any workflow of ours lets a call stand still between two looks. */
const SLOW_STEP_MS = 120_000

/** Runs one job until it has stopped or gone back to the queue, and compares all that the table says of it. */
async function walk(world: World, ending: Ending, ask: Partial<CreateJob> = {}): Promise<Walked> {
  const { engine, provider } = await openEngine(world, ask.rehearsal?.behaviour)
  const { db } = world.database
  const job = await reportJob(db, world.owner, ask)
  const stopped = await engine.stepUntil(
    job.id,
    (now) => now.lastCommand === 'requeue' || (now.state !== 'queued' && now.state !== 'running'),
    ending.isSlow ? SLOW_STEP_MS : 1_500,
  )
  const attempt = await db.attempt.findFirstOrThrow({ where: { jobId: job.id, number: 1 } })
  const round = await db.reviewRound.findFirst({ where: { jobId: job.id, closedAt: null } })
  expect({
    failure: stopped.failureClass === null ? null : { class: stopped.failureClass, code: stopped.failureCode },
    provider: attempt.providerStatus,
    state: stopped.state,
    round: round && { kind: round.kind, reason: round.reason },
    next: stopped.nextKind,
    stopsQueue: (await db.queueStop.count({ where: { jobId: job.id } })) > 0,
  }).toEqual({
    failure: ending.failure,
    provider: ending.provider,
    state: ending.state,
    round: ending.round,
    next: ending.next,
    stopsQueue: ending.stopsQueue === true,
  })
  expectWords(ending)

  engine.pass(3_600_000)
  const later = await engine.step(job.id)
  if (ending.retries) {
    expect(later.fence, 'a new attempt is sent').toBe(2)
    await engine.stepUntil(job.id, (now) => now.state === 'awaiting_review')
  }
  const sent = provider.creates.length
  expect(sent, 'calls in an hour').toBe(ending.retries ? 2 : 1)
  expect(await db.attempt.count({ where: { jobId: job.id } })).toBe(sent)
  return { id: job.id, engine }
}

type Walked = { id: string; engine: Engine }

/** A code that the sandbox made up. */
const UNHEARD_OF = 'sandbox_unheard_of'

/** Whoever meets it is told what happened, and what to do. */
function expectWords({ failure, round, next }: Ending): void {
  const words = [
    ...(failure === null ? [] : [failureSentence(failure.class, failure.code)]),
    ...(round === null ? [] : [roundReason(round.kind, round.reason, failure?.class ?? null)]),
    describeNextAction(next, { resultKind: 'report', approvalsNeeded: 1, approvalsGiven: 0 }).what,
  ]
  for (const sentence of words) expect(sentence).toMatch(/^[A-Z].{10,}[.!]$/s)
  // A code that some list has is told in its own words, not in those of its class.
  if (failure !== null && failure.code !== UNHEARD_OF) {
    expect(failureSentence(failure.class, failure.code)).not.toBe(failureSentence(failure.class, null))
  }
}

describe('every ending', () => {
  test.each(behaviours.map((behaviour) => [behaviour, endings[behaviour]] as const))(
    '%s lands where the table says, with one paid call an attempt',
    async (behaviour: Behaviour, ending) => {
      // Stopped sending would stop the jobs of the other lines.
      await using own = ending.stopsQueue ? await disposable() : null
      const { id } = await walk(own?.world ?? shared, ending, { rehearsal: rehearsalOf(behaviour) })
      await expectPaid(id, ending.retries ? 2 : 1)
    },
  )

  test('covers each behaviour once, those that heal in the first attempt alone', () => {
    expect(Object.keys(endings).sort()).toEqual([...behaviours].sort())
    for (const behaviour of behaviours.filter((one) => endings[one].retries)) {
      expect(isMeant(behaviour, 'first', false)).toBe(false)
    }
  })
})

const letter = {
  type: 'function',
  name: 'send_letter',
  description: 'Sends a letter.',
  parameters: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'], additionalProperties: false },
  risk: 'write',
  url: 'https://tools.example/letters',
  timeoutSeconds: 5,
} as const
const server = {
  type: 'mcp',
  serverLabel: 'land',
  serverUrl: 'https://mcp.example/',
  risk: 'write',
  tools: {},
} as const

describe('every ending with tools', () => {
  test.each(Object.entries(toolEndings))(
    '%s waits for people, and goes on when each call is answered',
    async (behaviour, { creates, ...ending }) => {
      await using own = await disposable()
      const { database, owner } = own.world
      const { db } = database
      const workflow = await publishWithTools(db, { tools: [letter, server] })
      const rehearsal = rehearsalOf(behaviour as Behaviour)
      const { id, engine } = await walk(own.world, ending, { workflow, rehearsal })
      const waiting = await db.toolCall.findMany({ where: { jobId: id, state: 'waiting' } })
      expect(waiting.map(({ kind }) => kind).sort()).toEqual(['function', 'mcp'])
      const answers = waiting.map((call) => ({
        callId: call.id,
        allow: call.kind === 'mcp',
        argumentsHash: call.argumentsSha256,
        ...(call.kind === 'mcp' ? {} : { reason: 'Not without the manager.' }),
      }))
      await giveCommand(db, owner, id, { command: 'answer', params: { answers } }, 'api', engine.context.now())
      await engine.stepUntil(id, (now) => now.nextKind === 'decide')
      const { text } = await db.result.findFirstOrThrow({ where: { jobId: id } })
      expect(text).toContain('Not without the manager.')
      await expectPaid(id, creates)
    },
  )
})

/** What was paid by the provider's own count: no attempt more than once. */
async function expectPaid(jobId: string, creates: number): Promise<void> {
  const { attempts, jobs } = await counters()
  for (const [attempt, times] of Object.entries(attempts)) expect(times, `creates of attempt ${attempt}`).toBe(1)
  expect(jobs[jobId]).toBe(creates)
}

describe('every ending on the way', () => {
  test('a call that nobody listens to was not sent, and is tried again', async () => {
    const gone = await answering(() => {})
    await gone[Symbol.asyncDispose]()
    await using own = await disposable(gone.baseUrl)
    await expectWay(own.world, wayEndings.nobody_listens)
  })

  test('a call that meets no TLS was not sent, and is tried again', async () => {
    await using server = await answering(() => {})
    await using own = await disposable(server.baseUrl.replace('http:', 'https:'))
    await expectWay(own.world, wayEndings.speaks_no_tls)
    expect(server.requests()).toBe(0)
  })

  test('a call that is redirected may have been taken, and is not sent again', async () => {
    await using server = await answering((response) => response.writeHead(307, { location: '/v1/responses' }).end())
    await using own = await disposable(server.baseUrl)
    await walk(own.world, wayEndings.redirected)
    expect(server.requests()).toBe(1)
  })

  test('a call that is answered with something else may have been taken, and is not sent again', async () => {
    await using server = await answering((response) => response.end('{"object":"list","data":[]}'))
    await using own = await disposable(server.baseUrl)
    await walk(own.world, wayEndings.not_a_response)
    expect(server.requests()).toBe(1)
  })
})

/** The seconds are none unless the ending is about them: only the test's clock moves. */
function rehearsalOf(behaviour: Behaviour): Rehearsal {
  return { behaviour, attempts: 'first', seconds: 0 }
}

async function disposable(baseUrl = sandbox.baseUrl) {
  const world = await openWorld(baseUrl)
  return { world, [Symbol.asyncDispose]: () => world.database[Symbol.asyncDispose]() }
}

/** The way stays broken: the job is tried until its tries are used up, each time with a new attempt, and then fails. */
async function expectWay(world: World, ending: Ending): Promise<void> {
  const { engine, provider } = await openEngine(world)
  const job = await reportJob(world.database.db, world.owner)
  const queued = await engine.stepUntil(job.id, (now) => now.lastCommand === 'requeue')
  expect(queued).toMatchObject({
    state: ending.state,
    nextKind: ending.next,
    failureClass: ending.failure?.class,
    failureCode: ending.failure?.code,
  })
  const failed = await engine.stepUntil(job.id, (now) => now.state === 'failed', 60_000)
  expect(failed).toMatchObject({ failureClass: ending.failure?.class, nextKind: 'retry_or_abandon' })
  const sent = provider.creates.map((request) => request.metadata.attempt_id)
  expect(new Set(sent).size).toBe(sent.length)
  expectWords(ending)
}

async function answering(answer: (response: import('node:http').ServerResponse) => void) {
  let requests = 0
  const server: Server = createServer((request, response) => {
    requests += 1
    request.resume().on('end', () => answer(response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: () => requests,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

import { describe, expect, test, vi } from 'vitest'
import { giveCommand } from '@/lib/store/command.server'
import { JobConflict } from '@/lib/store/errors'
import { testDatabase } from '@/lib/testing/database'
import {
  accepted,
  completed,
  errorOf,
  REPORT,
  reportJob,
  response,
  ScriptedProvider,
  saw,
  seen,
  testEngine,
} from '@/lib/testing/engine'
import { currentHash, jobStanding } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { reconcile } from './reconcile.server'

async function world(provider = new ScriptedProvider()) {
  const database = await testDatabase({ max: 20 })
  await publishBuiltins(database.db)
  const owner = await person(database.db, ['owner'])
  const engine = await testEngine(database.db, provider)
  return {
    database,
    db: database.db,
    owner,
    ...engine,
    engine,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

const failed = (httpStatus: number) =>
  ({ httpStatus, requestId: null, milliseconds: 1, kind: 'failed', error: errorOf({ httpStatus }) }) as const

describe('words of a model or a server that no column can hold', () => {
  test.each([
    [
      'a refusal with NUL',
      completed('x', '', { output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No\u0000\ud800' }] }] }),
    ],
    ['a message with NUL', response('x', 'failed', { error: { code: 'invalid_prompt', message: 'a\u0000b\ud800' } })],
    ['a code with NUL', response('x', 'failed', { error: { code: 'a\u0000b', message: 'x' } })],
    ['a code that is a key of every object', response('x', 'failed', { error: { code: 'constructor', message: 'x' } })],
    [
      'a reason that is a key of every object',
      response('x', 'incomplete', { incomplete_details: { reason: 'toString' } }),
    ],
    [
      'an item without a readable type',
      completed('x', REPORT, {
        output: [{ type: { toString: 1 } }, { type: 'message', content: [{ type: 'output_text', text: REPORT }] }],
      }),
    ],
    [
      'a citation of an object',
      completed(
        'x',
        JSON.stringify({
          ...JSON.parse(REPORT),
          findings: [{ claim: 'x', citations: [{ document: { toString: 1 }, quote: { valueOf: 1 } }] }],
        }),
      ),
    ],
    [
      'items that are no objects',
      completed('x', REPORT, {
        output: [null, 7, 'text', [], { type: 'message', content: [{ type: 'output_text', text: REPORT }] }],
      }),
    ],
  ])('%s stops the job once, and is kept', async (_name, template) => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onLook = (id) => saw({ ...template, responseId: id })
    const stopped = await w.stepUntil(job.id, (now) => now.state !== 'queued' && now.state !== 'running')
    expect(['failed', 'awaiting_review']).toContain(stopped.state)
    const attempt = await w.db.attempt.findFirstOrThrow({ where: { jobId: job.id } })
    expect(attempt.payloadSha256).not.toBeNull()
    expect(attempt.endedAt).not.toBeNull()
  })
})

describe('a call that people stopped waiting for', () => {
  test('is wound down after the job was reopened, too', async () => {
    await using w = await world()
    const job = await jobStanding(
      { db: w.db, engine: w.engine, owner: w.owner, requester: w.owner },
      { state: 'awaiting_review', round: 'result' },
    )
    await giveCommand(w.db, w.owner, job.id, { command: 'retry' }, 'api')
    await w.step(job.id)
    await giveCommand(w.db, w.owner, job.id, { command: 'abandon', note: 'x' }, 'api')
    await giveCommand(w.db, w.owner, job.id, { command: 'reopen', note: 'x' }, 'api')
    expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review' })
    expect(w.provider.cancels).toHaveLength(1)
    expect(await w.db.attempt.count({ where: { endedAt: null } })).toBe(0)
  })

  test('is looked at where the cancel is refused, and its late success is recorded', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    await w.step(job.id)
    await giveCommand(w.db, w.owner, job.id, { command: 'abandon', note: 'x' }, 'api')
    w.provider.onCancel = () => failed(400)
    w.provider.onLook = (id) => saw(completed(id, REPORT))
    await w.step(job.id)
    expect(await w.db.attempt.findFirstOrThrow()).toMatchObject({
      providerStatus: 'completed',
      usage: { totalTokens: 15 },
      endedAt: expect.any(Date),
    })
  })

  test('of which no final status was seen is cancelled before a retry is sent', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCancel = (id) => seen(id, 'in_progress')
    await w.stepUntil(job.id, (now) => now.failureCode === 'no_final_status', 120_000)
    await giveCommand(w.db, w.owner, job.id, { command: 'retry' }, 'api', w.context.now())
    await w.step(job.id)
    expect(w.provider.creates).toHaveLength(1)
    w.provider.onCancel = (id) => saw(completed(id, REPORT))
    await w.step(job.id)
    await w.step(job.id)
    expect(w.provider.creates).toHaveLength(2)
    const [first] = await w.db.attempt.findMany({ where: { jobId: job.id }, orderBy: { number: 'asc' } })
    expect(first).toMatchObject({ providerStatus: 'completed', usage: { totalTokens: 15 } })
  })

  test('and that was refused while the job was abandoned is told as refused', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate = [
      async () => {
        await giveCommand(w.db, w.owner, job.id, { command: 'abandon', note: 'x' }, 'api')
        return {
          httpStatus: 400,
          requestId: 'req_1',
          milliseconds: 1,
          kind: 'refused',
          error: errorOf({ httpStatus: 400 }),
        }
      },
    ]
    await w.step(job.id)
    expect(await w.db.attempt.findFirstOrThrow()).toMatchObject({
      providerStatus: 'failed',
      failureClass: 'malformed_input',
      endedAt: expect.any(Date),
    })
  })

  test('and whose id came only after it was resent is cancelled, and its cost kept', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate = [
      async (request) => {
        // Meanwhile the sender was taken for dead, and a person resent.
        await w.db.$executeRaw`UPDATE worker SET stopped_at = now()`
        await reconcile(w.context, job.id)
        await giveCommand(w.db, w.owner, job.id, { command: 'retry', params: { mayBePaidTwice: true } }, 'api')
        return accepted(`resp_${request.metadata.attempt_id}`)
      },
    ]
    w.provider.onCancel = (id) => saw(completed(id, REPORT))
    await w.step(job.id)
    expect(w.provider.cancels).toHaveLength(1)
    const [first] = await w.db.attempt.findMany({ where: { jobId: job.id }, orderBy: { number: 'asc' } })
    expect(first).toMatchObject({ responseId: expect.any(String), usage: { totalTokens: 15 } })
    expect((await w.db.job.findUniqueOrThrow({ where: { id: job.id } })).state).toBe('queued')
  })
})

describe('the id of a paid call', () => {
  test('is kept though the database was away when it came', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    const away = Object.assign(new Error('away'), { code: 'P1017' })
    const broken = vi.spyOn(w.db, '$transaction')
    w.provider.onCreate = [
      (request) => {
        broken.mockRejectedValueOnce(away).mockRejectedValueOnce(away)
        return accepted(`resp_${request.metadata.attempt_id}`)
      },
    ]
    expect(await w.step(job.id)).toMatchObject({ state: 'running' })
    expect(await w.db.attempt.findFirstOrThrow()).toMatchObject({
      providerStatus: 'queued',
      responseId: expect.any(String),
    })
  })

  test('is kept though the note of the exchange could not be written', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    await w.database.ownerPool.query('REVOKE INSERT ON observation FROM holdpoint_app')
    await w.step(job.id)
    expect(await w.db.attempt.findFirstOrThrow()).toMatchObject({ responseId: expect.any(String) })
  })

  test('that another response had already puts the call before a person', async () => {
    await using w = await world()
    const [one, two] = [await reportJob(w.db, w.owner), await reportJob(w.db, w.owner)]
    w.provider.onCreate = [() => accepted('resp_same'), () => accepted('resp_same')]
    await w.step(one.id)
    expect(await w.step(two.id)).toMatchObject({ state: 'awaiting_review', nextKind: 'resolve_unknown' })
  })
})

describe('looking', () => {
  test('believes a 404 only the second time', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    await w.step(job.id)
    const gone = {
      httpStatus: 404,
      requestId: null,
      milliseconds: 1,
      kind: 'gone',
      error: errorOf({ httpStatus: 404 }),
    } as const
    w.provider.onLook = () => gone
    w.pass(60_000)
    expect(await w.step(job.id)).toMatchObject({ state: 'running' })
    w.provider.onLook = (id) => seen(id, 'in_progress')
    w.pass(60_000)
    await w.step(job.id)
    w.provider.onLook = () => gone
    w.pass(60_000)
    expect(await w.step(job.id)).toMatchObject({ state: 'running' })
    w.pass(60_000)
    expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', failureCode: 'gone' })
  })

  test('never asks another provider for an id of the one it was sent to', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    await w.step(job.id)
    Object.defineProperty(w.provider, 'name', { value: 'another' })
    w.pass(60_000)
    expect(await w.step(job.id)).toMatchObject({ state: 'running' })
    expect(w.provider.looks).toEqual([])
    expect(await w.db.attemptWatch.findFirstOrThrow()).toMatchObject({ lastError: 'other_provider' })
  })

  test('twice at the same moment concludes once', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    await w.step(job.id)
    w.provider.onLook = (id) => saw(completed(id, REPORT))
    w.pass(60_000)
    await Promise.all(Array.from({ length: 6 }, () => reconcile(w.context, job.id)))
    expect(await w.db.result.count({ where: { jobId: job.id } })).toBe(1)
    expect((await w.db.job.findUniqueOrThrow({ where: { id: job.id } })).version).toBe(3)
  })

  test('never sleeps through a deadline', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    const error = errorOf({ httpStatus: 429, code: 'rate_limit_exceeded', retryAfterMs: 86_400_000 })
    w.provider.onCreate = [() => ({ httpStatus: 429, requestId: null, milliseconds: 1, kind: 'refused', error })]
    await w.step(job.id)
    const wakeUps = await w.database.ownerPool.query(
      'SELECT run_at FROM graphile_worker._private_jobs WHERE key = $1',
      [`job:${job.id}`],
    )
    expect(wakeUps.rows[0]?.run_at.getTime()).toBeLessThanOrEqual(job.dueAt?.getTime() ?? 0)
  })
})

describe('people and the engine at the same moment', () => {
  test('never break each other by waiting for one another', async () => {
    await using w = await world()
    const lost = {
      httpStatus: null,
      requestId: null,
      milliseconds: 1,
      kind: 'lost',
      error: errorOf({ code: 'ECONNRESET' }),
    } as const
    for (let round = 0; round < 8; round += 1) {
      const job = await reportJob(w.db, w.owner)
      w.provider.onCreate = [() => lost]
      await w.step(job.id)
      const give = (command: string) =>
        giveCommand(w.db, w.owner, job.id, { command, note: 'x', params: { mayBePaidTwice: true } }, 'api').then(
          () => 'given',
          (error: unknown) => (error instanceof JobConflict ? 'lost' : error),
        )
      const outcomes = await Promise.all([
        give('wait'),
        give('retry'),
        give('abandon'),
        give('wait'),
        reconcile(w.context, job.id),
      ])
      for (const outcome of outcomes) expect(['given', 'lost', undefined]).toContain(outcome)
    }
  })
})

describe('upholding', () => {
  test('is not offered for a result that nobody accepted, though an earlier one was', async () => {
    await using w = await world()
    const job = await jobStanding(
      { db: w.db, engine: w.engine, owner: w.owner, requester: w.owner },
      { state: 'completed', round: null },
    )
    const first = await currentHash(w.db, job.id)
    const give = (command: string, more = {}) =>
      giveCommand(w.db, w.owner, job.id, { command, note: 'x', ...more }, 'api')
    await give('reopen')
    await give('retry')
    w.provider.onCreate = [
      (request) => ({
        ...accepted(''),
        kind: 'accepted',
        seen: completed(`resp_${request.metadata.attempt_id}`, REPORT),
      }),
    ]
    w.pass(1_000)
    await w.step(job.id)
    await give('abandon')
    await give('reopen')
    const second = await currentHash(w.db, job.id)
    expect(second).not.toBe(first)
    await expect(give('uphold', { resultHash: second })).rejects.toThrow('was not accepted before')
  })

  test('is not offered for an approval that was taken back', async () => {
    await using w = await world()
    const job = await jobStanding(
      { db: w.db, engine: w.engine, owner: w.owner, requester: w.owner },
      { state: 'completed', round: null },
    )
    const give = (command: string, more = {}) =>
      giveCommand(w.db, w.owner, job.id, { command, note: 'x', ...more }, 'api')
    await give('undo')
    await give('abandon')
    await give('reopen')
    await expect(give('uphold', { resultHash: await currentHash(w.db, job.id) })).rejects.toThrow(
      'was not accepted before',
    )
  })
})

test('guidance that makes a request too long is refused before anything is paid', async () => {
  await using w = await world()
  const job = await reportJob(w.db, w.owner, { documents: [{ name: 'big.txt', text: 'x'.repeat(399_500) }] })
  w.provider.onCreate = [
    (request) => ({
      ...accepted(''),
      kind: 'accepted',
      seen: response(`resp_${request.metadata.attempt_id}`, 'cancelled'),
    }),
  ]
  await w.step(job.id)
  const ask = { command: 'retry', params: { guidance: 'y'.repeat(9_000) } }
  await expect(giveCommand(w.db, w.owner, job.id, ask, 'api')).rejects.toThrow('characters')
})

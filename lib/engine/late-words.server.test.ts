/** Words that come late, contradict what is known, or are made to break something. */
import { describe, expect, test } from 'vitest'
import type { Job, Prisma } from '@/lib/generated/prisma/client'
import { readMoment } from '@/lib/history/read-moment.server'
import type { GiveCommand } from '@/lib/jobs/view'
import type { CreateOutcome } from '@/lib/provider/types'
import { builtinRules } from '@/lib/rules/builtin'
import { currentRules } from '@/lib/rules/store.server'
import { giveCommand } from '@/lib/store/command.server'
import { testDatabase } from '@/lib/testing/database'
import {
  calling,
  completed,
  errorOf,
  publishWithTools,
  REPORT,
  reportJob,
  response,
  ScriptedProvider,
  saw,
  seen,
  testEngine,
} from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { adoptResponse } from './adopt.server'
import { askAboutLetGo } from './let-go.server'

async function world() {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const owner = await person(db, ['owner'])
  const engine = await testEngine(db, new ScriptedProvider())
  return {
    db,
    owner,
    ...engine,
    attempts: (job: Job) => db.attempt.findMany({ where: { jobId: job.id }, orderBy: { number: 'asc' } }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

const refused = (httpStatus: number, message: string | null = null): CreateOutcome => ({
  httpStatus,
  requestId: 'req_1',
  milliseconds: 1,
  kind: 'refused',
  error: errorOf({ httpStatus, message }),
})

describe('a refusal of a call', () => {
  test('that a webhook had meanwhile shown to be taken sends nothing again', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate.push(async ({ metadata }) => {
      // Its sender was suspended for so long that another worker took the answer for lost, and a webhook named it.
      w.pass(60_000)
      expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', nextKind: 'resolve_unknown' })
      const attemptId = metadata.attempt_id ?? ''
      const told = { responseId: 'resp_taken', status: 'in_progress' } as const
      const adoption = { attemptId, jobId: job.id, seen: told, requestId: null, transport: 'webhook' } as const
      expect(await adoptResponse(w.context, adoption)).toBe('adopted')
      return refused(500)
    })
    expect(await w.step(job.id)).toMatchObject({ state: 'running' })
    expect((await w.attempts(job))[0]).toMatchObject({ endedAt: null, responseId: 'resp_taken', costMicros: null })
    expect(await w.db.budgetEntry.count({ where: { settledAt: null } })).toBeGreaterThan(0)
    w.provider.onLook = (id) => saw(completed(id, REPORT))
    await w.stepUntil(job.id, ({ state }) => state === 'awaiting_review')
    expect(w.provider.creates).toHaveLength(1)
  })
})

describe('a refusal of a call whose answer was already taken for lost', () => {
  test.each([
    [500, { state: 'queued', lastCommand: 'requeue', failureClass: 'infrastructure', tries: 1 }],
    [400, { state: 'failed', lastCommand: 'fail', failureClass: 'malformed_input' }],
  ] as const)('closes the round about it, and is settled by its class: HTTP %i', async (httpStatus, becomes) => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate.push(async () => {
      w.pass(60_000)
      expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', nextKind: 'resolve_unknown' })
      return refused(httpStatus)
    })
    expect(await w.step(job.id)).toMatchObject(becomes)
    expect(await w.db.reviewRound.findMany()).toMatchObject([{ kind: 'unknown', outcome: 'adopt' }])
    expect(await w.attempts(job)).toMatchObject([
      { providerStatus: 'failed', endedAt: expect.any(Date), costMicros: 0n, failureClass: becomes.failureClass },
    ])
    expect(await w.db.budgetEntry.count({ where: { settledAt: null } })).toBe(0)
    // Nobody is asked whether it may be paid twice: it was not taken.
    if (httpStatus === 400) await giveCommand(w.db, w.owner, job.id, { command: 'retry' }, 'api', w.context.now())
    await w.stepUntil(job.id, ({ state }) => state === 'running')
    expect(w.provider.creates).toHaveLength(2)
  })

  test('of which a person has decided meanwhile moves nothing', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate.push(async () => {
      w.pass(60_000)
      await w.step(job.id)
      await giveCommand(w.db, w.owner, job.id, { command: 'abandon', note: 'x' }, 'api', w.context.now())
      return refused(500)
    })
    expect(await w.step(job.id)).toMatchObject({ state: 'abandoned' })
    expect(w.provider.creates).toHaveLength(1)
  })
})

describe('a refusal of a call that a person had given up', () => {
  test('tells that it cost nothing, and the next call asks nobody whether both may be paid', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate.push(async () => {
      w.pass(60_000)
      await w.step(job.id)
      await giveCommand(w.db, w.owner, job.id, { command: 'abandon', note: 'x' }, 'api', w.context.now())
      expect((await w.attempts(job))[0]).toMatchObject({ endedAt: expect.any(Date), costMicros: null })
      w.pass(1_000)
      return refused(400, 'No such thing')
    })
    const { version } = await w.step(job.id)
    const abandoned = async () => (await readMoment(w.db, w.owner, job.id, version))?.job.attempts[0]
    expect(await abandoned()).toMatchObject({ providerStatus: 'failed', message: 'No such thing' })
    expect(await w.attempts(job)).toMatchObject([
      { providerStatus: 'failed', requestId: 'req_1', costMicros: 0n, outcome: { message: 'No such thing' } },
    ])
    expect(await w.db.observation.findMany({ where: { kind: 'create' } })).toMatchObject([{ httpStatus: 400 }])
    await giveCommand(w.db, w.owner, job.id, { command: 'retry' }, 'api', w.context.now())
    await w.stepUntil(job.id, ({ state }) => state === 'running')
    expect(w.provider.creates).toHaveLength(2)
    // When it was abandoned that was not known yet.
    expect(await abandoned()).toMatchObject({ providerStatus: 'unknown', message: null })
  })

  test('and whose end had not been written down yet ends it, and settles what was reserved with nothing', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate.push(async () => {
      await giveCommand(w.db, w.owner, job.id, { command: 'abandon', note: 'x' }, 'api', w.context.now())
      return refused(429)
    })
    expect(await w.step(job.id)).toMatchObject({ state: 'abandoned' })
    expect(await w.attempts(job)).toMatchObject([{ providerStatus: 'failed', costMicros: 0n }])
    const [entry] = await w.db.budgetEntry.findMany({ distinct: ['settledMicros'] })
    expect(entry).toMatchObject({ settledMicros: 0n })
  })

  test('to send another moves nothing of that one, and keeps what its end was said to be', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate.push(async () => {
      const give = (ask: GiveCommand) => giveCommand(w.db, w.owner, job.id, ask, 'api', w.context.now())
      await give({ command: 'abandon', note: 'x' })
      await give({ command: 'retry', params: { oldCall: 'pay', mayBePaidTwice: true } })
      expect(await w.step(job.id)).toMatchObject({ state: 'running', fence: 2 })
      return refused(401)
    })
    expect(await w.step(job.id)).toMatchObject({ state: 'running', fence: 2 })
    expect(await w.attempts(job)).toMatchObject([
      { providerStatus: 'failed', costMicros: 0n, outcome: { sentence: expect.stringContaining('It was let go') } },
      { providerStatus: 'queued', costMicros: null },
    ])
  })
})

/** Just where it is cut: in the middle of a pair of surrogates. */
const TORN = `${'x'.repeat(1_999)}😀 and more`

describe('words that are cut where a character is', () => {
  test('in a refusal of the model', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    const output = [{ type: 'message', content: [{ type: 'refusal', refusal: TORN }] }]
    w.provider.onLook = (id) => saw(completed(id, '', { output }))
    const stopped = await w.stepUntil(job.id, ({ state }) => state !== 'queued' && state !== 'running')
    expect(stopped).toMatchObject({ state: 'failed', failureClass: 'policy', failureCode: 'refusal' })
  })

  test('in an error at the door', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate.push(() => refused(400, TORN))
    expect(await w.step(job.id)).toMatchObject({ state: 'failed', failureClass: 'malformed_input' })
  })

  test('in the error of a response', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onLook = (id) => saw(response(id, 'failed', { error: { code: 'invalid_prompt', message: TORN } }))
    const stopped = await w.stepUntil(job.id, ({ state }) => state !== 'queued' && state !== 'running')
    expect(stopped.failureCode).toBe('invalid_prompt')
  })

  test('in the name of an item', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    const message = { type: 'message', content: [{ type: 'output_text', text: REPORT, annotations: [] }] }
    w.provider.onLook = (id) => saw(completed(id, '', { output: [{ type: `${'x'.repeat(99)}😀` }, message] }))
    await w.stepUntil(job.id, ({ nextKind }) => nextKind === 'decide')
  })
})

describe('calls of a model', () => {
  test('beyond the items that are kept of a trace wait for leave all the same', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner, { workflow: await publishWithTools(w.db) })
    w.provider.onLook = (id) => {
      const asked = calling(id, [{ name: 'pay', arguments: { to: 'Dana', amount: 5 } }])
      const noise = Array.from({ length: 600 }, () => ({ type: 'reasoning', summary: [] }))
      return saw(response(id, 'completed', { output: [...noise, ...(asked.body.output as unknown[])] }))
    }
    await w.stepUntil(job.id, ({ nextKind }) => nextKind === 'answer_permission')
    expect(await w.db.toolCall.findFirstOrThrow()).toMatchObject({ position: 600, state: 'waiting' })
  })

  test('that are more than anybody can answer are put before people as a whole', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner, { workflow: await publishWithTools(w.db) })
    const many = Array.from({ length: 501 }, () => ({ name: 'pay', arguments: { to: 'Dana', amount: 5 } }))
    w.provider.onLook = (id) => saw(calling(id, many))
    const stopped = await w.stepUntil(job.id, ({ state }) => state === 'awaiting_review')
    expect(stopped).toMatchObject({ failureCode: 'waiting_calls', nextKind: 'look_into_trouble' })
    expect(await w.db.toolCall.count()).toBe(0)
  })

  test.each([
    ['NUL and lone surrogates', '{"to":"a\\u0000b\\ud800","amount":5}'],
    ['very deep', `{"to":${'['.repeat(50_000)}${']'.repeat(50_000)},"amount":5}`],
    ['ten megabytes', `{"to":"${'x'.repeat(10_000_000)}","amount":5}`],
    ['no JSON', '{"to":'],
    ['a number that JSON cannot write', '{"to":"x","amount":1e999}'],
  ])('with arguments that are hostile (%s) are kept and wait, or are refused', async (_name, text) => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner, { workflow: await publishWithTools(w.db) })
    const call = { type: 'function_call', id: 'fc', call_id: 'call', name: 'pay', arguments: text }
    w.provider.onCreate.push((request) => ({
      httpStatus: 200,
      requestId: null,
      milliseconds: 1,
      kind: 'accepted',
      seen: response(`resp_${request.metadata.attempt_id}`, 'completed', { output: [call] }),
    }))
    const stopped = await w.step(job.id)
    expect([stopped.nextKind, stopped.lastCommand]).toSatisfy(
      ([kind, command]: string[]) => kind === 'answer_permission' || command === 'proceed',
    )
  })
})

test('a call that its provider no longer knows is not sent again by itself, whatever a rule says', async () => {
  await using w = await world()
  const rule = {
    id: 'gone-again',
    signal: { kind: 'stop', value: 'gone' },
    where: null,
    class: 'infrastructure',
    retry: { firstSeconds: null, factor: null, capSeconds: null, maxAttempts: null },
    stopsQueue: false,
    countsTries: true,
    tell: 'nobody',
    sentence: null,
  }
  const { version } = await currentRules(w.db)
  await w.db.failureRuleSet.create({
    data: { version: version + 1, rules: [rule, ...builtinRules] as Prisma.InputJsonValue, note: 'a test' },
  })
  const job = await reportJob(w.db, w.owner)
  w.provider.onLook = () => ({ httpStatus: 404, requestId: null, milliseconds: 1, kind: 'gone', error: errorOf() })
  await w.stepUntil(job.id, ({ state }) => state === 'awaiting_review')
  expect(w.provider.creates).toHaveLength(1)
})

describe('a call that was let go while it was under way', () => {
  test('is asked about until its end and its cost are kept', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCancel = (id) => seen(id, 'in_progress')
    await w.stepUntil(job.id, ({ failureCode }) => failureCode === 'no_final_status', 120_000)
    const params = { oldCall: 'pay', mayBePaidTwice: true }
    await giveCommand(w.db, w.owner, job.id, { command: 'retry', params }, 'api', w.context.now())
    w.pass(60_000)
    expect(await askAboutLetGo(w.context)).toBe(1)
    // Not before as much time has passed again.
    w.pass(30_000)
    expect(await askAboutLetGo(w.context)).toBe(0)
    w.provider.onCancel = (id) => saw(completed(id, REPORT))
    w.pass(60_000)
    expect(await askAboutLetGo(w.context)).toBe(1)
    const [letGo] = await w.attempts(job)
    expect(letGo).toMatchObject({ payloadSha256: expect.any(String), usage: { totalTokens: 15 } })
    w.pass(3_600_000)
    expect(await askAboutLetGo(w.context)).toBe(0)
    expect(w.provider.creates).toHaveLength(1)
  })

  test('is asked about no more once its provider has it no more, or a day has passed', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCancel = (id) => seen(id, 'in_progress')
    await w.stepUntil(job.id, ({ failureCode }) => failureCode === 'no_final_status', 120_000)
    const params = { oldCall: 'pay', mayBePaidTwice: true }
    await giveCommand(w.db, w.owner, job.id, { command: 'retry', params }, 'api', w.context.now())
    w.provider.onCancel = () => ({ httpStatus: 404, requestId: null, milliseconds: 1, kind: 'gone', error: errorOf() })
    w.pass(60_000)
    expect(await askAboutLetGo(w.context)).toBe(1)
    w.pass(3_600_000)
    expect(await askAboutLetGo(w.context)).toBe(0)
    await w.db.attemptWatch.updateMany({ data: { lastError: null } })
    expect(await askAboutLetGo(w.context)).toBe(1)
    w.pass(24 * 3_600_000)
    expect(await askAboutLetGo(w.context)).toBe(0)
  })
})

/** Runs of more than one attempt: calls in the middle, stopped queues, budgets, and calls thought stuck. */
import { describe, expect, test } from 'vitest'
import type { Job } from '@/lib/generated/prisma/client'
import { resumeQueue } from '@/lib/money/stops.server'
import type { InputItem } from '@/lib/provider/types'
import { giveCommand } from '@/lib/store/command.server'
import { InvalidInput } from '@/lib/store/errors'
import { testDatabase } from '@/lib/testing/database'
import {
  accepted,
  calling,
  completed,
  errorOf,
  publishWithTools,
  REPORT,
  reportJob,
  ScriptedProvider,
  saw,
  seen,
  testEngine,
} from '@/lib/testing/engine'
import { currentHash } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { publishBuiltins } from '@/lib/workflows/store.server'

async function world() {
  const database = await testDatabase({ max: 20 })
  const { db } = database
  await publishBuiltins(db)
  const owner = await person(db, ['owner'])
  const engine = await testEngine(db, new ScriptedProvider())
  return {
    db,
    owner,
    ...engine,
    /** Finishes the next create at once. */
    next(seenOf: (id: string) => ReturnType<typeof completed>) {
      engine.provider.onCreate.push((request) => ({
        ...accepted(''),
        kind: 'accepted',
        seen: seenOf(`resp_${request.metadata.attempt_id}`),
      }))
    },
    refuseNext(httpStatus: number, code: string | null) {
      engine.provider.onCreate.push(() => ({
        httpStatus,
        requestId: 'req_1',
        milliseconds: 1,
        kind: 'refused',
        error: errorOf({ httpStatus, code }),
      }))
    },
    async toolsJob(over: Partial<WorkflowDefinition> = {}): Promise<Job> {
      return reportJob(db, owner, { workflow: await publishWithTools(db, over) })
    },
    attempts: (jobId: string) => db.attempt.findMany({ where: { jobId }, orderBy: { number: 'asc' } }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

type World = Awaited<ReturnType<typeof world>>

/** Answers the only call that waits with no. */
async function deny(w: World, jobId: string, reason: string) {
  const call = await w.db.toolCall.findFirstOrThrow({ where: { jobId, state: 'waiting' } })
  const answers = [{ callId: call.id, allow: false, argumentsHash: call.argumentsSha256, reason }]
  return giveCommand(w.db, w.owner, jobId, { command: 'answer', params: { answers } }, 'api', w.context.now())
}

const pay = { name: 'pay', arguments: { to: 'Dana', amount: 5 } }

describe('a call that needs leave', () => {
  test('holds the job until it is answered, and the run goes on from the response that asked', async () => {
    await using w = await world()
    const job = await w.toolsJob()
    w.next((id) => calling(id, [pay]))
    expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', nextKind: 'answer_permission' })
    await deny(w, job.id, 'She was paid last week.')
    w.next((id) => completed(id, REPORT))
    expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', nextKind: 'decide' })
    const [first, second] = await w.attempts(job.id)
    expect(second).toMatchObject({ continuesId: first?.id, previousResponseId: first?.responseId })
    const sent = w.provider.creates[1]
    expect(sent?.previous_response_id).toBe(first?.responseId)
    expect(JSON.stringify(sent?.input)).toContain('She was paid last week.')
    expect(sent?.tools?.map((tool) => tool.name)).toEqual(['pay', 'look_up'])
  })

  test('goes on from what was kept where the provider has forgotten the response', async () => {
    await using w = await world()
    const job = await w.toolsJob()
    w.next((id) => calling(id, [pay]))
    await w.step(job.id)
    await deny(w, job.id, 'No.')
    w.refuseNext(400, 'previous_response_not_found')
    await w.step(job.id)
    w.next((id) => completed(id, REPORT))
    const done = await w.stepUntil(job.id, (now) => now.state === 'awaiting_review')
    expect(done.nextKind).toBe('decide')
    expect(w.provider.creates).toHaveLength(3)
    const sent = w.provider.creates[2]
    expect(sent?.previous_response_id).toBeUndefined()
    const types = (w.provider.creates[2]?.input as InputItem[] | undefined)?.map((item) => item.type)
    expect(types).toEqual(['message', 'function_call', 'function_call_output'])
  })

  test('keeps its place through a failure that is tried again by itself', async () => {
    await using w = await world()
    const job = await w.toolsJob()
    w.next((id) => calling(id, [pay]))
    await w.step(job.id)
    await deny(w, job.id, 'No.')
    w.refuseNext(500, null)
    await w.step(job.id)
    w.next((id) => completed(id, REPORT))
    await w.stepUntil(job.id, (now) => now.state === 'awaiting_review')
    const [first, second, third] = await w.attempts(job.id)
    expect([second?.continuesId, third?.continuesId]).toEqual([first?.id, first?.id])
  })

  test('is forgotten by a retry, which begins anew', async () => {
    await using w = await world()
    const job = await w.toolsJob()
    w.next((id) => calling(id, [pay]))
    await w.step(job.id)
    await giveCommand(w.db, w.owner, job.id, { command: 'retry' }, 'api', w.context.now())
    w.next((id) => completed(id, REPORT))
    await w.step(job.id)
    expect(w.provider.creates[1]?.previous_response_id).toBeUndefined()
    expect(typeof w.provider.creates[1]?.input).toBe('string')
  })

  test('that is forbidden is refused without anybody, and the run goes on', async () => {
    await using w = await world()
    const job = await w.toolsJob()
    w.next((id) => calling(id, [{ name: 'close_account', arguments: { to: 'Dana', amount: 1 } }]))
    w.next((id) => completed(id, REPORT))
    expect(await w.step(job.id)).toMatchObject({ state: 'queued', lastCommand: 'proceed' })
    expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', nextKind: 'decide' })
    expect(await w.db.toolCall.findFirstOrThrow()).toMatchObject({ state: 'refused', code: 'forbidden' })
  })

  test('again and again, without anybody, ends before people instead of going round for ever', async () => {
    await using w = await world()
    const job = await w.toolsJob()
    for (let turn = 0; turn < 40; turn += 1) {
      w.next((id) => calling(id, [{ name: 'close_account', arguments: { to: 'Dana', amount: 1 } }]))
    }
    const held = await w.stepUntil(job.id, (now) => now.state === 'awaiting_review', 0)
    expect(held.failureCode).toBe('too_many_turns')
    expect(w.provider.creates.length).toBeLessThan(30)
  })
})

describe('a key, a quota or a credit that fails', () => {
  test('stops sending of its workflow, loses nothing, and goes on when a lead resumes', async () => {
    await using w = await world()
    const [first, second] = [await reportJob(w.db, w.owner), await reportJob(w.db, w.owner)]
    w.refuseNext(401, 'invalid_api_key')
    expect(await w.step(first.id)).toMatchObject({ state: 'queued', lastCommand: 'requeue', tries: 0 })
    await w.step(second.id)
    expect(w.provider.creates).toHaveLength(1)
    expect(await w.db.notice.count({ where: { userId: w.owner.userId ?? '' } })).toBeGreaterThan(0)

    // Past every deadline: the clock stands still with the queue.
    w.pass(24 * 3_600_000)
    expect(await w.step(first.id)).toMatchObject({ state: 'queued' })
    await resumeQueue(w.db, w.owner, 'report', null, w.context.now())
    w.next((id) => completed(id, REPORT))
    const done = await w.stepUntil(first.id, (now) => now.state !== 'queued')
    expect(done.state).toBe('awaiting_review')
    const moved = await w.db.event.findFirstOrThrow({ where: { jobId: first.id, command: 'postpone' } })
    expect(JSON.parse(moved.body).stoodStillMs).toBeGreaterThanOrEqual(24 * 3_600_000 - 1_000)
    expect(await w.stepUntil(second.id, (now) => now.state !== 'queued')).toMatchObject({ state: 'running' })
  })
})

describe('money', () => {
  const price = { inputMicros: 1_000_000n, outputMicros: 10_000_000n, source: 'a test', kind: 'model' }

  async function withPrice(w: World) {
    const { model } = (await w.provider.creates[0]) ?? { model: 'gpt-5.5' }
    await w.db.price.create({ data: { ...price, name: model, validFrom: new Date('2020-01-01') } })
  }

  test('that an attempt took is kept with it', async () => {
    await using w = await world()
    await withPrice(w)
    const job = await reportJob(w.db, w.owner)
    w.next((id) => completed(id, REPORT))
    await w.step(job.id)
    const [attempt] = await w.attempts(job.id)
    // 10 input tokens at $1 and 5 output tokens at $10 a million.
    expect(attempt?.costMicros).toBe(60n)
    const account = await w.db.budgetAccount.findUniqueOrThrow({ where: { key: `job:${job.id}` } })
    expect(account).toMatchObject({ reservedMicros: 0n, spentMicros: 60n })
  })

  test('of a call that was refused at the door is none', async () => {
    await using w = await world()
    await withPrice(w)
    const job = await reportJob(w.db, w.owner)
    w.refuseNext(400, 'context_length_exceeded')
    expect(await w.step(job.id)).toMatchObject({ state: 'failed' })
    expect((await w.attempts(job.id))[0]?.costMicros).toBe(0n)
  })

  test('that would pass the budget of the job holds it, and it goes on when a lead raises the budget', async () => {
    await using w = await world()
    await withPrice(w)
    // 16,000 output tokens at $10 a million are $0.16 for one attempt.
    const job = await w.toolsJob({ budget: { perJobUsd: 0.25, perDayUsd: null, totalUsd: null } })
    w.next((id) =>
      completed(id, REPORT, {
        usage: { input_tokens: 10, output_tokens: 16_000, total_tokens: 16_010 },
        status: 'completed',
      }),
    )
    await w.step(job.id)
    await giveCommand(w.db, w.owner, job.id, { command: 'retry' }, 'api', w.context.now())
    expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', failureCode: 'budget_job' })
    expect(w.provider.creates).toHaveLength(1)
    await giveCommand(w.db, w.owner, job.id, { command: 'retry', params: { budgetUsd: 5 } }, 'api', w.context.now())
    await w.step(job.id)
    expect(w.provider.creates).toHaveLength(2)
  })
})

describe('a call whose end nobody saw', () => {
  async function stuck(w: World): Promise<Job> {
    const job = await reportJob(w.db, w.owner)
    w.provider.onCancel = (id) => seen(id, 'in_progress')
    await w.stepUntil(job.id, (now) => now.failureCode === 'no_final_status', 120_000)
    return job
  }

  test('because its worker was killed after cancelling it is known to be cancelled by us, and tried again', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    await w.step(job.id)
    const [attempt] = await w.attempts(job.id)
    const noted = { jobId: job.id, attemptId: attempt?.id ?? '', at: w.context.now() }
    await w.db.observation.create({ data: { ...noted, kind: 'cancel', httpStatus: 200, providerStatus: 'cancelled' } })
    w.provider.onLook = (id) => seen(id, 'cancelled')
    const again = await w.stepUntil(job.id, (now) => now.state !== 'running')
    expect(again).toMatchObject({ state: 'queued', failureClass: 'timeout', failureCode: 'no_progress' })
  })

  test('and that completes while people look into it is taken over', async () => {
    await using w = await world()
    const job = await stuck(w)
    w.provider.onCancel = (id) => saw(completed(id, REPORT))
    const done = await w.stepUntil(job.id, (now) => now.nextKind === 'decide')
    expect(await currentHash(w.db, job.id)).toBeDefined()
    expect(done.state).toBe('awaiting_review')
    expect(w.provider.creates).toHaveLength(1)
    const rounds = await w.db.reviewRound.findMany({ where: { jobId: job.id }, orderBy: { number: 'asc' } })
    expect(rounds.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['trouble', 'adopt'],
      ['result', null],
    ])
  })

  test('is sent again at once only with the words that both may be paid', async () => {
    await using w = await world()
    const job = await stuck(w)
    const ask = (params: Record<string, unknown>) =>
      giveCommand(w.db, w.owner, job.id, { command: 'retry', params }, 'api', w.context.now())
    await expect(ask({ oldCall: 'pay' })).rejects.toThrow(InvalidInput)
    await ask({ oldCall: 'pay', mayBePaidTwice: true })
    await w.step(job.id)
    expect(w.provider.creates).toHaveLength(2)
    const [first] = await w.attempts(job.id)
    expect(first).toMatchObject({ endedAt: expect.any(Date), costMicros: null })
  })

  test('and that was given up with its job is asked for again only with the same words', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate.push(() => ({
      httpStatus: null,
      requestId: null,
      milliseconds: 1,
      kind: 'lost',
      error: errorOf({ code: 'ECONNRESET' }),
    }))
    await w.step(job.id)
    const give = (command: string, params: Record<string, unknown> = {}) =>
      giveCommand(w.db, w.owner, job.id, { command, note: 'because', params }, 'api', w.context.now())
    await give('abandon')
    await expect(give('retry')).rejects.toThrow('paid twice')
    expect((await give('retry', { mayBePaidTwice: true })).job.state).toBe('queued')
  })

  test('can be waited for', async () => {
    await using w = await world()
    const job = await stuck(w)
    const before = await w.db.job.findUniqueOrThrow({ where: { id: job.id } })
    await giveCommand(w.db, w.owner, job.id, { command: 'wait' }, 'api', new Date(w.context.now().getTime() + 60_000))
    const after = await w.db.job.findUniqueOrThrow({ where: { id: job.id } })
    expect(after.dueAt?.getTime()).toBeGreaterThan(before.dueAt?.getTime() ?? 0)
  })
})

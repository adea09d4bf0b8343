import { describe, expect, test } from 'vitest'
import { readJob } from '@/lib/jobs/detail.server'
import { callsWorld, PAY } from '@/lib/testing/calls'
import { person, serviceKey } from '@/lib/testing/people'
import { outputsFor } from '@/lib/tools/store.server'
import { readText } from './blobs.server'
import { giveCommand } from './command.server'
import { Forbidden, InvalidInput, JobConflict } from './errors'

const EVE = { name: 'pay', arguments: { to: 'Eve', amount: 9 } }
const no = { allow: false, reason: 'Not now.' }

const errorOf = async (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => error)
const pointersOf = (error: unknown) =>
  error instanceof InvalidInput ? error.errors.map(({ pointer }) => pointer) : error

describe('an answer', () => {
  test('allows one call with edited arguments and denies another, and the history says so', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY, EVE])
    const { job: answered } = await w.answer(job.id, ({ position }) =>
      position === 0 ? { arguments: { to: 'Dana', amount: 4 } } : no,
    )
    expect(answered).toMatchObject({ state: 'queued', tries: 0 })
    const [paid, denied] = await w.calls(job.id)
    expect(answered.continuesId).toBe(paid?.attemptId)
    expect(paid).toMatchObject({ state: 'permitted', decidedSeq: answered.version })
    expect(await readText(w.db, paid?.permittedSha256 ?? '')).toBe('{"to":"Dana","amount":4}')
    expect(denied).toMatchObject({ state: 'denied', permittedSha256: null })
    expect(await readText(w.db, denied?.reasonSha256 ?? '')).toBe('Not now.')
    const event = await w.db.event.findFirstOrThrow({ where: { jobId: job.id, command: 'answer' } })
    expect(JSON.parse(event.body).calls).toEqual([
      { id: paid?.id, allowed: true, arguments: paid?.permittedSha256 },
      { id: denied?.id, allowed: false, arguments: denied?.argumentsSha256 },
    ])
    const view = await readJob(w.db, w.reviewer, job.id)
    expect(view?.calls.map(({ by, reason, editedArguments }) => [by?.name, reason, editedArguments])).toEqual([
      ['Dana', null, { to: 'Dana', amount: 4 }],
      ['Dana', 'Not now.', null],
    ])
  })

  test('whose arguments were only written anew is an answer to what the model wrote', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    await w.answer(job.id, () => ({ arguments: { amount: 5, to: 'Dana' } }))
    const [call] = await w.calls(job.id)
    expect(call?.permittedSha256).toBe(call?.argumentsSha256)
  })

  test('leaves no call out, answers none twice, and none that does not wait', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY, EVE])
    const [one, two] = await w.calls(job.id)
    const yes = (call: typeof one) => ({ callId: call?.id, allow: true, argumentsHash: call?.argumentsSha256 })
    const give = (answers: unknown[]) =>
      giveCommand(w.db, w.reviewer, job.id, { command: 'answer', params: { answers } }, 'api', w.context.now())
    expect(pointersOf(await errorOf(give([])))).toEqual(['/params/answers'])
    expect(pointersOf(await errorOf(give([yes(one)])))).toEqual(['/params/answers'])
    expect(pointersOf(await errorOf(give([yes(one), yes(one), yes(two)])))).toEqual(['/params/answers/1/callId'])
    const stranger = { ...yes(two), callId: job.id }
    expect(pointersOf(await errorOf(give([yes(one), yes(two), stranger])))).toEqual(['/params/answers/2/callId'])
    expect(await w.calls(job.id)).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }])
  })

  test('that denies says why, and takes no arguments', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    expect(pointersOf(await errorOf(w.answer(job.id, () => ({ allow: false }))))).toEqual(['/params/answers/0/reason'])
    expect(pointersOf(await errorOf(w.answer(job.id, () => ({ allow: false, reason: '  ' }))))).toEqual([
      '/params/answers/0/reason',
    ])
    expect(pointersOf(await errorOf(w.answer(job.id, () => ({ ...no, arguments: PAY.arguments }))))).toEqual([
      '/params/answers/0/arguments',
    ])
  })

  test('with arguments against the schema of the tool says which', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    const error = await errorOf(w.answer(job.id, () => ({ arguments: { to: 'Dana', amount: -1, x: 1 } })))
    expect(pointersOf(error)).toEqual(['/params/answers/0/arguments/x', '/params/answers/0/arguments/amount'])
    expect(String(error)).toContain('Amount must be at least 0.')
  })

  test('to a call of an MCP server is yes or no: its arguments are not ours to edit', async () => {
    await using w = await callsWorld()
    const request = { type: 'mcp_approval_request', server_label: 'crm', arguments: '{"id":7}' }
    const job = await w.askWith([
      { ...request, id: 'mcpr_1', name: 'update' },
      { ...request, id: 'mcpr_2', name: 'wipe_out' },
      { ...request, id: 'mcpr_3', name: 'find' },
    ])
    const edited = await errorOf(w.answer(job.id, ({ position }) => (position === 0 ? { arguments: { id: 8 } } : no)))
    expect(pointersOf(edited)).toEqual(['/params/answers/0/arguments'])
    const { job: answered } = await w.answer(job.id, ({ position }) => (position === 0 ? {} : no))
    expect(await w.make(job.id)).toBe('done')
    expect(w.server.received).toEqual([])
    expect(await outputsFor(w.db, answered.continuesId ?? '')).toEqual([
      { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true },
      {
        type: 'mcp_approval_response',
        approval_request_id: 'mcpr_2',
        approve: false,
        reason: expect.stringContaining('Not now.'),
      },
      { type: 'mcp_approval_response', approval_request_id: 'mcpr_3', approve: true },
    ])
  })

  test('is for the arguments that were on the screen', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY, EVE])
    const [one, two] = await w.calls(job.id)
    const swapped = await errorOf(
      w.answer(job.id, ({ id }) => ({ argumentsHash: (id === one?.id ? two : one)?.argumentsSha256 })),
    )
    expect(swapped).toBeInstanceOf(JobConflict)
    expect(await w.calls(job.id)).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }])
  })

  test('is given once, whoever races', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    const others = await Promise.all([1, 2, 3, 4].map(() => person(w.db, ['reviewer'])))
    const given = await Promise.allSettled(
      others.map((actor, index) => w.answer(job.id, () => (index % 2 === 0 ? {} : no), actor)),
    )
    expect(given.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const lost = given.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(lost.every((reason) => reason instanceof JobConflict || reason instanceof InvalidInput)).toBe(true)
    expect(await w.db.event.count({ where: { jobId: job.id, command: 'answer' } })).toBe(1)
  })
})

describe('who may answer', () => {
  test('a service may deny, and may not allow', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    const key = await serviceKey(w.db, ['reviewer'])
    expect(await errorOf(w.answer(job.id, () => ({}), key))).toBeInstanceOf(Forbidden)
    expect((await w.answer(job.id, () => no, key)).job.state).toBe('queued')
  })

  test('whoever asked for the job may not allow its calls where the policy wants somebody else', async () => {
    const review = { approvals: 1, requesterMayApprove: false, dueHours: 24, undoSeconds: 0 }
    await using w = await callsWorld({}, { review })
    const [one, other] = [await w.ask([PAY]), await w.ask([PAY])]
    const rosa = { ...w.requester, roles: ['requester', 'reviewer'] as const }
    expect(await errorOf(w.answer(one.id, () => ({}), rosa))).toBeInstanceOf(Forbidden)
    expect((await w.answer(one.id, () => ({}))).job.state).toBe('queued')
    expect((await w.answer(other.id, () => no, rosa)).job.state).toBe('queued')
  })

  test('a requester who reviews nothing may not answer at all', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    expect(await errorOf(w.answer(job.id, () => no, w.requester))).toBeInstanceOf(Forbidden)
  })
})

import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readJob } from '@/lib/jobs/detail.server'
import { resumeQueue } from '@/lib/money/stops.server'
import type { InputItem } from '@/lib/provider/types'
import { pauseQueue } from '@/lib/queues/control.server'
import { readText, sha256Hex } from '@/lib/store/blobs.server'
import { giveCommand } from '@/lib/store/command.server'
import { LostRace } from '@/lib/store/errors'
import { loadFacts } from '@/lib/store/facts.server'
import { callsWorld, LOOK_UP, PAY } from '@/lib/testing/calls'
import { accepted, completed, REPORT } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { parseAllowList } from '@/lib/tools/addresses'
import { post } from '@/lib/tools/post.server'
import { ownSigningSecret } from '@/lib/tools/signing.server'
import { makeCalls } from './calls.server'

describe('a permitted call', () => {
  test('is stored before it is made, is signed, and is made once', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    await w.answer(job.id)
    const atSending: unknown[] = []
    const made = await w.make(job.id, {
      post: async (posting) => {
        const [call] = await w.calls(job.id)
        atSending.push([
          call?.state,
          call?.tries,
          call?.requestSha256 === sha256Hex(posting.body),
          call?.sentAt !== null,
        ])
        return post(posting)
      },
    })
    expect(made).toBe('done')
    expect(atSending).toEqual([['sending', 1, true, true]])
    const [call] = await w.calls(job.id)
    expect(call).toMatchObject({ state: 'answered', httpStatus: 200, tries: 1, url: w.server.url, nextTryAt: null })
    expect(await readText(w.db, call?.answerSha256 ?? '')).toBe('{"receipt":"R-1"}')

    const [arrived, ...others] = w.server.received
    expect(others).toEqual([])
    expect(JSON.parse(arrived?.body ?? '')).toEqual({
      id: call?.id,
      tool: 'pay',
      arguments: PAY.arguments,
      job: { id: job.id, number: job.number },
      attempt: 1,
      callId: 'call_0',
    })
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = arrived?.headers ?? {}
    expect(id).toBe(`msg_${call?.id}`)
    const secret = await ownSigningSecret(w.db, 'with-tools', 'pay')
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const expected = createHmac('sha256', key).update(`${id}.${time}.${arrived?.body}`).digest('base64')
    expect(signature).toBe(`v1,${expected}`)

    expect(await w.make(job.id)).toBe('done')
    expect(w.server.received).toHaveLength(1)
  })

  test('carries the header and the signature whose secrets the environment holds', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const environment: Record<string, string> = { PAY_TOKEN: 'Bearer pay', PAY_SECRET: secret }
    await using w = await callsWorld({
      secretHeader: { name: 'Authorization', env: 'PAY_TOKEN' },
      signingSecretEnv: 'PAY_SECRET',
    })
    const job = await w.ask([PAY])
    await w.answer(job.id)
    expect(await w.make(job.id, { readEnv: (name) => environment[name] })).toBe('done')
    const [arrived] = w.server.received
    expect(arrived?.headers.authorization).toBe('Bearer pay')
    const signed = `${arrived?.id}.${arrived?.headers['webhook-timestamp']}.${arrived?.body}`
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
    const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
    expect(arrived?.headers['webhook-signature']).toBe(expected)
    const stored = await w.db.blobChunk.findMany()
    expect(stored.some(({ bytes }) => Buffer.from(bytes).includes('Bearer pay'))).toBe(false)
  })

  test('is sent again under the same id and with the same bytes until it is answered', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    await w.answer(job.id)
    w.server.say(503, 429, 408, 409)
    w.server.answers.push((response) => response.destroy())
    for (let tries = 0; tries < 5; tries += 1) {
      const made = await w.make(job.id)
      if (typeof made !== 'object' || !('wakeAt' in made)) throw new Error(`try ${tries + 1} ended it`)
      // Too early: nothing is sent.
      expect(await w.make(job.id)).toEqual(made)
      expect(w.server.received).toHaveLength(tries + 1)
      w.pass(made.wakeAt.getTime() - w.context.now().getTime())
    }
    expect(await w.make(job.id)).toBe('done')
    expect(w.server.received).toHaveLength(6)
    expect(new Set(w.server.received.map(({ id }) => id)).size).toBe(1)
    expect(new Set(w.server.received.map(({ body }) => body)).size).toBe(1)
    expect(await w.calls(job.id)).toMatchObject([{ state: 'answered', tries: 6, httpStatus: 200 }])
  })

  test('without an answer in all its tries has failed, and people look into it', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    await w.answer(job.id)
    w.server.say(500, 500, 500, 500, 500, 500, 500)
    let made = await w.make(job.id)
    for (let tries = 1; tries < 20 && typeof made === 'object' && 'wakeAt' in made; tries += 1) {
      w.pass(made.wakeAt.getTime() - w.context.now().getTime())
      made = await w.make(job.id)
    }
    expect(made).toMatchObject({ failed: { state: 'failed', code: 'http_500', tries: 6 } })
    expect(w.server.received).toHaveLength(6)
    expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', failureCode: 'tool_failed' })
    expect(await w.db.reviewRound.findFirst({ where: { jobId: job.id, closedAt: null } })).toMatchObject({
      kind: 'trouble',
      reason: 'tool_failed',
    })
    expect(w.server.received).toHaveLength(6)
  })

  test('that is answered with an error of its own has its answer', async () => {
    await using w = await callsWorld()
    for (const status of [400, 401, 404, 422]) {
      const job = await w.ask([PAY])
      await w.answer(job.id)
      w.server.say(status)
      expect(await w.make(job.id)).toBe('done')
      expect(await w.calls(job.id)).toMatchObject([{ state: 'answered', httpStatus: status, tries: 1 }])
    }
  })

  test('to a private address that nobody allowed is never sent, and people look into it', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    await w.answer(job.id)
    expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', failureCode: 'tool_failed' })
    expect(await w.calls(job.id)).toMatchObject([{ state: 'failed', code: 'private_address' }])
    expect(w.server.received).toEqual([])
    const view = await readJob(w.db, w.reviewer, job.id)
    expect(view?.calls[0]?.sentence).toContain('Not made: its address is a private one')
  })

  test('is not sent where a secret is missing, nor followed elsewhere', async () => {
    await using w = await callsWorld({ secretHeader: { name: 'X-Key', env: 'NOT_THERE' } })
    const one = await w.ask([PAY])
    await w.answer(one.id)
    expect(await w.make(one.id)).toMatchObject({ failed: { code: 'secret_missing' } })
    expect(w.server.received).toEqual([])
    const other = await w.ask([PAY])
    await w.answer(other.id)
    w.server.answers.push((response) => response.writeHead(302, { location: w.server.url }).end())
    const readEnv = () => 'k'
    expect(await w.make(other.id, { readEnv })).toMatchObject({ failed: { code: 'redirect' } })
    expect(w.server.received).toHaveLength(1)
  })
})

describe('a worker that dies between storing a call and its answer', () => {
  test('leaves it to another, who sends it again under the same id once the lease is over', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    await w.answer(job.id)
    const dying = w.make(job.id, {
      post: async (posting) => {
        await post(posting)
        throw new Error('killed')
      },
    })
    await expect(dying).rejects.toThrow('killed')
    expect(await w.calls(job.id)).toMatchObject([{ state: 'sending', tries: 1 }])
    const waiting = await w.make(job.id)
    expect(waiting).toHaveProperty('wakeAt')
    expect(w.server.received).toHaveLength(1)
    w.pass(36_000)
    expect(await w.make(job.id)).toBe('done')
    const [first, second, ...others] = w.server.received
    expect(others).toEqual([])
    expect([second?.id, second?.body]).toEqual([first?.id, first?.body])
  })

  test('at its last try leaves a call that has failed', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    await w.answer(job.id)
    const die = { post: () => Promise.reject(new Error('killed')) }
    for (let tries = 0; tries < 6; tries += 1) {
      await expect(w.make(job.id, die)).rejects.toThrow('killed')
      w.pass(36_000)
    }
    expect(await w.make(job.id)).toMatchObject({ failed: { tries: 6, code: 'no_answer' } })
    expect(w.server.received).toEqual([])
  })
})

describe('races', () => {
  test('of a pause and several calls: none begins once it stands, and the others are made once when it ends', async () => {
    await using w = await callsWorld()
    const lead = await person(w.db, ['lead'], 'Lena')
    const job = await w.ask([PAY, { ...PAY, arguments: { to: 'Rob', amount: 7 } }, PAY])
    await w.answer(job.id)
    const paused = w.make(job.id, {
      post: async (posting) => {
        await pauseQueue(w.db, lead, job.workflowKey, 'Prices are being checked.', w.context.now())
        return post(posting)
      },
    })
    await expect(paused).rejects.toThrow(LostRace)
    expect((await w.calls(job.id)).map(({ state }) => state)).toEqual(['answered', 'permitted', 'permitted'])
    await w.step(job.id)
    expect(w.server.received).toHaveLength(1)
    expect(await resumeQueue(w.db, lead, job.workflowKey, 'They are right.', w.context.now())).toEqual({
      didResume: true,
      woken: 1,
    })
    expect(await w.make(job.id)).toBe('done')
    expect(w.server.received.map(({ id }) => id)).toEqual((await w.calls(job.id)).map(({ id }) => `msg_${id}`))
  })

  test('of many workers make one call', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY, { name: 'pay', arguments: { to: 'Eve', amount: 9 } }])
    await w.answer(job.id)
    // All of them have found the first call before one can take it.
    const holder = await w.database.ownerPool.connect()
    await holder.query('BEGIN')
    await holder.query('SELECT 1 FROM job WHERE id = $1 FOR UPDATE', [job.id])
    const workers = Array.from({ length: 8 }, () => w.make(job.id))
    const settled = Promise.allSettled(workers)
    const atTheDoor = `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    await expect.poll(async () => (await w.database.ownerPool.query(atTheDoor)).rows[0].count).toBe(8)
    await holder.query('COMMIT')
    holder.release()
    const unexpected = (await settled).filter((one) => one.status === 'rejected' && !(one.reason instanceof LostRace))
    expect(unexpected).toEqual([])
    expect(await w.make(job.id)).toBe('done')
    expect(w.server.received.map(({ body }) => JSON.parse(body).arguments.to).sort()).toEqual(['Dana', 'Eve'])
  })

  test('of an abandon and a call: once the abandon stands, no call begins, and one under way is written down', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY, PAY])
    await w.answer(job.id)
    const made = w.make(job.id, {
      post: async (posting) => {
        const posted = await post(posting)
        const ask = { command: 'abandon', note: 'Stop.' }
        await giveCommand(w.db, w.reviewer, job.id, ask, 'api', w.context.now())
        return posted
      },
    })
    await expect(made).rejects.toThrow(LostRace)
    expect(w.server.received).toHaveLength(1)
    expect((await w.calls(job.id)).map(({ state }) => state)).toEqual(['answered', 'permitted'])
  })

  test('of the deadline and a call: an expired job makes none', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    await w.answer(job.id)
    const stale = await loadFacts(w.db, job.id)
    w.pass(365 * 86_400_000)
    await expect(makeCalls(w.context, stale, w.around)).rejects.toThrow(LostRace)
    expect(await w.step(job.id)).toMatchObject({ state: 'expired' })
    expect(w.server.received).toEqual([])
  })
})

describe('the run', () => {
  test('makes calls that only read by itself, and carries every answer to the model in order', async () => {
    await using w = await callsWorld()
    const job = await w.ask([
      LOOK_UP,
      PAY,
      { name: 'pay', arguments: { to: 'Eve', amount: 2 } },
      { name: 'nope', arguments: {} },
    ])
    expect(job).toMatchObject({ state: 'awaiting_review', nextKind: 'answer_permission' })
    expect(w.server.received).toEqual([])
    await w.answer(job.id, ({ position }) =>
      position === 1 ? { arguments: { to: 'Dana', amount: 4 } } : { allow: false, reason: 'Eve was paid last week.' },
    )
    expect(await w.make(job.id)).toBe('done')
    expect(w.server.received.map(({ body }) => [JSON.parse(body).tool, JSON.parse(body).arguments])).toEqual([
      ['look_up', LOOK_UP.arguments],
      ['pay', { to: 'Dana', amount: 4 }],
    ])
    w.provider.onCreate.push((request) => {
      const seen = completed(`resp_${request.metadata.attempt_id}`, REPORT)
      return { ...accepted(seen.responseId), kind: 'accepted', seen }
    })
    expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', nextKind: 'decide' })
    const outputs = w.provider.creates[1]?.input as InputItem[]
    expect(outputs.map(({ type, call_id }) => [type, call_id])).toEqual(
      [0, 1, 2, 3].map((index) => ['function_call_output', `call_${index}`]),
    )
    expect(outputs[0]?.output).toBe('{"receipt":"R-1"}')
    expect(outputs[1]?.output).toContain(
      'A reviewer changed the arguments of this call. It was made with: {"to":"Dana","amount":4}',
    )
    expect(outputs[2]?.output).toContain('Eve was paid last week.')
    expect(outputs[3]?.output).toContain('There is no such tool here.')
  })

  test('of calls that only read needs nobody', async () => {
    await using w = await callsWorld()
    const job = await w.ask([LOOK_UP])
    expect(job).toMatchObject({ state: 'queued', lastCommand: 'proceed' })
    expect(await w.make(job.id)).toBe('done')
    expect(w.server.received).toHaveLength(1)
  })

  test('that a person asks for anew repeats nothing by itself, and says what was made', async () => {
    await using w = await callsWorld()
    const job = await w.ask([PAY])
    await w.answer(job.id)
    expect(await w.make(job.id)).toBe('done')
    await giveCommand(w.db, w.reviewer, job.id, { command: 'abandon', note: 'Again.' }, 'api', w.context.now())
    await giveCommand(w.db, w.reviewer, job.id, { command: 'retry' }, 'api', w.context.now())
    w.provider.onCreate.push((request) => {
      const id = `resp_${request.metadata.attempt_id}`
      // The same, written otherwise.
      const item = { type: 'function_call', call_id: 'call_9', name: 'pay', arguments: '{ "amount": 5, "to": "Dana" }' }
      const seen = completed(id, '', { output: [item] })
      return { ...accepted(id), kind: 'accepted', seen }
    })
    expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', nextKind: 'answer_permission' })
    const view = await readJob(w.db, w.reviewer, job.id)
    expect(view?.calls.map(({ attempt, state, madeBefore }) => [attempt, state, madeBefore])).toEqual([
      [1, 'answered', []],
      [2, 'waiting', [{ attempt: 1, at: expect.any(String), answered: true }]],
    ])
    expect(w.server.received).toHaveLength(1)
  })
})

test('an allow-list in the environment is what lets a call reach a private address', async () => {
  await using w = await callsWorld()
  const job = await w.ask([PAY])
  await w.answer(job.id)
  expect(await w.make(job.id, { allowed: parseAllowList('10.0.0.0/8') })).toMatchObject({
    failed: { code: 'private_address' },
  })
  expect(w.server.received).toEqual([])
})

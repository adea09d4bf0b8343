import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliveryHash } from '@/lib/deliveries/plan'
import { referenceHash } from '@/lib/deliveries/reference'
import { acceptedJob, type DeliveryWorld, deliveryWorld, GRACE_SECONDS } from '@/lib/testing/deliveries'
import { accepted, completed, REPORT } from '@/lib/testing/engine'
import { forgedMove, inOneTransaction, rawClient } from '@/lib/testing/forge'
import { person } from '@/lib/testing/people'

let w: DeliveryWorld
let client: pg.Client

beforeAll(async () => {
  w = await deliveryWorld()
  client = await rawClient(w.databaseUrl)
})
afterAll(async () => {
  await client.end()
  await w[Symbol.asyncDispose]()
})

const DAY_AND_MORE_MS = 25 * 3_600_000
const MONTHS_MS = 240 * 86_400_000

const graceOver = () => w.engine.pass(GRACE_SECONDS * 1_000)

async function delivered(): Promise<string> {
  const jobId = await acceptedJob(w)
  await w.deliver(jobId)
  return jobId
}

async function approveAgain(jobId: string): Promise<void> {
  await w.approve(jobId)
  graceOver()
  await w.deliver(jobId)
}

const deliveriesOf = (jobId: string) => w.db.delivery.findMany({ where: { jobId }, orderBy: { number: 'asc' } })

describe('what is approved after something has left', () => {
  test('corrects it: in its row, in its header and in its signed body', async () => {
    const jobId = await delivered()
    await w.reopen(jobId)
    const { reviews } = await w.read(jobId)
    expect(reviews.at(-1)?.delivery?.corrects).toBe(1)
    await approveAgain(jobId)
    const [first, second] = await deliveriesOf(jobId)
    expect(second).toMatchObject({ correctsId: first?.id, state: 'delivered' })
    expect((await w.read(jobId)).deliveries.map(({ corrects }) => corrects)).toEqual([null, 1])
    const received = w.server.received.at(-1)
    expect(received?.headers['holdpoint-corrects']).toBe(first?.messageId)
    expect(JSON.parse(received?.body ?? '{}').corrects).toMatchObject({ webhookId: first?.messageId, arrived: true })
  })

  test('corrects the newest of them, and so does another attempt’s', async () => {
    const jobId = await delivered()
    await w.reopen(jobId)
    await approveAgain(jobId)
    await w.reopen(jobId)
    const dueAt = new Date(w.engine.context.now().getTime() + 86_400_000).toISOString()
    await w.give(w.reviewer, jobId, { command: 'retry', params: { dueAt, guidance: 'Name the day.' } })
    w.engine.provider.onCreate = [
      (request) => {
        const seen = completed(`resp_${request.metadata.attempt_id}`, REPORT.replace('Rent', 'The rent'))
        return { ...accepted(seen.responseId), kind: 'accepted', seen }
      },
    ]
    await w.engine.step(jobId)
    await approveAgain(jobId)
    expect((await w.read(jobId)).deliveries.map(({ corrects }) => corrects)).toEqual([null, 1, 2])
  })

  test('keeps what it corrects when the approval is taken back and given again', async () => {
    const jobId = await delivered()
    await w.reopen(jobId)
    await w.approve(jobId)
    await w.give(w.reviewer, jobId, { command: 'undo' })
    await approveAgain(jobId)
    expect((await w.read(jobId)).deliveries.map(({ state, corrects }) => [state, corrects])).toEqual([
      ['delivered', null],
      ['withdrawn', 1],
      ['delivered', 1],
    ])
  })

  test('corrects nothing where the earlier one never left, or was refused', async () => {
    const unsent = await acceptedJob(w)
    await w.reopen(unsent)
    await approveAgain(unsent)
    expect((await w.read(unsent)).deliveries.map(({ state, corrects }) => [state, corrects])).toEqual([
      ['withdrawn', null],
      ['delivered', null],
    ])
    const refused = await acceptedJob(w)
    w.server.answers.push((response) => response.writeHead(400).end())
    await w.deliver(refused)
    await w.reopen(refused)
    await approveAgain(refused)
    expect((await w.read(refused)).deliveries.map(({ state, corrects }) => [state, corrects])).toEqual([
      ['failed', null],
      ['delivered', null],
    ])
  })

  test('corrects a request that failed and may have been taken, and none that reached nobody', async () => {
    /** Answers each try like this, until nobody tries any more. */
    const corrects = async (answer: (response: ServerResponse) => void) => {
      const jobId = await acceptedJob(w)
      w.server.answers.push(answer, answer)
      await w.deliver(jobId)
      w.engine.pass(DAY_AND_MORE_MS)
      await w.deliver(jobId)
      expect((await w.delivery(jobId)).state).toBe('failed')
      await w.reopen(jobId)
      await approveAgain(jobId)
      // Back again: the other jobs live on.
      w.engine.pass(-DAY_AND_MORE_MS)
      return (await w.read(jobId)).deliveries.map((delivery) => delivery.corrects)
    }
    expect(await corrects((response) => response.socket?.destroy()), 'it broke off').toEqual([null, 1])
    expect(JSON.parse(w.server.received.at(-1)?.body ?? '{}').corrects).toMatchObject({ delivery: 1, arrived: null })
    expect(await corrects((response) => response.writeHead(502).end()), 'it failed at it').toEqual([null, 1])
    expect(await corrects((response) => response.writeHead(429).end()), 'it was too busy').toEqual([null, null])
  })

  test('is opened again without asking the provider, whose copy may be gone', async () => {
    const jobId = await delivered()
    const asked = w.engine.provider.looks.length
    w.engine.pass(MONTHS_MS)
    await w.reopen(jobId)
    await approveAgain(jobId)
    expect((await w.read(jobId)).state).toBe('completed')
    // Back again: the other jobs live on.
    w.engine.pass(-MONTHS_MS)
    expect(w.engine.provider.looks.length).toBe(asked)
  })

  test('is told to those who decided and to whoever asked, each once, and not to whoever reopened it', async () => {
    const jobId = await delivered()
    const another = await person(w.db, ['reviewer', 'support'], 'Another')
    await w.reopen(jobId)
    const { result } = await w.read(jobId)
    await w.give(another, jobId, { command: 'uphold', note: 'It was right.', resultHash: result?.hash })
    const dueAt = new Date(w.engine.context.now().getTime() + 86_400_000).toISOString()
    await w.give(another, jobId, { command: 'reopen', note: 'Once more.', params: { dueAt } })
    const notices = await w.db.notice.findMany({ where: { jobId, kind: 'reopened' } })
    // Dana asked for it and approved it: one word each time.
    expect(notices.map(({ userId }) => userId)).toEqual([w.reviewer.userId, w.reviewer.userId])
  })
})

describe('what is handed over by hand', () => {
  const byHand = () => ({ kind: 'by_hand' as const, instructions: 'Read it to the tenant.' })
  const confirm = (own: DeliveryWorld, jobId: string) =>
    own.give(own.reviewer, jobId, { command: 'confirm', params: { reference: 'By telephone, 10:40' } })

  test('is not confirmed while something is decided on that would not say that it corrects it', async () => {
    await using own = await deliveryWorld({ delivery: byHand })
    const jobId = await acceptedJob(own)
    await own.reopen(jobId)
    await expect(confirm(own, jobId)).rejects.toThrow('does not say that it corrects this delivery')
    expect((await own.delivery(jobId)).state).toBe('pending')
    // Nor is it offered: the same reason stands in its place, for whoever else might.
    const shown = await own.read(jobId, own.reviewer)
    expect(shown.allowedCommands).not.toContain('confirm')
    expect(shown.deliveries[0]?.againstConfirming).toContain('does not say that it corrects this delivery')
    const asRequester = await own.read(jobId, { ...own.reviewer, roles: ['requester'] })
    expect(asRequester.deliveries[0]?.againstConfirming).toBeNull()
    // The way that the sentence names.
    await own.uphold(jobId)
    expect(await own.read(jobId, own.reviewer)).toMatchObject({
      allowedCommands: expect.arrayContaining(['confirm']),
      deliveries: [{ againstConfirming: null }],
    })
    await confirm(own, jobId)
    await own.reopen(jobId)
    await own.approve(jobId)
    const { deliveries } = await own.read(jobId)
    expect(deliveries.map(({ state, corrects }) => [state, corrects])).toEqual([
      ['delivered', null],
      ['pending', 1],
    ])
    expect(deliveries[1]?.destination).toMatch(
      /^Correct what was handed over on .* \(delivery 1\): Read it to the tenant\.$/,
    )
  })

  test('is confirmed as before where nothing else would leave', async () => {
    await using own = await deliveryWorld({ delivery: byHand })
    const jobId = await acceptedJob(own)
    await confirm(own, jobId)
    expect((await own.delivery(jobId)).state).toBe('delivered')
    // The history has no words of people, and pins them all the same.
    const { body } = await own.db.event.findFirstOrThrow({ where: { jobId, command: 'confirm' } })
    expect(JSON.parse(body).delivery.reference).toBe(referenceHash('By telephone, 10:40'))
  })
})

describe('raw SQL', () => {
  test('cannot say that a delivery corrects one of another job, one that is not there, or none', async () => {
    const jobId = await delivered()
    const strange = await delivered()
    await w.reopen(jobId)
    const round = await w.db.reviewRound.findFirstOrThrow({ where: { jobId, closedAt: null } })
    const theirs = await w.delivery(strange)
    const hashOf = (correctsId: string | null) => {
      return deliveryHash({
        kind: round.deliveryKind ?? '',
        destination: round.deliveryTo ?? '',
        bytesSha256: round.deliverySha256 ?? '',
        corrects: correctsId === null ? null : { id: correctsId },
      })
    }
    const open = (correctsId: string) =>
      inOneTransaction(client, [
        `INSERT INTO review_round SELECT (jsonb_populate_record(r, jsonb_build_object(
           'id', gen_random_uuid(), 'number', 99, 'delivery_corrects', $2::text, 'delivery_hash', $3::text))).*
           FROM review_round r WHERE id = $1`,
        round.id,
        correctsId,
        hashOf(correctsId),
      ])
    await expect(open(theirs.id)).rejects.toThrow('delivery_corrects_what_may_have_arrived')
    await expect(open(randomUUID())).rejects.toThrow('delivery_corrects_what_may_have_arrived')
    const forget = 'UPDATE review_round SET delivery_corrects = NULL, delivery_hash = $2 WHERE id = $1'
    await expect(inOneTransaction(client, [forget, round.id, hashOf(null)])).rejects.toThrow(
      'review_round_keeps_its_policy',
    )
  })

  test('cannot put a correction into the outbox that was not decided on, or change what one corrects', async () => {
    const jobId = await delivered()
    await w.reopen(jobId)
    const [job, round, first] = await Promise.all([
      w.db.job.findUniqueOrThrow({ where: { id: jobId } }),
      w.db.reviewRound.findFirstOrThrow({ where: { jobId, closedAt: null } }),
      w.delivery(jobId),
    ])
    const detail = {
      round: { number: round.number, kind: round.kind },
      result: round.resultHash,
      delivery: { id: randomUUID(), hash: round.deliveryHash ?? '' },
    }
    const actor = { kind: 'person' as const, id: w.reviewer.userId }
    const forged = inOneTransaction(
      client,
      ...forgedMove(job, { command: 'approve', to: 'completed', actor, detail }),
      [
        `INSERT INTO decision (id, round_id, job_id, command, user_id, result_hash, delivery_hash, step, at, event_seq)
         VALUES (gen_random_uuid(), $1, $2, 'approve', $3, $4, $5, 0, now(), $6)`,
        round.id,
        jobId,
        w.reviewer.userId,
        round.resultHash,
        round.deliveryHash,
        job.version + 1,
      ],
      [
        // The bytes and the hash of the correction, without the word that it is one.
        `INSERT INTO delivery (id, job_id, round_id, number, event_seq, result_hash, kind, destination, bytes_sha256,
           delivery_hash, message_id, created_at, not_before, state, changed_seq, changed_at)
         SELECT gen_random_uuid(), job_id, id, 2, $2, result_hash, delivery_kind, delivery_to, delivery_sha256,
           delivery_hash, 'dlv_forged', now(), now(), 'pending', $2, now() FROM review_round WHERE id = $1`,
        round.id,
        job.version + 1,
      ],
    )
    await expect(forged).rejects.toThrow('delivery_hash_covers_it')
    await approveAgain(jobId)
    const second = await w.delivery(jobId)
    expect(second.correctsId).toBe(first.id)
    await expect(
      inOneTransaction(client, ['UPDATE delivery SET corrects_id = NULL WHERE id = $1', second.id]),
    ).rejects.toThrow(/delivery_keeps_what_was_decided|delivery_hash_covers_it/)
  })
})

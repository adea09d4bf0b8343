import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { deliveryHash } from '@/lib/deliveries/plan'
import type { Delivery, Job, ReviewRound } from '@/lib/generated/prisma/client'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { type Engine, testEngine } from '@/lib/testing/engine'
import { forgedMove, inOneTransaction, rawClient, type Statement } from '@/lib/testing/forge'
import { person } from '@/lib/testing/people'
import { answered, hashesOf, INTO_A_FILE, openRoundOf, type Policy, publishUnder } from '@/lib/testing/policies'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { giveCommand } from './command.server'

/** What somebody might try who writes SQL as the application's role, to make something leave. */

let database: TestDatabase
let engine: Engine
let client: pg.Client
let owner: Actor & { userId: string }

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  engine = await testEngine(database.db)
  owner = await person(database.db, ['owner'])
  client = await rawClient(database.url)
})
afterAll(async () => {
  await client.end()
  await database[Symbol.asyncDispose]()
})

const attempt = (...statements: Statement[]) => inOneTransaction(client, ...statements)
const me = () => ({ kind: 'person' as const, id: owner.userId })

async function waiting(policy: Policy = {}): Promise<{ job: Job; round: ReviewRound }> {
  const requester = await person(database.db, ['requester'])
  const key = await publishUnder(database.db, policy, { delivery: INTO_A_FILE })
  const job = await answered({ db: database.db, engine, requester }, key)
  return { job, round: await openRoundOf(database.db, job.id) }
}

async function accepted(): Promise<{ job: Job; round: ReviewRound; delivery: Delivery }> {
  const { job, round } = await waiting()
  const ask = { command: 'approve', ...(await hashesOf(database.db, job.id)) }
  await giveCommand(database.db, owner, job.id, ask, 'api')
  const delivery = await database.db.delivery.findFirstOrThrow({ where: { jobId: job.id } })
  return { job: await database.db.job.findUniqueOrThrow({ where: { id: job.id } }), round, delivery }
}

type Columns = Partial<Record<keyof Delivery, unknown>>

/** An outbox row, as an approval would put it in. */
function row(job: Job, round: ReviewRound, over: Columns = {}): Statement {
  const columns = {
    id: randomUUID(),
    jobId: job.id,
    roundId: round.id,
    number: 1,
    eventSeq: job.version + 1,
    resultHash: round.resultHash,
    kind: round.deliveryKind,
    destination: round.deliveryTo,
    bytesSha256: round.deliverySha256,
    deliveryHash: round.deliveryHash,
    messageId: `dlv_${randomUUID()}`,
    state: 'pending',
    changedSeq: job.version + 1,
    ...over,
  }
  return [
    `INSERT INTO delivery (id, job_id, round_id, number, event_seq, result_hash, kind, destination, bytes_sha256,
       delivery_hash, message_id, created_at, not_before, state, changed_seq, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now(), now(), $12, $13, now())`,
    columns.id,
    columns.jobId,
    columns.roundId,
    columns.number,
    columns.eventSeq,
    columns.resultHash,
    columns.kind,
    columns.destination,
    columns.bytesSha256,
    columns.deliveryHash,
    columns.messageId,
    columns.state,
    columns.changedSeq,
  ]
}

function decision(
  job: Job,
  round: ReviewRound,
  over: { userId?: string; step?: number; deliveryHash?: string | null } = {},
): Statement {
  const { userId = owner.userId, step = 0 } = over
  return [
    `INSERT INTO decision (id, round_id, job_id, command, user_id, result_hash, delivery_hash, step, at, event_seq)
     VALUES (gen_random_uuid(), $1, $2, 'approve', $3, $4, $5, $6, now(), $7)`,
    round.id,
    job.id,
    userId,
    round.resultHash,
    'deliveryHash' in over ? over.deliveryHash : round.deliveryHash,
    step,
    job.version + 1,
  ]
}

function approval(job: Job, round: ReviewRound, delivery: Record<string, unknown> = {}): Statement[] {
  const detail = {
    round: { number: round.number, kind: round.kind },
    result: round.resultHash,
    delivery: { id: randomUUID(), hash: round.deliveryHash ?? '', ...delivery },
  }
  return forgedMove(job, { command: 'approve', to: 'completed', actor: me(), detail })
}

const close = (round: ReviewRound): Statement => [
  `UPDATE review_round SET closed_at = now(), outcome = 'approve' WHERE id = $1`,
  round.id,
]

describe('an outbox row', () => {
  test('of a job that waits for a decision is refused', async () => {
    const { job, round } = await waiting()
    await expect(attempt(row(job, round))).rejects.toThrow('delivery_needs_an_accepted_job')
  })

  test('of a job that was accepted before is refused: it comes with its acceptance', async () => {
    const { job, round } = await accepted()
    await expect(
      attempt(row(job, round, { eventSeq: job.version, changedSeq: job.version, number: 2 })),
    ).rejects.toThrow('delivery_comes_with_its_acceptance')
  })

  test('with a perfect event and no decision is refused, and says how many people are missing', async () => {
    const { job, round } = await waiting({ approvals: 2 })
    await expect(attempt(...approval(job, round), row(job, round), close(round))).rejects.toThrow(
      'delivery_needs_its_decisions: the policy of round 1 asks for 2 different people, 0 have approved exactly this',
    )
  })

  test('with one decision where its round asks for two is refused', async () => {
    const { job, round } = await waiting({ approvals: 2 })
    await expect(attempt(...approval(job, round), decision(job, round), row(job, round), close(round))).rejects.toThrow(
      'asks for 2 different people, 1 have approved exactly this',
    )
  })

  test('with the decision of whoever asked, where that does not count, is refused', async () => {
    const { job, round } = await waiting({ requesterMayApprove: false })
    const requester = job.requesterId ?? ''
    await expect(
      attempt(...approval(job, round), decision(job, round, { userId: requester }), row(job, round), close(round)),
    ).rejects.toThrow('0 have approved exactly this')
  })

  test('that would send other bytes, or elsewhere, is refused', async () => {
    const { job, round } = await waiting()
    await database.db.blob.findFirstOrThrow({ where: { sha256: round.deliverySha256 ?? '' } })
    const other = { kind: 'file', destination: '/elsewhere', bytesSha256: round.deliverySha256 ?? '' }
    const forged = row(job, round, { destination: other.destination, deliveryHash: deliveryHash(other) })
    await expect(attempt(...approval(job, round), decision(job, round), forged, close(round))).rejects.toThrow(
      'delivery_comes_with_its_acceptance',
    )
    const told = approval(job, round, { hash: deliveryHash(other) })
    await expect(attempt(...told, decision(job, round), forged, close(round))).rejects.toThrow(
      'delivery_is_what_was_decided_on',
    )
    const mismatched = row(job, round, { destination: '/elsewhere' })
    await expect(attempt(...approval(job, round), decision(job, round), mismatched, close(round))).rejects.toThrow(
      'delivery_hash_covers_it',
    )
  })

  test('of another round, or of none, is refused', async () => {
    const { job, round } = await waiting()
    const other = await waiting()
    for (const roundId of [other.round.id, null]) {
      await expect(
        attempt(...approval(job, round), decision(job, round), row(job, round, { roundId }), close(round)),
      ).rejects.toThrow('delivery_is_what_was_decided_on')
    }
  })

  test('that claims to have been sent already is refused', async () => {
    const { job, round } = await waiting()
    const sent = row(job, round, { state: 'delivered' })
    await expect(attempt(...approval(job, round), decision(job, round), sent, close(round))).rejects.toThrow(
      'delivery_starts_pending',
    )
  })

  test('of which the bytes are not stored is refused', async () => {
    const { job, round } = await waiting()
    const bytesSha256 = 'e'.repeat(64)
    const plan = { kind: round.deliveryKind ?? '', destination: round.deliveryTo ?? '', bytesSha256 }
    const forged = row(job, round, { bytesSha256, deliveryHash: deliveryHash(plan) })
    const told = approval(job, round, { hash: deliveryHash(plan) })
    await expect(attempt(...told, decision(job, round), forged, close(round))).rejects.toThrow('delivery_has_its_bytes')
  })

  test('is accepted with exactly what its round asks for', async () => {
    const { job, round } = await waiting()
    await attempt(...approval(job, round), decision(job, round), row(job, round), close(round))
    expect(await database.db.delivery.count({ where: { jobId: job.id } })).toBe(1)
  })
})

describe('an approval', () => {
  test('that leaves its delivery out of the outbox does not commit', async () => {
    const { job, round } = await waiting()
    await expect(attempt(...approval(job, round), decision(job, round), close(round))).rejects.toThrow(
      'approval_commits_its_delivery',
    )
  })

  test('of other bytes than its round lets leave is refused', async () => {
    const { job, round } = await waiting()
    await expect(
      attempt(...approval(job, round), decision(job, round, { deliveryHash: null }), row(job, round), close(round)),
    ).rejects.toThrow('decision_binds_the_exact_delivery')
  })

  test('out of turn is refused', async () => {
    const { job, round } = await waiting({ approvals: 2 })
    await expect(attempt(...approval(job, round), decision(job, round, { step: 1 }))).rejects.toThrow(
      'decision_stands_at_its_step',
    )
  })

  test('by somebody without the role of its step is refused', async () => {
    const { job, round } = await waiting({ approvals: 1, roles: ['lead'] })
    const reviewer = await person(database.db, ['reviewer'])
    await expect(attempt(...approval(job, round), decision(job, round, { userId: reviewer.userId }))).rejects.toThrow(
      'decision_needs_its_role: this step asks for the role lead',
    )
  })
})

describe('a delivery', () => {
  const changes = [
    `destination = 'elsewhere'`,
    `bytes_sha256 = repeat('f', 64)`,
    `message_id = 'dlv_other'`,
    `result_hash = repeat('f', 64)`,
    `round_id = NULL`,
    `job_id = gen_random_uuid()`,
    `not_before = now() - interval '1 day'`,
  ]
  test.each(changes)('keeps what was decided: %s', async (change) => {
    const { delivery } = await accepted()
    await expect(attempt([`UPDATE delivery SET ${change} WHERE id = $1`, delivery.id])).rejects.toThrow(
      /delivery_keeps_what_was_decided|delivery_hash_covers_it/,
    )
  })

  test.each(['sending', 'delivered', 'failed', 'unknown', 'withdrawn'])(
    'does not become %s without an event that says so',
    async (state) => {
      const { delivery } = await accepted()
      await expect(attempt([`UPDATE delivery SET state = $2 WHERE id = $1`, delivery.id, state])).rejects.toThrow(
        'delivery_goes_its_way',
      )
    },
  )

  test('is neither removed nor truncated, and its tries are never changed', async () => {
    const { delivery } = await accepted()
    for (const sql of [
      `DELETE FROM delivery WHERE id = '${delivery.id}'`,
      'TRUNCATE delivery',
      'TRUNCATE delivery_try',
    ]) {
      await expect(attempt([sql])).rejects.toThrow(/permission denied|never changed or removed/)
    }
    await attempt([
      `INSERT INTO delivery_try (delivery_id, number, at, "end") VALUES ($1, 1, now(), 'again')`,
      delivery.id,
    ])
    await expect(
      attempt([`UPDATE delivery_try SET "end" = 'delivered' WHERE delivery_id = $1`, delivery.id]),
    ).rejects.toThrow(/permission denied|never changed or removed/)
  })

  test('does not begin once what allowed it was taken back', async () => {
    const { job, delivery } = await accepted()
    await giveCommand(database.db, owner, job.id, { command: 'reopen', note: 'wrong' }, 'api')
    const reopened = await database.db.job.findUniqueOrThrow({ where: { id: job.id } })
    const dispatch: Statement[] = [
      [`UPDATE delivery SET state = 'sending', changed_seq = $2 WHERE id = $1`, delivery.id, reopened.version],
    ]
    await expect(attempt(...dispatch)).rejects.toThrow('delivery_goes_its_way')
  })

  test('is not tried once more after what allowed it was taken back', async () => {
    const { job, delivery } = await accepted()
    const forged = forgedMove(job, { command: 'dispatch', to: 'completed', actor: { kind: 'system', id: null } })
    const seq = job.version + 1
    await attempt(...forged, [
      `UPDATE delivery SET state = 'sending', tries = 1, changed_seq = $2 WHERE id = $1`,
      delivery.id,
      seq,
    ])
    const again: Statement = ['UPDATE delivery SET tries = tries + 1 WHERE id = $1', delivery.id]
    await attempt(again)
    await giveCommand(database.db, owner, job.id, { command: 'reopen', note: 'wrong' }, 'api')
    await expect(attempt(again)).rejects.toThrow('delivery_starts_only_while_accepted')
    await expect(attempt(['UPDATE delivery SET tries = 0 WHERE id = $1', delivery.id])).rejects.toThrow(
      'delivery_goes_its_way',
    )
  })

  test('is not let go by an event for a job that waits again, however perfect', async () => {
    const { job, delivery } = await accepted()
    const forged = forgedMove(job, { command: 'dispatch', to: 'completed', actor: { kind: 'system', id: null } })
    await giveCommand(database.db, owner, job.id, { command: 'reopen', note: 'wrong' }, 'api')
    const set: Statement = [
      `UPDATE delivery SET state = 'sending', changed_seq = $2 WHERE id = $1`,
      delivery.id,
      job.version + 1,
    ]
    await expect(attempt(...forged, set)).rejects.toThrow()
    expect(await database.db.delivery.findUnique({ where: { id: delivery.id } })).toMatchObject({ state: 'pending' })
  })
})

describe('an abandon or an undo', () => {
  test('that leaves something to send does not commit', async () => {
    const { job } = await accepted()
    await giveCommand(database.db, owner, job.id, { command: 'reopen', note: 'wrong' }, 'api')
    const reopened = await database.db.job.findUniqueOrThrow({ where: { id: job.id } })
    const round = await openRoundOf(database.db, job.id)
    const detail = { round: { number: round.number, kind: round.kind } }
    const forged = forgedMove(reopened, { command: 'abandon', to: 'abandoned', actor: me(), detail })
    const closing: Statement = [
      `UPDATE review_round SET closed_at = now(), outcome = 'abandon' WHERE id = $1`,
      round.id,
    ]
    await expect(attempt(...forged, closing)).rejects.toThrow('nothing_leaves_after_abandon')
  })
})

describe('a revision', () => {
  test('does not change what a round is about without the event of a revision', async () => {
    const { job, round } = await waiting()
    const result = await database.db.result.findUniqueOrThrow({ where: { id: round.resultId ?? '' } })
    const id = randomUUID()
    const text = `${result.text} `
    const sha256 = 'a'.repeat(64)
    await expect(
      attempt(
        [
          `INSERT INTO result (id, job_id, attempt_id, revision, sha256, kind, text, json, evidence, checks, created_by)
           VALUES ($1, $2, $3, 1, $4, 'report', $5, NULL, '[]', '[]', $6)`,
          id,
          job.id,
          result.attemptId,
          sha256,
          text,
          owner.userId,
        ],
        [`UPDATE review_round SET result_id = $2, result_hash = $3 WHERE id = $1`, round.id, id, sha256],
      ),
    ).rejects.toThrow('review_round_is_revised_by_its_event')
  })

  test.each([
    'approvals = approvals - 1',
    `step_roles = '{}'`,
    'requester_may_approve = true',
    'blind = true',
    'risk = 0',
    `at_deadline = 'escalates'`,
  ])('is the only way to touch the policy of a round: %s', async (change) => {
    const { round } = await waiting({
      approvals: 2,
      roles: ['reviewer', 'lead'],
      requesterMayApprove: false,
      byRisk: [{ id: 'always', label: 'It leaves', when: { if: 'leaves' }, ask: {} }],
    })
    await expect(attempt([`UPDATE review_round SET ${change} WHERE id = $1`, round.id])).rejects.toThrow(
      /review_round_keeps_its_policy|review_round_names_a_role|review_round_asks/,
    )
  })
})

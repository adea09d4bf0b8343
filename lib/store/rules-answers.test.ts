/** What raw SQL cannot do to calls of the model, rules, prices, budgets, stopped queues and webhooks. */
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { settle } from '@/lib/money/admit.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { type Engine, testEngine } from '@/lib/testing/engine'
import { forgedMove, inOneTransaction, rawClient, type Statement } from '@/lib/testing/forge'
import { jobStanding } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import type { EventActor } from './event-chain'

let database: TestDatabase
let engine: Engine
let owner: Actor & { userId: string }
let raw: pg.Client

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  engine = await testEngine(database.db)
  owner = await person(database.db, ['owner'])
  raw = await rawClient(database.url)
})
afterAll(async () => {
  await raw.end()
  await database[Symbol.asyncDispose]()
})

const attempt = (...statements: Statement[]) => inOneTransaction(raw, ...statements)
const system: EventActor = { kind: 'system', id: null }
const standing = (state: 'running' | 'awaiting_review', round: 'permission' | null = null) =>
  jobStanding({ db: database.db, engine, owner, requester: owner }, { state, round })

describe('raw SQL as the application’s role', () => {
  test.each([
    ['change a version of the failure rules', 'UPDATE failure_rule_set SET note = note'],
    ['delete a version of the failure rules', 'DELETE FROM failure_rule_set'],
    ['change a price', 'UPDATE price SET source = source'],
    ['delete a price', 'DELETE FROM price'],
    ['change a budget that was set', 'UPDATE day_budget SET note = note'],
    ['delete a line of the ledger', 'DELETE FROM budget_entry'],
    ['delete a call', 'DELETE FROM tool_call'],
    ['delete a webhook', 'DELETE FROM webhook_receipt'],
    ['forget that a queue stood still', 'DELETE FROM queue_stop'],
  ])('cannot %s', async (_what, sql) => {
    await expect(attempt([sql])).rejects.toMatchObject({ code: '42501' })
  })

  test.each(['policy', 'malformed_input', 'review_required', 'unclassified'])(
    'cannot let a failure of the class %s go back to the queue by itself',
    async (failureClass) => {
      const job = await standing('running')
      const detail = { failure: { class: failureClass, code: 'x' } }
      await expect(
        attempt(...forgedMove(job, { command: 'requeue', to: 'queued', actor: system, detail }), [
          `UPDATE attempt SET ended_at = now() WHERE job_id = $1`,
          job.id,
        ]),
      ).rejects.toThrow('only_infrastructure_and_timeouts_retry')
    },
  )

  test('cannot let a run go on without a call that was asked for', async () => {
    const job = await standing('running')
    await expect(
      attempt(...forgedMove(job, { command: 'proceed', to: 'queued', actor: system }), [
        `UPDATE attempt SET ended_at = now() WHERE job_id = $1`,
        job.id,
      ]),
    ).rejects.toThrow('proceed_needs_calls_that_wait_for_nobody')
  })

  test('cannot answer a round while one of its calls still waits', async () => {
    const job = await standing('awaiting_review', 'permission')
    const actor = { kind: 'person' as const, id: owner.userId }
    const detail = { round: { number: 1, kind: 'permission' }, calls: [] }
    await expect(
      attempt(...forgedMove(job, { command: 'answer', to: 'queued', actor, detail }), [
        `UPDATE review_round SET closed_at = now(), outcome = 'answer' WHERE job_id = $1`,
        job.id,
      ]),
    ).rejects.toThrow('answer_leaves_no_call_waiting')
  })

  test('cannot permit a call that nobody allowed', async () => {
    const job = await standing('awaiting_review', 'permission')
    await expect(
      attempt([
        `UPDATE tool_call SET state = 'permitted', decided_seq = 1, permitted_sha256 = arguments_sha256 WHERE job_id = $1`,
        job.id,
      ]),
    ).rejects.toThrow('tool_call_is_answered_in_its_round')
  })

  test('cannot permit a call in the name of the system, not even with a perfect event', async () => {
    const job = await standing('awaiting_review', 'permission')
    const call = await database.db.toolCall.findFirstOrThrow({ where: { jobId: job.id } })
    const detail = {
      round: { number: 1, kind: 'permission' },
      calls: [{ id: call.id, allowed: true, arguments: call.argumentsSha256 }],
    }
    await expect(
      attempt(
        ...forgedMove(job, { command: 'answer', to: 'queued', actor: system, detail }),
        [`UPDATE review_round SET closed_at = now(), outcome = 'answer' WHERE job_id = $1`, job.id],
        [
          `UPDATE tool_call SET state = 'permitted', decided_seq = $2, permitted_sha256 = arguments_sha256 WHERE job_id = $1`,
          job.id,
          job.version + 1,
        ],
      ),
    ).rejects.toThrow('tool_call_is_answered_in_its_round')
  })

  test('cannot make a call that waits, nor change what was asked', async () => {
    const job = await standing('awaiting_review', 'permission')
    await expect(
      attempt([
        `UPDATE tool_call SET state = 'sending', sent_at = now(), request_sha256 = 'x', permitted_sha256 = 'x' WHERE job_id = $1`,
        job.id,
      ]),
    ).rejects.toThrow('tool_call_is_made_once')
    await expect(attempt([`UPDATE tool_call SET arguments_sha256 = 'x' WHERE job_id = $1`, job.id])).rejects.toThrow(
      'tool_call_keeps_what_was_asked',
    )
  })

  test('cannot settle a line of the ledger twice, or for another sum', async () => {
    const job = await standing('running')
    const { id } = await database.db.attempt.findFirstOrThrow({ where: { jobId: job.id } })
    const now = new Date()
    await database.db.$transaction((tx) => settle(tx, { attemptId: id, now, cost: { kind: 'free' } }))
    for (const change of ['settled_micros = 5', 'reserved_micros = 5']) {
      await expect(attempt([`UPDATE budget_entry SET ${change} WHERE attempt_id = $1`, id])).rejects.toThrow(
        'budget_entry_settles_once',
      )
    }
  })

  test('cannot resume a queue in nobody’s name, stop one twice, or wind it back', async () => {
    const stop = `INSERT INTO queue_stop (id, workflow_key, reason, since) VALUES (gen_random_uuid(), 'digest', 'x', now())`
    await attempt([stop])
    await expect(attempt([stop])).rejects.toThrow('workflow_stands_still_once')
    await expect(attempt([`UPDATE queue_stop SET resumed_at = now()`])).rejects.toThrow('queue_stop_is_only_resumed')
    await attempt([`UPDATE queue_stop SET resumed_at = now(), resumed_by = $1`, owner.userId])
    await expect(attempt([`UPDATE queue_stop SET resumed_at = NULL`])).rejects.toThrow('queue_stop_is_only_resumed')
  })
})

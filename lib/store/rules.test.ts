import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { transitions } from '@/lib/lifecycle/table'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { type Engine, testEngine } from '@/lib/testing/engine'
import { forgedMove, inOneTransaction, rawClient, type Statement } from '@/lib/testing/forge'
import { jobStanding } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { firstBrokenEvent, fold } from './event-chain'

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

const standing = (state: 'completed' | 'awaiting_review' | 'queued' | 'running') =>
  jobStanding(
    { db: database.db, engine, owner, requester: owner },
    { state, round: state === 'awaiting_review' ? 'result' : null },
  )

/** Runs statements in one transaction as the application's role. */
const attempt = (...statements: Statement[]) => inOneTransaction(raw, ...statements)

describe('the table of transitions in the database', () => {
  test('is the one in lib/lifecycle/table.ts', async () => {
    const stored = await database.db.lifecycleTransition.findMany({ orderBy: { id: 'asc' } })
    expect(stored.map(({ command, from, to }) => ({ command, from, to }))).toEqual(transitions())
  })
})

describe('raw SQL as the application’s role', () => {
  test.each([
    ['change an event', 'UPDATE event SET command = command'],
    ['delete an event', 'DELETE FROM event'],
    ['truncate the events', 'TRUNCATE event CASCADE'],
    ['truncate the jobs', 'TRUNCATE job CASCADE'],
    ['delete a job', 'DELETE FROM job'],
    ['delete an attempt', 'DELETE FROM attempt'],
    ['change a result', 'UPDATE result SET text = text'],
    ['delete a result', 'DELETE FROM result'],
    ['change the bytes of a payload', 'UPDATE blob_chunk SET bytes = bytes'],
    ['delete a decision', 'DELETE FROM decision'],
    ['change a published workflow', 'UPDATE workflow_version SET name = name'],
    ['widen the table of transitions', "INSERT INTO lifecycle_transition VALUES (999, 'retry', 'completed', 'queued')"],
    ['switch the triggers off', 'ALTER TABLE job DISABLE TRIGGER ALL'],
    ['play a replica', "SET session_replication_role = 'replica'"],
    ['drop a trigger', 'DROP TRIGGER event_is_append_only ON event'],
    ['touch the job engine', "SELECT graphile_worker.add_job('reconcile')"],
  ])('cannot %s', async (_what, sql) => {
    await standing('completed')
    await expect(attempt([sql])).rejects.toMatchObject({ code: '42501' })
  })

  test('cannot leave a settled state', async () => {
    const job = await standing('completed')
    await expect(attempt([`UPDATE job SET state = 'queued', settled_at = NULL WHERE id = $1`, job.id])).rejects.toThrow(
      'job_changes_only_by_command',
    )
    await expect(
      attempt([
        `UPDATE job SET state = 'queued', settled_at = NULL, version = version + 1, last_command = 'retry' WHERE id = $1`,
        job.id,
      ]),
    ).rejects.toThrow('job_moves_by_the_table')
  })

  test('cannot move a job without an event that says so', async () => {
    const job = await standing('awaiting_review')
    await expect(
      attempt(
        [
          `UPDATE job SET state = 'abandoned', settled_at = now(), version = version + 1, last_command = 'abandon' WHERE id = $1`,
          job.id,
        ],
        [`UPDATE review_round SET closed_at = now(), outcome = 'abandon' WHERE job_id = $1`, job.id],
      ),
    ).rejects.toThrow('job_agrees_with_its_history')
  })

  test('cannot complete a job without the decisions that its policy asks for, not even with a perfect event', async () => {
    const job = await standing('awaiting_review')
    const actor = { kind: 'person' as const, id: owner.userId }
    const detail = { round: { number: 1, kind: 'result' } }
    await expect(
      attempt(...forgedMove(job, { command: 'approve', to: 'completed', actor, detail }), [
        `UPDATE review_round SET closed_at = now(), outcome = 'approve' WHERE job_id = $1`,
        job.id,
      ]),
    ).rejects.toThrow('approval_needs_its_people')
  })

  test('cannot add an event that does not continue the chain', async () => {
    const job = await standing('queued')
    const insert = `INSERT INTO event (job_id, seq, at, command, from_state, to_state, actor_kind, transport, body, prev_hash, hash)
      VALUES ($1, 2, now(), 'comment', 'queued', 'queued', 'system', 'api', '{}', $2, $3)`
    await expect(attempt([insert, job.id, 'f'.repeat(64), 'f'.repeat(64)])).rejects.toThrow('event_continues_the_chain')
    await expect(attempt([insert, job.id, job.headHash, 'f'.repeat(64)])).rejects.toThrow('event_hash_covers_its_body')
  })

  test('cannot decide in a closed round, or on another result', async () => {
    const done = await standing('completed')
    const round = await database.db.reviewRound.findFirstOrThrow({ where: { jobId: done.id } })
    const insert = `INSERT INTO decision (id, round_id, job_id, command, user_id, result_hash, at, event_seq)
      VALUES (gen_random_uuid(), $1, $2, 'approve', $3, $4, now(), 99)`
    await expect(attempt([insert, round.id, done.id, owner.userId, round.resultHash])).rejects.toThrow(
      'decision_needs_an_open_round',
    )
    const held = await standing('awaiting_review')
    const open = await database.db.reviewRound.findFirstOrThrow({ where: { jobId: held.id } })
    await expect(attempt([insert, open.id, held.id, owner.userId, 'f'.repeat(64)])).rejects.toThrow(
      'decision_binds_the_exact_hash',
    )
  })

  test('cannot open a second round, or close the only one behind the job’s back', async () => {
    const job = await standing('awaiting_review')
    await expect(
      attempt([`UPDATE review_round SET closed_at = now(), outcome = 'approve' WHERE job_id = $1`, job.id]),
    ).rejects.toThrow('job_awaits_review_exactly_while_a_round_is_open')
    await expect(
      attempt([
        `INSERT INTO review_round (id, job_id, number, kind, reason, opened_by, approvals, requester_may_approve, opened_at)
         VALUES (gen_random_uuid(), $1, 2, 'trouble', 'x', 'hold', 1, true, now())`,
        job.id,
      ]),
    ).rejects.toThrow('job_has_one_open_round')
  })

  test('cannot make a second live attempt, or start without one', async () => {
    const job = await standing('running')
    await expect(
      attempt([
        `INSERT INTO attempt (id, job_id, number, fence, provider_status, provider, model, request_sha256, sent_at)
         VALUES (gen_random_uuid(), $1, 2, 2, 'sending', 'x', 'x', 'x', now())`,
        job.id,
      ]),
    ).rejects.toThrow('job_has_one_live_attempt')
  })

  test('cannot weaken the policy of an open round', async () => {
    const job = await standing('awaiting_review')
    await expect(attempt(['UPDATE review_round SET approvals = 5 WHERE job_id = $1', job.id])).rejects.toThrow(
      'review_round_keeps_its_policy',
    )
  })

  test('cannot overwrite what an attempt was', async () => {
    const job = await standing('completed')
    await expect(attempt([`UPDATE attempt SET response_id = 'resp_other' WHERE job_id = $1`, job.id])).rejects.toThrow(
      'attempt_keeps_what_it_was',
    )
  })
})

describe('raw SQL as the owner of the tables', () => {
  test('cannot change or truncate history either', async () => {
    await standing('completed')
    await expect(database.ownerPool.query('UPDATE event SET body = body')).rejects.toThrow('history_is_append_only')
    await expect(database.ownerPool.query('TRUNCATE event')).rejects.toThrow('history_is_append_only')
  })
})

describe('the events of every job', () => {
  test('chain without a gap, and fold to the columns of the job', async () => {
    const jobs = await database.db.job.findMany({ include: { events: { orderBy: { seq: 'asc' } } } })
    expect(jobs.length).toBeGreaterThan(10)
    for (const job of jobs) {
      expect(firstBrokenEvent(job.id, job.events)).toBeNull()
      expect(fold(job.events)).toEqual({
        state: job.state,
        version: job.version,
        headHash: job.headHash,
        lastCommand: job.lastCommand,
        changedAt: job.changedAt.toISOString(),
        settledAt: job.settledAt?.toISOString() ?? null,
        dueAt: job.dueAt?.toISOString() ?? null,
        fence: job.fence,
      })
    }
  })

  test('are found broken when one is changed, left out or put elsewhere', async () => {
    const job = await standing('completed')
    const events = await database.db.event.findMany({ where: { jobId: job.id }, orderBy: { seq: 'asc' } })
    const changed = events.map((event) =>
      event.seq === 2 ? { ...event, body: event.body.replace('queued', 'failed') } : event,
    )
    expect(firstBrokenEvent(job.id, changed)).toEqual({ seq: 2, why: 'hash' })
    expect(firstBrokenEvent(job.id, events.toSpliced(1, 1))).toEqual({ seq: 2, why: 'gap' })
    expect(firstBrokenEvent('another', events)).toEqual({ seq: 1, why: 'hash' })
  })
})

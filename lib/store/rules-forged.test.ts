/** The rules of the database against forgeries: raw SQL as the application's role, with events that are perfect. */
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { Job } from '@/lib/generated/prisma/client'
import { migrate } from '@/lib/start/migrate.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { completed, type Engine, errorOf, REPORT, reportJob, saw, testEngine } from '@/lib/testing/engine'
import { forgedMove, inOneTransaction, rawClient, type Statement } from '@/lib/testing/forge'
import { currentHash, jobStanding, type Standing } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { giveCommand } from './command.server'

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

const standing = (state: Standing['state'], round: Standing['round'] = null) =>
  jobStanding({ db: database.db, engine, owner, requester: owner }, { state, round })
const attempt = (...statements: Statement[]) => inOneTransaction(raw, ...statements)
const newestAttempt = (job: Job) =>
  database.db.attempt.findFirstOrThrow({ where: { jobId: job.id }, orderBy: { number: 'desc' } })
const openRound = (job: Job) =>
  database.db.reviewRound.findFirstOrThrow({ where: { jobId: job.id }, orderBy: { number: 'desc' } })
const me = () => ({ kind: 'person' as const, id: owner.userId })
const close = (job: Job, outcome: string): Statement => [
  'UPDATE review_round SET closed_at = now(), outcome = $2 WHERE job_id = $1 AND closed_at IS NULL',
  job.id,
  outcome,
]
const give = async (job: Job, command: string) =>
  (
    await giveCommand(
      database.db,
      owner,
      job.id,
      { command, note: 'because', resultHash: await currentHash(database.db, job.id) },
      'api',
    )
  ).job

describe('temporary tables', () => {
  test('do not stand in for ours inside the rules', async () => {
    const job = await standing('completed')
    await expect(
      attempt(
        ['CREATE TEMP TABLE lifecycle_transition AS SELECT * FROM public.lifecycle_transition'],
        [`INSERT INTO pg_temp.lifecycle_transition VALUES (99, 'retry', 'completed', 'queued')`],
        ['CREATE TEMP TABLE event AS SELECT * FROM public.event'],
        [
          `UPDATE public.job SET state = 'queued', settled_at = NULL, version = version + 1, last_command = 'retry' WHERE id = $1`,
          job.id,
        ],
      ),
    ).rejects.toThrow('job_moves_by_the_table')
  })

  test('are searched last by every function', async () => {
    const { rows } = await database.ownerPool.query(
      // Those of an extension are in C, and read no table.
      `SELECT proname AS name, proconfig AS config FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = p.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')`,
    )
    expect(rows.length).toBeGreaterThan(20)
    for (const { name, config } of rows) {
      expect({ name, config }).toEqual({ name, config: ['search_path=pg_catalog, public, pg_temp'] })
    }
  })

  test('cannot be made by the application in a database that was migrated', async () => {
    await using fresh = await testDatabase({ migrated: false })
    await migrate(fresh.url)
    const client = await rawClient(fresh.url)
    await expect(client.query('CREATE TEMP TABLE event (id int)')).rejects.toMatchObject({ code: '42501' })
    await client.end()
  })
})

describe('a wake-up', () => {
  const runAt = async (job: Job) =>
    (
      await database.ownerPool.query('SELECT run_at FROM graphile_worker._private_jobs WHERE key = $1', [
        `job:${job.id}`,
      ])
    ).rows[0]?.run_at as Date
  const unwoken = async (job: Job) => {
    const { rows } = await raw.query('SELECT holdpoint_unwoken(1000)::text AS id')
    return rows.some(({ id }) => id === job.id)
  }
  const wakeLater = (job: Job, after: string, attempts = 0) =>
    database.ownerPool.query(
      'UPDATE graphile_worker._private_jobs SET run_at = now() + $2::interval, attempts = $3 WHERE key = $1',
      [`job:${job.id}`, after, attempts],
    )

  test('is not pushed back by a later one that was asked for at the same moment', async () => {
    const job = await reportJob(database.db, owner)
    await database.ownerPool.query('DELETE FROM graphile_worker._private_jobs WHERE key = $1', [`job:${job.id}`])
    const other = await rawClient(database.url)
    const { rows } = await other.query('SELECT pg_backend_pid() AS pid')
    await raw.query('BEGIN')
    await raw.query('SELECT holdpoint_wake($1, now())', [job.id])
    const later = other.query(`SELECT holdpoint_wake($1, now() + interval '3 days')`, [job.id])
    await vi.waitFor(async () => {
      const waits = await database.ownerPool.query(
        `SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'`,
        [rows[0].pid],
      )
      expect(waits.rowCount).toBe(1)
    })
    await raw.query('COMMIT')
    await later
    await other.end()
    expect((await runAt(job)).getTime()).toBeLessThan(Date.now() + 60_000)
  })

  test('of a queued job that lies later than it may be sent is missed, one that failed and comes back is not', async () => {
    const job = await reportJob(database.db, owner)
    expect(await unwoken(job)).toBe(false)
    await wakeLater(job, '3 minutes')
    expect(await unwoken(job)).toBe(true)
    await wakeLater(job, '3 minutes', 3)
    expect(await unwoken(job)).toBe(false)
  })

  test('of a queued job that waits for its backoff is not missed before that has passed', async () => {
    const job = await reportJob(database.db, owner)
    const error = errorOf({ httpStatus: 503, retryAfterMs: 60_000 })
    engine.provider.onCreate = [() => ({ kind: 'refused', httpStatus: 503, requestId: null, milliseconds: 1, error })]
    expect((await engine.step(job.id)).notBefore?.getTime()).toBeGreaterThan(Date.now() + 30_000)
    expect(await unwoken(job)).toBe(false)
    await wakeLater(job, '5 minutes')
    expect(await unwoken(job)).toBe(true)
  })

  test('of any job that lies later than its deadline is missed', async () => {
    const job = await standing('awaiting_review', 'result')
    expect(await unwoken(job)).toBe(false)
    await wakeLater(job, '30 days')
    expect(await unwoken(job)).toBe(true)
  })

  test('that a living worker holds is not unlocked by a patience of less than nothing', async () => {
    await reportJob(database.db, owner)
    const locked = `UPDATE graphile_worker._private_jobs SET locked_by = 'pool-young', locked_at = now()`
    await database.ownerPool.query(locked)
    expect((await raw.query(`SELECT holdpoint_unlock_dead('-1 hour') AS dead`)).rows).toEqual([{ dead: 0 }])
    await database.ownerPool.query('UPDATE graphile_worker._private_jobs SET locked_by = NULL, locked_at = NULL')
  })
})

describe('an attempt that has ended', () => {
  test.each([
    `provider_status = 'queued'`,
    'usage = NULL',
    `usage = '{"inputTokens": 0}'`,
    'outcome = NULL',
    'finished_at = NULL',
    'seen_final_at = now()',
    `request_id = 'req_other'`,
    'accepted_at = NULL',
    'worker_id = NULL',
    'payload_sha256 = NULL',
    'provider_copy_until = NULL',
    'ended_at = NULL',
    'model = model',
  ])('keeps what it was: %s', async (set) => {
    const { id } = await newestAttempt(await standing('completed'))
    await expect(attempt([`UPDATE attempt SET ${set} WHERE id = $1`, id])).rejects.toThrow('attempt_keeps_what_it_was')
  })

  test('keeps why it failed', async () => {
    const { id, failureClass } = await newestAttempt(await standing('failed'))
    expect(failureClass).not.toBeNull()
    await expect(attempt(['UPDATE attempt SET failure_class = NULL WHERE id = $1', id])).rejects.toThrow(
      'attempt_keeps_what_it_was',
    )
  })

  test('takes a late answer, once', async () => {
    const job = await give(await standing('awaiting_review', 'unknown'), 'abandon')
    const { id } = await newestAttempt(job)
    const late = `UPDATE attempt SET response_id = $2, provider_status = 'in_progress', accepted_at = now() WHERE id = $1`
    await attempt([late, id, `late_${id}`])
    await expect(attempt([late, id, 'another'])).rejects.toThrow('attempt_keeps_what_it_was')
    await expect(attempt([`UPDATE attempt SET provider_status = 'completed' WHERE id = $1`, id])).rejects.toThrow(
      'attempt_keeps_what_it_was',
    )
  })

  test('cannot leave its job running', async () => {
    const job = await standing('running')
    await expect(attempt(['UPDATE attempt SET ended_at = now() WHERE job_id = $1', job.id])).rejects.toThrow(
      'job_runs_with_a_live_attempt',
    )
  })
})

test('an attempt comes only with a start', async () => {
  const job = await standing('completed')
  const insert = `INSERT INTO attempt (id, job_id, number, fence, provider_status, provider, model, request_sha256, sent_at)
    VALUES (gen_random_uuid(), $1, 90, $2, 'sending', 'x', 'x', 'x', now())`
  await expect(attempt([insert, job.id, 90])).rejects.toThrow('attempt_comes_with_its_start')
  await expect(attempt([insert, job.id, 0])).rejects.toThrow('attempt_comes_with_its_start')
  await expect(attempt([insert, job.id, 1])).rejects.toThrow('attempt_has_its_own_fence')
})

describe('a decision', () => {
  const insert = `INSERT INTO decision (id, round_id, job_id, command, user_id, result_hash, step, at, event_seq)
    VALUES (gen_random_uuid(), $1, $2, 'endorse', $3, $4, 0, now(), $5)`

  test('needs the event that tells of it', async () => {
    const job = await standing('awaiting_review', 'result')
    const round = await openRound(job)
    await expect(attempt([insert, round.id, job.id, owner.userId, round.resultHash, 777])).rejects.toThrow(
      'decision_stands_in_the_history',
    )
  })

  test.each(['nobody at all', 'somebody else'])('is not given by %s', async (who) => {
    const job = await standing('awaiting_review', 'result')
    const round = await openRound(job)
    const detail = { round: { number: round.number, kind: round.kind }, result: round.resultHash }
    const actor = who === 'somebody else' ? me() : { kind: 'person' as const, id: 'nobody' }
    const other = await person(database.db, ['reviewer'])
    const decider = who === 'somebody else' ? other.userId : 'nobody'
    await expect(
      attempt(...forgedMove(job, { command: 'endorse', to: 'awaiting_review', actor, detail }), [
        insert,
        round.id,
        job.id,
        decider,
        round.resultHash,
        job.version + 1,
      ]),
    ).rejects.toThrow('decision_stands_in_the_history')
  })

  test('is not voided without an undo', async () => {
    const job = await standing('completed')
    await expect(attempt(['UPDATE decision SET voided_at = now() WHERE job_id = $1', job.id])).rejects.toThrow(
      'decision_is_voided_by_undo',
    )
  })
})

describe('a review round', () => {
  test.each([
    [`reason = 'other'`, 'review_round_keeps_its_policy'],
    ['attempt_id = NULL', 'review_round_is_about_its_job'],
    ['result_id = NULL, result_hash = NULL', 'review_round_of_a_result_has_one'],
    [`result_hash = repeat('f', 64)`, 'review_round_is_about_its_job'],
    [
      '(result_id, result_hash) = (SELECT id, sha256 FROM result x WHERE x.job_id <> review_round.job_id LIMIT 1)',
      'review_round_is_about_its_job',
    ],
    [`due_at = now() + interval '1 year'`, 'review_round_is_due_with_its_job'],
  ])('keeps what it is about and when it is due: %s', async (set, rule) => {
    await standing('completed')
    const { id } = await openRound(await standing('awaiting_review', 'result'))
    await expect(attempt([`UPDATE review_round SET ${set} WHERE id = $1`, id])).rejects.toThrow(rule)
  })

  test('of a lost answer stays with its attempt', async () => {
    const { id } = await openRound(await standing('awaiting_review', 'unknown'))
    await expect(attempt(['UPDATE review_round SET attempt_id = NULL WHERE id = $1', id])).rejects.toThrow(
      'review_round_keeps_its_policy',
    )
  })

  test('is not replaced by another behind the job’s back', async () => {
    const job = await standing('awaiting_review', 'result')
    const again = `INSERT INTO review_round (id, job_id, number, kind, reason, opened_by, attempt_id, result_id, result_hash,
        approvals, requester_may_approve, due_at, opened_at)
      SELECT gen_random_uuid(), job_id, 2, kind, reason, 'reopen', attempt_id, result_id, result_hash, 1, true, due_at, now()
        FROM review_round WHERE job_id = $1`
    await expect(attempt(close(job, 'abandon'), [again, job.id])).rejects.toThrow('review_round_closes_by_its_event')
    const done = await standing('completed')
    const detail = { round: { number: 2, kind: 'result' }, result: 'another' }
    await expect(
      attempt(...forgedMove(done, { command: 'reopen', to: 'awaiting_review', actor: me(), detail }), [again, done.id]),
    ).rejects.toThrow('review_round_opens_by_its_event')
  })

  test('is not closed by a command for another kind, or by one that names another round', async () => {
    const job = await standing('awaiting_review', 'result')
    const actor = { kind: 'provider' as const, id: null }
    const detail = { round: { number: 1, kind: 'result' } }
    const adopt = forgedMove(job, { command: 'adopt', to: 'running', actor, detail })
    await expect(attempt(...adopt, close(job, 'adopt'))).rejects.toThrow('job_runs_with_a_live_attempt')
    const dueAt = new Date(Date.now() + 3_600_000)
    const wait = forgedMove(job, { command: 'wait', to: 'awaiting_review', actor: me(), detail, dueAt })
    await expect(
      attempt(['UPDATE review_round SET due_at = $2 WHERE job_id = $1', job.id, dueAt], ...wait),
    ).rejects.toThrow('command_fits_its_round')
    const lost = await standing('awaiting_review', 'unknown')
    const approve = forgedMove(lost, {
      command: 'approve',
      to: 'completed',
      actor: me(),
      detail: { round: { number: 1, kind: 'unknown' } },
    })
    await expect(attempt(...approve, close(lost, 'approve'))).rejects.toThrow('command_fits_its_round')

    // The approval of an earlier round is not one of this round.
    const reopened = await give(await standing('completed'), 'reopen')
    const earlier = forgedMove(reopened, { command: 'approve', to: 'completed', actor: me(), detail })
    await expect(attempt(...earlier, close(reopened, 'approve'))).rejects.toThrow('review_round_closes_by_its_event')
  })

  test('opened by reopen upholds only what was accepted last, and not taken back', async () => {
    const insert = `INSERT INTO decision (id, round_id, job_id, command, user_id, result_hash, at, event_seq)
      VALUES (gen_random_uuid(), $1, $2, 'uphold', $3, $4, now(), $5)`
    const uphold = async (job: Job) => {
      const round = await openRound(job)
      const detail = { round: { number: round.number, kind: round.kind }, result: round.resultHash }
      await attempt(
        ...forgedMove(job, { command: 'uphold', to: 'completed', actor: me(), detail }),
        [insert, round.id, job.id, owner.userId, round.resultHash, job.version + 1],
        close(job, 'uphold'),
      )
    }
    await uphold(await give(await standing('completed'), 'reopen'))

    const undone = await give(await give(await standing('completed'), 'undo'), 'abandon')
    await expect(uphold(await give(undone, 'reopen'))).rejects.toThrow('uphold_keeps_what_was_accepted')

    const other = await give(await give(await standing('completed'), 'reopen'), 'retry')
    const result = await finish(other)
    expect(result).not.toBe(await firstHash(other))
    await expect(uphold(await give(await give(other, 'abandon'), 'reopen'))).rejects.toThrow(
      'uphold_keeps_what_was_accepted',
    )
  })

  const firstHash = async (job: Job) =>
    (await database.db.result.findFirstOrThrow({ where: { jobId: job.id }, orderBy: { createdAt: 'asc' } })).sha256
  async function finish(job: Job): Promise<string | undefined> {
    await engine.stepUntil(job.id, ({ state }) => state === 'running')
    engine.provider.onLook = (id) => saw(completed(id, REPORT))
    await engine.stepUntil(job.id, ({ state }) => state === 'awaiting_review')
    return currentHash(database.db, job.id)
  }
})

describe('what came back', () => {
  const result = `INSERT INTO result (id, job_id, attempt_id, revision, sha256, kind, text, evidence, checks, created_by)
    VALUES (gen_random_uuid(), $1, $2, $3, $4, 'report', 'forged', '[]', '[]', $5)`

  test('is not added to afterwards', async () => {
    const job = await standing('completed')
    const { id, payloadSha256 } = await newestAttempt(job)
    const running = await newestAttempt(await standing('running'))
    await expect(attempt([result, job.id, id, 1, 'feed', owner.userId])).rejects.toThrow(
      'result_is_revised_in_its_round',
    )
    await expect(attempt([result, job.id, running.id, 0, 'feed', null])).rejects.toThrow('result_is_of_its_job')
    await expect(attempt([result, running.jobId, running.id, 0, 'feed', null])).rejects.toThrow(
      'result_is_what_came_back',
    )
    await expect(attempt([result, job.id, id, 0, payloadSha256, null])).rejects.toThrow('result_is_what_came_back')
    await expect(
      attempt([`INSERT INTO trace_item (attempt_id, position, type, data) VALUES ($1, 400, 'message', '{}')`, id]),
    ).rejects.toThrow('trace_comes_with_its_payload')
  })

  test('and the documents of a job are those that it was made with', async () => {
    const job = await standing('queued')
    await standing('queued')
    await expect(
      attempt([
        `INSERT INTO job_document SELECT $1, 40, document_id FROM job_document WHERE job_id <> $1 LIMIT 1`,
        job.id,
      ]),
    ).rejects.toThrow('document_comes_with_its_job')
  })

  test('has no byte more than its hash covers', async () => {
    const { payloadSha256 } = await newestAttempt(await standing('completed'))
    const chunk = 'INSERT INTO blob_chunk (sha256, position, bytes) VALUES ($1, $2, $3)'
    for (const position of [1, 9, -1, 2_147_483_647]) {
      await expect(attempt([chunk, payloadSha256, position, Buffer.from('x')])).rejects.toThrow(
        'blob_chunk_fits_its_blob',
      )
    }
    const blob: Statement = ['INSERT INTO blob (sha256, size) VALUES ($1, 1)', 'f'.repeat(64)]
    await expect(attempt(blob, [chunk, 'f'.repeat(64), 0, Buffer.from('xy')])).rejects.toThrow(
      'blob_chunk_fits_its_blob',
    )
    await expect(attempt(blob, [chunk, 'f'.repeat(64), 0, Buffer.from('x')])).rejects.toThrow(
      'blob_is_what_its_hash_says',
    )
  })
})

test.each([
  `title = 'other'`,
  `reference = 'other'`,
  'priority = 9',
  'tries = tries + 1',
  `not_before = '2099-01-01'`,
  `next_kind = 'none'`,
  'next_due_at = now()',
  'next_rank = next_rank + 1',
  `failure_class = 'policy'`,
  `failure_code = 'other'`,
  `rehearsal = '{}'`,
])('a job does not change without an event: %s', async (set) => {
  const job = await standing('awaiting_review', 'result')
  await expect(attempt([`UPDATE job SET ${set} WHERE id = $1`, job.id])).rejects.toThrow('job_changes_only_by_command')
})

test('an event says when it happened, and when the job is due and was settled, as the job does', async () => {
  const job = await standing('queued')
  const [, event] = forgedMove(job, { command: 'comment', to: 'queued', actor: me() })
  const [move] = forgedMove(job, { command: 'comment', to: 'queued', actor: me(), dueAt: new Date(0) })
  if (event === undefined || move === undefined) throw new Error('a move has two statements')
  move[8] = event[11]
  await expect(attempt(move, event)).rejects.toThrow('job_agrees_with_its_history')
})

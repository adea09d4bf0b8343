import { describe, expect, test } from 'vitest'
import { readJob } from '@/lib/jobs/detail.server'
import { readBlob } from '@/lib/store/blobs.server'
import { giveCommand } from '@/lib/store/command.server'
import { fold } from '@/lib/store/event-chain'
import { testDatabase } from '@/lib/testing/database'
import { accepted, completed, errorOf, REPORT, reportJob, response, saw, seen, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'

async function world() {
  const database = await testDatabase()
  await publishBuiltins(database.db)
  const owner = await person(database.db, ['owner'])
  const engine = await testEngine(database.db)
  return { database, db: database.db, owner, ...engine, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

describe('the engine', () => {
  test('carries a job from queued to a review round and to approval', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onLook = (id) => saw(completed(id, REPORT))
    const held = await w.stepUntil(job.id, (now) => now.state === 'awaiting_review')
    expect(held.nextKind).toBe('decide')
    const result = await w.db.result.findFirstOrThrow({ where: { jobId: job.id } })
    expect(result.checks).not.toContainEqual(expect.objectContaining({ outcome: 'fail' }))
    const given = await giveCommand(w.db, w.owner, job.id, { command: 'approve', resultHash: result.sha256 }, 'api')
    expect(given.job.state).toBe('completed')
    const events = await w.db.event.findMany({ where: { jobId: job.id }, orderBy: { seq: 'asc' } })
    expect(events.map((event) => event.command)).toEqual(['create', 'start', 'hold', 'approve'])
    expect(fold(events)).toEqual({
      state: given.job.state,
      version: given.job.version,
      headHash: given.job.headHash,
      lastCommand: given.job.lastCommand,
      changedAt: given.job.changedAt.toISOString(),
      settledAt: given.job.settledAt?.toISOString() ?? null,
      dueAt: given.job.dueAt?.toISOString() ?? null,
      fence: given.job.fence,
    })
    expect(w.provider.creates).toHaveLength(1)
  })

  test('accepts a digest whose checks pass without a person', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner, { workflow: 'digest', input: {} })
    const quote = { document: 'lease.md', quote: 'The notice period is three months.' }
    const digest = { summary: 'A lease.', points: [{ text: 'Three months of notice.', citations: [quote] }] }
    w.provider.onLook = (id) => saw(completed(id, JSON.stringify(digest)))
    const done = await w.stepUntil(job.id, (now) => now.state !== 'queued' && now.state !== 'running')
    expect(done).toMatchObject({ state: 'completed', lastCommand: 'accept' })
  })

  test('holds a digest whose quotes are not in the documents', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner, { workflow: 'digest', input: {} })
    const quote = { document: 'lease.md', quote: 'The notice period is nine months.' }
    const digest = { summary: 'A lease.', points: [{ text: 'Nine months of notice.', citations: [quote] }] }
    w.provider.onLook = (id) => saw(completed(id, JSON.stringify(digest)))
    const held = await w.stepUntil(job.id, (now) => now.state !== 'queued' && now.state !== 'running')
    expect(held).toMatchObject({
      state: 'awaiting_review',
      failureClass: 'review_required',
      failureCode: 'checks_failed',
    })
    expect(await w.db.reviewRound.findMany({ where: { jobId: job.id } })).toMatchObject([
      { kind: 'result', reason: 'checks_failed' },
    ])
  })

  test('retries a failure of the infrastructure with a new attempt after its backoff', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onLook = (id) =>
      w.provider.creates.length === 1
        ? seen(id, 'failed', { error: { code: 'server_error', message: 'oops' } })
        : saw(completed(id, REPORT))
    const queued = await w.stepUntil(job.id, (now) => now.lastCommand === 'requeue')
    expect(queued).toMatchObject({ state: 'queued', failureClass: 'infrastructure', nextKind: 'wait_backoff' })
    await w.stepUntil(job.id, (now) => now.state === 'awaiting_review')
    expect(w.provider.creates.map((request) => request.metadata.attempt_number)).toEqual(['1', '2'])
  })

  test('stops retrying once the tries of the workflow are used', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    const refusal = {
      httpStatus: 503,
      requestId: null,
      milliseconds: 1,
      kind: 'refused' as const,
      error: errorOf({ httpStatus: 503 }),
    }
    w.provider.onCreate = Array.from({ length: 10 }, () => () => refusal)
    const failed = await w.stepUntil(job.id, (now) => now.state === 'failed', 30_000)
    expect(failed).toMatchObject({ failureClass: 'infrastructure', nextKind: 'retry_or_abandon' })
    expect(w.provider.creates).toHaveLength(4)
  })

  test('waits at least as long as the provider asks', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    const error = errorOf({ httpStatus: 429, code: 'rate_limit_exceeded', retryAfterMs: 60_000 })
    w.provider.onCreate = [() => ({ httpStatus: 429, requestId: null, milliseconds: 1, kind: 'refused', error })]
    const queued = await w.stepUntil(job.id, (now) => now.lastCommand === 'requeue')
    expect(queued.notBefore?.getTime()).toBeGreaterThanOrEqual(w.context.now().getTime() + 60_000)
    await w.step(job.id)
    expect(w.provider.creates).toHaveLength(1)
  })

  test.each([
    [
      'a refusal',
      completed('x', '', { output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }] }),
      'failed',
      'policy',
    ],
    [
      'a content filter',
      response('x', 'incomplete', { incomplete_details: { reason: 'content_filter' } }),
      'failed',
      'policy',
    ],
    [
      'an answer cut off',
      response('x', 'incomplete', { incomplete_details: { reason: 'max_output_tokens' } }),
      'awaiting_review',
      'review_required',
    ],
    ['an empty answer', completed('x', ''), 'awaiting_review', 'review_required'],
    [
      'a code nobody mapped',
      response('x', 'failed', { error: { code: 'martian_weather' } }),
      'awaiting_review',
      'unclassified',
    ],
    ['a bad prompt', response('x', 'failed', { error: { code: 'invalid_prompt' } }), 'failed', 'policy'],
    ['a cancel from elsewhere', response('x', 'cancelled'), 'awaiting_review', 'unclassified'],
    ['a text against the schema', completed('x', 'not json'), 'awaiting_review', 'review_required'],
  ])('never retries %s by itself', async (_name, template, state, failureClass) => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onLook = (id) => saw({ ...template, responseId: id })
    const stopped = await w.stepUntil(job.id, (now) => now.state !== 'queued' && now.state !== 'running')
    expect(stopped).toMatchObject({ state, failureClass })
    w.pass(3_600_000)
    await w.step(job.id)
    expect(w.provider.creates).toHaveLength(1)
  })

  test('never resends a call whose answer was lost, and puts it before a person', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate = [
      () => ({
        httpStatus: null,
        requestId: null,
        milliseconds: 1,
        kind: 'lost',
        error: errorOf({ code: 'ECONNRESET' }),
      }),
    ]
    const held = await w.stepUntil(job.id, (now) => now.state === 'awaiting_review')
    expect(held.nextKind).toBe('resolve_unknown')
    w.pass(3_600_000)
    await w.step(job.id)
    expect(w.provider.creates).toHaveLength(1)
    await expect(giveCommand(w.db, w.owner, job.id, { command: 'retry' }, 'api')).rejects.toThrow('may be paid twice')
    const resent = await giveCommand(
      w.db,
      w.owner,
      job.id,
      { command: 'retry', params: { mayBePaidTwice: true } },
      'api',
    )
    expect(resent.job.state).toBe('queued')
    w.provider.onLook = (id) => saw(completed(id, REPORT))
    await w.stepUntil(job.id, (now) => now.state === 'awaiting_review')
    expect(w.provider.creates).toHaveLength(2)
  })

  test('cancels a stuck call, sees that it is cancelled, and only then tries again', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onLook = (id) => seen(id, 'in_progress')
    const queued = await w.stepUntil(job.id, (now) => now.lastCommand === 'requeue', 120_000)
    expect(queued).toMatchObject({ failureClass: 'timeout', failureCode: 'no_progress' })
    expect(w.provider.cancels).toHaveLength(1)
  })

  test('uses a stuck call that had completed after all', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCancel = (id) => saw(completed(id, REPORT))
    const held = await w.stepUntil(job.id, (now) => now.state !== 'running' && now.state !== 'queued', 120_000)
    expect(held).toMatchObject({ state: 'awaiting_review', nextKind: 'decide' })
    expect(w.provider.creates).toHaveLength(1)
  })

  test('holds a stuck call of which no final status can be seen', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCancel = (id) => seen(id, 'in_progress')
    const held = await w.stepUntil(job.id, (now) => now.state !== 'running' && now.state !== 'queued', 120_000)
    expect(held).toMatchObject({
      state: 'awaiting_review',
      failureCode: 'no_final_status',
      nextKind: 'look_into_trouble',
    })
  })

  test('records a success that came after the job was abandoned, and does not use it', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    await w.step(job.id)
    await giveCommand(w.db, w.owner, job.id, { command: 'abandon', note: 'No longer needed.' }, 'api')
    w.provider.onCancel = (id) => saw(completed(id, REPORT))
    const after = await w.step(job.id)
    expect(after.state).toBe('abandoned')
    const attempt = await w.db.attempt.findFirstOrThrow({ where: { jobId: job.id } })
    expect(attempt).toMatchObject({ providerStatus: 'completed', usage: { totalTokens: 15 } })
    expect(attempt.endedAt).not.toBeNull()
    expect(attempt.payloadSha256).not.toBeNull()
  })

  test('lets a job expire at its deadline and cancels what still runs', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    await w.step(job.id)
    w.pass(3 * 3_600_000)
    expect(await w.step(job.id)).toMatchObject({ state: 'expired', nextKind: 'retry_or_abandon' })
    await w.step(job.id)
    expect(w.provider.cancels).toHaveLength(1)
    expect(await w.db.attempt.count({ where: { jobId: job.id, endedAt: null } })).toBe(0)
  })

  test('says so when the provider no longer has the response', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onLook = () => ({
      httpStatus: 404,
      requestId: null,
      milliseconds: 1,
      kind: 'gone',
      error: errorOf({ httpStatus: 404 }),
    })
    const held = await w.stepUntil(job.id, (now) => now.state === 'awaiting_review')
    expect(held).toMatchObject({ failureClass: 'unclassified', failureCode: 'gone' })
  })

  test('goes on looking when looks fail, and changes no version by it', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    const running = await w.stepUntil(job.id, (now) => now.state === 'running')
    w.provider.onLook = () => ({
      httpStatus: 500,
      requestId: null,
      milliseconds: 1,
      kind: 'failed',
      error: errorOf({ httpStatus: 500 }),
    })
    for (let looks = 0; looks < 3; looks += 1) {
      w.pass(61_000)
      expect((await w.step(job.id)).version).toBe(running.version)
    }
    expect(await w.db.attemptWatch.findFirstOrThrow()).toMatchObject({ failedLooks: 3, lastError: 'http_500' })
  })

  test('treats an answer that is final at once like one that was looked for', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate = [() => ({ ...accepted('resp_fast'), kind: 'accepted', seen: completed('resp_fast', REPORT) })]
    expect(await w.step(job.id)).toMatchObject({ state: 'awaiting_review', nextKind: 'decide' })
  })

  test('holds output with NUL, lone surrogates and deep nesting, and keeps its exact bytes', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    const hostile = `{"title":"a\\u0000b","summary":"\\ud800","findings":[],"open_questions":[],"deep":${deep}}`
    const whole = completed('x', hostile)
    w.provider.onLook = (id) => saw({ ...whole, responseId: id })
    const held = await w.stepUntil(job.id, (now) => now.state === 'awaiting_review')
    expect(held.failureCode).toBe('checks_failed')
    const chunk = await w.db.blobChunk.findFirstOrThrow({
      where: { sha256: (await w.db.attempt.findFirstOrThrow({ where: { jobId: job.id } })).payloadSha256 ?? '' },
    })
    expect(Buffer.from(chunk.bytes)).toEqual(Buffer.from(whole.raw))
  })

  test('takes ten megabytes of output in one step, and shows them', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    const report = { ...JSON.parse(REPORT), summary: 'tenant '.repeat(1_500_000) }
    w.provider.onLook = (id) => saw(completed(id, JSON.stringify(report)))
    const held = await w.stepUntil(job.id, (now) => now.state === 'awaiting_review')
    expect(held.nextKind).toBe('decide')
    const attempt = await w.db.attempt.findFirstOrThrow({ where: { jobId: job.id } })
    const bytes = await readBlob(w.db, attempt.payloadSha256 ?? '')
    expect(bytes?.byteLength).toBeGreaterThan(10_000_000)
    const view = await readJob(w.db, w.owner, job.id)
    expect(view?.result?.hash).toBe(attempt.payloadSha256)
    expect(view?.trace).toMatchObject([{ type: 'message', cut: true }])
  })
})

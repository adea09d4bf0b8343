import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { failureClasses } from '@/lib/lifecycle/failure'
import { type Command, roundKindNames, stateNames } from '@/lib/lifecycle/table'
import { indexDueJobs } from '@/lib/search/index-jobs.server'
import { sha256Hex } from '@/lib/store/blobs.server'
import { giveCommand } from '@/lib/store/command.server'
import { firstBrokenEvent, fold } from '@/lib/store/event-chain'
import { loadFacts } from '@/lib/store/facts.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { type Generated, generate } from './generate.server'
import { fileOf, workflowKeys } from './material'
import { brokenRules } from './rules.server'
import { type Told, tellStories } from './stories.server'

let store: TestDatabase
let told: Told
let done: Generated
let owner: Actor & { userId: string }

const options = { jobs: 300, reviewers: 5, seed: 7, unfinished: true, intoExisting: false }

beforeAll(async () => {
  await using scratch = await testDatabase()
  told = await tellStories(scratch.url)
  store = await testDatabase()
  done = await generate(store, told, options)
  owner = await person(store.db, ['owner'])
})
afterAll(() => store[Symbol.asyncDispose]())

const openJobs = (kind: string) =>
  store.db.job.findMany({
    where: { rounds: { some: { kind, closedAt: null } } },
    include: { rounds: { where: { closedAt: null } } },
    orderBy: { number: 'asc' },
  })

describe('a generated store', () => {
  test('is read in one statement as Prisma reads it', async () => {
    const { db } = store
    const include = {
      rounds: { include: { decisions: { orderBy: { eventSeq: 'asc' } }, claims: { where: { releasedAt: null } } } },
      deliveries: { orderBy: { number: 'asc' } },
      attempts: true,
    } as const
    let rounds = 0
    for (const { rounds: theirs, deliveries, attempts, ...job } of await db.job.findMany({ include })) {
      const facts = await loadFacts(db, job.id)
      expect(facts.job).toEqual(job)
      expect(facts.round).toEqual(theirs.find(({ closedAt }) => closedAt === null) ?? null)
      expect(facts.deliveries).toEqual(deliveries)
      expect(facts.live).toEqual(attempts.find(({ endedAt }) => endedAt === null) ?? null)
      rounds += facts.round === null ? 0 : 1
    }
    expect(rounds).toBeGreaterThan(0)
  })

  test('has every state, kind of round, workflow, failure class and standing of a delivery', async () => {
    const { db } = store
    expect(await db.job.count()).toBe(300)
    const values = async (query: string) =>
      (await store.ownerPool.query<{ value: string }>(query)).rows.map(({ value }) => value).toSorted()
    expect(await values('SELECT DISTINCT state AS value FROM job')).toEqual(stateNames.toSorted())
    expect(await values('SELECT DISTINCT kind AS value FROM review_round WHERE closed_at IS NULL')).toEqual(
      roundKindNames.toSorted(),
    )
    expect(await values(`SELECT DISTINCT workflow_key AS value FROM job WHERE state = 'awaiting_review'`)).toEqual(
      [...workflowKeys, 'generated-tools'].toSorted(),
    )
    expect(await values('SELECT DISTINCT failure_class AS value FROM attempt WHERE failure_class IS NOT NULL')).toEqual(
      failureClasses.toSorted(),
    )
    expect(await values('SELECT DISTINCT state AS value FROM delivery')).toEqual(
      ['pending', 'sending', 'unknown', 'delivered', 'failed', 'withdrawn'].toSorted(),
    )
    expect(await db.result.count({ where: { revision: { gt: 0 } } })).toBeGreaterThan(0)
    expect(await db.claimMark.count()).toBeGreaterThan(0)
    expect(await db.reviewClaim.count()).toBeGreaterThan(0)
    expect(await db.attempt.count({ where: { number: { gt: 1 } } })).toBeGreaterThan(0)
    expect(await db.attempt.count({ where: { costMicros: { gt: 0 } } })).toBeGreaterThan(0)
    expect(done.jobs).toEqual({ waiting: 38, unfinished: 15, settled: 247 })
  })

  test('is found by what a worker would read of it', async () => {
    const { db, ownerPool } = store
    const found = async () =>
      (
        await ownerPool.query(
          `SELECT number, label, cost_micros, tokens, cut, strip(words)::text AS words FROM job_search ORDER BY number`,
        )
      ).rows
    const filled = await found()
    expect(filled).toHaveLength(300)
    await ownerPool.query('INSERT INTO search_due (job_id) SELECT id FROM job')
    await indexDueJobs(db, (line) => {
      throw new Error(line)
    })
    expect(await found()).toEqual(filled)
    expect((await ownerPool.query('SELECT count(*)::int AS count FROM search_document')).rows[0].count).toBe(2)
  })

  test('has chains without a gap, which fold to the columns of their jobs', async () => {
    const jobs = await store.db.job.findMany({ include: { events: { orderBy: { seq: 'asc' } } } })
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

  test('has nothing in the future that happened, and nothing overdue that waits', async () => {
    const now = new Date()
    expect(await store.db.event.count({ where: { at: { gt: now } } })).toBe(0)
    expect(await store.db.job.count({ where: { state: 'awaiting_review', dueAt: { lt: now } } })).toBe(0)
  })

  test('leaves nothing for a worker to send, to pay or to look for', async () => {
    const engine = await testEngine(store.db)
    const open = await store.db.job.findMany({
      where: { OR: [{ state: { in: ['queued', 'running'] } }, { deliveries: { some: { state: 'pending' } } }] },
    })
    expect(open.length).toBeGreaterThan(10)
    for (const job of open) {
      const after = await engine.step(job.id)
      expect(after.version).toBe(job.version)
    }
    expect([engine.provider.creates, engine.provider.looks, engine.provider.cancels]).toEqual([[], [], []])
    const unwoken = await store.ownerPool.query('SELECT holdpoint_unwoken(1000)')
    expect(unwoken.rows).toEqual([])
  })

  test('has the constraints, indexes and triggers that it had before', async () => {
    await using fresh = await testDatabase()
    const stand = async ({ ownerPool }: TestDatabase) => {
      const constraints = await ownerPool.query(
        `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition, convalidated
           FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
      )
      const triggers = await ownerPool.query(
        `SELECT tgrelid::regclass::text AS table, tgname AS name, tgenabled FROM pg_trigger
          WHERE NOT tgisinternal ORDER BY 1, 2`,
      )
      const indexes = await ownerPool.query(
        `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`,
      )
      return [...constraints.rows, ...triggers.rows, ...indexes.rows]
    }
    expect(await stand(store)).toEqual(await stand(fresh))
  })

  test('has what each job was asked, by a name of its own, under the hash that its history gives', async () => {
    const jobs = await store.db.job.findMany({ include: { events: { where: { seq: 1 } } } })
    const inputs = new Set<string>()
    for (const job of jobs.filter(({ lastCommand }) => lastCommand !== 'retry')) {
      const bytes = await store.db.blobChunk.findMany({ where: { sha256: job.inputSha256 } })
      const text = Buffer.concat(bytes.map((chunk) => chunk.bytes)).toString('utf8')
      expect(sha256Hex(Buffer.from(text))).toBe(job.inputSha256)
      expect(text).toContain(fileOf(job.number))
      expect(JSON.parse(job.events[0]?.body ?? '{}')).toMatchObject({ input: job.inputSha256 })
      inputs.add(text)
    }
    expect(inputs.size).toBeGreaterThan(200)
  })

  test('is refused where there are jobs, unless that is meant', async () => {
    await expect(generate(store, told, options)).rejects.toThrow('This store has jobs.')
  })
})

describe('a generated job goes on by the normal commands', () => {
  const give = (jobId: string, command: Command, more: object = {}) =>
    giveCommand(store.db, owner, jobId, { command, ...more }, 'api')

  test('each that waits on a result can be approved, and lets its delivery leave', async () => {
    const open = await openJobs('result')
    const single = open.filter(({ workflowKey }) => workflowKey !== 'action' && workflowKey !== 'recommendation')
    expect(single.length).toBeGreaterThan(10)
    const seen = new Set<string>()
    for (const job of single.slice(0, 20)) {
      const [round] = job.rounds
      const claimed = await store.db.reviewClaim.count({
        where: { roundId: round?.id, releasedAt: null, leaseUntil: { gt: new Date() } },
      })
      if (claimed > 0) continue
      const { job: after } = await give(job.id, 'approve', {
        resultHash: round?.resultHash,
        ...(round?.deliveryHash == null ? {} : { deliveryHash: round.deliveryHash }),
        params: { reason: 'known' },
      })
      expect(after.state).toBe('completed')
      seen.add(job.workflowKey)
      expect(await store.db.delivery.count({ where: { jobId: job.id } })).toBe(job.workflowKey === 'reply' ? 1 : 0)
    }
    expect([...seen].toSorted()).toEqual(['digest', 'extraction', 'reply', 'report'])
  })

  test('a second person can complete a proposed action', async () => {
    const second = await person(store.db, ['reviewer'])
    for (const job of (await openJobs('result')).filter(({ workflowKey }) => workflowKey === 'action').slice(0, 3)) {
      const [round] = job.rounds
      if (round === undefined || (await store.db.reviewClaim.count({ where: { roundId: round.id } })) > 0) continue
      const ask = {
        command: 'approve',
        resultHash: round.resultHash ?? '',
        deliveryHash: round.deliveryHash ?? '',
        params: { reason: 'known' },
      }
      const first = await giveCommand(store.db, owner, job.id, ask, 'api')
      const after = first.job.state === 'completed' ? first : await giveCommand(store.db, second, job.id, ask, 'api')
      expect(after.job.state).toBe('completed')
    }
  })

  test('what failed, expired or was abandoned can be retried, what has a result reopened, what waits abandoned', async () => {
    const { db } = store
    const dueAt = new Date(Date.now() + 3_600_000).toISOString()
    for (const state of ['failed', 'expired', 'abandoned']) {
      const job = await db.job.findFirstOrThrow({ where: { state } })
      expect((await give(job.id, 'retry', { params: { dueAt } })).job.state).toBe('queued')
    }
    for (const workflowKey of workflowKeys) {
      const job = await db.job.findFirstOrThrow({
        where: { state: 'completed', workflowKey, lastCommand: { not: 'undo' } },
      })
      const { job: after } = await give(job.id, 'reopen', { note: 'A complaint came.', params: { dueAt } })
      expect(after.state).toBe('awaiting_review')
    }
    for (const kind of ['unknown', 'trouble', 'permission']) {
      const [job] = await openJobs(kind)
      expect((await give(job?.id ?? '', 'abandon', { note: 'Not needed.' })).job.state).toBe('abandoned')
    }
  })

  test('afterwards all of them still keep the rules', async () => {
    const client = await store.ownerPool.connect()
    try {
      expect(await brokenRules(client, 1)).toEqual([])
    } finally {
      client.release()
    }
  })
})

test('the same seed makes the same histories, another makes others', async () => {
  const now = new Date('2026-11-20T10:00:00Z')
  const heads = async (seed: number) => {
    await using other = await testDatabase()
    await generate(other, told, { ...options, jobs: 60, seed, now })
    const rows = await other.db.job.findMany({ orderBy: { number: 'asc' }, select: { headHash: true, title: true } })
    return rows.map(({ headHash, title }) => `${headHash} ${title}`)
  }
  const [first, again, different] = [await heads(3), await heads(3), await heads(4)]
  expect(again).toEqual(first)
  expect(different).not.toEqual(first)
})

test('a chain that does not hold is found', async () => {
  await using other = await testDatabase()
  await generate(other, told, { ...options, jobs: 20 })
  const client = await other.ownerPool.connect()
  try {
    await client.query('ALTER TABLE event DISABLE TRIGGER USER')
    await client.query(`UPDATE event SET body = replace(body, '"v":1', '"v":2') WHERE seq = 2`)
    await client.query(`UPDATE job SET head_hash = head_hash`)
    expect((await brokenRules(client, 1)).map(({ name }) => name)).toContain('event_hash_covers_its_body')
  } finally {
    client.release()
  }
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { giveCommand } from '@/lib/store/command.server'
import type { Tx } from '@/lib/store/db.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { reportJob } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { listJobs, readJobs } from './list.server'
import { type JobSort, jobSorts, parseJobQuery } from './query'

let database: TestDatabase
let owner: Actor & { userId: string }
let requester: Actor & { userId: string }
const query = (parameters = '') => parseJobQuery(new URLSearchParams(parameters))

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  owner = await person(database.db, ['owner'])
  requester = await person(database.db, ['requester'])
  // Many with the same due time and the same moment of change, so that ties must be broken.
  for (let count = 0; count < 13; count += 1) {
    const dueAt = count % 3 === 0 ? '2126-01-01T00:00:00Z' : undefined
    const actor = count % 2 === 0 ? owner : requester
    const job = await reportJob(database.db, actor, { title: `Job ${count}`, reference: `REF-${count}`, dueAt })
    if (count % 4 === 0) await giveCommand(database.db, owner, job.id, { command: 'abandon', note: 'x' }, 'api')
  }
})
afterAll(() => database[Symbol.asyncDispose]())

async function walk(actor: Actor, sort: JobSort): Promise<number[]> {
  const numbers: number[] = []
  let after: string | null = null
  do {
    const page = await listJobs(database.db, actor, { ...query(), sort, after, limit: 2 })
    numbers.push(...page.items.map((job) => job.number))
    after = page.nextCursor
  } while (after !== null)
  return numbers
}

/** Of the jobs, by this connection, those of transactions whose figures it has not handed on yet among them. */
async function rowsRead(tx: Tx): Promise<number> {
  const [read] = await tx.$queryRaw<{ rows: number }[]>`
    SELECT (seq_tup_read + idx_tup_fetch)::int AS rows FROM pg_stat_xact_user_tables WHERE relname = 'job'`
  return read?.rows ?? 0
}

describe('a list of jobs', () => {
  test.each(jobSorts)(
    'sorted by %s shows each job once over all its pages, in the order of one long page',
    async (sort) => {
      const whole = await listJobs(database.db, owner, { ...query(), sort, limit: 200 })
      const numbers = await walk(owner, sort)
      expect(numbers).toEqual(whole.items.map((job) => job.number))
      expect(new Set(numbers).size).toBe(13)
    },
  )

  test.each(jobSorts)('sorted by %s reads for its last page no job of those before', async (sort) => {
    const asked = { ...query(), sort, limit: 2 }
    let after: string | null = null
    let last: string | null = null
    do {
      last = after
      after = (await listJobs(database.db, owner, { ...asked, after })).nextCursor
    } while (after !== null)
    const jobsRead = (cursor: string | null) =>
      database.db.$transaction(async (tx) => {
        // So few rows would be read from end to end, whatever the condition.
        await tx.$executeRaw`SET LOCAL enable_seqscan = off`
        await tx.$executeRaw`SET LOCAL enable_sort = off`
        await tx.$executeRaw`SET LOCAL enable_bitmapscan = off`
        const before = await rowsRead(tx)
        await readJobs(tx, owner, { ...asked, after: cursor })
        return (await rowsRead(tx)) - before
      })
    expect(last).not.toBeNull()
    expect(await jobsRead(last)).toBeLessThanOrEqual(await jobsRead(null))
  })

  test('of a requester has only their own jobs, on every page', async () => {
    const numbers = await walk(requester, 'newest')
    expect(numbers).toHaveLength(6)
    const own = await database.db.job.findMany({ where: { requesterId: requester.userId } })
    expect(numbers.toSorted()).toEqual(own.map((job) => job.number).toSorted())
  })

  test('counts what its filter matches', async () => {
    expect(await listJobs(database.db, owner, query('state=abandoned'))).toMatchObject({ total: 4, totalIsExact: true })
    expect((await listJobs(database.db, owner, query('mine=true'))).total).toBe(7)
    expect((await listJobs(database.db, owner, query('workflow=digest'))).total).toBe(0)
    expect((await listJobs(database.db, owner, query('workflow=report&version=1'))).total).toBe(13)
    expect((await listJobs(database.db, owner, query('workflow=report&version=2'))).total).toBe(0)
  })

  test('finds a job by number, id, reference and words of its title', async () => {
    const job = await database.db.job.findFirstOrThrow({ where: { title: 'Job 5' } })
    for (const q of [String(job.number), `#${job.number}`, job.id, 'REF-5', 'job 5']) {
      const found = await listJobs(database.db, owner, query(new URLSearchParams({ q }).toString()))
      expect(
        found.items.map((item) => item.id),
        q,
      ).toContain(job.id)
    }
  })

  test('takes a cursor that makes no sense for none', async () => {
    const first = await listJobs(database.db, owner, query())
    for (const after of ['x', 'bnVsbA', Buffer.from('{"n":"1"}').toString('base64url'), '%00']) {
      expect((await listJobs(database.db, owner, { ...query(), after })).items).toEqual(first.items)
    }
  })

  test('takes a cursor beyond what its columns hold for none', async () => {
    const far = 9_007_199_254_740_991
    const year0 = '0000-01-01T00:00:00Z'
    const cursors: [JobSort, object][] = [
      ['newest', { n: far }],
      ['oldest', { n: -far }],
      ['next', { n: 1, r: far, d: null }],
      ['next', { n: 1, r: 1, d: year0 }],
      ['changed', { n: 1, c: year0 }],
    ]
    for (const [sort, parts] of cursors) {
      const first = await listJobs(database.db, owner, { ...query(), sort })
      const after = Buffer.from(JSON.stringify(parts)).toString('base64url')
      const page = await listJobs(database.db, owner, { ...query(), sort, after })
      expect(page.items, JSON.stringify(parts)).toEqual(first.items)
    }
  })

  test('with text that no column can hold finds nothing rather than failing', async () => {
    expect((await listJobs(database.db, owner, query('q=a%00b&workflow=%00'))).items).toEqual([])
    expect((await listJobs(database.db, owner, { ...query(), q: '99999999999' })).items).toEqual([])
    expect((await listJobs(database.db, owner, { ...query(), q: '999999999' })).items).toEqual([])
  })
})

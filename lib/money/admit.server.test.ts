import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import type { Db } from '@/lib/store/db.server'
import { testDatabase } from '@/lib/testing/database'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { type Admission, admit, settle } from './admit.server'
import { setDayBudget } from './day-budget.server'
import { book, budget, definitionOf, requestOf } from './fixtures'
import { addPrice } from './price-list.server'
import { worstCaseOf } from './worst-case'

const NOW = new Date('2026-11-24T10:00:00.000Z')
const PRICE = {
  kind: 'model' as const,
  name: 'm-1',
  validFrom: '2026-01-01',
  inputUsd: 1,
  cachedUsd: 0.1,
  outputUsd: 10,
  source: 'a test',
}
/** What each attempt of these tests reserves. */
const WORST = worstCaseOf(requestOf(), 0, book).micros ?? 0n
const usd = (times: number) => (Number(WORST) * times) / 1_000_000

async function world({ max = 10 } = {}) {
  const database = await testDatabase({ max })
  await addPrice(database.db, null, PRICE)
  return database
}

type Ask = {
  workflow?: Partial<WorkflowDefinition>
  jobId?: string
  attemptId?: string
  jobMicros?: bigint
  model?: string
}

function start(db: Db, { workflow = {}, jobId = uuidv7(), attemptId = uuidv7(), jobMicros, model = 'm-1' }: Ask = {}) {
  const definition = definitionOf(workflow)
  return db.$transaction((tx) =>
    admit(tx, {
      job: { id: jobId, workflowKey: definition.key, budgetMicros: jobMicros ?? null },
      definition,
      currentDefinition: definition,
      request: requestOf({ model }),
      provider: 'scripted',
      now: NOW,
      attemptId,
    }),
  )
}

const end = (db: Db, attemptId: string, cost: Parameters<typeof settle>[1]['cost']) =>
  db.$transaction((tx) => settle(tx, { attemptId, now: NOW, cost }))
const account = (db: Db, key: string) => db.budgetAccount.findUniqueOrThrow({ where: { key } })
const LINES = { lines: [], why: null }

describe('before a call', () => {
  test('twenty starts at once never pass the budget that they share', async () => {
    await using w = await world({ max: 20 })
    for (const [limit, reason, key] of [
      [{ totalUsd: usd(3.5) }, 'budget_total', 'workflow:priced'],
      [{ perDayUsd: usd(5) }, 'budget_workflow_day', 'workflow:priced:2026-11-24'],
    ] as const) {
      await w.db.budgetEntry.count()
      await w.ownerPool.query('TRUNCATE budget_account, budget_entry')
      const all = await Promise.all(Array.from({ length: 20 }, () => start(w.db, { workflow: budget(limit) })))
      const gone = all.filter(({ kind }) => kind === 'go')
      expect(gone).toHaveLength('totalUsd' in limit ? 3 : 5)
      expect(all.filter(({ kind }) => kind !== 'go')).toEqual(
        Array.from({ length: 20 - gone.length }, () => ({ kind: 'stop', reason })),
      )
      expect((await account(w.db, key)).reservedMicros).toBe(WORST * BigInt(gone.length))
    }
  })

  test('twenty ends at once, with starts between them, are all counted', async () => {
    await using w = await world({ max: 20 })
    const attemptIds = Array.from({ length: 20 }, () => uuidv7())
    for (const attemptId of attemptIds) await start(w.db, { attemptId })
    const ends = attemptIds.map((attemptId) => end(w.db, attemptId, { kind: 'used', micros: 3n, lines: LINES }))
    const starts = Array.from({ length: 20 }, () => start(w.db, {}))
    await Promise.all(ends.flatMap((one, index) => [one, starts[index]]))
    expect(await account(w.db, 'workflow:priced')).toMatchObject({
      spentMicros: 60n,
      reservedMicros: WORST * 20n,
    })
    expect(await account(w.db, 'day:2026-11-24')).toMatchObject({ spentMicros: 60n, reservedMicros: WORST * 20n })
  })

  test('the budget of the installation for a day counts every workflow', async () => {
    await using w = await world()
    await setDayBudget(w.db, null, usd(2), 'a test')
    const kinds: Admission[] = []
    for (const key of ['one', 'two', 'three']) kinds.push(await start(w.db, { workflow: { key } }))
    expect(kinds).toEqual([{ kind: 'go' }, { kind: 'go' }, { kind: 'stop', reason: 'budget_day' }])
  })

  test('a job’s own budget holds that job and no other', async () => {
    await using w = await world()
    const workflow = budget({ perJobUsd: usd(1) })
    const jobId = uuidv7()
    expect(await start(w.db, { workflow, jobId })).toEqual({ kind: 'go' })
    expect(await start(w.db, { workflow, jobId })).toEqual({ kind: 'hold', reason: 'budget_job' })
    expect(await start(w.db, { workflow })).toEqual({ kind: 'go' })
    // A larger one, given to this job alone.
    expect(await start(w.db, { workflow, jobId, jobMicros: WORST * 2n })).toEqual({ kind: 'go' })
  })

  test('a price that is not known holds the job where there is a budget, and nobody where there is none', async () => {
    await using w = await world()
    const attemptId = uuidv7()
    expect(await start(w.db, { model: 'm-2', attemptId })).toEqual({ kind: 'go' })
    expect(await w.db.budgetEntry.count({ where: { attemptId, reservedMicros: 0n } })).toBe(4)
    expect(await start(w.db, { model: 'm-2', workflow: budget({ totalUsd: 10 }) })).toEqual({
      kind: 'hold',
      reason: 'price_unknown',
    })
  })

  test('what is refused reserves nothing', async () => {
    await using w = await world()
    await start(w.db, { workflow: budget({ totalUsd: usd(0.5) }) })
    expect(await w.db.budgetEntry.count()).toBe(0)
    expect(await account(w.db, 'workflow:priced')).toMatchObject({ reservedMicros: 0n, spentMicros: 0n })
  })
})

describe('after a call', () => {
  test('the cost takes the place of what was reserved, once', async () => {
    await using w = await world()
    const attemptId = uuidv7()
    await start(w.db, { attemptId })
    await Promise.all([
      end(w.db, attemptId, { kind: 'used', micros: 70n, lines: LINES }),
      end(w.db, attemptId, { kind: 'used', micros: 70n, lines: LINES }),
    ])
    await end(w.db, attemptId, { kind: 'used', micros: 9_999n, lines: LINES })
    for (const key of ['workflow:priced', 'workflow:priced:2026-11-24', 'day:2026-11-24']) {
      expect(await account(w.db, key)).toMatchObject({ reservedMicros: 0n, spentMicros: 70n })
    }
  })

  test('what was refused at the door costs nothing, and what nobody knows counts in full', async () => {
    await using w = await world()
    const [refused, lost] = [uuidv7(), uuidv7()]
    await start(w.db, { attemptId: refused })
    await start(w.db, { attemptId: lost })
    await end(w.db, refused, { kind: 'free' })
    await end(w.db, lost, { kind: 'not_known', why: 'The answer was lost.' })
    expect(await account(w.db, 'day:2026-11-24')).toMatchObject({ reservedMicros: 0n, spentMicros: WORST })
  })

  test('budgets that were freed are there for others', async () => {
    await using w = await world()
    const workflow = budget({ totalUsd: usd(1) })
    const attemptId = uuidv7()
    await start(w.db, { workflow, attemptId })
    expect(await start(w.db, { workflow })).toEqual({ kind: 'stop', reason: 'budget_total' })
    await end(w.db, attemptId, { kind: 'free' })
    expect(await start(w.db, { workflow })).toEqual({ kind: 'go' })
  })
})

test('whatever starts and ends in whatever order, accounts are the sum of their entries and no limit is passed', async () => {
  await using w = await world({ max: 12 })
  const step = fc.record({
    job: fc.integer({ min: 0, max: 2 }),
    workflow: fc.constantFrom('one', 'two'),
    ends: fc.constantFrom('used', 'free', 'not_known', 'never', 'twice'),
    /** How much of the worst case is used, in hundredths. */
    used: fc.integer({ min: 0, max: 100 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 16 }), async (steps) => {
      await w.ownerPool.query('TRUNCATE budget_account, budget_entry')
      const jobs = [uuidv7(), uuidv7(), uuidv7()]
      const limits = { perJobUsd: usd(3), perDayUsd: usd(4), totalUsd: usd(5) }
      await Promise.all(
        steps.map(async ({ job, workflow: key, ends, used }) => {
          const attemptId = uuidv7()
          const admission = await start(w.db, { workflow: { key, ...budget(limits) }, jobId: jobs[job], attemptId })
          if (admission.kind !== 'go' || ends === 'never') return
          const cost =
            ends === 'free'
              ? { kind: 'free' as const }
              : ends === 'not_known'
                ? { kind: 'not_known' as const, why: 'Lost.' }
                : { kind: 'used' as const, micros: (WORST * BigInt(used)) / 100n, lines: LINES }
          await Promise.all(Array.from({ length: ends === 'twice' ? 2 : 1 }, () => end(w.db, attemptId, cost)))
        }),
      )
      const { rows } = await w.ownerPool.query(`
        SELECT a.key, a.reserved_micros::text AS reserved, a.spent_micros::text AS spent,
               coalesce(sum(e.reserved_micros) FILTER (WHERE e.settled_at IS NULL), 0)::text AS open,
               coalesce(sum(e.settled_micros), 0)::text AS settled
          FROM budget_account a LEFT JOIN budget_entry e ON e.account_key = a.key GROUP BY a.key`)
      for (const row of rows) {
        expect([row.key, row.reserved, row.spent]).toEqual([row.key, row.open, row.settled])
        const most = row.key.startsWith('job:') ? 3n : /^workflow:[^:]+:/.test(row.key) ? 4n : 5n
        if (!row.key.startsWith('day:')) {
          expect(BigInt(row.reserved) + BigInt(row.spent)).toBeLessThanOrEqual(WORST * most)
        }
      }
    }),
    { numRuns: 15 },
  )
})

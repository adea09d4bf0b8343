import { expect, test } from 'vitest'
import type { Job } from '@/lib/generated/prisma/client'
import { addPrice } from '@/lib/money/price-list.server'
import type { CreateOutcome, LookOutcome } from '@/lib/provider/types'
import { Forbidden, InvalidInput } from '@/lib/store/errors'
import { testDatabase } from '@/lib/testing/database'
import { completed, errorOf, REPORT, reportJob, saw, seen, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { builtinRules } from './builtin'
import { dryRun, unclassified } from './dry-run.server'
import { currentRules, publishRules, rulesHash } from './store.server'
import type { Rule } from './types'

const DAY_MS = 86_400_000
/** What a call costs at these prices that used 10 tokens in and 5 out, in dollars. */
const CALL = 60 / 1_000_000
const USAGE = { input_tokens: 10, output_tokens: 5, total_tokens: 15 }

/** As a rule of somebody's own: tried again three times at most. */
const AGAIN: Rule = {
  id: 'ours',
  signal: { kind: 'code', value: 'odd_code' },
  where: null,
  class: 'infrastructure',
  retry: { firstSeconds: null, factor: null, capSeconds: null, maxAttempts: 3 },
  stopsQueue: false,
  countsTries: true,
  tell: 'nobody',
  sentence: null,
}

/** The built-in rules, with another for what this one looks at. */
const instead = (id: string, change: Partial<Rule>) =>
  builtinRules.map((rule) => (rule.id === id ? { ...rule, ...change } : rule))

async function world({ priced = true } = {}) {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const prices = { inputUsd: 1, cachedUsd: 0.1, outputUsd: 10, source: 'a test' }
  if (priced) await addPrice(db, null, { kind: 'model', name: 'gpt-5.5', validFrom: '2020-01-01', ...prices })
  const owner = await person(db, ['owner'])
  const engine = await testEngine(db)
  const { provider } = engine
  /** A job whose calls are looked at with these outcomes, one after another. */
  async function job(...looks: ((responseId: string) => LookOutcome)[]): Promise<Job> {
    provider.onLook = (id) => (looks.length > 1 ? looks.shift() : looks[0])?.(id) ?? seen(id, 'in_progress')
    const { id } = await reportJob(db, owner)
    return engine.stepUntil(id, ({ state }) => state !== 'queued' && state !== 'running', 60_000)
  }
  return { database, db, owner, engine, provider, job, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

const fails = (code: string | null) => (id: string) =>
  seen(id, 'failed', { usage: USAGE, error: code === null ? null : { code, message: `It was ${code}.` } })
const answers = (id: string) => saw(completed(id, REPORT))

test('a dry run says how many failures would have gone otherwise, and what the further tries would have cost at most', async () => {
  await using w = await world()
  const jobs = [await w.job(fails('odd_code')), await w.job(fails('odd_code'))]
  await w.job(answers)
  const rules = [AGAIN, ...builtinRules]
  const run = await dryRun(w.db, w.owner, rules)
  expect(run).toMatchObject({ days: 30, failures: 2, more: false, untold: 0, hash: rulesHash(rules) })
  expect(run.groups).toEqual([
    {
      code: 'odd_code',
      count: 2,
      from: { class: 'unclassified', fate: 'held' },
      to: { class: 'infrastructure', fate: 'again', rule: 'Code odd_code' },
      examples: jobs.toReversed().map(({ number }) => ({ jobNumber: number, attempt: 1 })),
      usd: expect.closeTo(2 * 2 * CALL, 9),
    },
  ])
  expect(run.usd).toBeCloseTo(2 * 2 * CALL, 9)
  // Nothing was changed by it.
  expect(await w.db.failureRuleSet.count()).toBe(1)
  expect(await w.db.attempt.count()).toBe(3)
})

test('where no price is known, or no call of the workflow ever completed, the cost is not known', async () => {
  await using unpriced = await world({ priced: false })
  await unpriced.job(fails('odd_code'))
  await unpriced.job(answers)
  expect((await dryRun(unpriced.db, unpriced.owner, [AGAIN, ...builtinRules])).usd).toBeNull()

  await using alone = await world()
  await alone.job(fails('odd_code'))
  const run = await dryRun(alone.db, alone.owner, [AGAIN, ...builtinRules])
  expect(run.groups[0]?.usd).toBeNull()
  expect(run.usd).toBeNull()
})

test('what would use up no tries could go on until its deadline, so that its cost is not known', async () => {
  await using w = await world()
  await w.job(fails('odd_code'))
  await w.job(answers)
  const endless = { ...AGAIN, countsTries: false, retry: { ...AGAIN.retry, maxAttempts: null } } as Rule
  const run = await dryRun(w.db, w.owner, [endless, ...builtinRules])
  expect(run.groups).toMatchObject([{ count: 1, to: { fate: 'again' }, usd: null }])
})

test('what would no longer be tried again spares the attempts that followed by themselves, once', async () => {
  await using w = await world()
  await w.job(fails('server_error'), fails('server_error'), answers)
  const held = { class: 'unclassified', retry: null } as const
  const run = await dryRun(w.db, w.owner, instead('code-server_error', held))
  expect(run.groups).toMatchObject([
    { count: 2, from: { class: 'infrastructure', fate: 'again' }, to: { class: 'unclassified', fate: 'held' } },
  ])
  // The second and the third attempt would not have been made.
  expect(run.usd).toBeCloseTo(-2 * CALL, 9)
})

test('other numbers of tries count as well: fewer would have ended it, more would have gone on', async () => {
  await using w = await world()
  await w.job(fails('server_error'), answers)
  const few = { firstSeconds: null, factor: null, capSeconds: null, maxAttempts: 1 }
  const fewer = await dryRun(w.db, w.owner, instead('code-server_error', { retry: few }))
  expect(fewer.groups).toMatchObject([{ count: 1, from: { fate: 'again' }, to: { fate: 'failed' } }])

  await w.job(fails('server_error'))
  const more = await dryRun(w.db, w.owner, instead('code-server_error', { retry: { ...few, maxAttempts: 6 } }))
  // Four tries are what the workflow allows; the fourth would have been followed by two more.
  expect(more.groups).toMatchObject([{ count: 1, from: { fate: 'failed' }, to: { fate: 'again' } }])
  expect(more.usd).toBeCloseTo(2 * CALL, 9)
})

test('the rules in force leave every failure as it was, whatever it came from', async () => {
  await using w = await world()
  const refused = (fields: Parameters<typeof errorOf>[0]): CreateOutcome => ({
    kind: 'refused',
    httpStatus: fields?.httpStatus ?? null,
    requestId: null,
    milliseconds: 5,
    error: errorOf(fields),
  })
  w.provider.onCreate = [() => refused({ httpStatus: 422 })]
  await w.job(answers)
  w.provider.onCreate = [() => refused({ httpStatus: 400, code: 'invalid_prompt' })]
  await w.job(answers)
  w.provider.onCreate = [() => refused({ httpStatus: 429, code: 'rate_limit_exceeded' })]
  await w.job(answers)
  await w.job(fails('server_error'))
  await w.job(fails(null))
  await w.job((id) => seen(id, 'incomplete', { incomplete_details: { reason: 'max_output_tokens' }, usage: USAGE }))
  await w.job((id) => saw(completed(id, '{"not": "a report"}')))
  await w.job((id) => saw(completed(id, '')))
  await w.job((id) => seen(id, 'cancelled'))
  const run = await dryRun(w.db, w.owner, builtinRules)
  expect(run).toMatchObject({ failures: 12, untold: 0, groups: [], usd: 0 })
})

test('a whole result whose checks fail stays with people, whatever class they get', async () => {
  await using w = await world()
  await w.job((id) => saw(completed(id, '{"not": "a report"}')))
  const policy: Rule = { ...AGAIN, signal: { kind: 'check', value: 'schema' }, class: 'policy', retry: null }
  const run = await dryRun(w.db, w.owner, [policy, ...builtinRules])
  expect(run.groups).toMatchObject([
    { code: 'checks_failed', from: { class: 'review_required', fate: 'held' }, to: { class: 'policy', fate: 'held' } },
  ])
  expect(run.usd).toBe(0)
})

test('a failure is judged against the rules that decided it, not against those in force', async () => {
  await using w = await world()
  await w.job(fails('odd_code'))
  await currentRules(w.db)
  const policy: Rule = { ...AGAIN, class: 'policy', retry: null }
  await publishRules(w.db, w.owner, { rules: [policy, ...builtinRules], note: 'Odd is policy.', basedOn: 1 })
  await w.job(fails('odd_code'))
  const run = await dryRun(w.db, w.owner, builtinRules)
  expect(run).toMatchObject({ failures: 2, untold: 0 })
  expect(run.groups).toMatchObject([{ count: 1, from: { class: 'policy', fate: 'failed' }, to: { fate: 'held' } }])
})

test('what is stored too thinly to be judged again is said, and counted in no group', async () => {
  await using w = await world()
  await w.job(fails('odd_code'))
  // As a release would leave it that called the same end by another class.
  await w.database.ownerPool.query('ALTER TABLE attempt DISABLE TRIGGER USER')
  await w.database.ownerPool.query("UPDATE attempt SET failure_class = 'policy'")
  expect(await dryRun(w.db, w.owner, [AGAIN, ...builtinRules])).toMatchObject({ failures: 1, untold: 1, groups: [] })
})

test('only leads and owners try rules, and only rules that could be put in force', async () => {
  await using w = await world()
  const lead = await person(w.db, ['lead'])
  await expect(dryRun(w.db, lead, builtinRules)).resolves.toMatchObject({ failures: 0, groups: [], usd: 0 })
  for (const role of ['requester', 'reviewer', 'support'] as const) {
    const other = await person(w.db, [role])
    await expect(dryRun(w.db, other, builtinRules)).rejects.toBeInstanceOf(Forbidden)
  }
  const policyAgain = [{ ...AGAIN, class: 'policy' }, ...builtinRules]
  await expect(dryRun(w.db, lead, policyAgain)).rejects.toBeInstanceOf(InvalidInput)
})

test('codes that nobody mapped are gathered with how often, since when, and the newest as the example', async () => {
  await using w = await world()
  const first = await w.job(fails('odd_code'))
  const last = await w.job(fails('odd_code'))
  const nameless = await w.job(fails(null))
  // Known, and no affair of a rule of theirs.
  await w.job(fails('invalid_prompt'))
  await w.job((id) => seen(id, 'cancelled'))
  const groups = await unclassified(w.db, builtinRules)
  const ended = async ({ id }: Job) => (await w.db.attempt.findFirstOrThrow({ where: { jobId: id } })).endedAt
  expect(groups).toEqual([
    {
      code: 'odd_code',
      count: 2,
      firstAt: (await ended(first))?.toISOString(),
      lastAt: (await ended(last))?.toISOString(),
      example: { jobNumber: last.number, attempt: 1, message: 'It was odd_code.' },
      signal: { kind: 'code', value: 'odd_code' },
    },
    expect.objectContaining({
      code: 'no_code',
      count: 1,
      example: expect.objectContaining({ jobNumber: nameless.number }),
      // It came without anything that a rule could look at.
      signal: null,
    }),
  ])
  expect((await unclassified(w.db, [AGAIN, ...builtinRules])).map(({ code }) => code)).toEqual(['no_code'])
  expect(await unclassified(w.db, builtinRules, new Date(Date.now() + 31 * DAY_MS))).toEqual([])
})

import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { Job, ReviewRound } from '@/lib/generated/prisma/client'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { deliveryWorld } from '@/lib/testing/deliveries'
import { type Engine, testEngine } from '@/lib/testing/engine'
import { forgedMove, inOneTransaction, rawClient, type Statement } from '@/lib/testing/forge'
import { person } from '@/lib/testing/people'
import { answered, openRoundOf, type Policy, publishUnder } from '@/lib/testing/policies'
import { publishBuiltins } from '@/lib/workflows/store.server'

/** What somebody might try who writes SQL as the application's role, to ask for fewer people, or for others. */

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

async function waiting(policy: Policy = {}): Promise<{ job: Job; round: ReviewRound }> {
  const requester = await person(database.db, ['requester'])
  const job = await answered({ db: database.db, engine, requester }, await publishUnder(database.db, policy))
  return { job, round: await openRoundOf(database.db, job.id) }
}

/** A perfect revision, but for what else it changes of its round. */
async function revision({ job, round }: { job: Job; round: ReviewRound }, change: string): Promise<Statement[]> {
  const id = randomUUID()
  const sha256 = 'a'.repeat(64)
  const detail = { round: { number: round.number, kind: round.kind }, result: sha256 }
  const actor = { kind: 'person' as const, id: owner.userId }
  return [
    [
      `INSERT INTO result (id, job_id, attempt_id, revision, sha256, kind, text, json, evidence, checks, created_by)
       VALUES ($1, $2, $3, 1, $4, 'report', 'x', NULL, '[]', '[]', $5)`,
      id,
      job.id,
      round.attemptId,
      sha256,
      owner.userId,
    ],
    ...forgedMove(job, { command: 'revise', to: 'awaiting_review', actor, detail }),
    [`UPDATE review_round SET result_id = $2, result_hash = $3${change} WHERE id = $1`, round.id, id, sha256],
  ]
}

const LEADS: Policy = { approvals: 2, roles: ['reviewer', 'lead'], individually: true }

describe('a revision', () => {
  test.each([
    `, step_roles = '{reviewer,reviewer}'`,
    `, step_roles = '{lead,reviewer}'`,
    ', individually = false',
    ', risk = risk - 1',
  ])('asks for no less: %s', async (change) => {
    const { db } = database
    const wait = await waiting({
      ...LEADS,
      byRisk: [
        {
          id: 'rent',
          label: 'Rent',
          when: { if: 'value', at: '/title', is: { be: 'present' } },
          ask: {},
          risk: 'high',
        },
      ],
    })
    expect(wait.round.risk).toBe(2)
    await expect(attempt(...(await revision(wait, change)))).rejects.toThrow(
      'review_round_keeps_its_policy: a revision never asks for less',
    )
    expect((await openRoundOf(db, wait.job.id)).resultHash).toBe(wait.round.resultHash)
  })

  test('may ask for more', async () => {
    const wait = await waiting(LEADS)
    await attempt(...(await revision(wait, `, approvals = 3, step_roles = '{reviewer,owner,owner}'`)))
    expect((await openRoundOf(database.db, wait.job.id)).stepRoles).toEqual(['reviewer', 'owner', 'owner'])
  })

  test('names its roles', async () => {
    const wait = await waiting()
    await expect(attempt(...(await revision(wait, ', step_roles = NULL')))).rejects.toThrow(
      'review_round_names_its_roles',
    )
  })
})

describe('a round', () => {
  /** As a reopening would put it in, but for what is changed. */
  const reopened = (round: ReviewRound, change: string): Statement => [
    `INSERT INTO review_round SELECT (jsonb_populate_record(r, jsonb_build_object(
       'id', gen_random_uuid(), 'number', r.number + 1, 'opened_by', 'reopen') || $2::jsonb)).* FROM review_round r WHERE id = $1`,
    round.id,
    change,
  ]

  test.each([
    ['review_round_names_a_rule_of_its_workflow', { policy_rule: 'none-such' }],
    ['review_round_asks_for_its_roles', { policy_rule: 'rent', step_roles: ['reviewer', 'reviewer'] }],
    ['review_round_asks_for_its_roles', { policy_rule: 'rent', step_roles: [], approvals: 2 }],
    ['review_round_asks_for_its_roles', { individually: false }],
  ])('opens under what its workflow asks for: %s', async (rule, change) => {
    const { round } = await waiting({
      ...LEADS,
      byRisk: [{ id: 'rent', label: 'Rent', when: { if: 'value', at: '/title', is: { be: 'present' } }, ask: {} }],
    })
    await expect(attempt(reopened(round, JSON.stringify(change)))).rejects.toThrow(rule)
  })

  test.each([
    `assignee_id = 'somebody'`,
    `snoozed_until = now() + interval '1 hour', snoozed_by = 'somebody'`,
    'escalated_at = now()',
  ])('is assigned, snoozed and escalated by an event only: %s', async (change) => {
    const { round } = await waiting()
    await expect(attempt([`UPDATE review_round SET ${change} WHERE id = $1`, round.id])).rejects.toThrow(
      'review_round_changes_by_its_event',
    )
  })
})

test('an approval can be taken back, though one that was let leave before came to its end meanwhile', async () => {
  await using w = await deliveryWorld()
  const { id } = await w.ask()
  await w.approve(id)
  w.engine.pass(11_000)
  w.server.answers.push((response) => {
    void (async () => {
      await w.reopen(id)
      await w.approve(id)
      response.end('taken')
    })()
  })
  await w.deliver(id)
  expect((await w.commands(id)).at(-1)).toBe('delivered')
  expect((await w.give(w.reviewer, id, { command: 'undo' })).job.state).toBe('awaiting_review')
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { accepted, completed, type Engine, REPORT, reportJob, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { hashesOf } from '@/lib/testing/policies'
import { readBuiltins } from '@/lib/workflows/builtin.server'
import type { RiskRule } from '@/lib/workflows/definition'
import { publish, publishBuiltins } from '@/lib/workflows/store.server'
import { giveCommand } from './command.server'

let database: TestDatabase
let engine: Engine
let owner: Actor & { userId: string }

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  engine = await testEngine(database.db)
  owner = await person(database.db, ['owner'])
})
afterAll(() => database[Symbol.asyncDispose]())

const titled = (title: string): RiskRule['when'] => ({ if: 'value', at: '/title', is: { be: 'equal', value: title } })

/** A result that waits under a policy of two reviewers and these rules, and how to edit it. */
async function waitingReport(key: string, byRisk: RiskRule[] = []) {
  const { db } = database
  const report = readBuiltins().find((builtin) => builtin.key === 'report')
  if (report === undefined) throw new Error('There is no built-in report.')
  const review = { approvals: 2, roles: ['reviewer' as const, 'reviewer' as const], dueHours: 24, undoSeconds: 0 }
  await publish(db, { ...report, key, review: { ...review, requesterMayApprove: true, byRisk } })
  const job = await reportJob(db, owner, { workflow: key })
  engine.provider.onCreate = [
    ({ metadata }) => ({ ...accepted(''), kind: 'accepted', seen: completed(`resp_${metadata.attempt_id}`, REPORT) }),
  ]
  await engine.step(job.id)
  const revise = async (text: string) => {
    const { resultHash } = await hashesOf(db, job.id)
    const ask = { command: 'revise', params: { text }, resultHash }
    await giveCommand(db, owner, job.id, ask, 'api', engine.context.now())
  }
  return { job, revise }
}

/** What a round asks for, before and after its reviewer gave the result the title "Harmless". */
async function revised(key: string, byRisk: RiskRule[]) {
  const { db } = database
  const { job, revise } = await waitingReport(key, byRisk)
  const asked = async () => {
    const round = await db.reviewRound.findFirstOrThrow({ where: { jobId: job.id } })
    const { approvals, stepRoles, blind, requesterMayApprove, policyRule } = round
    return { approvals, roles: stepRoles.join(), blind, requesterMayApprove, policyRule }
  }
  const before = await asked()
  await revise(REPORT.replace('"Rent"', '"Harmless"'))
  return { before, after: await asked() }
}

const large: RiskRule = {
  id: 'large',
  label: 'It is about rent',
  when: titled('Rent'),
  ask: { roles: ['reviewer', 'lead'], requesterMayApprove: false },
}

test('nobody revises a result past the roles that it asked for', async () => {
  const { before, after } = await revised('past-roles', [large])
  expect(before).toMatchObject({ approvals: 2, roles: 'reviewer,lead', requesterMayApprove: false })
  expect(after).toEqual(before)
})

test('a revision that asks for more is waited for as such, and what was asked before stays', async () => {
  const more: RiskRule = {
    id: 'more',
    label: 'It is called harmless',
    when: titled('Harmless'),
    ask: { approvals: 3, roles: ['reviewer', 'reviewer', 'support'] },
  }
  const { after } = await revised('more-people', [large, more])
  expect(after).toEqual({
    approvals: 3,
    roles: 'reviewer,reviewer,lead',
    blind: false,
    requesterMayApprove: false,
    policyRule: 'large',
  })
})

test('a revision to which another rule applies asks whom that rule names, beside whom was asked before', async () => {
  const two: RiskRule = {
    id: 'two',
    label: 'It is about rent',
    when: titled('Rent'),
    ask: { approvals: 2, roles: ['reviewer', 'reviewer'] },
  }
  const led: RiskRule = { id: 'led', label: 'It is harmless', when: titled('Harmless'), ask: { roles: ['lead'] } }
  const { before, after } = await revised('another-rule', [two, led])
  expect(before).toMatchObject({ approvals: 2, roles: 'reviewer,reviewer' })
  expect(after).toMatchObject({ approvals: 2, roles: 'reviewer,lead' })
})

test('an edit that differs only by what cannot be kept changes nothing', async () => {
  const { db } = database
  const { revise } = await waitingReport('sanitised')
  const text = REPORT.replace('"Rent"', '"Rent ␀ �"')
  await revise(text)
  const results = await db.result.count()
  await expect(revise(text.replace('␀', '\0'))).rejects.toThrow('Nothing was changed.')
  await expect(revise(text.replace('�', '\ud800'))).rejects.toThrow('Nothing was changed.')
  expect(await db.result.count()).toBe(results)
})

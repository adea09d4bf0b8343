import { expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { Forbidden, InvalidInput } from '@/lib/store/errors'
import { testDatabase } from '@/lib/testing/database'
import { person } from '@/lib/testing/people'
import { builtinRules } from './builtin'
import { currentRules, publishBuiltinRules, publishRules, RulesConflict, rulesHash } from './store.server'
import type { Rule } from './types'

const ODD: Rule = {
  id: 'ours',
  signal: { kind: 'code', value: 'odd_code' },
  where: null,
  class: 'policy',
  retry: null,
  stopsQueue: false,
  countsTries: true,
  tell: 'leads',
  sentence: 'It was odd.',
}

test('every installation begins with version 1, published once however many start', async () => {
  await using database = await testDatabase()
  const { db } = database
  await Promise.all([publishBuiltinRules(db), publishBuiltinRules(db), publishBuiltinRules(db)])
  expect(await db.failureRuleSet.count()).toBe(1)
  const { version, rules } = await currentRules(db)
  expect(version).toBe(1)
  expect(rulesHash(rules)).toBe(rulesHash(builtinRules))
})

test('a lead publishes the next version, which is in force at once, in the order given', async () => {
  await using database = await testDatabase()
  const { db } = database
  const lead = await person(db, ['lead'])
  await currentRules(db)
  await publishRules(db, lead, { rules: [ODD, ...builtinRules], note: ' Odd is policy. ', basedOn: 1 })
  const { version, rules } = await currentRules(db)
  expect(version).toBe(2)
  expect(rules.map(({ id }) => id)).toEqual(['ours', ...builtinRules.map(({ id }) => id)])
  expect(await db.failureRuleSet.findUnique({ where: { version: 2 } })).toMatchObject({
    note: 'Odd is policy.',
    authorId: lead.userId,
  })
})

test('of two who publish at once, one is told who was first', async () => {
  await using database = await testDatabase()
  const { db } = database
  const lead = await person(db, ['lead'])
  const publish = (note: string) => publishRules(db, lead, { rules: [ODD, ...builtinRules], note, basedOn: 1 })
  const outcomes = await Promise.allSettled([publish('one'), publish('two')])
  const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  expect(lost).toHaveLength(1)
  expect(lost[0]).toBeInstanceOf(RulesConflict)
  expect((lost[0] as RulesConflict).current).toMatchObject({ version: 2, authorId: lead.userId })
  expect(await db.failureRuleSet.count()).toBe(2)
})

test('nobody else publishes: not a reviewer, not a service key', async () => {
  await using database = await testDatabase()
  const { db } = database
  const reviewer = await person(db, ['reviewer'])
  const key: Actor = { kind: 'api_key', userId: null, apiKeyId: null, name: 'k', email: null, roles: ['owner'] }
  for (const actor of [reviewer, key]) {
    const publishing = publishRules(db, actor, { rules: builtinRules, note: 'x', basedOn: 1 })
    await expect(publishing).rejects.toBeInstanceOf(Forbidden)
  }
})

test('what may not be published is refused with the place of each error', async () => {
  await using database = await testDatabase()
  const { db } = database
  const lead = await person(db, ['lead'])
  const retry = { firstSeconds: null, factor: null, capSeconds: null, maxAttempts: null }
  const bad = publishRules(db, lead, { rules: [{ ...ODD, retry }], note: 'x', basedOn: 1 })
  await expect(bad).rejects.toMatchObject({ errors: [{ pointer: '/rules/0/retry' }] })
  const silent = publishRules(db, lead, { rules: [ODD], note: ' ', basedOn: 1 })
  await expect(silent).rejects.toBeInstanceOf(InvalidInput)
  expect(await db.failureRuleSet.count()).toBe(1)
})

test('a newer release brings its rules only where nobody has published their own', async () => {
  await using database = await testDatabase({ migrated: true })
  const { db, ownerPool } = database
  // As an older release left it.
  const old = JSON.stringify([ODD])
  await ownerPool.query('ALTER TABLE failure_rule_set DISABLE TRIGGER USER')
  await ownerPool.query('UPDATE failure_rule_set SET rules = $1', [old])
  await ownerPool.query('ALTER TABLE failure_rule_set ENABLE TRIGGER USER')
  await publishBuiltinRules(db)
  expect((await currentRules(db)).version).toBe(2)
  await publishBuiltinRules(db)
  expect((await currentRules(db)).version).toBe(2)

  const lead = await person(db, ['lead'])
  await publishRules(db, lead, { rules: [ODD], note: 'Only ours.', basedOn: 2 })
  await publishBuiltinRules(db)
  expect((await currentRules(db)).rules.map(({ id }) => id)).toEqual(['ours'])
})

test('a published version is never changed', async () => {
  await using database = await testDatabase()
  const changing = database.db.failureRuleSet.updateMany({ data: { note: 'changed' } })
  await expect(changing).rejects.toThrow()
  const { rows } = await database.ownerPool.query('SELECT note FROM failure_rule_set')
  expect(rows).toEqual([{ note: 'The rules that Holdpoint comes with.' }])
})

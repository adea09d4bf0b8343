import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { builtins } from './builtin'
import type { WorkflowDefinition } from './definition'
import { currentWorkflows, definitionHash, publish, publishBuiltins, workflowVersion } from './store.server'

const [report] = builtins as [WorkflowDefinition]

test('hosts that start together publish each built-in workflow once', async () => {
  await using database = await testDatabase()
  const { db } = database
  await Promise.all([publishBuiltins(db), publishBuiltins(db), publishBuiltins(db)])
  await publishBuiltins(db)
  expect((await db.workflowVersion.findMany()).map(({ key, version }) => `${key} ${version}`).toSorted()).toEqual([
    'digest 1',
    'extraction 1',
    'report 1',
  ])
})

test('a published definition comes back as it was, its fields in their order', async () => {
  await using database = await testDatabase()
  await publishBuiltins(database.db)
  const workflows = await currentWorkflows(database.db)
  expect(workflows.map(({ name }) => name)).toEqual(['Digest', 'Extraction', 'Report'])
  for (const { id, key, definition } of workflows) {
    const builtin = builtins.find((candidate) => candidate.key === key)
    expect(JSON.stringify(definition.inputSchema)).toBe(JSON.stringify(builtin?.inputSchema))
    expect(JSON.stringify(definition.output)).toBe(JSON.stringify(builtin?.output))
    expect((await workflowVersion(database.db, id))?.definition).toEqual(builtin)
  }
})

test('a changed definition is a new version, and the old one stays', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publish(db, report)
  const before = await db.workflowVersion.findFirstOrThrow()
  const changed = { ...report, instructions: `${report.instructions}\nBe brief.` }
  expect(await publish(db, changed)).toBe(true)
  expect((await currentWorkflows(db)).map(({ version }) => version)).toEqual([2])
  expect(await db.workflowVersion.findUnique({ where: { id: before.id } })).toEqual(before)
})

test('hosts that publish the same change at once make one version of it', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publish(db, report)
  const changed = { ...report, name: 'Better report' }
  const published = await Promise.all(Array.from({ length: 5 }, () => publish(db, changed)))
  expect(published.filter(Boolean)).toHaveLength(1)
  expect((await currentWorkflows(db)).map(({ version }) => version)).toEqual([2])
})

test('a restart of an older release does not undo a newer definition', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publish(db, report)
  await publish(db, { ...report, name: 'Better report' })
  expect(await publish(db, report)).toBe(false)
  expect((await currentWorkflows(db)).map(({ name }) => name)).toEqual(['Better report'])
})

test('the hash does not depend on the order of keys', () => {
  const turned = Object.fromEntries(Object.entries(report).toReversed()) as WorkflowDefinition
  expect(definitionHash(turned)).toBe(definitionHash(report))
  expect(definitionHash({ ...report, name: 'Other' })).not.toBe(definitionHash(report))
})

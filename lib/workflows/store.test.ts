import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { builtinFiles, readBuiltins } from './builtin.server'
import { exportWorkflow, listWorkflows, readHistory, workflowNames } from './catalogue.server'
import type { WorkflowDefinition } from './definition'
import { readWorkflowFile } from './file'
import {
  bringBack,
  currentWorkflows,
  definitionHash,
  importWorkflow,
  publish,
  publishBuiltins,
  retire,
  WorkflowMoved,
  workflowVersion,
} from './store.server'

const builtins = readBuiltins()
const [report] = builtins as [WorkflowDefinition]

test('hosts that start together publish each built-in workflow once', async () => {
  await using database = await testDatabase()
  const { db } = database
  await Promise.all([publishBuiltins(db), publishBuiltins(db), publishBuiltins(db)])
  await publishBuiltins(db)
  expect((await db.workflowVersion.findMany()).map(({ key, version }) => `${key} ${version}`).toSorted()).toEqual(
    builtins.map(({ key }) => `${key} 1`).toSorted(),
  )
})

test('a published definition comes back as it was, its fields in their order', async () => {
  await using database = await testDatabase()
  await publishBuiltins(database.db)
  const workflows = await currentWorkflows(database.db)
  expect(workflows.map(({ name }) => name)).toEqual(builtins.map(({ name }) => name).toSorted())
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

const telling = { note: 'Shorter answers.', authorId: null, source: null }
const briefer = { ...report, instructions: `${report.instructions}\nBe brief.` }

test('an import publishes only what changed, and the versions before stay as they were', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const before = await db.workflowVersion.findFirstOrThrow({ where: { key: 'report' } })
  expect(await importWorkflow(db, report, telling)).toMatchObject({ version: 1, isNew: false })
  expect(await importWorkflow(db, briefer, telling)).toMatchObject({ version: 2, isNew: true, isRetired: false })
  expect(await importWorkflow(db, briefer, { ...telling, note: 'Again.' })).toMatchObject({ version: 2, isNew: false })
  expect(await db.workflowVersion.findUnique({ where: { id: before.id } })).toEqual(before)
  // Back to what was: a version of its own, so that a job still says which one it ran under.
  expect(await importWorkflow(db, report, telling)).toMatchObject({ version: 3, isNew: true })
  await publishBuiltins(db)
  const history = await readHistory(db, 'report')
  expect(history?.versions.map(({ version, note }) => [version, note])).toEqual([
    [3, 'Shorter answers.'],
    [2, 'Shorter answers.'],
    [1, 'Shipped with Holdpoint.'],
  ])
})

test('imports at once make one version where they are the same, and one each where they are not', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publish(db, report)
  const same = await Promise.all(Array.from({ length: 6 }, () => importWorkflow(db, briefer, telling)))
  expect(same.filter(({ isNew }) => isNew)).toHaveLength(1)
  expect(new Set(same.map(({ version }) => version))).toEqual(new Set([2]))
  const names = ['One', 'Two', 'Three', 'Four']
  const different = await Promise.all(names.map((name) => importWorkflow(db, { ...report, name }, telling)))
  expect(different.map(({ version }) => version).toSorted()).toEqual([3, 4, 5, 6])
  const fresh = await Promise.all(
    Array.from({ length: 4 }, () => importWorkflow(db, { ...report, key: 'fresh' }, telling, null)),
  )
  expect(fresh.filter(({ isNew }) => isNew)).toHaveLength(1)
})

test('whoever compared with a version that is no longer current is told so, and publishes nothing', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publish(db, report)
  await importWorkflow(db, { ...report, name: 'Better report' }, telling, 1)
  await expect(importWorkflow(db, briefer, telling, 1)).rejects.toThrow(WorkflowMoved)
  await expect(importWorkflow(db, briefer, telling, null)).rejects.toMatchObject({ key: 'report', version: 2 })
  expect(await db.workflowVersion.count()).toBe(2)
  expect(await importWorkflow(db, briefer, telling, 2)).toMatchObject({ version: 3, isNew: true })
})

test('another order of the fields of a form is a change, another order of the rest is none', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publish(db, report)
  const turned = Object.fromEntries(Object.entries(report).toReversed()) as WorkflowDefinition
  expect(await importWorkflow(db, turned, telling)).toMatchObject({ isNew: false })
  const { properties = {}, ...form } = report.inputSchema as { properties?: object }
  const inputSchema = { ...form, properties: Object.fromEntries(Object.entries(properties).toReversed()) }
  expect(await importWorkflow(db, { ...report, inputSchema }, telling)).toMatchObject({ version: 2, isNew: true })
})

test('an export is the file as it was given, and importing it changes nothing', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const source = `# Ours, since the audit.\n${builtinFiles()[0]?.source.replace('name: Report', 'name: Audit report')}`
  const read = readWorkflowFile(source)
  if (!read.ok) throw new Error('The file is spoilt.')
  await importWorkflow(db, read.definition, { ...telling, source })
  await db.workflow.update({ where: { key: 'digest' }, data: { retiredAt: new Date() } })
  for (const { key } of await listWorkflows(db)) {
    const file = await exportWorkflow(db, key, null, 'https://example.org/schema.json')
    const again = readWorkflowFile(file?.text ?? '')
    expect(again.ok && (await importWorkflow(db, again.definition, telling))).toMatchObject({ key, isNew: false })
  }
  const mine = await exportWorkflow(db, 'report', 2, 'https://example.org/schema.json')
  expect(mine?.text).toContain('# Ours, since the audit.')
  expect(mine?.text.split('\n')[0]).toBe('# yaml-language-server: $schema=https://example.org/schema.json')
  expect((await exportWorkflow(db, 'report', 1, ''))?.text).toContain('name: Report')
  expect(await exportWorkflow(db, 'report', 9, '')).toBeNull()
  expect(await exportWorkflow(db, 'none', null, '')).toBeNull()
})

test('a retired workflow is offered no more until it is brought back', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const others = (await currentWorkflows(db)).map(({ key }) => key).filter((key) => key !== 'report')
  expect(await Promise.all([retire(db, 'report'), retire(db, 'report')])).toEqual(expect.arrayContaining([true, false]))
  expect((await currentWorkflows(db)).map(({ key }) => key)).toEqual(others)
  expect((await listWorkflows(db)).map(({ key }) => key)).toEqual(expect.arrayContaining([...others, 'report']))
  // Its jobs can still be looked for.
  expect((await workflowNames(db)).map(({ name }) => name)).toContain('Report (retired)')
  expect(await importWorkflow(db, briefer, telling)).toMatchObject({ isNew: true, isRetired: true })
  await publishBuiltins(db)
  expect((await currentWorkflows(db)).map(({ key }) => key)).toEqual(others)
  expect(await bringBack(db, 'report')).toBe(true)
  expect(await bringBack(db, 'report')).toBe(false)
  expect((await currentWorkflows(db)).map(({ key, version }) => `${key} ${version}`)).toContain('report 2')
})

test('a definition from before definitions knew of tools, checks, budgets and delivery keeps its hash', () => {
  const { tools: _t, checks: _c, budget: _b, delivery: _d, ...before } = report
  expect(definitionHash(before as WorkflowDefinition)).toBe(definitionHash(report))
  const checks = [{ id: 'a', label: 'A', at: '/title', must: { be: 'present' as const } }]
  expect(definitionHash({ ...report, checks })).not.toBe(definitionHash(report))
})

test('the hash does not depend on the order of keys', () => {
  const turned = Object.fromEntries(Object.entries(report).toReversed()) as WorkflowDefinition
  expect(definitionHash(turned)).toBe(definitionHash(report))
  expect(definitionHash({ ...report, name: 'Other' })).not.toBe(definitionHash(report))
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { MOST_PINNED } from './view'
import { addView, changeView, listViews, pinView, removeView, ViewRefused } from './views.server'

type Person = Actor & { userId: string }

let database: TestDatabase
let ada: Person
let ben: Person
let lead: Person

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  ada = await person(database.db, ['reviewer'], 'Ada')
  ben = await person(database.db, ['reviewer'], 'Ben')
  lead = await person(database.db, ['lead'], 'Lea')
})
afterAll(() => database[Symbol.asyncDispose]())

const ask = (name: string, shared: boolean, filter = 'state:failed') =>
  ({ name, filter, sort: 'newest', shared }) as const
const namesOf = async (actor: Person) => (await listViews(database.db, actor)).map(({ name }) => name)

test('a private view is its owner’s alone; a shared one is everybody’s to open, and its owner’s or a lead’s to change', async () => {
  const { db } = database
  const own = await addView(db, ada, ask('Mine', false))
  const shared = await addView(db, ada, ask('Ours', true))
  expect(own.pinned).toBe(true)
  expect(await namesOf(ada)).toEqual(['Mine', 'Ours'])
  expect(await namesOf(ben)).toEqual(['Ours'])
  const refused = (work: Promise<unknown>) => expect(work).rejects.toThrow(ViewRefused)
  await refused(changeView(db, ben, own.id, ask('Taken', false)))
  await refused(pinView(db, ben, own.id, true))
  await refused(changeView(db, ben, shared.id, ask('Taken', true)))
  await refused(removeView(db, ben, shared.id))
  await refused(changeView(db, lead, own.id, ask('Taken', false)))
  await changeView(db, lead, shared.id, ask('Ours, renamed', true))
  expect(await namesOf(ben)).toEqual(['Ours, renamed'])
  // A lead cannot hide from its owner's colleagues what only the owner could bring back.
  await refused(changeView(db, lead, shared.id, ask('Ours', false)))
  await pinView(db, ben, shared.id, true)
  await changeView(db, ada, shared.id, ask('Mine again', false))
  expect(await namesOf(ben)).toEqual([])
  expect(await db.savedViewPin.count({ where: { viewId: shared.id, userId: ben.userId } })).toBe(0)
  await removeView(db, ada, shared.id)
  await removeView(db, ada, shared.id)
  expect(await namesOf(ada)).toEqual(['Mine'])
})

test('the side bar has room for so many, also where two are pinned at once', async () => {
  const { db } = database
  const added = await Promise.all(
    Array.from({ length: MOST_PINNED + 3 }, (_, index) => addView(db, ben, ask(`View ${index}`, false))),
  )
  expect(added.filter(({ pinned }) => pinned)).toHaveLength(MOST_PINNED)
  expect(await db.savedViewPin.count({ where: { userId: ben.userId } })).toBe(MOST_PINNED)
  const left = added.find(({ pinned }) => !pinned)
  await expect(pinView(db, ben, left?.id ?? '', true)).rejects.toThrow('Take one away first')
  await pinView(db, ben, added.find(({ pinned }) => pinned)?.id ?? '', false)
  await pinView(db, ben, left?.id ?? '', true)
  expect(await db.savedViewPin.count({ where: { userId: ben.userId } })).toBe(MOST_PINNED)
})

test('what cannot be a view is refused with a sentence, and one that names what is gone says so', async () => {
  const { db } = database
  await expect(addView(db, ada, ask('  ', false))).rejects.toThrow(ViewRefused)
  await expect(addView(db, ada, ask('x'.repeat(500), false))).rejects.toThrow(ViewRefused)
  await addView(db, ada, ask('Of a workflow', false, 'workflow:no_such_workflow'))
  const view = (await listViews(db, ada)).find(({ name }) => name === 'Of a workflow')
  expect(view?.problem).toContain('no_such_workflow')
})

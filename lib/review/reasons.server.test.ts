import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { MOST_REASONS } from './reason-view'
import { addReason, listReasons, renameReason, reorderReasons, restoreReason, retireReason } from './reasons.server'

const lead = { createdBy: 'somebody' }
const labels = (reasons: { label: string }[]) => reasons.map(({ label }) => label)

test('a reason is added at the end, renamed, retired, and offered again', async () => {
  await using database = await testDatabase()
  const { db } = database
  const before = await listReasons(db)
  const key = await addReason(db, { label: '  Too   late ', commands: ['abandon', 'create'] }, lead)
  const added = (await listReasons(db)).at(-1)
  expect(added).toEqual({ key, label: 'Too late', commands: ['abandon'], used: null, retiredAt: null })
  await renameReason(db, key, { label: 'It came too late', commands: ['retry', 'abandon'] })
  expect((await listReasons(db)).at(-1)).toMatchObject({ label: 'It came too late', commands: ['retry', 'abandon'] })
  await retireReason(db, key)
  expect(labels(await listReasons(db))).toEqual(labels(before))
  expect((await listReasons(db, { all: true })).at(-1)).toMatchObject({ key, used: 0, retiredAt: expect.any(String) })
  await expect(renameReason(db, key, { label: 'Other words', commands: ['retry'] })).rejects.toMatchObject({
    code: 'unknown',
  })
  await restoreReason(db, key)
  expect((await listReasons(db)).at(-1)?.key).toBe(key)
})

test('words that nobody could choose by are refused', async () => {
  await using database = await testDatabase()
  const { db } = database
  const add = (label: string, commands = ['retry']) => addReason(db, { label, commands }, lead)
  await expect(add('  a ')).rejects.toMatchObject({ code: 'words' })
  await expect(add('x'.repeat(81))).rejects.toMatchObject({ code: 'words' })
  await expect(add('Un\u200bseen')).rejects.toMatchObject({ code: 'words' })
  await expect(add('turned \u202e round')).rejects.toMatchObject({ code: 'words' })
  await expect(add('Good words', [])).rejects.toMatchObject({ code: 'commands' })
  await expect(add('THE FACTS ARE WRONG')).rejects.toMatchObject({ code: 'taken' })
  const many = await Promise.allSettled(['Same words', 'same words', 'SAME WORDS'].map((label) => add(label)))
  expect(many.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('the list stays short', async () => {
  await using database = await testDatabase()
  const { db } = database
  for (let count = (await listReasons(db)).length; count < MOST_REASONS; count += 1) {
    await addReason(db, { label: `Reason ${count}`, commands: ['retry'] }, lead)
  }
  await expect(addReason(db, { label: 'One more', commands: ['retry'] }, lead)).rejects.toMatchObject({ code: 'full' })
})

test('reasons are put into another order', async () => {
  await using database = await testDatabase()
  const { db } = database
  const keys = (await listReasons(db)).map(({ key }) => key)
  const [first, second, ...rest] = keys as [string, string, ...string[]]
  await reorderReasons(db, [second, first])
  expect((await listReasons(db)).map(({ key }) => key)).toEqual([second, first, ...rest])
})

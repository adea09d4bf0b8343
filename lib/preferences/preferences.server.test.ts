import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { readPreference, writePreference } from './preferences.server'

test('a person’s choice is kept in place of the one before, and is nobody else’s', async () => {
  await using database = await testDatabase()
  const { db } = database
  expect(await readPreference(db, 'ada', 'single-keys')).toBeNull()
  await writePreference(db, 'ada', 'single-keys', 'off')
  await writePreference(db, 'ada', 'single-keys', 'on')
  await writePreference(db, 'ada', 'notices', { job_done: { email: false } })
  expect(await readPreference(db, 'ada', 'single-keys')).toBe('on')
  expect(await readPreference(db, 'ada', 'notices')).toEqual({ job_done: { email: false } })
  expect(await readPreference(db, 'rob', 'single-keys')).toBeNull()
  await db.userPreference.updateMany({ where: { key: 'single-keys' }, data: { value: 7 } })
  expect(await readPreference(db, 'ada', 'single-keys')).toBeNull()
})

import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { alone } from './alone.server'
import { connect } from './db.server'

test('of two processes one does the work, and the other goes on at once', async () => {
  await using database = await testDatabase()
  const other = connect(database.url, 1)
  try {
    const outcome = await alone(database.db, 'fold', () => alone(other, 'fold', async () => 'both'))
    expect(outcome).toBeNull()
    expect(await alone(other, 'fold', async () => 'done')).toBe('done')
    expect(await alone(database.db, 'fold', () => alone(other, 'another', async () => 'both'))).toBe('both')
  } finally {
    await other.$disconnect()
  }
})

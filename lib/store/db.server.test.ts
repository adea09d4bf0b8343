import { expect, test, vi } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { reportJob } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { isDatabaseAway } from './database-away'
import { connect } from './db.server'

test('a new job is due at once, whatever time zone the database is set to', async () => {
  await using database = await testDatabase()
  const { rows } = await database.ownerPool.query('SELECT current_database() AS name')
  await database.ownerPool.query(`ALTER DATABASE ${rows[0].name} SET timezone = 'America/New_York'`)
  const db = connect(database.url, 2)
  try {
    await publishBuiltins(db)
    await reportJob(db, await person(db, ['owner']))
    const wakeUps = await database.ownerPool.query(
      `SELECT run_at BETWEEN now() - interval '1 minute' AND now() + interval '1 minute' AS due
         FROM graphile_worker._private_jobs`,
    )
    expect(wakeUps.rows).toEqual([{ due: true }])
  } finally {
    await db.$disconnect()
  }
})

test('whoever gets no connection in time is told that the database is away, as where it is', async () => {
  await using database = await testDatabase()
  const db = connect(database.url, 1, { connectionMs: 200 })
  try {
    // Making the connection may take longer: only the wait for it, while somebody has it, is to be short.
    await vi.waitFor(() => db.job.count(), 120_000)
    const failure = await db.$transaction(async () =>
      db.job.count().then(
        () => null,
        (error: unknown) => error,
      ),
    )
    expect(failure).toBeInstanceOf(Error)
    expect(isDatabaseAway(failure)).toBe(true)
    expect(await db.job.count()).toBe(0)
  } finally {
    await db.$disconnect()
  }
})

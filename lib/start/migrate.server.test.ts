import { expect, test } from 'vitest'
import { migrate } from '@/lib/start/migrate.server'
import { listMigrations, pendingMigrations } from '@/lib/start/migrations.server'
import { schemaDrift } from '@/lib/start/schema-engine.server'
import { testDatabase } from '@/lib/testing/database'

test('an empty database is migrated once, whoever asks and however often', async () => {
  await using database = await testDatabase({ migrated: false })
  const names = listMigrations().map(({ name }) => name)
  const applied = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)])
  expect(applied.flat().sort()).toEqual(names)
  expect(await migrate(database.url)).toEqual([])
  const { rows } = await database.ownerPool.query('SELECT count(*)::int AS count FROM _prisma_migrations')
  expect(rows[0].count).toBe(names.length)
})

test('the application connects as its own role, which is not the owner', async () => {
  await using database = await testDatabase()
  const [row] = await database.db.$queryRaw<{ current_user: string }[]>`SELECT current_user::text`
  expect(row?.current_user).toBe('holdpoint_app')
})

test('prisma/migrations and prisma/schema.prisma agree', async () => {
  await using database = await testDatabase()
  expect(await schemaDrift(database.url)).toBe('')
})

test('a column that the schema does not know is seen as drift', async () => {
  await using database = await testDatabase()
  await database.ownerPool.query('ALTER TABLE job ADD COLUMN surplus int')
  expect(await schemaDrift(database.url)).toContain('DROP COLUMN "surplus"')
})

test('a migration that began and did not finish is pending', () => {
  const [first, ...others] = listMigrations().map(({ name }) => name)
  const finished = { finished_at: new Date(), rolled_back_at: null }
  const applied = others.map((name) => ({ migration_name: name, ...finished }))
  expect(pendingMigrations(applied)).toEqual([first])
  const half = { migration_name: first ?? '', finished_at: null, rolled_back_at: null }
  expect(pendingMigrations([half, ...applied])).toEqual([first])
})
